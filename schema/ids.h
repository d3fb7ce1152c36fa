// Identifiers: fixed-size bytes that cannot be mistaken for one another.
#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace schema {

using Bytes = std::span<const uint8_t>;

template <class Tag, size_t N>
struct Identifier : std::array<uint8_t, N> {
    // Takes exactly N bytes; anything else is nothing.
    static std::optional<Identifier> from(Bytes bytes) {
        if (bytes.size() != N) return std::nullopt;
        Identifier id;
        std::memcpy(id.data(), bytes.data(), N);
        return id;
    }
    // Takes 2N lower- or upper-case hexadecimal digits.
    static std::optional<Identifier> from_hex(std::string_view hex);
    // For bytes that have been checked: N of them, or none where nothing was given, which is the empty identifier.
    static Identifier of(Bytes bytes) {
        Identifier id{};
        if (!bytes.empty()) std::memcpy(id.data(), bytes.data(), bytes.size() < N ? bytes.size() : N);
        return id;
    }
    bool empty() const { return *this == Identifier{}; }
    std::string hex() const;
    std::string_view view() const { return {reinterpret_cast<const char*>(this->data()), N}; }
};

using StreamId = Identifier<struct StreamTag, 16>;
using EventId = Identifier<struct EventTag, 16>;
using PersonId = Identifier<struct PersonTag, 16>;    // a member of staff
using SubjectId = Identifier<struct SubjectTag, 16>;  // someone the record is about
using Digest = Identifier<struct DigestTag, 32>;      // SHA-256
using KeyId = Identifier<struct KeyTag, 32>;          // SHA-256 of a public key
using PublicKey = Identifier<struct PublicKeyTag, 32>;
using Signature = Identifier<struct SignatureTag, 64>;

// Reserved streams; every other id is a family's case.
inline constexpr uint8_t directory_stream_number = 1, practice_stream_number = 2, service_stream_number = 3;
StreamId reserved_stream(uint8_t number);

std::string to_hex(Bytes bytes);
void write_hex(Bytes bytes, char* to);                      // 2 for each byte
std::optional<std::string> from_hex(std::string_view hex);  // raw bytes

template <class Tag, size_t N>
std::string Identifier<Tag, N>::hex() const {
    return to_hex({this->data(), N});
}
template <class Tag, size_t N>
std::optional<Identifier<Tag, N>> Identifier<Tag, N>::from_hex(std::string_view hex) {
    auto raw = schema::from_hex(hex);
    if (!raw) return std::nullopt;
    return from({reinterpret_cast<const uint8_t*>(raw->data()), raw->size()});
}

inline Bytes as_bytes(std::string_view text) { return {reinterpret_cast<const uint8_t*>(text.data()), text.size()}; }
inline std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

}  // namespace schema

template <class Tag, size_t N>
struct std::hash<schema::Identifier<Tag, N>> {
    // Identifiers are random bytes or digests, so their first bytes are as good as any hash; the reserved
    // streams differ in their last.
    size_t operator()(const schema::Identifier<Tag, N>& id) const {
        uint64_t first, last;
        std::memcpy(&first, id.data(), 8);
        std::memcpy(&last, id.data() + N - 8, 8);
        return first ^ last;
    }
};
