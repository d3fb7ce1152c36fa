// Bundles of a book that an operator forged with everybody's keys: every proof in them holds, and what is wrong is
// wrong in the entries alone.
#include "deeds.h"
#include "forgery.h"
#include "twists.h"

namespace tamper {
namespace {

Item disclosure(const Operator& by, const schema::StreamId& stream) {
    return by.say("sm", stream, {{"recordDisclosed", test::json::object{{"purpose", "court"}, {"words", "none"}}}});
}

void take(Campaign& campaign, const Sample& sample, const std::shared_ptr<Operator>& by, const std::string& kind,
          uint64_t at, const Book& book) {
    auto bundle = forged_bundle(book, by->checkpoint(book));
    campaign.take({"forged bundle: " + kind, "entry " + std::to_string(at), at, at,
                   [bundle, key = sample.key()] { return verify_bundle(bundle, key); }});
}

}  // namespace

void forged_bundles(Campaign& campaign) {
    auto& whole = campaign.whole;
    auto by = std::make_shared<Operator>(whole);
    for (auto& deed : forbidden(whole, *by)) {
        if (deed.needs_others) continue;
        auto items = by->items();
        items.push_back(deed.item);
        auto stream = schema::EventMessage::decode(schema::as_bytes(deed.item.event), schema::practice_event_limit)
                          .value()
                          ->getStream();
        auto in = schema::StreamId::of(schema::bytes_of(stream));
        items.push_back(
            disclosure(*by, schema::kind_of(in) == schema::StreamKind::family ? in : whole.families.at("held").stream));
        take(campaign, whole, by, deed.kind, whole.size(),
             by->build(std::move(items), Operator::every_key, whole.size()));
    }
    auto& little = campaign.little;
    auto writer = std::make_shared<Operator>(little);
    auto& stream = little.families.at("little").stream;
    auto places = campaign.spread(little.size(), campaign.count(20));
    places.push_back(little.size());  // the disclosure itself
    for (auto at : places) {
        auto with = writer->items();
        with.push_back(disclosure(*writer, stream));
        for (auto& wrong : wrongs()) {
            if (at == little.size()) continue;
            auto items = with;
            bool applies = false;
            items[at].event = changed(items[at].event, [&](auto event) { applies = wrong.change(event, at); });
            if (!applies) continue;
            if (std::string_view(wrong.kind).starts_with("no words")) items[at].words.clear();
            writer->sign(items[at]);
            take(campaign, little, writer, wrong.kind, at,
                 writer->build(std::move(items), Operator::every_key, at, {}, at));
        }
        for (auto& twisting : twistings()) {
            // The heads map of an entry before the disclosure cannot be worked out from a part of the book.
            if (std::string_view(twisting.kind) == "heads" && at != little.size()) continue;
            bool wrong = false;
            auto book =
                writer->build(with, Operator::every_key, at, [&](uint64_t position, schema::Entry::Builder entry) {
                    if (position == at) wrong = made_wrong(twisting, little, entry, campaign.dice);
                });
            if (wrong && ledger::Entry::decode(schema::as_bytes(book.records[at]->entry)))
                take(campaign, little, writer, twisting.kind, at, book);
        }
    }
}

}  // namespace tamper
