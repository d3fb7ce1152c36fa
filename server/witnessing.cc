#include "server/witnessing.h"

#include <boost/json.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <condition_variable>
#include <random>
#include <thread>

#include "ledger/add_checkpoint.h"
#include "ledger/cosignature.h"
#include "schema/time.h"
#include "server/client.h"
#include "server/log.h"
#include "server/wall_clock.h"

namespace server {
namespace {

namespace json = boost::json;
using ledger::Cosigned;
using ledger::NoteSignature;
using ledger::WitnessPolicy;
using schema::fail;
using schema::Fault;
using schema::Result;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr uint64_t largest_answer = 64 * 1024;

// The checkpoint that all are shown at this time, and who has cosigned it.
struct Target {
    uint64_t number = 0, size = 0;
    ledger::Digest root{};
    std::string note;                                 // as the ledger signed it
    std::string text;                                 // of it
    std::vector<std::optional<NoteSignature>> lines;  // by witness
    bool met = false;                                 // enough have, and it is told
};

// What came of asking one witness once.
struct Answer {
    enum Kind { cosigned, passed, failed } kind = failed;  // passed: it has cosigned a later one already
    NoteSignature line;
    uint64_t time = 0;
    std::string state, claim;
};

Answer failed(std::string state, std::string claim = {}) {
    return {Answer::failed, {}, 0, std::move(state), std::move(claim)};
}

// One witness, as it is asked: used by its own thread alone.
class Asker {
  public:
    Asker(const ledger::Ledger& ledger, const WitnessPolicy::Witness& witness, Client client, std::string path)
        : ledger_(ledger), witness_(witness), client_(std::move(client)), path_(std::move(path)) {}

    Answer ask(const Target& target) {
        // It says which size it knows where that is not what we thought.
        for (int attempt = 0; attempt < 4; ++attempt) {
            ledger::AddCheckpoint request{known_, {}, target.note};
            if (known_ > target.size) return {Answer::passed, {}, 0, "cosigned a later one", {}};
            if (known_ > 0 && known_ < target.size) {
                auto proof = ledger_.prove_consistency(known_, target.size);
                if (!proof) return failed("could not be asked: " + proof.error().text());
                request.proof = *std::move(proof);
            }
            auto answer = post(request.body());
            if (!answer) return failed("does not answer: " + answer.error().text());
            if (answer->status == 200) return read_cosignature(target, answer->body);
            if (answer->status == 422)
                return failed("refused", "says that this ledger's proof from " + std::to_string(known_) + " to " +
                                             std::to_string(target.size) + " entries does not hold");
            if (answer->status != 409) return failed(meaning_of(answer->status));
            auto size = size_in(*answer);
            if (!size) return failed("answered 409 without a size");
            auto ours = ledger_.published()->head.size;
            if (*size > ours)
                return failed("refused", "says that it cosigned " + std::to_string(*size) +
                                             " entries, and this book holds " + std::to_string(ours) +
                                             ": the book was rolled back, or its key signs another one too");
            if (*size == known_ && known_ == target.size)
                return failed("refused", "says that it cosigned another checkpoint of " + std::to_string(*size) +
                                             " entries: this ledger's key has signed two pasts");
            if (*size == known_) return failed("answered 409 with the size it was asked from");
            known_ = *size;
        }
        return failed("answers with another size each time");
    }

    void cut_off() { client_.cut_off(); }

  private:
    // A connection that rested may have been closed just as we used it; what is asked may be asked again.
    Result<Response> post(const std::string& body) {
        auto answer = client_.post(path_, body, "text/plain; charset=utf-8");
        if (!answer) answer = client_.post(path_, body, "text/plain; charset=utf-8");
        return answer;
    }

    Answer read_cosignature(const Target& target, const std::string& body) {
        auto note = ledger::parse_note(target.text + "\n" + body);
        if (!note) return failed("answered with what is no cosignature: " + note.error().text());
        for (auto& line : note->signatures) {
            if (!line.is_of(witness_.key)) continue;
            auto time = ledger::cosigned_by({target.text, {line}}, witness_.key);
            if (!time || !*time) return failed("answered with a cosignature that does not verify");
            known_ = target.size;
            return {Answer::cosigned, line, **time, "cosigned", {}};
        }
        return failed("answered with another's cosignature; is its key the policy's?");
    }

