#include "tools/recorder.h"

#include <future>

namespace tools {

Failure failure_of(const commands::Refused& refused) {
    using commands::Refusal;
    auto reason = refused.reason;
    bool raced = reason == Refusal::not_shown_latest || reason == Refusal::id_taken || reason == Refusal::key_taken ||
                 reason == Refusal::name_taken || reason == Refusal::already_opened;
    Failure failure(raced ? Exit::conflict : Exit::failed, std::string(commands::sentence(reason)));
    failure.name = commands::name(reason);
    failure.field = refused.field;
    failure.detail = refused.detail;
    failure.source = refused.source;
    return failure;
}

ledger::Word word_about(const schema::SubjectId& subject, std::string heading, std::string content) {
    return {std::move(heading), {subject}, ledger::random_bytes(32), std::move(content), {}};
}

Attempt<Recorded> Recorder::record(const Signer& by, const schema::StreamId& stream, const boost::json::object& fields,
                                   std::vector<ledger::Word> words, schema::Time at) {
    auto head = ledger_.published_head(stream);
    if (!head) return tl::unexpected(head.error());
    auto book = ledger_.published();
    auto known = sequencer_.known();
    ledger::DraftContext context{ledger_.origin(), by.person, by.key.id(),     by.role,         by.team,
                                 stream,           *head,     book->head.size, book->head.root, at};
    auto draft = ledger::draft(context, fields, std::move(words));
    if (!draft) return tl::unexpected(draft.error());
    auto signature = by.key.sign(ledger::event_context, schema::as_bytes(draft->event));

    // The genesis is what makes a ledger a played one, so it has its time of recording like all that follow.
    auto* opened = fields.at("fact").as_object().if_contains("ledgerOpened");
    bool played = opened ? opened->at("playedClock").as_bool() : known->directory.genesis().played_clock;
    auto received = commands::receive(ledger_, *known, schema::as_bytes(draft->event), {signature}, draft->words,
                                      played ? std::optional(at) : std::nullopt);
    if (auto* refused = std::get_if<commands::Refused>(&received)) return tl::unexpected(failure_of(*refused));
    if (auto* error = std::get_if<schema::Error>(&received)) return tl::unexpected(*error);

    std::promise<commands::Outcome> answer;
    TRY(sequencer_.submit(std::move(std::get<commands::Submission>(received)),
                          [&](commands::Outcome outcome) { answer.set_value(std::move(outcome)); }));
    auto outcome = answer.get_future().get();
    if (auto* refused = std::get_if<commands::Refused>(&outcome)) return tl::unexpected(failure_of(*refused));
    if (auto* error = std::get_if<schema::Error>(&outcome)) return tl::unexpected(*error);
    auto& accepted = std::get<commands::Accepted>(outcome);
    return Recorded{draft->id, accepted.entry.position(), accepted.entry.revision(), std::move(accepted.warnings)};
}

}  // namespace tools
