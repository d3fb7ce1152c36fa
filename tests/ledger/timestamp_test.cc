// What an authority said about the time is taken for exactly what it says, and by no one else than whom we trust.
#include "ledger/timestamp.h"

#include <fmt/chrono.h>
#include <gtest/gtest.h>

#include "ledger/authority.h"

namespace {

using namespace ledger;
using namespace test;

const std::string note = Checkpoint{origin, 4211, id<Digest>(1)}.sign(key_from(1));

TimeTrust trust_in(const std::string& pem) {
    auto trust = TimeTrust::from_pem(pem);
    EXPECT_TRUE(trust) << trust.error().text();
    return *trust;
}

schema::Result<std::string> answered(const Authority& authority, const std::string& over, const TimeTrust& trust) {
    auto request = make_time_request(over).value();
    return accept_time_response(schema::as_bytes(authority.reply(request)), schema::as_bytes(request), over, trust);
}

// What an authority signs, with a time of three digits after the second: it leaves zeros at the end out.
std::string content_of(const Authority& authority, const TimeTrust& trust) {
    for (;;)
        if (auto content = authority.content(answered(authority, note, trust).value());
            content.find("\x18\x13") != content.npos)
            return content;
}

// As after many years, in which the authority's certificate had its day.
std::string dated(std::string content, const std::string& time) {
    auto at = content.find("\x18\x13");  // GeneralizedTime of 19 characters, with three digits of fraction
    EXPECT_NE(at, content.npos);
    return content.replace(at + 2, 19, time);
}

template <class T>
void expect_refused(const schema::Result<T>& result, const std::string& why) {
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().text().find(why), std::string::npos) << result.error().text();
}

TEST(Timestamp, OfAnAuthorityTellsItsTimeAndOpensslAgrees) {
    Authority authority;
    auto trust = trust_in(authority.ca());
    auto before = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    auto token = answered(authority, note, trust);
    auto after = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    ASSERT_TRUE(token) << token.error().text();
    auto told = check_token(schema::as_bytes(*token), note, trust);
    ASSERT_TRUE(told) << told.error().text();
    EXPECT_LE(before, told->time);
    EXPECT_LE(told->time, after);
    EXPECT_EQ(told->accuracy.count(), 1500);
    EXPECT_TRUE(told->accuracy_stated);
    EXPECT_EQ(told->authority, "CN=Test Authority");
    EXPECT_EQ(told->policy, "1.2.3.4.1");
    EXPECT_TRUE(authority.openssl_verifies(*token, note));
    EXPECT_FALSE(authority.openssl_verifies(*token, note + " "));
}

TEST(Timestamp, IsOverThisNoteAndNoOther) {
    Authority authority;
    auto trust = trust_in(authority.ca());
    auto token = answered(authority, note, trust).value();
    for (size_t at : {size_t{0}, note.size() / 2, note.size() - 1}) {
        auto other = note;
        other[at] = static_cast<char>(other[at] ^ 1);
        expect_refused(check_token(schema::as_bytes(token), other, trust), "something else");
    }
    // An answer to a request over another note, and a request over another note.
    auto request = make_time_request(note).value(), other = make_time_request("other").value();
    expect_refused(
        accept_time_response(schema::as_bytes(authority.reply(other)), schema::as_bytes(request), note, trust),
        "another request");
    expect_refused(accept_time_response(schema::as_bytes(authority.reply(other)), schema::as_bytes(other), note, trust),
                   "request: is over something else");
}

TEST(Timestamp, AnswersTheRequestThatWasSent) {
    Authority authority;
    auto trust = trust_in(authority.ca());
    auto request = make_time_request(note).value(), again = make_time_request(note).value();
    EXPECT_NE(request, again);
    expect_refused(
        accept_time_response(schema::as_bytes(authority.reply(again)), schema::as_bytes(request), note, trust),
        "nonce");
    // The command asks without a nonce where it is told to; we do not take such a request.
    expect_refused(accept_time_response(schema::as_bytes(authority.reply(request)), schema::as_bytes("x"), note, trust),
                   "request: is not");
}

TEST(Timestamp, IsBelievedOfATrustedAuthorityAlone) {
    Authority authority, stranger({.name = "Stranger"}), namesake;
    auto token = answered(authority, note, trust_in(authority.ca())).value();
    expect_refused(check_token(schema::as_bytes(token), note, trust_in(namesake.ca())), "not signed by a trusted");
    expect_refused(check_token(schema::as_bytes(token), note, trust_in(stranger.ca())), "not signed by a trusted");
    expect_refused(answered(authority, note, trust_in(stranger.ca())), "not signed by a trusted");
    EXPECT_TRUE(check_token(schema::as_bytes(token), note, trust_in(stranger.ca() + authority.ca())));
    // The authority's own certificate is enough.
    auto own = check_token(schema::as_bytes(token), note, trust_in(authority.own_certificate()));
    EXPECT_TRUE(own) << own.error().text();
}

