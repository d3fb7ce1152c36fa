// Receipts and notes: what a stranger holds who knows nothing but public keys.
#include "campaign.h"
#include "forgery.h"
#include "schema/json.h"

namespace tamper {
namespace {

namespace json = boost::json;

ledger::PublicKey actor_of(const Sample& sample, uint64_t position) {
    auto entry = sample.entry(position);
    return sample.staff.at(schema::KeyId::of(schema::bytes_of(entry.read().getKey()))).public_key();
}

// Read as a stranger reads it, so that the file's own form is part of what is tried.
Verdict read_and_verify(const std::string& text, const ledger::PublicKey& key, const ledger::PublicKey& actor) {
    auto value = schema::parse_json(text);
    auto receipt = value ? ledger::receipt_from_json(*value) : tl::unexpected(value.error());
    if (!receipt) {
        auto field = receipt.error().field;
        return {{{0, field.empty() ? "receipt" : field, receipt.error().message}}, "error"};
    }
    return verify_receipt(*receipt, key, actor);
}

bool same_receipt(const ledger::Receipt& good, const std::string& text) {
    auto value = schema::parse_json(text);
    auto receipt = value ? ledger::receipt_from_json(*value) : tl::unexpected(value.error());
    return receipt && receipt->entry == good.entry && receipt->proof == good.proof &&
           receipt->checkpoint == good.checkpoint;
}

}  // namespace

void bytes_of_receipts(Campaign& campaign) {
    auto& sample = campaign.little;
    std::vector<uint64_t> small;  // not the documents of the practice stream
    for (uint64_t at = 0; at < sample.size(); ++at)
        if (sample.book.entry_at(at).size() < 4096) small.push_back(at);
    auto& dice = campaign.dice;
    for (size_t n = campaign.count(9'000); n > 0; --n) {
        auto at = small[dice.below(small.size())];
        auto actor = actor_of(sample, at);
        auto key = sample.key();
        std::string what;
        auto bad = sample.receipts[at];
        auto part = dice.below(3);
        if (part == 0) {
            bad.entry = damaged(bad.entry, dice, what);
            if (bad.entry.empty()) continue;
        } else if (part == 1) {
            auto step = dice.below(bad.proof.size());
            what = "step " + std::to_string(step);
            switch (dice.below(4)) {
                case 0: bad.proof[step][dice.below(32)] ^= static_cast<uint8_t>(1 << dice.below(8)); break;
                case 1: bad.proof.erase(bad.proof.begin() + static_cast<std::ptrdiff_t>(step)); break;
                case 2: bad.proof.insert(bad.proof.begin() + static_cast<std::ptrdiff_t>(step), bad.proof[step]); break;
                default: std::swap(bad.proof[step], bad.proof[(step + 1) % bad.proof.size()]);
            }
            if (bad.proof == sample.receipts[at].proof) continue;
        } else {
            auto other = dice.below(small.size());  // of another entry
            if (small[other] == at) continue;
            if (dice.below(2)) bad.entry = sample.receipts[small[other]].entry;
            else bad.proof = sample.receipts[small[other]].proof;
        }
        campaign.take(
            {"receipts", "of entry " + std::to_string(at) + ": " + what, 0, 0,
             [=] { return verify_receipt(bad, key, actor); },
             [=, good = &sample.receipts[at]] { return bad.proof == good->proof && bad.entry == good->entry; }});
        auto text = json::serialize(ledger::to_json(sample.receipts[at]));
        auto damage = damaged(text, dice, what);
        if (damage.empty()) continue;
        campaign.take({"receipts as files", "of entry " + std::to_string(at) + ": " + what, 0, 0,
                       [=] { return read_and_verify(damage, key, actor); },
                       [=, good = &sample.receipts[at]] { return same_receipt(*good, damage); }});
    }
    // What only the ledger's own key can make: a checkpoint of another origin, and an entry that nobody signed.
    Operator by(sample);
    for (auto at : campaign.spread(sample.size(), campaign.count(44))) {
        auto elsewhere = sample.receipts[at];
        elsewhere.checkpoint =
            ledger::Checkpoint{"another.example", sample.size(), sample.book.root}.sign(sample.ledger_key);
        campaign.take(
            {"receipts, under another origin", "", 0, 0,
             [=, key = sample.key(), actor = actor_of(sample, at)] { return verify_receipt(elsewhere, key, actor); }});
        auto book =
            by.build(by.items(), Operator::ledger_key, at, [&](uint64_t position, schema::Entry::Builder entry) {
                if (position == at) entry.getSignatures()[0][dice.below(64)] ^= 1;
            });
        ledger::Receipt unsigned_one;
        unsigned_one.entry = book.entry_at(at);
        unsigned_one.proof = inclusion(book, at);
        unsigned_one.checkpoint = by.checkpoint(book);
        campaign.take(
            {"receipts, of what nobody signed", "", 0, 0, [=, key = sample.key(), actor = actor_of(sample, at)] {
                 return verify_receipt(unsigned_one, key, actor);
             }});
    }
    // The right receipt before the wrong key.
    for (auto at : small) {
        auto stranger = test::key_from(99).public_key();
        auto actor = actor_of(sample, at);
        auto* good = &sample.receipts[at];
        auto key = sample.key();
        campaign.take(
            {"receipts", "another checkpoint key", 0, 0, [=] { return verify_receipt(*good, stranger, actor); }});
        campaign.take({"receipts", "another actor's key", 0, 0, [=] { return verify_receipt(*good, key, stranger); }});
    }
}

void bytes_of_notes(Campaign& campaign) {
    auto& sample = campaign.little;
    auto& dice = campaign.dice;
    for (size_t n = campaign.count(8'000); n > 0; --n) {
        auto& note = sample.notes[dice.below(sample.notes.size())];
        std::string what;
        auto bad = damaged(note, dice, what);
        if (bad.empty()) continue;
        campaign.take({"notes", what, 0, 0, [=, key = sample.key()] { return verify_note(bad, key); }});
    }
    for (auto* line : {"x", "another line", "{}"}) {
        auto with = sample.checkpoints.back();
        with.extensions.emplace_back(line);
        auto bad = with.sign(sample.ledger_key);
        campaign.take({"notes, with lines that nobody reads", line, 0, 0,
                       [=, key = sample.key()] { return verify_note(bad, key); }});
    }
    auto stranger = sample.checkpoints.back().sign(test::key_from(99));
    campaign.take({"notes, of a stranger", "", 0, 0, [=, key = sample.key()] { return verify_note(stranger, key); }});
    for (size_t one = 0; one < sample.notes.size(); ++one)
        for (size_t other = 0; other < sample.notes.size(); ++other) {
            if (sample.notes[one] == sample.notes[other]) continue;
            auto text = sample.notes[one].substr(0, sample.notes[one].find("\n\n"));
            auto bad = text + sample.notes[other].substr(sample.notes[other].find("\n\n"));
            campaign.take({"notes, with another's signature", "", 0, 0,
                           [=, key = sample.key()] { return verify_note(bad, key); }});
        }
}

}  // namespace tamper
