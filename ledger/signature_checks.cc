#include "ledger/signature_checks.h"

#include <algorithm>

namespace ledger {
void SignatureChecks::take(uint64_t position, const Entry& entry, const Directory& directory) {
    auto event = entry.read();
    if (position > 0 && schema::text_of(event.getLedger()) != directory.genesis().origin)
        find_(position, "event.ledger", "is another ledger");
    auto joint = event.getJoint();
    if (entry.signatures().size() != joint.size() + 1)
        return find_(position, "signatures", "are not one for the actor and one for each joint signer");
    check(position, entry, directory, entry.actor(), event.getKey(), 0);
    for (uint32_t i = 0; i < joint.size(); ++i)
        check(position, entry, directory, PersonId::of(schema::bytes_of(joint[i].getPerson())), joint[i].getKey(),
              i + 1);
    if (waiting_.size() < group_) return;
    settle();
    begin();
}

void SignatureChecks::check(uint64_t position, const Entry& entry, const Directory& directory, const PersonId& person,
                            capnp::Data::Reader key_bytes, uint32_t at) {
    auto signature = Signature::from(schema::bytes_of(entry.signatures()[at]));
    auto id = KeyId::of(schema::bytes_of(key_bytes));
    PublicKey key{};
    if (position == 0 && entry.type() == schema::Fact::LEDGER_OPENED) {
        key = PublicKey::of(schema::bytes_of(entry.fact().getLedgerOpened().getPublicKey()));
        if (key_id(key) != id) return find_(position, "event.key", "is not the key that the genesis enrols");
    } else {
        auto* known = directory.key(id);
        if (!known) return find_(position, "event.key", "had not been enrolled");
        if (known->person != person) return find_(position, "event.key", "is another person's");
        if (known->revoked) return find_(position, "event.key", "had been revoked");
        key = known->key;
    }
    if (!signature) return find_(position, "signatures", "has one of the wrong size");
    waiting_.push_back({position, key, *signature, entry.event()});
}

void SignatureChecks::verify_going() {
    for (size_t i; (i = next_++) < going_.size();)
        good_[i] = verify(going_[i].key, event_context, going_[i].event.bytes(), going_[i].signature);
}

void SignatureChecks::begin() {
    going_.swap(waiting_);
    good_.assign(going_.size(), 0);
    next_ = 0;
    unsigned threads = threads_ ? threads_ : std::max(1u, std::thread::hardware_concurrency());
    for (unsigned i = 1; i < threads && i < going_.size(); ++i) crew_.emplace_back([this] { verify_going(); });
    if (crew_.empty()) verify_going();
}

void SignatureChecks::settle() {
    verify_going();
    crew_.clear();
    for (size_t i = 0; i < going_.size(); ++i)
        if (!good_[i]) find_(going_[i].position, "signature", "is not the signer's over these bytes");
    verified_ += going_.size();
    going_.clear();
}

void SignatureChecks::finish() {
    settle();
    begin();
    settle();
}

}  // namespace ledger