TEST(Timestamp, FailsWhenAnyByteThatIsSignedChanges) {
    Authority authority;
    auto trust = trust_in(authority.ca());
    auto token = answered(authority, note, trust).value();
    auto said = check_token(schema::as_bytes(token), note, trust).value();
    size_t failed = 0;
    for (size_t at = 0; at < token.size(); ++at) {
        auto bad = token;
        bad[at] = static_cast<char>(bad[at] ^ 1);
        auto told = check_token(schema::as_bytes(bad), note, trust);
        failed += !told;
        // A few bytes are not signed (a version, an algorithm's spelling); none of them says anything.
        EXPECT_TRUE(!told || (told->time == said.time && told->accuracy == said.accuracy)) << at;
    }
    EXPECT_GE(failed, token.size() * 98 / 100);
    for (size_t size = 0; size < token.size(); size += 7)
        EXPECT_FALSE(check_token(schema::as_bytes(token.substr(0, size)), note, trust)) << size;
    EXPECT_FALSE(check_token(schema::as_bytes(token + '\0'), note, trust));
}

TEST(Timestamp, IsNotOfACertificateForAnotherUse) {
    Authority authority;
    auto content = content_of(authority, trust_in(authority.ca()));
    // The way of making these is right: the same by an authority whose certificate is right is taken.
    auto good = check_token(schema::as_bytes(authority.sign(content)), note, trust_in(authority.ca()));
    ASSERT_TRUE(good) << good.error().text();
    for (auto* eku : {"critical,serverAuth", "timeStamping", "critical,timeStamping,serverAuth", ""}) {
        Authority other({eku});
        expect_refused(check_token(schema::as_bytes(other.sign(content)), note, trust_in(other.ca())),
                       "not signed by a trusted");
        expect_refused(check_token(schema::as_bytes(other.sign(content)), note, trust_in(other.own_certificate())),
                       "not signed by a trusted");
    }
}

TEST(Timestamp, IsJudgedByTheDayItWasGiven) {
    constexpr auto day = Authority::day;
    Authority now, past({"critical,timeStamping", -9000 * day, -5000 * day});
    auto content = content_of(now, trust_in(now.ca()));
    auto trust = trust_in(past.ca());
    // Its certificate has expired since; then it had not.
    auto then = std::chrono::system_clock::now() - std::chrono::seconds(7000 * day);
    auto in_its_day = dated(
        content, fmt::format("{:%Y%m%d%H%M%S}.250Z", fmt::gmtime(std::chrono::floor<std::chrono::seconds>(then))));
    auto told = check_token(schema::as_bytes(past.sign(in_its_day)), note, trust);
    ASSERT_TRUE(told) << told.error().text();
    EXPECT_EQ(told->time.time_since_epoch().count() % 1000, 250);
    // When these were given it had expired, or was not valid yet.
    expect_refused(check_token(schema::as_bytes(past.sign(content)), note, trust), "expired");
    expect_refused(check_token(schema::as_bytes(past.sign(dated(content, "19990101000000.000Z"))), note, trust),
                   "not yet valid");
    // Times that are none.
    for (auto* time : {"20xx0101000000.000Z", "20170231000000.000Z", "18880101000000.000Z", "20170101000000.0000"})
        expect_refused(check_token(schema::as_bytes(past.sign(dated(content, time))), note, trust), "token");
}

TEST(Timestamp, IsSignedStronglyAndNamesItsCertificate) {
    Authority authority;
    auto trust = trust_in(authority.ca());
    auto content = content_of(authority, trust);
    expect_refused(check_token(schema::as_bytes(authority.sign(content, "-cades -md sha1")), note, trust), "SHA-256");
    expect_refused(check_token(schema::as_bytes(authority.sign(content, "-md sha256")), note, trust),
                   "not signed by a trusted");  // signed attributes do not name the certificate
    expect_refused(check_token(schema::as_bytes(authority.sign(content, "-cades -md sha256 -nocerts")), note, trust),
                   "certificate");
}

TEST(Timestamp, IsRefusedWithTheAuthoritysReason) {
    Authority authority;
    auto request = make_time_request(note).value();
    auto answer = authority.reply("this is no request");
    auto refused =
        accept_time_response(schema::as_bytes(answer), schema::as_bytes(request), note, trust_in(authority.ca()));
    expect_refused(refused, "did not simply grant it");
    EXPECT_EQ(refused.error().fault, schema::Fault::forbidden);
    for (std::string garbage : {"", "0", "<html>Not found</html>", "\x30\x80\x30\x80", "\x30\x84\xff\xff\xff\xff"}) {
        expect_refused(
            accept_time_response(schema::as_bytes(garbage), schema::as_bytes(request), note, trust_in(authority.ca())),
            "response: is not");
        expect_refused(check_token(schema::as_bytes(garbage), note, trust_in(authority.ca())), "token: is not");
    }
}

TEST(TimeTrust, IsOneOrMoreCertificatesThatCanBeRead) {
    Authority authority;
    EXPECT_TRUE(TimeTrust::load(authority.ca_file()));
    EXPECT_FALSE(TimeTrust::load("/nowhere"));
    auto cut = authority.ca();
    cut[100] = '!';
    for (auto& pem : {std::string(), std::string("certificate"), cut, authority.ca() + cut})
        EXPECT_FALSE(TimeTrust::from_pem(pem)) << pem;
}

}  // namespace
