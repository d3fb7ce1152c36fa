// A time-stamping authority for tests, in a folder of its own: certificates made here, everything else said by the
// `openssl` command, which is not ours. Its private keys last as long as the test.
#pragma once
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <memory>

#include "ledger/small_book.h"

namespace test {

class Authority {
  public:
    static constexpr long day = 24 * 60 * 60;
    struct Made {
        std::string eku = "critical,timeStamping";
        long from = -day, until = 3650 * day;  // seconds from now
        std::string name = "Test Authority";
    };

    Authority() : Authority(Made{}) {}
    explicit Authority(const Made& made) {
        certify("ca", "ca", {"", -20'000 * day, 20'000 * day, made.name + " Root"}, "critical,CA:TRUE", "keyCertSign");
        certify("tsa", "ca", made, "critical,CA:FALSE", "critical,digitalSignature");
        write_all(folder_ / "ts.conf",
                  "[tsa]\ndefault_tsa = t\n[t]\nserial = " + folder_ / "serial" +
                      "\nsigner_cert = " + folder_ / "tsa.pem" + "\nsigner_key = " + folder_ / "tsa.key" +
                      "\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\naccuracy = secs:1, "
                      "millisecs:500\nclock_precision_digits = 3\nordering = yes\ness_cert_id_alg = sha256\n");
        write_all(folder_ / "serial", "01\n");
    }

    std::string ca_file() const { return folder_ / "ca.pem"; }
    std::string own_certificate() const { return read_all(folder_ / "tsa.pem"); }
    std::string ca() const { return read_all(ca_file()); }

    // The TimeStampResp to a request, by `openssl ts -reply`.
    std::string reply(const std::string& request) const {
        write_all(folder_ / "q", request);
        run("ts -reply -config " + folder_ / "ts.conf" + " -queryfile " + folder_ / "q" + " -out " + folder_ / "r");
        return read_all(folder_ / "r");
    }
    // The TSTInfo inside a token, and one of any content signed as this authority, by `openssl cms`.
    std::string content(const std::string& token) const {
        write_all(folder_ / "t", token);
        run("cms -verify -noverify -nosigs -inform DER -in " + folder_ / "t" + " -out " + folder_ / "i");
        return read_all(folder_ / "i");
    }
    std::string sign(const std::string& content, const std::string& more = "-cades -md sha256") const {
        write_all(folder_ / "i", content);
        run("cms -sign -binary -nodetach -outform DER -econtent_type 1.2.840.113549.1.9.16.1.4 " + more + " -signer " +
            folder_ / "tsa.pem" + " -inkey " + folder_ / "tsa.key" + " -in " + folder_ / "i" + " -out " +
            folder_ / "s");
        return read_all(folder_ / "s");
    }
    // What an auditor says without us.
    bool openssl_verifies(const std::string& token, const std::string& note) const {
        write_all(folder_ / "t", token);
        write_all(folder_ / "n", note);
        return ran("ts -verify -token_in -in " + folder_ / "t" + " -data " + folder_ / "n" + " -CAfile " + ca_file());
    }

  private:
    bool ran(const std::string& arguments) const {
        return std::system(("openssl " + arguments + " >" + folder_ / "log" + " 2>&1").c_str()) == 0;
    }
    void run(const std::string& arguments) const {
        ASSERT_TRUE(ran(arguments)) << arguments << "\n" << read_all(folder_ / "log");
    }

    void certify(const std::string& name, const std::string& by, const Made& made, const char* constraints,
                 const char* usage) {
        EVP_PKEY* key = EVP_EC_gen("P-256");
        X509* certificate = X509_new();
        X509_set_version(certificate, X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), by == name ? 1 : 2);
        X509_gmtime_adj(X509_getm_notBefore(certificate), made.from);
        X509_gmtime_adj(X509_getm_notAfter(certificate), made.until);
        X509_set_pubkey(certificate, key);
        X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(made.name.c_str()), -1, -1, 0);
        if (by == name) issuer_ = X509_NAME_dup(X509_get_subject_name(certificate)), issuer_key_ = key;
        X509_set_issuer_name(certificate, issuer_);
        extend(certificate, NID_basic_constraints, constraints);
        extend(certificate, NID_key_usage, usage);
        if (!made.eku.empty()) extend(certificate, NID_ext_key_usage, made.eku.c_str());
        X509_sign(certificate, issuer_key_, EVP_sha256());
        auto* file = std::fopen((folder_ / (name + ".pem")).c_str(), "w");
        PEM_write_X509(file, certificate);
        std::fclose(file);
        file = std::fopen((folder_ / (name + ".key")).c_str(), "w");
        PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(file);
        X509_free(certificate);
        if (by == name) return;
        EVP_PKEY_free(key);
        EVP_PKEY_free(std::exchange(issuer_key_, nullptr));
        X509_NAME_free(std::exchange(issuer_, nullptr));
    }
    static void extend(X509* certificate, int kind, const char* value) {
        auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
        X509_add_ext(certificate, extension, -1);
        X509_EXTENSION_free(extension);
    }

    TempFolder folder_;
    X509_NAME* issuer_ = nullptr;
    EVP_PKEY* issuer_key_ = nullptr;
};

}  // namespace test
