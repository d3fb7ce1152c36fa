#include "commands/bench.h"

#include "commands/kept.h"

namespace commands {

schema::Result<CaseState*> Bench::state(const StreamId& stream) {
    if (auto known = states_.find(stream); known != states_.end()) {
        recent_.splice(recent_.begin(), recent_, known->second);
        return &known->second->state;
    }
    CaseState folded;
    TRY(fetch_(stream, [&](const ledger::Entry& entry) { evolve(folded, entry); }));
    recent_.push_front({stream, std::move(folded)});
    states_[stream] = recent_.begin();
    count(recent_.front());
    return &recent_.front().state;
}

void Bench::count(Held& held) {
    constexpr uint64_t empty = 8;  // what a state takes before its first entry, in entries
    auto now = empty + held.state.revision();
    held_ += now - held.counted;
    held.counted = now;
    while (keep_ && held_ > keep_ && recent_.size() > 1) {
        held_ -= recent_.back().counted;
        states_.erase(recent_.back().stream);
        recent_.pop_back();
    }
}

schema::Result<Judgement> Bench::judge(const schema::ExaminedEvent& examined, schema::Time recorded, uint64_t position,
                                       const ledger::PublicKey& checkpoint_key) {
    auto event = examined.event.read();
    auto state_found = state(StreamId::of(schema::bytes_of(event.getStream())));
    if (!state_found) return tl::unexpected(state_found.error());
    const CaseState& known = **state_found;
    Facts facts{recorded,
                position,
                directory_,
                practice_,
                practice_.binding(schema::london_day(recorded)),
                loads_,
                holds_,
                PersonId::of(schema::bytes_of(event.getActor())),
                examined.mentions,
                checkpoint_key,
                known,
                sees_ == Sees::everything};
    return commands::judge(known, facts, event);
}

schema::Result<void> Bench::apply(const ledger::Entry& entry) {
    auto stream = entry.stream();
    auto state_found = state(stream);
    if (!state_found) return tl::unexpected(state_found.error());
    CaseState& known = **state_found;
    // A state that was just folded from the book may hold this entry already.
    if (known.revision() < entry.revision()) evolve(known, entry);
    count(recent_.front());  // the one that was just asked for
    switch (schema::kind_of(stream)) {
        case schema::StreamKind::directory: directory_.apply(entry); break;
        case schema::StreamKind::practice: practice_.apply(entry.event(), entry.position(), entry.recorded()); break;
        case schema::StreamKind::service: break;
        case schema::StreamKind::family: keep(stream, known); break;
    }
    return {};
}

void Bench::keep(const StreamId& stream, const CaseState& state) {
    loads_.set(stream, state.holding());
    holds_.set(stream, state.held());
}

std::string Bench::kept(const StreamId& stream) const {
    if (schema::kind_of(stream) != schema::StreamKind::family) return {};
    auto* holding = loads_.of(stream);
    return schema::pack(KeptCase{KeptCase::current, holding ? *holding : Holding{}, holds_.of(stream)});
}

schema::Result<void> Bench::load(ledger::Ledger& ledger, const ledger::Progress& progress) {
    auto streams = ledger.kept();
    if (!streams) return tl::unexpected(streams.error());
    uint64_t done = 0;
    for (auto& [stream, before] : *streams) {
        auto was_kept = load(stream, before);
        if (!was_kept) return tl::unexpected(was_kept.error());
        if (!*was_kept) TRY(ledger.keep(stream, kept(stream)));
        if (progress) progress("folding the cases", ++done, streams->size());
    }
    return ledger.commit();
}

schema::Result<bool> Bench::load(const StreamId& stream, const std::string& before) {
    auto kind = schema::kind_of(stream);
    auto known = schema::unpack<KeptCase>(before);
    if (kind == schema::StreamKind::family && known && known->version == KeptCase::current) {
        loads_.set(stream, known->holding);
        holds_.set(stream, std::move(known->held));
        return true;
    }
    CaseState folded;
    TRY(fetch_(stream, [&](const ledger::Entry& entry) {
        if (kind == schema::StreamKind::directory) directory_.apply(entry);
        else if (kind == schema::StreamKind::practice)
            practice_.apply(entry.event(), entry.position(), entry.recorded());
        else if (kind == schema::StreamKind::family) evolve(folded, entry);
    }));
    if (kind == schema::StreamKind::family) keep(stream, folded);
    return kind != schema::StreamKind::family;
}

}  // namespace commands
