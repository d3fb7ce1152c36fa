// What a stranger may check of the ledger, and whether the service is well. No record of anybody is read here.
#include "schema/json.h"
#include "server/problem.h"
#include "server/query.h"

namespace server {

namespace json = boost::json;
using schema::Result;

namespace {

json::object to_json(const WitnessStanding& standing) {
    json::object out{{"name", standing.name}, {"size", standing.size}, {"state", standing.state}};
    if (standing.at) out["at"] = schema::iso(*standing.at);
    if (!standing.claim.empty()) out["claim"] = standing.claim;
    return out;
}

Reply note_reply(const std::string& note) {
    Reply reply;
    reply.content_type = "text/plain; charset=utf-8";
    reply.body = note;
    return reply;
}

}  // namespace

Result<ledger::Receipt> Door::receipt(const ledger::Entry& entry) const {
    auto newest = witnessing ? witnessing->newest() : nullptr;
    auto made = ledger::make_receipt(ledger, entry, newest.get());
    if (made && made->state != schema::ReceiptState::WITNESSED)
        made->witnesses = witnessing ? witnessing->reason() : "none configured";
    return made;
}

Result<Reply> get_livez(Door&, Call&) { return json_reply({{"live", true}}); }

Result<Reply> get_readyz(Door& door, Call&) {
    json::array reasons, building;
    if (door.ledger.sealed()) reasons.emplace_back("The ledger is sealed after a fault and must be opened again.");
    uint64_t size = door.ledger.published()->head.size;
    for (auto& projection : door.views.status()) {
        if (projection.rebuilding)
            building.push_back(
                json::object{{"view", projection.name}, {"entries", *projection.rebuilding}, {"of", size}});
        if (!projection.stopped.empty()) reasons.emplace_back("The view " + projection.name + " has stopped.");
        else if (!projection.serving) reasons.emplace_back("The view " + projection.name + " is being built.");
        else if (projection.size + door.limits.views_may_lag < size)
            reasons.emplace_back("The view " + projection.name + " is " + std::to_string(size - projection.size) +
                                 " entries behind.");
    }
    bool ready = reasons.empty();
    // What witnesses hold against the ledger must be seen and looked into; but anybody can claim it, and so the service
    // goes on.
    if (door.witnessing)
        for (auto& witness : door.witnessing->standings())
            if (!witness.claim.empty()) reasons.emplace_back("The witness " + witness.name + " " + witness.claim + ".");
    json::object body{{"ready", ready}};
    if (!reasons.empty()) body["reasons"] = std::move(reasons);
    if (!building.empty()) body["building"] = std::move(building);
    return json_reply(body, ready ? 200 : 503);
}

Result<Reply> get_ledger(Door& door, Call& call) {
    auto published = door.ledger.published();
    auto& genesis = call.known->directory.genesis();
    auto key = door.ledger.checkpoint_key();
    json::object body{{"origin", door.ledger.origin()},
                      {"authority", genesis.authority},
                      {"opened", genesis.opened},
                      {"playedClock", genesis.played_clock},
                      {"size", published->head.size},
                      {"root", published->head.root.hex()},
                      {"checkpointKey", key.hex()},
                      {"verifierKey", ledger::verifier_key(door.ledger.origin(), key)},
                      {"durability", door.ledger.durability()}};
    json::array keys;
    for (auto& each : call.known->directory.checkpoint_keys())
        keys.push_back({{"key", each.key.hex()}, {"from", each.from}});
    body["checkpointKeys"] = std::move(keys);
    if (published->head.size) body["recorded"] = schema::iso(published->recorded);
    if (door.witnessing) {
        auto newest = door.witnessing->newest();
        json::array witnesses;
        for (auto& one : door.witnessing->standings()) witnesses.push_back(to_json(one));
        body["witnessed"] = newest ? newest->size : 0;
        body["witnesses"] = std::move(witnesses);
    }
    return json_reply(body);
}

Result<Reply> get_checkpoint(Door& door, Call&) { return note_reply(door.ledger.published()->checkpoint); }

Result<Reply> get_witnessed(Door& door, Call&) {
    auto newest = door.witnessing ? door.witnessing->newest() : nullptr;
    if (!newest) return tl::unexpected(nothing_here());
    return note_reply(newest->note);
}

Result<Reply> get_consistency(Door& door, Call& call) {
    Query query(call);
    uint64_t size = door.ledger.published()->head.size;
    auto from = query.number("from", 1, size);
    auto to = query.number("to", 1, size).value_or(size);
    if (!from) query.refuse("from", "is missing");
    TRY(query.finish());
    if (*from > to) return schema::malformed("from", "must not be more than to");
    auto proof = door.ledger.prove_consistency(*from, to);
    if (!proof) return tl::unexpected(proof.error());
    auto from_root = door.ledger.root_at(*from), to_root = door.ledger.root_at(to);
    if (!from_root) return tl::unexpected(from_root.error());
    if (!to_root) return tl::unexpected(to_root.error());
    return json_reply({{"from", *from},
                       {"to", to},
                       {"fromRoot", from_root->hex()},
                       {"toRoot", to_root->hex()},
                       {"proof", schema::hex_array(*proof)}});
}

Result<Reply> get_inclusion(Door& door, Call& call) {
    Query query(call);
    uint64_t newest = door.ledger.published()->head.size;
    auto size = query.number("size", 1, newest).value_or(newest);
    auto position = query.number("position", 0, newest ? newest - 1 : 0);
    if (!position) query.refuse("position", "is missing");
    TRY(query.finish());
    if (*position >= size) return schema::malformed("position", "must be less than size");
    auto entry = door.ledger.entry(*position);
    if (!entry) return tl::unexpected(entry.error());
    auto proof = door.ledger.prove_inclusion(*position, size);
    if (!proof) return tl::unexpected(proof.error());
    auto root = door.ledger.root_at(size);
    if (!root) return tl::unexpected(root.error());
    return json_reply({{"position", *position},
                       {"size", size},
                       {"leaf", entry->leaf().hex()},
                       {"root", root->hex()},
                       {"proof", schema::hex_array(*proof)}});
}

}  // namespace server
