#include "server/tls.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "ledger/keys.h"

namespace server {
namespace {

using schema::fail;
using schema::Fault;

struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(BIO* bio) const { BIO_free(bio); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

bool extend(X509* certificate, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

Owned<X509> self_signed(EVP_PKEY* key) {
    Owned<X509> certificate(X509_new());
    Owned<BIGNUM> serial(BN_new());
    // It is pinned and not looked up, so it should outlive the machine; to make another is to lock every client out.
    constexpr long ten_years = 3653L * 24 * 60 * 60, clocks_differ = 60 * 60;
    if (!certificate || !serial || !BN_rand(serial.get(), 120, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) ||
        !BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate.get())))
        return nullptr;
    auto* name = X509_get_subject_name(certificate.get());
    const auto* localhost = reinterpret_cast<const unsigned char*>("localhost");
    bool done = X509_set_version(certificate.get(), X509_VERSION_3) &&
                X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -clocks_differ) &&
                X509_gmtime_adj(X509_getm_notAfter(certificate.get()), ten_years) &&
                X509_set_pubkey(certificate.get(), key) &&
                X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, localhost, -1, -1, 0) &&
                X509_set_issuer_name(certificate.get(), name) &&
                // It is its own authority and may sign nothing else.
                extend(certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                extend(certificate.get(), NID_key_usage, "critical,digitalSignature,keyCertSign") &&
                extend(certificate.get(), NID_ext_key_usage, "serverAuth") &&
                extend(certificate.get(), NID_subject_key_identifier, "hash") &&
                extend(certificate.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") &&
                X509_sign(certificate.get(), key, EVP_sha256());
    return done ? std::move(certificate) : nullptr;
}

std::string content_of(BIO* bio) {
    char* data = nullptr;
    auto size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<size_t>(size)};
}

}  // namespace

std::string certificate_file(const std::string& folder) { return folder + "/secrets/tls.crt"; }
std::string key_file(const std::string& folder) { return folder + "/secrets/tls.key"; }

schema::Result<void> make_certificate(const std::string& folder) {
    Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
    auto certificate = key ? self_signed(key.get()) : nullptr;
    Owned<BIO> key_text(BIO_new(BIO_s_mem())), certificate_text(BIO_new(BIO_s_mem()));
    if (!certificate || !PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) ||
        !PEM_write_bio_X509(certificate_text.get(), certificate.get()))
        return fail(Fault::io, folder, "OpenSSL could not make a certificate");
    TRY(ledger::write_secret(key_file(folder), content_of(key_text.get())));
    return ledger::write_secret(certificate_file(folder), content_of(certificate_text.get()));
}

}  // namespace server
