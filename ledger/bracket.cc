#include "ledger/bracket.h"

#include <algorithm>

#include "ledger/checkpoint.h"

namespace ledger {
namespace {

namespace json = boost::json;
using schema::fail;
using schema::Fault;
using schema::Result;
using All = std::vector<Attested>;

// Of this ledger, of that size, and a state of this very book.
Result<void> is_of_book(const std::string& note, uint64_t size, const EvidenceTrust& trust) {
    auto read = open_checkpoint(note, trust.checkpoint_keys);
    if (!read) return tl::unexpected(read.error());
    if (read->origin != trust.origin) return schema::malformed("checkpoint", "is another ledger's");
    if (read->size != size) return schema::malformed("checkpoint", "is of another size than it is kept under");
    auto root = trust.root_at(size);
    if (!root) return tl::unexpected(root.error());
    if (*root == read->root) return {};
    return fail(Fault::corrupt, "checkpoint",
                "of size " + std::to_string(size) +
                    " is signed by this ledger and is no state of this book: it has "
                    "shown others another past");
}

std::string_view name(Attested::By by) { return by == Attested::By::witness ? "witness" : "authority"; }

json::object to_json(const Attested& bound, schema::Time time) {
    return {{"time", schema::iso(time)}, {"by", name(bound.by)}, {"name", bound.name}, {"checkpoint", bound.size}};
}

std::string sentence(const Attested& bound, schema::Time time, std::string_view what) {
    return std::string(what) + " " + schema::readable(time) + ": " + std::string(name(bound.by)) + " " + bound.name +
           ", checkpoint of size " + std::to_string(bound.size) + ".";
}

}  // namespace

const std::string_view bracket_assumption =
    "what the actor had been shown was witnessed before it was shown; their signature does not prove that";

Bracket bracket(uint64_t position, uint64_t seen, std::span<const Attested> attested) {
    Bracket found;
    for (auto& one : attested) {
        auto& [before, after] = found;
        if (one.size > position && (!after || one.latest < after->latest)) after = one;
        bool nearer = !before || one.size > before->size;
        bool same_but_earlier = before && one.size == before->size && one.earliest < before->earliest;
        if (one.size > 0 && one.size <= seen && (nearer || same_but_earlier)) before = one;
    }
    return found;
}

json::object to_json(const Bracket& bracket) {
    json::object told;
    if (auto& bound = bracket.not_before) {
        told["notBefore"] = to_json(*bound, bound->earliest);
        told["notBefore"].as_object()["assuming"] = bracket_assumption;
    }
    if (auto& bound = bracket.not_after) told["notAfter"] = to_json(*bound, bound->latest);
    if (bracket.contradictory()) told["contradictory"] = true;
    return told;
}

std::string readable(const Bracket& bracket) {
    std::string told;
    if (auto& bound = bracket.not_before)
        told += sentence(*bound, bound->earliest, "Not before") + "\n  Assuming that " +
                std::string(bracket_assumption) + ".\n";
    if (auto& bound = bracket.not_after) told += sentence(*bound, bound->latest, "Not after") + "\n";
    if (told.empty()) return "Nobody but this ledger says when.\n";
    if (bracket.contradictory()) told += "These contradict each other: a clock is wrong, or the assumption.\n";
    return told;
}

Result<All> attested(const Cosigned& cosigned, const EvidenceTrust& trust) {
    TRY(is_of_book(cosigned.note, cosigned.size, trust));
    auto note = parse_note(cosigned.note);
    if (!note) return tl::unexpected(note.error());
    All all;
    for (auto& witness : trust.witnesses)
        for (auto& signature : note->signatures) {
            if (!signature.is_of(witness)) continue;
            auto time = cosigned_by({note->text, {signature}}, witness);
            if (!time) return tl::unexpected(time.error());
            if (!*time) continue;
            // Whole seconds: within the one that it names.
            auto second = std::chrono::seconds(std::min<uint64_t>(**time, uint64_t{1} << 40));
            auto at = schema::Time(second);
            if (!schema::is_plausible(at)) return schema::malformed("cosignature", "has a time that is none");
            all.push_back(
                {cosigned.size, at, at + std::chrono::milliseconds(999), Attested::By::witness, witness.name});
        }
    return all;
}

Result<All> attested(const Timestamped& timestamped, const EvidenceTrust& trust) {
    TRY(is_of_book(timestamped.note, timestamped.size, trust));
    if (!trust.authorities) return All{};
    auto told = check_token(schema::as_bytes(timestamped.token), timestamped.note, *trust.authorities);
    if (!told) return tl::unexpected(told.error());
    return All{{timestamped.size, told->earliest(), told->latest(), Attested::By::authority, told->authority}};
}

Result<All> attested_around(const Evidence& evidence, uint64_t position, uint64_t seen, const EvidenceTrust& trust) {
    All all;
    // One direction of one kind: on from each that nobody trusted signed to the next.
    auto walk = [&](auto next) -> Result<void> {
        for (bool found = false; !found;) {
            auto kept = next();
            if (!kept) return tl::unexpected(kept.error());
            if (!*kept) return {};
            auto some = attested(**kept, trust);
            if (!some) return tl::unexpected(some.error());
            found = !some->empty();
            all.insert(all.end(), some->begin(), some->end());
        }
        return {};
    };
    auto upwards = [&](auto ask) {
        return walk([at = position + 1, ask]() mutable {
            auto kept = ask(at);
            if (kept && *kept) at = (*kept)->size + 1;
            return kept;
        });
    };
    auto downwards = [&](auto ask) {
        return walk([at = seen, ask]() mutable {
            auto kept = at ? ask(at) : decltype(ask(at)){};
            if (kept && *kept) at = (*kept)->size ? (*kept)->size - 1 : 0;
            return kept;
        });
    };
    TRY(upwards([&](uint64_t at) { return evidence.first_covering(at); }));
    TRY(downwards([&](uint64_t at) { return evidence.last_up_to(at); }));
    if (trust.authorities) {
        TRY(upwards([&](uint64_t at) { return evidence.first_token_covering(at); }));
        TRY(downwards([&](uint64_t at) { return evidence.last_token_up_to(at); }));
    }
    return all;
}

}  // namespace ledger
