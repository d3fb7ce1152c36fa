#include "ledger/witness_policy.h"

#include <algorithm>
#include <set>

#include "ledger/cosignature.h"

namespace ledger {
namespace {

using schema::malformed;
using Words = std::vector<std::string_view>;
using Done = schema::Result<void>;

constexpr size_t size_limit = 256 * 1024;

Words words_of(std::string_view line) {
    Words words;
    for (;;) {
        auto from = line.find_first_not_of(" \t");
        if (from == line.npos) return words;
        line.remove_prefix(from);
        auto end = std::min(line.find_first_of(" \t"), line.size());
        words.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

bool is_allowed(char c) {
    auto octet = static_cast<unsigned char>(c);
    return octet == '\t' || (octet >= 0x20 && octet != 0x7f);
}

// One policy while it is read: what was said so far.
class Reading {
  public:
    explicit Reading(WitnessPolicy& policy) : policy_(policy) {}

    Done take(std::string_view line, size_t number) {
        number_ = number;
        if (!std::all_of(line.begin(), line.end(), is_allowed))
            return refuse("has a control character other than a tabulator");
        auto words = words_of(line);
        if (words.empty() || words[0].starts_with('#')) return {};
        if (words[0] == "log") return log(words);
        if (words[0] == "witness") return witness(words);
        if (words[0] == "group") return group(words);
        if (words[0] == "quorum") return quorum(words);
        return refuse("begins with none of log, witness, group and quorum");
    }
    bool complete() const { return has_quorum_; }

  private:
    tl::unexpected<schema::Error> refuse(const std::string& why) const {
        return malformed("policy line " + std::to_string(number_), why);
    }

    Done name(std::string_view text) {
        if (text == "none") return refuse("makes the name none, which is taken");
        if (!names_.insert(std::string(text)).second) return refuse("makes a name that is there: " + std::string(text));
        return {};
    }

    schema::Result<VerifierKey> key(std::string_view text, std::set<std::string>& keys) {
        auto key = parse_verifier_key(text);
        if (!key) return refuse("has a key that cannot be used: the " + key.error().text());
        if (!keys.insert(std::string(key->key.view())).second) return refuse("has a public key that is there");
        return key;
    }

    Done log(const Words& words) {
        if (words.size() < 2 || words.size() > 3) return refuse("is not log <verifier key> [<URL>]");
        auto read = key(words[1], log_keys_);
        if (!read) return tl::unexpected(read.error());
        policy_.logs.push_back({*std::move(read), std::string(words.size() > 2 ? words[2] : "")});
        return {};
    }

    Done witness(const Words& words) {
        if (words.size() < 3 || words.size() > 4) return refuse("is not witness <name> <verifier key> [<URL>]");
        TRY(name(words[1]));
        auto read = key(words[2], witness_keys_);
        if (!read) return tl::unexpected(read.error());
        if (read->type != KeyType::cosignature) return refuse("has a witness's key of another type than 0x04");
        policy_.witnesses.push_back(
            {std::string(words[1]), *std::move(read), std::string(words.size() > 3 ? words[3] : "")});
        return {};
    }

    Done group(const Words& words) {
        if (words.size() < 4) return refuse("is not group <name> all|any|<number> <name>...");
        WitnessPolicy::Group made{std::string(words[1]), 1, {words.begin() + 3, words.end()}};
        for (auto& member : made.members) {
            if (!names_.contains(member)) return refuse("names a member that no line before it makes: " + member);
            if (!members_.insert(member).second) return refuse("names a member that is in a group: " + member);
        }
        TRY(name(words[1]));
        if (words[2] == "all") made.least = made.members.size();
        else if (words[2] != "any") made.least = decimal(words[2]).value_or(0);
        if (made.least < 1 || made.least > made.members.size())
            return refuse("must ask for all, any or 1 to " + std::to_string(made.members.size()) + " of its members");
        policy_.groups.push_back(std::move(made));
        return {};
    }

    Done quorum(const Words& words) {
        if (words.size() != 2) return refuse("is not quorum <name>");
        if (has_quorum_) return refuse("is a second quorum");
        if (words[1] != "none" && !names_.contains(std::string(words[1])))
            return refuse("names a quorum that no line before it makes: " + std::string(words[1]));
        policy_.quorum = words[1];
        has_quorum_ = true;
        return {};
    }

    WitnessPolicy& policy_;
    size_t number_ = 0;
    std::set<std::string> names_, members_, log_keys_, witness_keys_;
    bool has_quorum_ = false;
};

}  // namespace

schema::Result<WitnessPolicy> parse_witness_policy(std::string_view text) {
    if (text.size() > size_limit) return malformed("policy", "is larger than 256 KiB");
    WitnessPolicy policy;
    Reading reading(policy);
    for (size_t number = 1; !text.empty(); ++number) {
        auto end = std::min(text.find('\n'), text.size());
        TRY(reading.take(text.substr(0, end), number));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!reading.complete()) return malformed("policy", "has no quorum line");
    return policy;
}

schema::Result<Witnessed> witnessed(const Note& note, const WitnessPolicy& policy) {
    Witnessed found;
    std::set<std::string> met{"none"};
    for (auto& witness : policy.witnesses) {
        auto time = cosigned_by(note, witness.key);
        if (!time) return tl::unexpected(time.error());
        if (!*time) continue;
        found.by.push_back({witness.name, **time});
        met.insert(witness.name);
    }
    // A group names only what stands before it.
    for (auto& group : policy.groups) {
        auto of_it =
            std::count_if(group.members.begin(), group.members.end(), [&](auto& m) { return met.contains(m); });
        if (static_cast<size_t>(of_it) >= group.least) met.insert(group.name);
    }
    found.enough = met.contains(policy.quorum);
    return found;
}

schema::Result<Checkpoint> open_checkpoint(const Note& note, const WitnessPolicy& policy) {
    std::vector<VerifierKey> keys;
    for (auto& log : policy.logs) keys.push_back(log.key);
    auto found = open_checkpoint(note, keys);
    if (!found) return found;
    std::erase_if(keys, [&](auto& key) { return key.name != found->origin; });
    if (auto named = open_checkpoint(note, keys); !named)
        return malformed("checkpoint", "is signed by a log of the policy, but its origin is another's");
    auto by = witnessed(note, policy);
    if (!by) return tl::unexpected(by.error());
    if (!by->enough)
        return malformed("checkpoint", "is cosigned by " + std::to_string(by->by.size()) +
                                           " of the policy's witnesses, which is not its quorum " + policy.quorum);
    return found;
}

}  // namespace ledger
