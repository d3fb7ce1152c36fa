// An operator's own part of an entry: place, time, hashes, signatures. Who holds every key makes all the rest fit, so
// that nothing but the twisted field itself is wrong.
#include "twists.h"

namespace tamper {

using schema::bytes_of;
using schema::data_of;
using Entry = schema::Entry::Builder;

namespace {

void flip(capnp::Data::Builder bytes, Dice& dice) {
    if (bytes.size()) bytes[dice.below(bytes.size())] ^= static_cast<uint8_t>(1 << dice.below(8));
}

}  // namespace

const std::vector<Twisting>& twistings() {
    static const std::vector<Twisting> all{
        {"position", [](Entry entry, Dice&) { entry.setPosition(entry.getPosition() + 1); }},
        {"position", [](Entry entry, Dice&) { entry.setPosition(entry.getPosition() - 1); }},
        {"revision", [](Entry entry, Dice&) { entry.setRevision(entry.getRevision() + 1); }},
        {"revision", [](Entry entry, Dice&) { entry.setRevision(entry.getRevision() - 1); }},
        {"revision", [](Entry entry, Dice& dice) { entry.setRevision(entry.getRevision() + 2 + dice.below(1'000)); }},
        {"previous", [](Entry entry, Dice& dice) { flip(entry.getPrevious(), dice); }},
        {"previous", [](Entry entry, Dice&) { entry.disownPrevious(); }},
        {"previous",
         [](Entry entry, Dice&) {
             ledger::Digest other{};
             other[0] = 1;
             entry.setPrevious(data_of(ledger::bytes_of(other)));
         }},
        {"heads", [](Entry entry, Dice& dice) { flip(entry.getHeads(), dice); }},
        {"recorded earlier than the one before",
         [](Entry entry, Dice& dice) {
             entry.setRecorded(entry.getRecorded() - int64_t(dice.below(1000) + 24 * 365 * 10) * 3'600'000);
         }},
        {"recorded a little earlier than the one before",
         [](Entry entry, Dice&) { entry.setRecorded(entry.getRecorded() - 90'000); }},
        {"recorded in another century", [](Entry entry, Dice&) { entry.setRecorded(-8'000'000'000'000); }},
        {"signature", [](Entry entry, Dice& dice) { flip(entry.getSignatures()[0], dice); }},
        {"signature",  // a point of small order needs no key at all
         [](Entry entry, Dice&) {
             ledger::Signature weak{};
             weak[0] = 1;
             entry.getSignatures().set(0, data_of({weak.data(), weak.size()}));
         }},
        {"signature",  // S and S + L are the same to a lax verifier
         [](Entry entry, Dice&) {
             static constexpr uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                                   0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                                   0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
             auto signature = entry.getSignatures()[0];
             unsigned carry = 0;
             for (unsigned i = 0; i < 32; ++i) {
                 carry += unsigned(signature[32 + i]) + order[i];
                 signature[32 + i] = static_cast<uint8_t>(carry);
                 carry >>= 8;
             }
         }},
    };
    return all;
}

bool made_wrong(const Twisting& twisting, const Sample& sample, Entry entry, Dice& dice) {
    auto before = schema::string_of(capnp::canonicalize(entry.asReader()));
    twisting.deed(entry, dice);
    if (std::string_view(twisting.kind).ends_with("earlier than the one before") &&
        (entry.getPosition() == 0 ||
         entry.getRecorded() >= schema::milliseconds(sample.entry(entry.getPosition() - 1).recorded())))
        return false;
    return before != schema::string_of(capnp::canonicalize(entry.asReader()));
}

namespace {

void twist(Campaign& campaign, const Sample& sample, size_t most) {
    auto by = std::make_shared<Operator>(sample);
    for (auto& twisting : twistings())
        for (auto at : campaign.spread(sample.size(), campaign.count(most))) {
            bool wrong = false;
            auto book = by->build(by->items(), Operator::every_key, at, [&](uint64_t position, Entry entry) {
                if (position == at) wrong = made_wrong(twisting, sample, entry, campaign.dice);
            });
            if (!wrong) continue;
            campaign.take({std::string("operator: ") + twisting.kind, "entry " + std::to_string(at), at, at,
                           [&sample, by, book] { return verify(book, fitted(sample, *by, book)); }});
        }
    // Later than now, from some entry on to the end.
    for (auto at : campaign.spread(sample.size(), campaign.count(most))) {
        auto items = by->items();
        for (uint64_t i = at; i < items.size(); ++i) items[i].recorded = sample.played.now + std::chrono::hours(2);
        auto book = by->build(std::move(items), Operator::every_key, at);
        campaign.take({"operator: recorded in the future", "from entry " + std::to_string(at), at, at,
                       [&sample, by, book] { return verify(book, fitted(sample, *by, book)); }});
    }
    // A fork: everything says the same but for one minute, and all of it is signed again by everybody.
    for (auto at : campaign.spread(sample.size(), campaign.count(most))) {
        auto items = by->items();
        items[at].event = changed(items[at].event,
                                  [](auto event) { event.getOccurred().setAt(event.getOccurred().getAt() - 60'000); });
        by->sign(items[at]);
        auto book = by->build(std::move(items), Operator::every_key, at);
        for (size_t i = 0; i < sample.checkpoints.size(); ++i) {
            if (sample.checkpoints[i].size <= at) continue;
            auto evidence = fitted(sample, *by, book);
            evidence.checkpoint = sample.notes[i];
            campaign.take({"fork, before a kept checkpoint",
                           "at " + std::to_string(at) + ", kept at " + std::to_string(sample.checkpoints[i].size), at,
                           sample.size(), [=] { return verify(book, evidence); }});
            auto going_on = fitted(sample, *by, book);
            going_on.since = sample.notes[i];
            campaign.take({"fork, below what was verified before", "at " + std::to_string(at), at, sample.size(),
                           [=] { return verify(book, going_on); }});
        }
    }
}

}  // namespace

void twists(Campaign& campaign) {
    twist(campaign, campaign.little, 44);
    twist(campaign, campaign.whole, 16);
}

}  // namespace tamper
