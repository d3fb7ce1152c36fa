// Signed by whom it is not: by a stranger, by somebody else who has a key, with a key that was revoked, in a role that
// the right person does not hold; and joint signatures dropped, exchanged and put in twice. The chain around it is made
// anew by an operator who has the ledger's key.
#include "campaign.h"

namespace tamper {
namespace {

using schema::bytes_of;
using schema::data_of;

class Signers {
  public:
    Signers(Campaign& campaign, const Sample& sample)
        : campaign_(campaign), sample_(sample), by_(std::make_shared<Operator>(sample)) {}

    void take(const std::string& kind, uint64_t at, std::vector<Item> items, Operator::Holds holds) {
        auto book = by_->build(std::move(items), holds, at);
        campaign_.take({kind, "entry " + std::to_string(at), at, sample_.size() - 1,
                        [&sample = sample_, by = by_, book] { return by_any(sample, *by, book); }});
    }
    // The event of an entry, changed; then signed by this key in the actor's place.
    void forged(const std::string& kind, uint64_t at, const Change& change, const ledger::SigningKey& key) {
        auto items = by_->items();
        items[at].event = changed(items[at].event, change);
        items[at].signatures[0] = key.sign(ledger::event_context, schema::as_bytes(items[at].event));
        take(kind, at, std::move(items), Operator::ledger_key);
    }

    void events(uint64_t at) {
        auto entry = sample_.entry(at);
        auto later = [](schema::Event::Builder event) {
            event.getOccurred().setAt(event.getOccurred().getAt() - 60'000);
        };
        auto nothing = [](schema::Event::Builder) {};
        auto attacker = test::key_from(200);
        auto key_of = [](const ledger::SigningKey& key) {
            return [id = key.id()](schema::Event::Builder event) { event.setKey(data_of({id.data(), id.size()})); };
        };
        forged("a stranger's signature", at, nothing, attacker);
        forged("changed, a stranger's signature", at, later, attacker);
        forged("a stranger's key", at, key_of(attacker), attacker);
        for (auto& [id, key] : sample_.staff) {
            if (id == schema::KeyId::of(bytes_of(entry.read().getKey()))) continue;
            if (campaign_.dice.below(100) >= (&sample_ == &campaign_.little ? 60 : 12)) continue;
            forged("another's signature", at, later, key);
            forged("another's key", at, key_of(key), key);
        }
        for (auto& named : sample_.played.people) {
            auto& person = named.second;
            if (person.id == entry.actor() || campaign_.dice.below(100) >= 25) continue;
            forged(
                "in another's name", at,
                [&](schema::Event::Builder event) {
                    auto id = person.key.id();
                    event.setActor(data_of({person.id.data(), person.id.size()}));
                    event.setKey(data_of({id.data(), id.size()}));
                },
                person.key);
        }
    }
    // By the right person, who signs it again, and everybody after them: only the role is not theirs.
    void roles(uint64_t at) {
        for (auto* role : {"data-governor", "team-manager", "family-key-worker", "panel-co-chair", "nobody"}) {
            auto items = by_->items();
            if (schema::text_of(sample_.entry(at).read().getRole()) == role) continue;
            items[at].event = changed(items[at].event, [&](auto event) { event.setRole(role); });
            by_->sign(items[at]);
            take("in a role they do not hold", at, std::move(items), Operator::every_key);
        }
    }
    // With a key of their own that signs no more, though everybody after them says it again.
    void spent(uint64_t at) {
        auto entry = sample_.entry(at);
        for (auto& [id, key] : sample_.staff) {
            std::optional<schema::PersonId> owner;
            bool still_signs = true;
            for (uint64_t before = 0; before < at; ++before) {
                auto other = sample_.entry(before);
                auto fact = other.fact();
                bool by_it = schema::KeyId::of(bytes_of(other.read().getKey())) == id;
                if (by_it) owner = other.actor();
                if (by_it && fact.isKeyRotated()) still_signs = false;
                if (fact.isKeyRevoked() && schema::KeyId::of(bytes_of(fact.getKeyRevoked().getKey())) == id)
                    still_signs = false;
            }
            if (!owner || still_signs || (*owner != entry.actor() && entry.read().getRole() != "family-key-worker"))
                continue;
            auto items = by_->items();
            items[at].event = changed(items[at].event, [&, spent = id](auto event) {
                event.setActor(data_of({owner->data(), owner->size()}));
                event.setKey(data_of({spent.data(), spent.size()}));
            });
            by_->sign(items[at]);
            take("with a key that signs no more", at, std::move(items), Operator::every_key);
        }
    }
    void joint(uint64_t at) {
        auto good = by_->items()[at];
        auto with = [&](const std::string& kind, const std::function<void(Item&)>& change) {
            auto items = by_->items();
            change(items[at]);
            if (items[at].signatures == good.signatures && items[at].event == good.event) return;
            take(kind, at, std::move(items), Operator::ledger_key);
        };
        with("signature twice", [](Item& item) { item.signatures.push_back(item.signatures[0]); });
        with("signature of nobody", [](Item& item) { item.signatures.push_back(ledger::Signature{}); });
        if (good.signatures.size() < 2) return;
        with("joint signature dropped", [](Item& item) { item.signatures.pop_back(); });
        with("joint signatures exchanged", [](Item& item) { std::swap(item.signatures[0], item.signatures[1]); });
        with("one signature for both", [](Item& item) { item.signatures[1] = item.signatures[0]; });
        with("one signature for both", [](Item& item) { item.signatures[0] = item.signatures[1]; });
        with("joint signer struck out", [&](Item& item) {
            item.event = changed(item.event, [](auto event) { event.disownJoint(); });
            by_->sign(item);
        });
        with("joint signer put in another's place", [&](Item& item) {
            item.event = changed(item.event, [](auto event) {
                auto joint = event.getJoint()[0];
                joint.setPerson(event.getActor().asReader());
                joint.setKey(event.getKey().asReader());
                joint.setRole(event.getRole().asReader());
            });
            by_->sign(item);
        });
    }

    void all(size_t most) {
        for (auto at : campaign_.spread(sample_.size(), campaign_.count(most))) {
            events(at);
            if (at > 0) roles(at);
        }
        for (uint64_t at = 0; at < sample_.size(); ++at)
            if (sample_.entry(at).signatures().size() > 1 || campaign_.dice.below(4) == 0) joint(at);
        for (uint64_t at = 0; at < sample_.size(); ++at) spent(at);
    }

  private:
    Campaign& campaign_;
    const Sample& sample_;
    std::shared_ptr<Operator> by_;
};

}  // namespace

void signers(Campaign& campaign) {
    Signers(campaign, campaign.little).all(44);
    Signers(campaign, campaign.whole).all(30);
}

}  // namespace tamper
