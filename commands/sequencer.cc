#include "commands/sequencer.h"

#include <algorithm>

#include <spdlog/spdlog.h>

namespace commands {
namespace {

using schema::fail;
using schema::Fault;

constexpr size_t queue_limit = 4096, batch_limit = 256;

std::shared_ptr<const Known> snapshot(const Bench& bench) {
    return std::make_shared<const Known>(Known{bench.directory(), bench.practice()});
}

Bench::Fetch fetch_from(const ledger::Ledger& ledger) {
    return [&ledger](const StreamId& stream, const std::function<void(const ledger::Entry&)>& take) {
        constexpr size_t page = 1000;
        for (uint64_t from = 1;;) {
            auto entries = ledger.stream(stream, from, page);
            if (!entries) return schema::Result<void>(tl::unexpected(entries.error()));
            for (auto& entry : *entries) take(entry);
            if (entries->size() < page) return schema::Result<void>();
            from += page;
        }
    };
}

}  // namespace

schema::Result<std::unique_ptr<Sequencer>> Sequencer::start(ledger::Ledger& ledger, Clock clock,
                                                            const ledger::Progress& progress) {
    Bench bench(fetch_from(ledger));
    TRY(bench.load(ledger, progress));
    return std::unique_ptr<Sequencer>(new Sequencer(ledger, std::move(clock), std::move(bench)));
}

Sequencer::Sequencer(ledger::Ledger& ledger, Clock clock, Bench bench)
    : ledger_(ledger), clock_(std::move(clock)), bench_(std::move(bench)), known_(snapshot(bench_)) {
    thread_ = std::thread([this] { run(); });
}

Sequencer::~Sequencer() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    arrived_.notify_all();
    thread_.join();
}

schema::Result<void> Sequencer::submit(Submission submission, Reply reply) {
    {
        std::lock_guard lock(mutex_);
        if (stopping_) return fail(Fault::overloaded, "the server is stopping; try again");
        if (ledger_.sealed()) return fail(Fault::sealed, "an earlier write failed; the ledger must be opened again");
        if (queue_.size() >= queue_limit) return fail(Fault::overloaded, "too much is waiting; try again");
        queue_.push_back({std::move(submission), std::move(reply)});
    }
    arrived_.notify_one();
    return {};
}

size_t Sequencer::queued() const {
    std::lock_guard lock(mutex_);
    return queue_.size();
}

void Sequencer::run() {
    std::vector<Waiting> batch;
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            arrived_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) return;
            while (!queue_.empty() && batch.size() < batch_limit) {
                batch.push_back(std::move(queue_.front()));
                queue_.pop_front();
            }
        }
        take(batch);
        batch.clear();
    }
}

namespace {

// One submission's way through a batch; the reply waits until the batch is durable.
class Turn {
  public:
    Turn(ledger::Ledger& ledger, Bench& bench, schema::Time now) : ledger_(ledger), bench_(bench), now_(now) {}

