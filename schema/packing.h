// How disposable rows are written: every struct in them names its members once, and this packs them to bytes and back.
// Numbers are varints, ids their bytes, lists and text their length and parts. Rows are disposable: no versions inside;
// a projection that changes what it packs raises its version.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "schema/ids.h"
#include "schema/time.h"

namespace schema {

class Packer {
  public:
    std::string bytes;
    template <class... Members>
    void operator()(Members&... members) {
        (one(members), ...);
    }

  private:
    void number(uint64_t value) {
        while (value >= 0x80) {
            bytes += static_cast<char>(value | 0x80);
            value >>= 7;
        }
        bytes += static_cast<char>(value);
    }
    template <class T>
    void one(T& value) {
        // Zigzag, so that small negative numbers stay short.
        if constexpr (std::is_same_v<T, bool> || std::is_enum_v<T> || std::is_unsigned_v<T>)
            number(static_cast<uint64_t>(value));
        else if constexpr (std::is_integral_v<T>)
            number((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(static_cast<int64_t>(value) >> 63));
        else pack_members(*this, value);
    }
    void one(std::string& text) {
        number(text.size());
        bytes += text;
    }
    void one(Time& time) {
        int64_t value = milliseconds(time);
        one(value);
    }
    void one(Day& day) {
        int64_t value = schema::number(day);
        one(value);
    }
    template <class Tag, size_t N>
    void one(Identifier<Tag, N>& id) {
        bytes += id.view();
    }
    template <class T>
    void one(std::optional<T>& value) {
        number(value ? 1 : 0);
        if (value) one(*value);
    }
    template <class T>
    void one(std::vector<T>& list) {
        number(list.size());
        for (T& each : list) one(each);
    }
    template <class K, class V>
    void one(std::map<K, V>& map) {
        number(map.size());
        for (auto& [key, value] : map) {
            K copy = key;
            one(copy);
            one(value);
        }
    }
    template <class T>
    void one(std::set<T>& set) {
        number(set.size());
        for (T each : set) one(each);
    }
};

// Reads what Packer wrote. After bytes that are too short `whole` is false and the rest is zero.
class Unpacker {
  public:
    explicit Unpacker(std::string_view bytes) : rest_(bytes) {}
    bool whole() const { return whole_ && rest_.empty(); }
    template <class... Members>
    void operator()(Members&... members) {
        (one(members), ...);
    }

  private:
    uint64_t number() {
        uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (rest_.empty()) return whole_ = false, 0;
            auto byte = static_cast<uint8_t>(rest_.front());
            rest_.remove_prefix(1);
            value |= static_cast<uint64_t>(byte & 0x7f) << shift;
            if (!(byte & 0x80)) return value;
        }
        return whole_ = false, 0;
    }
    // Lengths of damaged rows may be anything: never more parts than there are bytes.
    size_t length() {
        auto value = number();
        if (value > rest_.size()) return whole_ = false, 0;
        return value;
    }
    template <class T>
    void one(T& value) {
        if constexpr (std::is_same_v<T, bool> || std::is_enum_v<T> || std::is_unsigned_v<T>)
            value = static_cast<T>(number());
        else if constexpr (std::is_integral_v<T>) {
            auto raw = number();
            value = static_cast<T>(static_cast<int64_t>(raw >> 1) ^ -static_cast<int64_t>(raw & 1));
        } else pack_members(*this, value);
    }
    void one(std::string& text) {
        auto size = length();
        text = rest_.substr(0, size);
        rest_.remove_prefix(size);
    }
    void one(Time& time) {
        int64_t value = 0;
        one(value);
        time = time_of(value);
    }
    void one(Day& day) {
        int64_t value = 0;
        one(value);
        day = day_of(static_cast<int32_t>(value));
    }
    template <class Tag, size_t N>
    void one(Identifier<Tag, N>& id) {
        if (rest_.size() < N) {
            whole_ = false;
            return;
        }
        id = Identifier<Tag, N>::of(as_bytes(rest_.substr(0, N)));
        rest_.remove_prefix(N);
    }
    template <class T>
    void one(std::optional<T>& value) {
        value.reset();
        if (number()) one(value.emplace());
    }
    template <class T>
    void one(std::vector<T>& list) {
        list.resize(length());
        for (T& each : list) one(each);
    }
    template <class K, class V>
    void one(std::map<K, V>& map) {
        map.clear();
        for (auto left = length(); left > 0; --left) {
            K key{};
            one(key);
            one(map[key]);
        }
    }
    template <class T>
    void one(std::set<T>& set) {
        set.clear();
        for (auto left = length(); left > 0; --left) {
            T each{};
            one(each);
            set.insert(each);
        }
    }
    std::string_view rest_;
    bool whole_ = true;
};

template <class T>
std::string pack(const T& value) {
    Packer packer;
    packer.bytes.reserve(256);
    packer(const_cast<T&>(value));  // a packer reads only; one list of members serves both ways
    return std::move(packer.bytes);
}

// Nothing when the bytes are not a whole T.
template <class T>
std::optional<T> unpack(std::string_view bytes) {
    T value{};
    Unpacker unpacker(bytes);
    unpacker(value);
    if (!unpacker.whole()) return std::nullopt;
    return value;
}

}  // namespace schema
