// A stranger's time-stamping token or response, checked against a checkpoint_note, a request and a certificate that
// never change.
#include <string_view>

#include "fuzz/fuzz.h"
#include "ledger/timestamp.h"

namespace fuzz {
namespace {

constexpr std::string_view checkpoint_note = "checkpoint_note\n";
// What tests/fuzz/corpus/timestamp/response answers, and the root that it leads to.
constexpr std::string_view asked =
    "30440201013031300d060960864801650304020105000420389ed6887e49a315f706f6c2b931b1dc"
    "f0d797c91437124f32eb98555c669758020900da85030bb3e28ea10101ff";
constexpr std::string_view root = R"(-----BEGIN CERTIFICATE-----
MIIBTjCB9KADAgECAhRQXOMf+NN+Wdymud4gfOpwijfGLTAKBggqhkjOPQQDAjAM
MQowCAYDVQQDDAFSMCAXDTI2MTEyMjEzMDcyM1oYDzIwODEwODI1MTMwNzIzWjAM
MQowCAYDVQQDDAFSMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjewfZEyP6uUD
XNRtFrxs80QJeaW7a86LpisPjdLwAmhHWz5TTNWhY4NLh7rKdUEw7EuKa9hnrui2
TkBDk4F+iaMyMDAwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4EFgQUycidBXlS+AXI
64kRx0Oojr7RGMUwCgYIKoZIzj0EAwIDSQAwRgIhAKKYgXKqBGjV1XfV0iEn14R9
IRxc/XbRrTwHWK/JRKioAiEAqTHcg4okR0MN9XnTEvOXheSiw3qJdt5uDy7dYCt0
Y0s=
-----END CERTIFICATE-----
)";

const ledger::TimeTrust& trust() {
    static const ledger::TimeTrust read = ledger::TimeTrust::from_pem(root).value();
    return read;
}

// An error can be told, and a time that was believed is one that a ledger can hold.
void must_be_sound(const schema::Result<ledger::TokenTime>& told) {
    ASSERT(told || !told.error().message.empty());
    if (told) ASSERT(schema::is_plausible(told->time) && told->accuracy.count() >= 0 && !told->authority.empty());
}

}  // namespace

void timestamp(const uint8_t* data, size_t size) {
    schema::Bytes bytes(data, size);
    must_be_sound(ledger::check_token(bytes, checkpoint_note, trust()));
    auto sent = schema::from_hex(asked).value();
    if (auto token = ledger::accept_time_response(bytes, schema::as_bytes(sent), checkpoint_note, trust())) {
        auto kept = ledger::check_token(schema::as_bytes(*token), checkpoint_note, trust());
        ASSERT(kept);
        must_be_sound(kept);
    } else {
        ASSERT(!token.error().message.empty());
    }
    // As a request, and as the certificates that somebody trusts.
    (void)ledger::accept_time_response(schema::as_bytes(sent), bytes, checkpoint_note, trust());
    (void)ledger::TimeTrust::from_pem(schema::as_text(bytes));
}

}  // namespace fuzz
