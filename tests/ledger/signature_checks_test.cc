#include "ledger/signature_checks.h"

#include <set>

#include "ledger/small_book.h"

namespace {

using namespace test;

// Positions that were found wrong when the book's entries were taken one after the other, in groups of this size.
std::set<uint64_t> found(const ledger::Ledger& book, unsigned threads, size_t group, uint64_t& verified,
                         const std::set<uint64_t>& damaged = {}) {
    std::set<uint64_t> positions;
    ledger::SignatureChecks checks(
        threads, [&](uint64_t position, const std::string&, const std::string&) { positions.insert(position); }, group);
    ledger::Directory directory;
    EXPECT_TRUE(book.read(0, ~uint64_t{0}, [&](const ledger::Entry& entry) {
        capnp::MallocMessageBuilder message;
        message.setRoot(schema::Message<schema::Entry>::decode(entry.bytes(), entry.bytes().size())->read());
        if (damaged.contains(entry.position())) message.getRoot<schema::Entry>().getSignatures()[0][7] ^= 1;
        auto changed = schema::string_of(capnp::canonicalize(message.getRoot<schema::Entry>().asReader()));
        checks.take(entry.position(), ledger::Entry::decode(schema::as_bytes(changed)).value(), directory);
        if (schema::kind_of(entry.stream()) == schema::StreamKind::directory) directory.apply(entry);
        return true;
    }));
    checks.finish();
    verified = checks.verified();
    return positions;
}

TEST(SignatureChecks, TellWhatIsWrongWhateverTheGroupsAndTheCores) {
    TempFolder folder;
    auto book = make(folder / "l");
    Author().write(*book, 43, 10);
    const std::set<uint64_t> wrong{4, 7, 8, 9, 41, 42};
    for (unsigned threads : {0u, 1u, 2u, 5u})
        for (size_t group : {1, 2, 4, 7, 42, 43, 44, 4096}) {
            uint64_t verified = 0;
            EXPECT_EQ(found(*book, threads, group, verified), std::set<uint64_t>()) << threads << " " << group;
            EXPECT_EQ(verified, 43u) << threads << " " << group;
            EXPECT_EQ(found(*book, threads, group, verified, wrong), wrong) << threads << " " << group;
        }
}

}  // namespace
