// Bytes become an entry only when every reader of an entry may be used on them; nothing throws.
#include "ledger/entry.h"

#include <capnp/any.h>
#include <gtest/gtest.h>

#include <random>

#include "ledger/small_book.h"
#include "schema/samples.h"

namespace {

using namespace ledger;

// An entry of raw parts: pointers 0 previous, 1 heads, 2 event, 3 signatures.
std::string raw_entry(const std::function<void(capnp::AnyStruct::Builder)>& change, unsigned words = 3,
                      unsigned pointers = 4) {
    capnp::MallocMessageBuilder message;
    auto raw = message.initRoot<capnp::AnyPointer>().initAsAnyStruct(static_cast<uint16_t>(words),
                                                                     static_cast<uint16_t>(pointers));
    auto event = samples::event_of(schema::Fact::CASE_NOTE_ADDED, 1);
    auto text = [](const std::string& bytes) { return schema::data_of(schema::as_bytes(bytes)); };
    raw.getDataSection()[0] = 4;
    raw.getDataSection()[16] = 1;
    raw.getPointerSection()[1].setAs<capnp::Data>(text(std::string(32, 'h')));
    raw.getPointerSection()[2].setAs<capnp::Data>(text(event));
    auto signatures = raw.getPointerSection()[3].initAs<capnp::List<capnp::Data>>(1);
    signatures.set(0, text(std::string(64, 's')));
    change(raw);
    return schema::string_of(raw.asReader().canonicalize());
}

schema::Result<Entry> decode(const std::string& bytes) {
    schema::Result<Entry> read = schema::malformed("", "threw");
    EXPECT_NO_THROW(read = Entry::decode(schema::as_bytes(bytes)));
    return read;
}

TEST(Entry, IsReadFromItsBytes) {
    auto read = decode(raw_entry([](auto) {}));
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->position(), 4u);
    EXPECT_EQ(read->revision(), 1u);
    EXPECT_EQ(read->type(), schema::Fact::CASE_NOTE_ADDED);
}

TEST(Entry, IsRefusedWhenAPartIsMissingOrOfAnotherSizeOrKind) {
    auto text = [](size_t n) { return std::string(n, 'x'); };
    auto set = [](unsigned at, std::string bytes) {
        return [=](capnp::AnyStruct::Builder raw) {
            raw.getPointerSection()[at].setAs<capnp::Data>(schema::data_of(schema::as_bytes(bytes)));
        };
    };
    auto numbers = [](unsigned at) {
        return [=](capnp::AnyStruct::Builder raw) { raw.getPointerSection()[at].initAs<capnp::List<uint64_t>>(4); };
    };
    auto clear = [](unsigned at) {
        return [=](capnp::AnyStruct::Builder raw) { raw.getPointerSection()[at].clear(); };
    };
    for (auto& change : std::vector<std::function<void(capnp::AnyStruct::Builder)>>{
             set(0, text(31)), set(0, text(33)), set(1, text(31)), set(1, text(0)), set(2, text(8)), set(2, ""),
             clear(1), clear(2), clear(3), numbers(0), numbers(1), numbers(2), numbers(3), set(3, text(64)),
             [](capnp::AnyStruct::Builder raw) { raw.getPointerSection()[3].initAs<capnp::List<capnp::Data>>(1); },
             [](capnp::AnyStruct::Builder raw) { raw.getPointerSection()[3].initAs<capnp::List<capnp::Data>>(0); },
             [](capnp::AnyStruct::Builder raw) {  // a signature with something hidden beside it
                 auto list = raw.getPointerSection()[3].initAsListOfAnyStruct(1, 1, 1);
                 list[0].getDataSection()[0] = 7;
                 list[0].getPointerSection()[0].setAs<capnp::Data>(
                     schema::data_of(schema::as_bytes(std::string(64, 's'))));
             },
             [](capnp::AnyStruct::Builder raw) { std::memset(raw.getDataSection().begin() + 8, 0x7f, 8); }})
        EXPECT_FALSE(decode(raw_entry(change)));
    EXPECT_FALSE(decode(raw_entry([](auto raw) { raw.getDataSection()[24] = 1; }, 4)));
    EXPECT_FALSE(
        decode(raw_entry([](auto raw) { raw.getPointerSection()[4].template setAs<capnp::Text>("hidden"); }, 3, 5)));
}

TEST(Entry, NeverThrowsWhateverBytesItIsGiven) {
    std::mt19937_64 random(1);
    auto good = raw_entry([](auto) {});
    for (int i = 0; i < 20'000; ++i) {
        auto bad = good;
        for (auto n = 1 + random() % 4; n > 0; --n) bad[random() % bad.size()] = static_cast<char>(random());
        if (random() % 4 == 0) bad.resize(random() % (bad.size() / 8) * 8);
        auto read = decode(bad);
        if (!read) continue;
        EXPECT_NO_THROW((void)(read->previous(), read->heads(), read->signatures().size(), read->id(), read->actor(),
                               read->stream(), read->occurred(), schema::iso(read->recorded())));
    }
}

TEST(Entry, OfEveryEventTypeIsRead) {
    for (auto& type : schema::event_types) {
        auto bytes = raw_entry([&](auto raw) {
            raw.getPointerSection()[2].template setAs<capnp::Data>(
                schema::data_of(schema::as_bytes(samples::event_of(type.which, 3))));
        });
        auto read = decode(bytes);
        ASSERT_TRUE(read) << schema::name_of(type.which) << read.error().text();
        EXPECT_EQ(read->type(), type.which);
    }
}

}  // namespace