    Outcome take(const Submission& submission) {
        if (ledger_.sealed()) return unknown();
        auto event = submission.event.event.read();
        auto id = EventId::of(schema::bytes_of(event.getId()));
        if (auto twin = placed_.find(id); twin != placed_.end()) return again(submission, twin->second);
        auto known = ledger_.position_of(id);
        if (!known) return known.error();
        if (*known) {
            auto entry = ledger_.entry(**known);
            if (!entry) return entry.error();
            return again(submission, Accepted{*std::move(entry), true, {}});
        }

        auto recorded = now_;
        bool played = bench_.directory().genesis().played_clock ||
                      (ledger_.next_position() == 0 && event.getFact().isLedgerOpened() &&
                       event.getFact().getLedgerOpened().getPlayedClock());
        if (played) recorded = submission.played_at.value_or(ledger_.last_recorded());
        else if (submission.played_at) return Refused{Refusal::played_time, "playedAt", {}, "docs/FORMAT.md"};
        recorded = std::max(recorded, ledger_.last_recorded());
        if (!schema::is_plausible(recorded))
            return schema::Error{Fault::malformed, "playedAt", "is not between 1900 and 2200"};

        // The ledger would be sealed by a key that it cannot sign with.
        if (event.getFact().isCheckpointKeyRotated() &&
            !ledger_.holds_checkpoint_key(
                ledger::PublicKey::of(schema::bytes_of(event.getFact().getCheckpointKeyRotated().getPublicKey()))))
            return schema::Error{Fault::malformed, "fact.checkpointKeyRotated.publicKey",
                                 "has no file in the ledger's secrets; `caseledger key rotate-checkpoint` makes one"};
        auto judgement = bench_.judge(submission.event, recorded, ledger_.next_position(), ledger_.checkpoint_key());
        if (!judgement) return judgement.error();
        if (judgement->refused) return *judgement->refused;

        std::string sealed_words;
        if (!submission.words.empty()) {
            auto sealed = ledger_.seal_words(submission.words, id);
            if (!sealed) return sealed.error();
            sealed_words = *std::move(sealed);
        }
        auto entry = ledger_.place(submission.event.event, submission.signatures, std::move(sealed_words), recorded);
        auto applied = bench_.apply(entry);
        ASSERT(applied);  // its state was at hand: judge() has just used it
        auto kept = ledger_.keep(entry.stream(), bench_.kept(entry.stream()));
        ASSERT(kept);  // its head was just placed
        Accepted accepted{std::move(entry), false, std::move(judgement->warnings)};
        placed_.emplace(id, accepted);
        return accepted;
    }

    static schema::Error unknown() {
        return {Fault::sealed, {}, "it is not known whether this was recorded; ask again with the same id"};
    }

  private:
    // The same id: the same bytes get the first answer again, others are a conflict.
    static Outcome again(const Submission& submission, Accepted first) {
        if (schema::as_text(first.entry.event().bytes()) != schema::as_text(submission.event.event.bytes()))
            return Refused{Refusal::id_taken, "id", {}, "docs/FORMAT.md"};
        first.replayed = true;
        return first;
    }

    ledger::Ledger& ledger_;
    Bench& bench_;
    schema::Time now_;
    std::unordered_map<EventId, Accepted> placed_;  // in this batch
};

}  // namespace

void Sequencer::take(std::vector<Waiting>& batch) {
    auto now = clock_();
    if (!now) {
        spdlog::critical("nothing is recorded: {}", now.error().text());
        for (auto& waiting : batch) waiting.reply(now.error());
        return;
    }
    Turn turn(ledger_, bench_, *now);
    std::vector<Outcome> outcomes;
    outcomes.reserve(batch.size());
    bool known_changed = false;
    size_t durable = 0;  // so many of the outcomes need not be written any more
    auto write = [&] {
        bool any = std::any_of(outcomes.begin() + static_cast<std::ptrdiff_t>(durable), outcomes.end(),
                               [](auto& outcome) { return std::holds_alternative<Accepted>(outcome); });
        if (!any) return;
        if (auto done = ledger_.commit(); !done) {
            known_changed = false;  // nobody may rely on what may not be in the book
            spdlog::critical("the ledger is sealed: {}", done.error().text());
            for (size_t i = durable; i < outcomes.size(); ++i)
                if (std::holds_alternative<Accepted>(outcomes[i])) outcomes[i] = Turn::unknown();
        }
        durable = outcomes.size();
    };
    for (auto& waiting : batch) {
        outcomes.push_back(turn.take(waiting.submission));
        auto which = waiting.submission.event.event->getFact().which();
        auto& type = schema::type_of(which);
        bool accepted = std::holds_alternative<Accepted>(outcomes.back());
        known_changed |=
            accepted && (type.stream == schema::StreamKind::directory || type.stream == schema::StreamKind::practice);
        // Words that come after an erasure are not to be sealed under the key that it destroys.
        if (accepted && which == schema::Fact::SUBJECT_ERASED) write();
    }
    write();
    if (known_changed) std::atomic_store(&known_, snapshot(bench_));
    for (size_t i = 0; i < batch.size(); ++i) batch[i].reply(std::move(outcomes[i]));
}

}  // namespace commands