    static std::optional<uint64_t> size_in(const Response& answer) {
        if (!answer.content_type.starts_with("text/x.tlog.size") || !answer.body.ends_with('\n')) return std::nullopt;
        return ledger::decimal(std::string_view(answer.body).substr(0, answer.body.size() - 1));
    }

    static std::string meaning_of(int status) {
        switch (status) {
            case 403: return "does not take this ledger's key (403)";
            case 404: return "does not know this ledger (404)";
            default: return "answered " + std::to_string(status);
        }
    }

    const ledger::Ledger& ledger_;
    const WitnessPolicy::Witness& witness_;
    Client client_;
    const std::string path_;
    uint64_t known_ = 0;  // the size it cosigned last, as far as we know
};

}  // namespace

struct Witnessing::State {
    struct Seat {
        std::unique_ptr<Asker> asker;  // null: it has no URL and is never asked
        WitnessStanding standing;
        uint64_t done = 0;  // number of the target that it is done with
        bool busy = false;
        steady_clock::time_point next{};
        std::thread thread;
    };

    State(const ledger::Ledger& ledger_, ledger::Evidence& evidence_, WitnessingOptions options_)
        : ledger(ledger_), evidence(evidence_), options(std::move(options_)), log(options.log) {}
    ~State() { stop(); }

    // ---- opening ----
    Result<void> take_up() {
        auto last = evidence.newest();
        if (!last) return tl::unexpected(last.error());
        if (!*last) return {};
        auto wrong = [&](const std::string& why) {
            return fail(Fault::corrupt, "evidence",
                        "the checkpoint of " + std::to_string((*last)->size) + " entries that was witnessed " + why +
                            ". Nothing that was witnessed is ever told as less, so the service does not start");
        };
        auto head = ledger.published()->head;
        if ((*last)->size > head.size)
            return wrong("is beyond this book, which holds " + std::to_string(head.size) +
                         ": the book was rolled back, or is another");
        // It may have been signed before another key took over.
        auto keys = ledger.named_checkpoint_keys();
        if (!keys) return tl::unexpected(keys.error());
        auto checkpoint = ledger::open_checkpoint((*last)->note, *keys);
        if (!checkpoint) return wrong("is not signed by this ledger: " + checkpoint.error().text());
        auto root = ledger.root_at((*last)->size);
        if (!root) return tl::unexpected(root.error());
        if (checkpoint->origin != ledger.origin() || checkpoint->size != (*last)->size || checkpoint->root != *root)
            return wrong("is of another book");
        newest = std::make_shared<const Cosigned>(**last);
        return {};
    }

    Result<void> seat(WitnessPolicy given) {
        policy = std::move(given);
        auto key = ledger::VerifierKey{ledger.origin(), ledger::KeyType::ed25519, ledger.checkpoint_key()};
        auto keys = ledger.named_checkpoint_keys();
        if (!keys) return tl::unexpected(keys.error());
        bool named = false, reachable = false;
        // Any key that the book ever named will do: while one takes over from another both sign. A policy that knows
        // only one whose file is gone is found out by its witnesses, who refuse.
        for (auto& each : *keys)
            for (auto& one : policy->logs)
                named = named || one.key == ledger::VerifierKey{ledger.origin(), ledger::KeyType::ed25519, each};
        if (!named) return schema::malformed("witness policy", "does not name this ledger: log " + key.text());
        if (policy->quorum == "none")
            return schema::malformed("witness policy", "has the quorum none: nobody is to witness");
        for (auto& [name, file] : options.certificates) {
            bool known = std::any_of(policy->witnesses.begin(), policy->witnesses.end(),
                                     [&, name = &name](auto& witness) { return witness.name == *name; });
            if (!known) return schema::malformed("witness certificate", name + " is no witness of the policy");
        }
        for (auto& witness : policy->witnesses) {
            Seat seat;
            seat.standing.name = witness.name;
            if (witness.url.empty()) {
                seat.standing.state = "has no URL in the policy";
            } else {
                auto certificate = options.certificates.find(witness.name);
                Client::Options how;
                how.certificates = certificate == options.certificates.end() ? options.ca : certificate->second;
                how.patience = options.patience;
                how.largest_answer = largest_answer;
                auto client = Client::prepare(witness.url, how);
                if (!client) return schema::malformed("witness policy", witness.name + ": " + client.error().text());
                auto parsed = boost::urls::parse_uri(witness.url);
                auto path = std::string(parsed->encoded_path());
                while (path.ends_with('/')) path.pop_back();
                seat.asker = std::make_unique<Asker>(ledger, witness, *std::move(client), path + "/add-checkpoint");
                reachable = true;
            }
            seats.push_back(std::move(seat));
        }
        if (!reachable) return schema::malformed("witness policy", "has no witness with a URL");
        return {};
    }

