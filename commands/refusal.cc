#include "commands/refusal.h"

namespace commands {
namespace {

struct Row {
    std::string_view name, sentence;
    int status;
};
constexpr Row rows[] = {
#define X(name, status, sentence) {#name, sentence, status},
    CASELEDGER_REFUSALS(X)
#undef X
};

}  // namespace

std::string_view name(Refusal refusal) { return rows[static_cast<size_t>(refusal)].name; }
std::string_view sentence(Refusal refusal) { return rows[static_cast<size_t>(refusal)].sentence; }
int http_status(Refusal refusal) { return rows[static_cast<size_t>(refusal)].status; }

std::string Refused::text() const {
    std::string all(sentence(reason));
    if (!detail.empty()) all += " " + detail + ".";
    if (!field.empty()) all += " (" + field + ")";
    if (!source.empty()) all += " [" + source + "]";
    return all;
}

}  // namespace commands
