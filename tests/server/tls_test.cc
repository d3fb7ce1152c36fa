// The certificate for local use: the owner's alone, for this machine's names, and never overwritten.
#include "server/tls.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <filesystem>

namespace {

namespace fs = std::filesystem;

TEST(Certificate, IsForThisMachineForTenYearsAndForItsOwnerAlone) {
    std::string pattern = "/tmp/caseledger-tls-XXXXXX";
    std::string folder = mkdtemp(pattern.data());
    fs::create_directory(folder + "/secrets");
    ASSERT_TRUE(server::make_certificate(folder));
    for (auto& file : {server::certificate_file(folder), server::key_file(folder)})
        EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write) << file;

    auto* file = fopen(server::certificate_file(folder).c_str(), "r");
    X509* certificate = PEM_read_X509(file, nullptr, nullptr, nullptr);
    fclose(file);
    ASSERT_NE(certificate, nullptr);
    EXPECT_EQ(X509_check_host(certificate, "localhost", 0, 0, nullptr), 1);
    EXPECT_EQ(X509_check_host(certificate, "example.org", 0, 0, nullptr), 0);
    EXPECT_EQ(X509_check_ip_asc(certificate, "127.0.0.1", 0), 1);
    EXPECT_EQ(X509_check_ip_asc(certificate, "::1", 0), 1);
    EXPECT_EQ(EVP_PKEY_get_bits(X509_get0_pubkey(certificate)), 256);
    int days = 0, seconds = 0;
    ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate));
    EXPECT_NEAR(days, 3653, 1);
    X509_free(certificate);

    auto again = server::make_certificate(folder);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().fault, schema::Fault::conflict);
    fs::remove_all(folder);
}

}  // namespace
