// One invented family as its story stands: what the people around it know, not what the ledger has worked out.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "schema/time.h"
#include "tools/demo_service.h"

namespace tools::demo {

using schema::EventId;
using schema::StreamId;
using schema::SubjectId;
using schema::Time;

// What becomes of a family. Each block of twenty holds a shuffled deck of these, so every kind is met early.
enum class Fate {
    steady,
    signposted,
    redirected,
    overturned,
    refused,
    withdraws,
    disengages,
    worry_passes,   // an alert, and no referral
    child_in_need,  // through the panel to social care
    panel_declines,
    significant_harm,
    returns,    // closed, and referred again
    step_down,  // comes from social care
};

struct Member {
    SubjectId id;
    std::string name;
    int age = 0;
};

struct Family {
    size_t number = 0;
    std::string surname;
    StreamId stream{};
    Fate fate = Fate::steady;
    std::vector<Member> children, adults;
    std::string locality, team, referrer;
    std::vector<std::string> factors;

    int chapter = 0;  // one more whenever an episode ends: what was planned for the last one is dropped
    bool open = false, ending = false;
    Person* worker = nullptr;
    std::string consent_form;  // as claimed by the referrer
    EventId contact{}, decision{}, check{}, referral_consent{}, episode{}, prior_episode{}, allocation{}, assessment{},
        submission{}, meeting{}, alert{}, escalation{}, transfer{}, closure{};
    Time accepted{};
    std::optional<EventId> override_approved;
    uint32_t projected = 0;  // as it was approved
    bool agencies = false;   // consent to contact them
    int visit_every = 21;
    std::string ending_reason;
    bool worries_continue = false, withdrawn = false, transferring = false;
    struct Plan {
        SubjectId child;
        EventId agreed, latest;
    };
    std::vector<Plan> plans;
    std::set<std::string> recorded;  // event types since the last closure, for the checklist
    std::set<std::string> ever;      // all of them
    Time received{};                 // the last contact
    bool kept = false;               // how long everybody's record is kept has been set since the last closure
    bool used = false;               // has a part in the story of keeping

    std::vector<SubjectId> child_ids() const;
    std::vector<SubjectId> everyone() const;
};

// Makes the family up: names, ages, where it lives, who sent it and why.
Family invent_family(size_t number, Chance& chance);
std::vector<Fate> deal_fates(size_t count, Chance& chance);

}  // namespace tools::demo
