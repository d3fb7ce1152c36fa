// The tree as others fetch it: for every stranger its hashes, for those who read everything its entries.
#include "ledger/tiles.h"

#include "ledger/proof_file.h"
#include "ledger/tile_check.h"
#include "server/house.h"

namespace {

using test::shared_house;

std::string entry_bytes(const ledger::Entry& entry) { return std::string(schema::as_text(entry.bytes())); }

TEST(Tiles, AreThereForEveryStrangerAndNeverChange) {
    auto& house = shared_house();
    auto client = house.stranger();
    auto note = client.get("/checkpoint", "text/plain");
    EXPECT_EQ(note->status, 200);
    EXPECT_EQ(note->content_type, "text/plain; charset=utf-8");
    EXPECT_EQ(note->cache, "no-store");
    auto checkpoint = ledger::open_checkpoint(note->body, house.book().checkpoint_key());
    ASSERT_TRUE(checkpoint);
    ASSERT_LT(checkpoint->size, 256u) << "the house has grown: ask for its full tile, too";

    auto width = std::to_string(checkpoint->size);
    auto tile = client.get("/tile/0/000.p/" + width);
    EXPECT_EQ(tile->status, 200);
    EXPECT_EQ(tile->content_type, "application/octet-stream");
    EXPECT_EQ(tile->cache, "public, max-age=31536000, immutable");
    ledger::Edge edge;
    for (auto& hash : ledger::tile_hashes(tile->body)) edge.append(hash);
    EXPECT_EQ(edge.root(), checkpoint->root);
    EXPECT_EQ(client.get("/tile/0/000.p/3")->body, tile->body.substr(0, 96));

    for (auto* target : {"/tile/0/000", "/tile/0/001.p/1", "/tile/1/000.p/1", "/tile/0/0", "/tile/0/000.p/0",
                         "/tile/0/000.p/256", "/tile/0", "/tile", "/tile/", "/tile/64/000", "/tile/0/000.p/3/4",
                         "/tile/0//000", "/tile/data/000", "/checkpoint/"}) {
        auto answer = client.get(target);
        EXPECT_EQ(answer->status, 404) << target;
        EXPECT_EQ(answer->cache, "no-store") << target;
    }
    EXPECT_EQ(client.get("/tile/0/000.p/3?x=1")->status, 400);
    EXPECT_EQ(client.post("/tile/0/000.p/3", "{}")->status, 405);
}

TEST(Tiles, GiveEntriesToThoseAloneWhoReadTheWholeService) {
    auto& house = shared_house();
    EXPECT_EQ(house.stranger().get("/tile/entries/000.p/9")->status, 401);
    for (auto* person : {&house.tess, &house.kit, &house.mo, &house.gil, &house.governor})
        EXPECT_EQ(house.client(*person).get("/tile/entries/000.p/9")->status, 404);
    auto dee = house.client(house.dee);
    auto bundle = dee.get("/tile/entries/000.p/9");
    EXPECT_EQ(bundle->status, 200);
    EXPECT_EQ(bundle->content_type, "application/octet-stream");
    EXPECT_EQ(bundle->cache, "no-store");
    EXPECT_EQ(dee.get("/tile/entries/000.p/255")->status, 404);
    EXPECT_EQ(dee.get("/tile/entries/001.p/1")->status, 404);
    EXPECT_EQ(dee.get("/tile/entries/000/x")->status, 404);
    auto leaves = ledger::bundle_leaves(bundle->body);
    ASSERT_TRUE(leaves);
    auto tile = ledger::tile_hashes(dee.get("/tile/0/000.p/9")->body);
    EXPECT_EQ(*leaves, tile);
}

TEST(Tiles, LetAReceiptBeHadAsAProofFile) {
    auto& house = shared_house();
    auto recorded = house.record(house.kit, house.ash.stream, house.note());
    house.catch_up();
    auto entry = house.book().entry(house.book().published()->head.size - 1);
    auto target = "/v1/receipts/" + entry->id().hex();
    auto kit = house.client(house.kit);
    auto file = kit.get(target + "?format=tlog-proof", "text/plain");
    EXPECT_EQ(file->status, 200);
    EXPECT_EQ(file->content_type, "text/plain; charset=utf-8");
    const schema::PublicKey keys[] = {house.book().checkpoint_key()};
    auto proven = ledger::verify_proof_file(ledger::leaf_hash(schema::as_bytes(entry_bytes(*entry))), file->body, keys);
    ASSERT_TRUE(proven) << proven.error().text();
    EXPECT_EQ(proven->index, entry->position());
    EXPECT_EQ(kit.get(target + "?format=json")->content_type, "application/json");
    EXPECT_EQ(kit.get(target + "?format=xml")->status, 400);
    EXPECT_EQ(house.client(house.sam).get(target + "?format=tlog-proof")->status, 404);
}

}  // namespace
