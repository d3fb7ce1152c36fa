// A Cap'n Proto message held as its canonical bytes: one segment, aligned, checked once, shared by copy.
#pragma once
#include <capnp/message.h>

#include <cstring>
#include <memory>

#include "schema/ids.h"
#include "schema/result.h"

namespace schema {

// A copy where Cap'n Proto can read it: network buffers and rows of a store are not aligned. What is not a whole word
// at the end is left out.
inline kj::Array<capnp::word> aligned(Bytes bytes) {
    auto words = kj::heapArray<capnp::word>(bytes.size() / sizeof(capnp::word));
    std::memcpy(words.begin(), bytes.data(), words.size() * sizeof(capnp::word));
    return words;
}

namespace detail {
struct Held {
    // Reads may be repeated for as long as the message lives, so the traversal budget covers many passes; the size
    // was bounded before and depth is bounded here, which is what keeps hostile bytes cheap.
    Held(kj::Array<capnp::word> held, int nesting)
        : words(kj::mv(held)), segment(words.asPtr()), reader(kj::arrayPtr(&segment, 1), options(nesting)) {}
    static capnp::ReaderOptions options(int nesting) {
        capnp::ReaderOptions options;
        options.traversalLimitInWords = uint64_t{1} << 40;
        options.nestingLimit = nesting;
        return options;
    }
    kj::Array<capnp::word> words;
    kj::ArrayPtr<const capnp::word> segment;
    capnp::SegmentArrayMessageReader reader;
};
// Throws kj::Exception out of neither: false when the bytes are not one canonical message.
bool canonical(Held& held);
}  // namespace detail

template <class Root>
class Message {
  public:
    // Takes bytes that must be the canonical form of one message of at most `limit` bytes.
    static Result<Message> decode(Bytes bytes, size_t limit) {
        if (bytes.empty()) return malformed("", "there are no bytes");
        if (bytes.size() > limit)
            return malformed(
                "", "is " + std::to_string(bytes.size()) + " bytes; at most " + std::to_string(limit) + " are allowed");
        if (bytes.size() % sizeof(capnp::word)) return malformed("", "is not a whole number of 8-byte words");
        Message message(aligned(bytes));
        if (!detail::canonical(*message.held_)) return malformed("", "is not one message in canonical form");
        return message;
    }

    // Of canonical bytes that this program has just made itself: nothing is checked.
    static Message of(kj::Array<capnp::word> canonical) { return Message(kj::mv(canonical)); }

    typename Root::Reader read() const { return root_; }
    typename Root::Reader const* operator->() const { return &root_; }
    typename Root::Reader operator*() const { return root_; }
    Bytes bytes() const {
        auto raw = held_->words.asBytes();
        return {raw.begin(), raw.size()};
    }

  private:
    static constexpr int nesting = 16;
    explicit Message(kj::Array<capnp::word> words)
        : held_(std::make_shared<detail::Held>(kj::mv(words), nesting)), root_(root_of(*held_)) {}
    static typename Root::Reader root_of(detail::Held& held);

    std::shared_ptr<detail::Held> held_;
    typename Root::Reader root_;
};

template <class Root>
typename Root::Reader Message<Root>::root_of(detail::Held& held) {
    // Bytes that are not even a pointer to a struct are read as an empty message; decode() then refuses them.
    try {
        return held.reader.template getRoot<Root>();
    } catch (const kj::Exception&) {
        return {};
    }
}

inline Bytes bytes_of(capnp::Data::Reader data) { return {data.begin(), data.size()}; }
inline std::string_view text_of(capnp::Text::Reader text) { return {text.begin(), text.size()}; }
inline capnp::Data::Reader data_of(Bytes bytes) { return {bytes.data(), bytes.size()}; }
inline Bytes bytes_of(kj::ArrayPtr<const capnp::word> words) {
    auto raw = words.asBytes();
    return {raw.begin(), raw.size()};
}
inline std::string string_of(kj::ArrayPtr<const capnp::word> words) { return std::string(as_text(bytes_of(words))); }

}  // namespace schema