    void begin() {
        for (size_t n = 0; n < seats.size(); ++n)
            if (seats[n].asker) seats[n].thread = std::thread([this, n] { serve(n); });
        conductor = std::thread([this] { conduct(); });
    }

    void stop() {
        {
            std::lock_guard lock(mutex);
            stopping = true;
        }
        changed.notify_all();
        for (auto& seat : seats)
            if (seat.asker) seat.asker->cut_off();
        for (auto& seat : seats)
            if (seat.thread.joinable()) seat.thread.join();
        if (conductor.joinable()) conductor.join();
    }

    // ---- the conductor: which checkpoint is shown ----
    // Under the lock. Nobody is at it and nobody is about to be.
    bool settled() const {
        auto now = steady_clock::now();
        return std::none_of(seats.begin(), seats.end(), [&](auto& seat) {
            return seat.asker && (seat.busy || (seat.done != target->number && seat.next <= now));
        });
    }

    void conduct() {
        std::unique_lock lock(mutex);
        auto shown_at = steady_clock::now();
        while (!stopping) {
            auto published = ledger.published();
            bool over = !target || target->met || settled();
            if (target && over && !target->met && !unmet_since) {
                unmet_since = now();
                log.told("warning", "quorum-not-reached", {{"size", target->size}});
            }
            bool grown = published->head.size > (target ? target->size : 0);
            auto rested = steady_clock::now() - shown_at;
            if (over && published->head.size > 0 &&
                (grown ? !target || rested >= options.pause : rested >= options.refresh)) {
                shown_at = steady_clock::now();
                show(*published);
            }
            // Short enough to see soon that the book has grown, and what backoff comes to its end.
            changed.wait_for(lock, std::clamp(options.pause / 4, milliseconds{5}, milliseconds{200}));
        }
    }

    void show(const ledger::Published& published) {
        auto next = std::make_shared<Target>();
        next->number = target ? target->number + 1 : 1;
        next->size = published.head.size;
        next->root = published.head.root;
        next->note = published.checkpoint;
        next->text = ledger::Checkpoint{ledger.origin(), next->size, next->root}.body();
        next->lines.resize(seats.size());
        target = std::move(next);
        changed.notify_all();
    }

    // ---- a witness's thread ----
    void serve(size_t n) {
        auto& seat = seats[n];
        std::minstd_rand random(static_cast<unsigned>(schema::as_bytes(ledger::random_bytes(1))[0]) + 1);
        auto backoff = options.again;
        std::unique_lock lock(mutex);
        while (!stopping) {
            bool due = target && seat.done != target->number && seat.next <= steady_clock::now();
            if (!due) {
                if (target && seat.done != target->number) changed.wait_until(lock, seat.next);
                else changed.wait(lock);
                continue;
            }
            auto asked = target;
            seat.busy = true;
            lock.unlock();
            auto answer = seat.asker->ask(*asked);
            bool kept = answer.kind == Answer::cosigned ? take(n, *asked, answer) : true;
            lock.lock();
            if (stopping) break;
            seat.busy = false;
            if (answer.kind == Answer::failed || !kept) {
                auto jitter = std::chrono::duration_cast<milliseconds>(
                    backoff * (0.5 + static_cast<double>(random() % 1000) / 1000.0));
                seat.next = steady_clock::now() + jitter;
                backoff = std::min(2 * backoff, options.longest);
            } else {
                seat.done = asked->number;
                seat.next = {};
                backoff = options.again;
            }
            stand(seat, *asked, answer);
            changed.notify_all();
        }
        seat.busy = false;
    }

