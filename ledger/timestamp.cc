#include "ledger/timestamp.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include <vector>

#include "ledger/digest.h"
#include "ledger/keys.h"

namespace ledger {
namespace {

using schema::fail;
using schema::Fault;
using schema::malformed;

struct Free {
    void operator()(TS_REQ* request) const { TS_REQ_free(request); }
    void operator()(TS_RESP* response) const { TS_RESP_free(response); }
    void operator()(TS_TST_INFO* info) const { TS_TST_INFO_free(info); }
    void operator()(TS_MSG_IMPRINT* imprint) const { TS_MSG_IMPRINT_free(imprint); }
    void operator()(TS_VERIFY_CTX* context) const { TS_VERIFY_CTX_free(context); }
    void operator()(PKCS7* token) const { PKCS7_free(token); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(X509_ALGOR* algorithm) const { X509_ALGOR_free(algorithm); }
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
    void operator()(ASN1_INTEGER* number) const { ASN1_INTEGER_free(number); }
    void operator()(BIO* bio) const { BIO_free(bio); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

constexpr size_t largest = 256 * 1024;  // of a response or a token, with a chain of certificates

// OpenSSL leaves its reasons in a queue of the thread's: begin with an empty one and leave none behind.
struct Reasons {
    Reasons() { ERR_clear_error(); }
    ~Reasons() { ERR_clear_error(); }
    Reasons(const Reasons&) = delete;
    Reasons& operator=(const Reasons&) = delete;
    std::string text() const {
        const char* data = nullptr;
        int flags = 0;
        auto code = ERR_peek_last_error_all(nullptr, nullptr, nullptr, &data, &flags);
        if (data && *data && (flags & ERR_TXT_STRING)) return data;
        auto* reason = ERR_reason_error_string(code);
        return reason ? reason : "OpenSSL does not say why";
    }
};

// Reads exactly `bytes`, and nothing after them.
template <class T>
Owned<T> read_whole(T* (*d2i)(T**, const unsigned char**, long), Bytes bytes) {
    if (bytes.empty() || bytes.size() > largest) return nullptr;
    const unsigned char* at = bytes.data();
    Owned<T> read(d2i(nullptr, &at, static_cast<long>(bytes.size())));
    return at == bytes.data() + bytes.size() ? std::move(read) : nullptr;
}
template <class T>
std::string written(int (*i2d)(const T*, unsigned char**), const T* value) {
    unsigned char* raw = nullptr;
    int size = i2d(value, &raw);
    if (size <= 0) return {};
    std::string text(reinterpret_cast<char*>(raw), static_cast<size_t>(size));
    OPENSSL_free(raw);
    return text;
}

bool is_over(TS_MSG_IMPRINT* imprint, std::string_view note) {
    if (!imprint || OBJ_obj2nid(TS_MSG_IMPRINT_get_algo(imprint)->algorithm) != NID_sha256) return false;
    auto* message = TS_MSG_IMPRINT_get_msg(imprint);
    return std::string_view(reinterpret_cast<const char*>(ASN1_STRING_get0_data(message)),
                            static_cast<size_t>(ASN1_STRING_length(message))) == sha256(schema::as_bytes(note)).view();
}

// 0 where there is none, -1 where it is beyond all measure.
int64_t number(const ASN1_INTEGER* integer) {
    int64_t value = 0;
    if (integer && !ASN1_INTEGER_get_int64(&value, integer)) return -1;
    return value;
}

std::string ascii(X509_NAME* name) {
    Owned<BIO> text(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(text.get(), name, 0, XN_FLAG_RFC2253);
    char* data = nullptr;
    auto size = BIO_get_mem_data(text.get(), &data);
    return {data, static_cast<size_t>(size)};
}

std::string oid(const ASN1_OBJECT* object) {
    char text[128] = "";
    OBJ_obj2txt(text, sizeof text, object, 1);
    return text;
}

// GeneralizedTime of RFC 3161: YYYYMMDDhhmmss[.s...]Z. OpenSSL reads it but drops the fraction.
std::optional<schema::Time> time_in(const ASN1_GENERALIZEDTIME* time, bool& cut_off) {
    tm parts{};
    std::string_view text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(time)),
                          static_cast<size_t>(ASN1_STRING_length(time)));
    if (text.size() < 15 || text.back() != 'Z' || !ASN1_TIME_to_tm(time, &parts)) return std::nullopt;
    int64_t milliseconds = 0, worth = 100;
    if (text.size() > 15) {
        if (text[14] != '.') return std::nullopt;
        for (char digit : text.substr(15, text.size() - 16)) {
            if (digit < '0' || digit > '9') return std::nullopt;
            milliseconds += worth * (digit - '0');
            cut_off = cut_off || (worth == 0 && digit != '0');
            worth /= 10;
        }
    }
    auto day = std::chrono::sys_days(std::chrono::year{parts.tm_year + 1900} / (parts.tm_mon + 1) / parts.tm_mday);
    auto made = schema::Time(day) + std::chrono::hours(parts.tm_hour) + std::chrono::minutes(parts.tm_min) +
                std::chrono::seconds(parts.tm_sec) + std::chrono::milliseconds(milliseconds);
    return schema::is_plausible(made) ? std::optional(made) : std::nullopt;
}

schema::Result<TokenTime> read_time(TS_TST_INFO* info) {
    TokenTime read;
    bool cut_off = false;
    auto time = time_in(TS_TST_INFO_get_time(info), cut_off);
    if (!time) return malformed("token", "has a time that cannot be read");
    read.time = *time;
    if (auto* accuracy = TS_TST_INFO_get_accuracy(info)) {
        auto seconds = number(TS_ACCURACY_get_seconds(accuracy));
        auto millis = number(TS_ACCURACY_get_millis(accuracy)), micros = number(TS_ACCURACY_get_micros(accuracy));
        if (seconds < 0 || seconds > 366LL * 24 * 3600 || millis < 0 || millis > 999 || micros < 0 || micros > 999)
            return malformed("token", "states an accuracy that is none");
        read.accuracy = std::chrono::milliseconds(seconds * 1000 + millis + (micros ? 1 : 0));
        read.accuracy_stated = true;
    }
    if (cut_off) read.accuracy += std::chrono::milliseconds(1);
    read.policy = oid(TS_TST_INFO_get_policy_id(info));
    auto* serial = TS_TST_INFO_get_serial(info);
    read.serial = schema::to_hex({ASN1_STRING_get0_data(serial), static_cast<size_t>(ASN1_STRING_length(serial))});
    return read;
}

// One signer, and a digest that nobody can find two messages for.
schema::Result<std::string> signer_of(PKCS7* token) {
    auto* infos = PKCS7_get_signer_info(token);
    if (!infos || sk_PKCS7_SIGNER_INFO_num(infos) != 1) return malformed("token", "is not signed by exactly one");
    X509_ALGOR* digest = nullptr;
    PKCS7_SIGNER_INFO_get0_algs(sk_PKCS7_SIGNER_INFO_value(infos, 0), nullptr, &digest, nullptr);
    auto kind = digest ? OBJ_obj2nid(digest->algorithm) : NID_undef;
    if (kind != NID_sha256 && kind != NID_sha384 && kind != NID_sha512)
        return malformed("token", "is signed over a digest that is not SHA-256, SHA-384 or SHA-512");
    Owned<STACK_OF(X509)> signers(PKCS7_get0_signers(token, nullptr, 0));
    if (!signers || sk_X509_num(signers.get()) != 1)
        return malformed("token", "does not hold the certificate of who signed it");
    return ascii(X509_get_subject_name(sk_X509_value(signers.get(), 0)));
}

}  // namespace

struct TimeTrust::Certificates {
    std::vector<Owned<X509>> all;

