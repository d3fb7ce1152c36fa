// The time from an authority that is not ours (RFC 3161): asked for over a checkpoint, and checked then and ever after.
//
// What is stamped is SHA-256 of the whole signed note, its signature lines included: that this book's key had signed
// this checkpoint by then. So `openssl ts -verify -token_in -in TOKEN -data NOTE -CAfile CA` says the same as we do.
// Whether a certificate had expired is judged at the token's own time; whether it was revoked is not looked up.
#pragma once
#include <memory>
#include <string>

#include "schema/ids.h"
#include "schema/result.h"
#include "schema/time.h"

namespace ledger {

using schema::Bytes;

// Certificates that are trusted to say the time: an authority's root, one below it, or its own.
class TimeTrust {
  public:
    // One or more in PEM. Malformed where there is none, or one that cannot be read.
    static schema::Result<TimeTrust> from_pem(std::string_view pem);
    static schema::Result<TimeTrust> load(const std::string& path);

    struct Certificates;
    const Certificates& certificates() const { return *certificates_; }

  private:
    std::shared_ptr<const Certificates> certificates_;
};

struct TokenTime {
    schema::Time time{};  // as the token has it, to the millisecond below
    std::chrono::milliseconds accuracy{
        0};  // as the token states it, rounded up; without one: 0, or 1 for what was cut off
    bool accuracy_stated = false;
    std::string authority;  // subject of the certificate that signed, as RFC 2253 writes it, in ASCII
    std::string policy;     // the object identifier of the authority's policy
    std::string serial;     // of the token, hexadecimal

    // It was said not before and not after:
    schema::Time earliest() const { return time - accuracy; }
    schema::Time latest() const { return time + accuracy; }
};

// A TimeStampReq (DER) over the note, with a fresh nonce, asking for the authority's certificate.
schema::Result<std::string> make_time_request(std::string_view note);

// From the TimeStampResp to such a request, the TimeStampToken alone (DER), checked as below and against the request.
// Forbidden: the authority refused, and the message says why. Malformed: anything else that does not fit.
schema::Result<std::string> accept_time_response(Bytes response, Bytes request, std::string_view note,
                                                 const TimeTrust& trust);

// A token that was kept: over exactly this note, signed by one whose certificate is for time-stamping alone and leads
// to a trusted one, all of them valid at the token's time. Malformed: it is not; the message says what.
schema::Result<TokenTime> check_token(Bytes token, std::string_view note, const TimeTrust& trust);

}  // namespace ledger
