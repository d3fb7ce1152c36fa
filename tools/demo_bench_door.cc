#include <future>

#include "tools/demo_doors.h"

namespace tools::demo {

schema::Result<Door::Answer> BenchDoor::hand_in(const std::vector<Handed>& handed) {
    std::vector<std::future<commands::Outcome>> outcomes;
    auto known = sequencer_.known();
    for (auto& one : handed) {
        auto received =
            commands::receive(ledger_, *known, schema::as_bytes(one.event), one.signatures, one.words, one.played_at);
        auto promise = std::make_shared<std::promise<commands::Outcome>>();
        outcomes.push_back(promise->get_future());
        if (auto* error = std::get_if<schema::Error>(&received)) promise->set_value(*error);
        else if (auto* refused = std::get_if<commands::Refused>(&received)) promise->set_value(*refused);
        else
            TRY(sequencer_.submit(std::move(std::get<commands::Submission>(received)),
                                  [promise](commands::Outcome outcome) { promise->set_value(std::move(outcome)); }));
    }

    Answer answer;
    std::vector<std::optional<uint64_t>> places;
    for (size_t i = 0; i < outcomes.size(); ++i) {
        auto outcome = outcomes[i].get();
        if (auto* error = std::get_if<schema::Error>(&outcome)) return tl::unexpected(*error);
        auto* accepted = std::get_if<commands::Accepted>(&outcome);
        places.push_back(accepted ? std::optional(accepted->entry.position()) : std::nullopt);
        if (accepted || answer.refused) continue;
        answer.refused = i;
        answer.refusal = std::get<commands::Refused>(outcome).text();
    }
    for (auto& place : places) {
        answer.receipts.emplace_back();
        if (!place) continue;
        auto receipt = ledger::make_receipt(ledger_, *place);
        if (!receipt) return tl::unexpected(receipt.error());
        answer.receipts.back() = *std::move(receipt);
    }
    return answer;
}

}  // namespace tools::demo