    // Of these alone, and as things stood then.
    X509_STORE* store_at(schema::Time time) const {
        auto* store = X509_STORE_new();
        if (!store) return nullptr;
        for (auto& one : all) X509_STORE_add_cert(store, one.get());
        auto* rules = X509_STORE_get0_param(store);
        X509_VERIFY_PARAM_set_time(rules, std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
        X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);  // what was given is trusted as it is
        X509_VERIFY_PARAM_set_auth_level(rules, 2);                     // 112 bits: neither RSA-1024 nor SHA-1
        return store;
    }
};

schema::Result<TimeTrust> TimeTrust::from_pem(std::string_view pem) {
    Reasons reasons;
    auto certificates = std::make_shared<Certificates>();
    Owned<BIO> text(BIO_new_mem_buf(pem.data(), static_cast<int>(std::min(pem.size(), largest))));
    while (Owned<X509> one{PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)})
        certificates->all.push_back(std::move(one));
    bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (pem.size() > largest || certificates->all.empty() || !at_end)
        return malformed("certificates", "must be one or more X.509 certificates in PEM, and can be read");
    TimeTrust trust;
    trust.certificates_ = std::move(certificates);
    return trust;
}

schema::Result<TimeTrust> TimeTrust::load(const std::string& path) {
    auto pem = read_file(path, largest);
    if (!pem) return tl::unexpected(pem.error());
    auto trust = from_pem(*pem);
    if (!trust) return malformed(path, "must hold one or more X.509 certificates in PEM");
    return trust;
}

schema::Result<std::string> make_time_request(std::string_view note) {
    Reasons reasons;
    auto digest = sha256(schema::as_bytes(note));
    auto random = random_bytes(8);
    uint64_t nonce = 0;
    for (char byte : random) nonce = nonce << 8 | static_cast<uint8_t>(byte);
    Owned<TS_REQ> request(TS_REQ_new());
    Owned<TS_MSG_IMPRINT> imprint(TS_MSG_IMPRINT_new());
    Owned<X509_ALGOR> algorithm(X509_ALGOR_new());
    Owned<ASN1_INTEGER> number(ASN1_INTEGER_new());
    bool made = request && imprint && algorithm && number &&
                X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr) &&
                TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) &&
                TS_MSG_IMPRINT_set_msg(imprint.get(), digest.data(), static_cast<int>(digest.size())) &&
                ASN1_INTEGER_set_uint64(number.get(), nonce | 1) && TS_REQ_set_version(request.get(), 1) &&
                TS_REQ_set_msg_imprint(request.get(), imprint.get()) && TS_REQ_set_nonce(request.get(), number.get()) &&
                TS_REQ_set_cert_req(request.get(), 1);
    auto text = made ? written(i2d_TS_REQ, request.get()) : std::string();
    if (text.empty()) return fail(Fault::io, "request", "could not be made: " + reasons.text());
    return text;
}

