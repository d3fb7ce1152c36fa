// What people of the demonstration write: short invented sentences, put together by chance. Nobody's words.
#pragma once
#include "tools/demo_family.h"

namespace tools::demo {

enum class Topic {
    request,
    accept,
    signpost,
    redirect,
    recommendation,
    check,
    overturn,
    needs,
    override_reason,
    reallocation,
    assessment,
    returned,
    authorised,
    plan,
    plan_update,
    observations,
    direct_work,
    note,
    oversight,
    direction,
    worry,
    escalation,
    not_telling,
    transfer_reason,
    history,
    worries,
    strengths,
    next_steps,
    panel,
    closing,
    withdrawal,
    summary,
    closed,
    impact,
    correction,
};

// With the first name of one of its children or adults where the sentence wants one.
std::string write(Topic topic, const Family& family, Chance& chance);

}  // namespace tools::demo
