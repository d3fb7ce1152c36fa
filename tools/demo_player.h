// Plays a story into a ledger as its people would: each event is made, signed with its actor's key and handed in at the
// door, on top of what the receipts so far have shown. Nothing is recorded that a rule refuses.
#pragma once
#include <unordered_map>
#include <unordered_set>

#include "ledger/draft.h"
#include "ledger/receipt.h"
#include "tools/demo_story.h"

namespace tools::demo {

struct Handed {
    std::string event;
    std::vector<ledger::Signature> signatures;
    std::vector<ledger::Word> words;
    Time played_at{};
};

// Where events are handed in: the service's HTTPS, or in a test the bench itself.
class Door {
  public:
    struct Answer {
        std::vector<ledger::Receipt> receipts;  // in order; those of refused events are empty
        std::optional<size_t> refused;          // the first that was
        std::string refusal;                    // why, in words
    };
    virtual ~Door() = default;
    virtual schema::Result<Answer> hand_in(const std::vector<Handed>& handed) = 0;
};

class Player {
  public:
    Player(Door& door, ledger::PublicKey checkpoint_key) : door_(&door), checkpoint_key_(checkpoint_key) {}

    // The door may change between two batches (once the ledger can be signed in to).
    void use(Door& door) { door_ = &door; }
    // Takes the next event of the story; hands in what has gathered when this one builds on it.
    schema::Result<void> take(const Saying& saying);
    schema::Result<void> finish();

    uint64_t played() const { return played_; }
    uint64_t batches() const { return batches_; }
    uint64_t verified() const { return verified_; }  // receipts checked in full
    Time played_until() const { return until_; }
    const ledger::Checkpoint& checkpoint() const { return checkpoint_; }
    uint64_t events_in(const StreamId& stream) const;

  private:
    bool builds_on_batch(const Saying& saying, const schema::EventType& type) const;
    schema::Result<void> read_receipts(const Door::Answer& answer);
    schema::Result<ledger::Draft> draft(const Saying& saying) const;

    struct Gathered {
        Saying saying;
        Handed handed;
        ledger::PublicKey key;  // that it was signed with: its actor may have another by the time of the receipt
    };
    Door* door_;
    ledger::PublicKey checkpoint_key_;
    ledger::Checkpoint checkpoint_;  // the last one, checked
    std::unordered_map<StreamId, ledger::StreamHead> heads_;
    std::unordered_map<EventId, uint64_t> positions_;
    std::vector<Gathered> batch_;
    std::unordered_set<StreamId> batch_streams_;
    std::unordered_set<EventId> batch_ids_;
    uint64_t played_ = 0, batches_ = 0, verified_ = 0;
    Time until_{};
};

}  // namespace tools::demo