schema::Result<TokenTime> check_token(Bytes bytes, std::string_view note, const TimeTrust& trust) {
    Reasons reasons;
    auto token = read_whole(d2i_PKCS7, bytes);
    if (!token || !PKCS7_type_is_signed(token.get()) || PKCS7_get_detached(token.get()))
        return malformed("token", "is not a TimeStampToken in DER");
    Owned<TS_TST_INFO> info(PKCS7_to_TS_TST_INFO(token.get()));
    if (!info) return malformed("token", "holds no time: " + reasons.text());
    if (!is_over(TS_TST_INFO_get_msg_imprint(info.get()), note))
        return malformed("token", "is over something else than this checkpoint");
    if (TS_TST_INFO_get_ext_by_critical(info.get(), 1, -1) >= 0)
        return malformed("token", "has an extension that must be understood, and is not");
    auto read = read_time(info.get());
    if (!read) return read;
    auto signer = signer_of(token.get());
    if (!signer) return tl::unexpected(signer.error());
    read->authority = *signer;

    Owned<TS_VERIFY_CTX> context(TS_VERIFY_CTX_new());
    auto* store = context ? trust.certificates().store_at(read->time) : nullptr;
    if (!store) return fail(Fault::io, "token", "cannot be checked: out of memory");
    TS_VERIFY_CTX_set_store(context.get(), store);  // owns it from here
    TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_VERSION | TS_VFY_SIGNATURE);
    if (TS_RESP_verify_token(context.get(), token.get()) != 1)
        return malformed("token", "is not signed by a trusted authority: " + reasons.text());
    return read;
}

schema::Result<std::string> accept_time_response(Bytes bytes, Bytes request_bytes, std::string_view note,
                                                 const TimeTrust& trust) {
    Reasons reasons;
    auto request = read_whole(d2i_TS_REQ, request_bytes);
    if (!request || !TS_REQ_get_nonce(request.get()))
        return malformed("request", "is not a TimeStampReq in DER with a nonce");
    if (!is_over(TS_REQ_get_msg_imprint(request.get()), note))
        return malformed("request", "is over something else than this checkpoint");
    auto response = read_whole(d2i_TS_RESP, bytes);
    if (!response) return malformed("response", "is not a TimeStampResp in DER");

    auto status = number(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response.get())));
    if (status != TS_STATUS_GRANTED) {
        Owned<BIO> text(BIO_new(BIO_s_mem()));
        TS_STATUS_INFO_print_bio(text.get(), TS_RESP_get_status_info(response.get()));
        char* data = nullptr;
        auto size = BIO_get_mem_data(text.get(), &data);
        std::string said(data, static_cast<size_t>(std::min(size, 300L)));
        for (char& c : said)
            if (c < ' ' || c > '~') c = ' ';
        return fail(Fault::forbidden, "response", "the authority did not simply grant it: " + said);
    }
    auto* token = TS_RESP_get_token(response.get());
    auto* info = TS_RESP_get_tst_info(response.get());
    if (!token || !info) return malformed("response", "was granted, but holds no token");
    auto* nonce = TS_TST_INFO_get_nonce(info);
    if (!nonce || ASN1_INTEGER_cmp(nonce, TS_REQ_get_nonce(request.get())) != 0)
        return malformed("response", "answers another request: its nonce is not the one that was sent");
    // What is kept is what was checked: the token as it is written again.
    auto kept = written(i2d_PKCS7, token);
    auto checked = check_token(schema::as_bytes(kept), note, trust);
    if (!checked) return tl::unexpected(checked.error());
    return kept;
}

}  // namespace ledger