    // Under the lock. A line in the log when it changes, and not each time.
    void stand(Seat& seat, const Target& asked, const Answer& answer) {
        auto& standing = seat.standing;
        if (answer.kind == Answer::cosigned) {
            standing.size = std::max(standing.size, asked.size);
            standing.at = schema::time_of(static_cast<int64_t>(answer.time) * 1000);
        }
        bool changes = standing.state != answer.state || standing.claim != answer.claim;
        standing.state = answer.state;
        // What it holds against us stands until it cosigns again, whatever else becomes of asking it.
        if (answer.kind == Answer::cosigned || !answer.claim.empty()) standing.claim = answer.claim;
        if (!changes) return;
        json::object more{{"witness", standing.name}, {"state", standing.state}, {"size", asked.size}};
        if (!answer.claim.empty()) more["claim"] = answer.claim;
        log.told(!answer.claim.empty()           ? "error"
                 : answer.kind == Answer::failed ? "warning"
                                                 : "info",
                 "witness", std::move(more));
    }

    // False: it could not be kept. Synced first, told then.
    bool take(size_t n, Target& asked, const Answer& answer) {
        std::lock_guard one_after_the_other(publishing);
        Cosigned cosigned{asked.size, asked.note};
        {
            std::lock_guard lock(mutex);
            asked.lines[n] = answer.line;
            for (auto& line : asked.lines)
                if (line) cosigned.note += line->line();
        }
        auto note = ledger::parse_note(cosigned.note);
        auto by = note ? ledger::witnessed(*note, *policy) : tl::unexpected(note.error());
        if (!by || !by->enough) return true;
        if (auto kept = evidence.put_cosigned(cosigned.size, cosigned.note); !kept) {
            log.told("error", "evidence", {{"what", kept.error().text()}});
            return false;
        }
        auto told = std::make_shared<const Cosigned>(std::move(cosigned));
        std::lock_guard lock(mutex);
        if (!asked.met) unmet_since.reset();
        asked.met = true;
        if (!newest || newest->size <= told->size) newest = std::move(told);
        return true;
    }

    schema::Time now() const { return options.clock ? options.clock() : wall_time(); }

    const ledger::Ledger& ledger;
    ledger::Evidence& evidence;
    const WitnessingOptions options;
    Log log;
    std::optional<WitnessPolicy> policy;
    mutable std::mutex mutex;
    std::condition_variable changed;
    std::mutex publishing;  // taken before the other one
    std::vector<Seat> seats;
    std::shared_ptr<Target> target;
    std::shared_ptr<const Cosigned> newest;
    std::optional<schema::Time> unmet_since;
    bool stopping = false;
    std::thread conductor;
};

Witnessing::Witnessing(std::unique_ptr<State> state) : state_(std::move(state)) {}
Witnessing::~Witnessing() = default;

Result<std::unique_ptr<Witnessing>> Witnessing::start(const ledger::Ledger& ledger, ledger::Evidence& evidence,
                                                      std::optional<WitnessPolicy> policy, WitnessingOptions options) {
    auto state = std::make_unique<State>(ledger, evidence, std::move(options));
    TRY(state->take_up());
    if (policy) {
        TRY(state->seat(*std::move(policy)));
        state->begin();
    }
    return std::unique_ptr<Witnessing>(new Witnessing(std::move(state)));
}

std::shared_ptr<const Cosigned> Witnessing::newest() const {
    std::lock_guard lock(state_->mutex);
    return state_->newest;
}

std::string Witnessing::reason() const {
    if (!state_->policy) return "none configured";
    std::lock_guard lock(state_->mutex);
    if (!state_->unmet_since) return "not yet";
    return "quorum not reached since " + schema::iso(*state_->unmet_since);
}

std::vector<WitnessStanding> Witnessing::standings() const {
    std::lock_guard lock(state_->mutex);
    std::vector<WitnessStanding> all;
    for (auto& seat : state_->seats) all.push_back(seat.standing);
    return all;
}

}  // namespace server
