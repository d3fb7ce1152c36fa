// The account of a verification, the same whatever was verified: what is wrong, what is erased, what is disputed and
// what was not checked are told apart, for people and for programs.
#pragma once
#include "ledger/audit.h"
#include "tools/standing.h"
#include "tools/terminal.h"

namespace tools {

struct Unchecked {
    std::string name;  // wire-stable: "words"
    std::string what;  // "whether the words can still be opened: ..."
};

struct Account {
    std::string subject;  // "ledger", "tiles", "bundle", "receipt", "proof"
    bool played_clock = false;
    std::vector<std::string> about;  // lines on top: whose, of when, how much
    std::string holds_text = "Everything that was checked holds.";
    bool by_entry = true;                           // findings name entries; else `field` alone says where
    std::vector<ledger::Finding> findings;          // what is wrong
    std::vector<ledger::Finding> erased, disputed;  // and what is as it should be, but must be known
    std::optional<Standing> standing;
    std::vector<std::string> checked;
    std::vector<Unchecked> not_checked;
    boost::json::object facts;  // numbers and names, for programs

    bool holds() const { return findings.empty(); }
    void find(uint64_t position, std::string field, std::string what) {
        findings.push_back({position, std::move(field), std::move(what)});
    }
    // What a policy proves of this note; a finding where a quorum was asked for and is not there.
    void stand(const std::string& note, const Believed& believed);
    boost::json::object to_json() const;
    std::string text(const Screen& screen) const;
};

}  // namespace tools
