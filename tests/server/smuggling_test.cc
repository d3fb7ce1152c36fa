// Requests that two readers might read differently are refused before anything is acted on, and the connection closed.
#include <thread>

#include "server/house.h"
#include "server/raw.h"

namespace {

using test::Raw;
using test::shared_house;

struct Bad {
    const char* what;
    std::string bytes;
};

const std::string host = "Host: localhost\r\n";
const std::string body = "{\"key\":\"00\"}";
const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n";
const std::string json_type = "Content-Type: application/json\r\n";

const Bad table[] = {
    {"TransferEncodingChunked",
     "POST /v1/challenge HTTP/1.1\r\n" + host + json_type + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"TransferEncodingAndLength",
     "POST /v1/challenge HTTP/1.1\r\n" + host + json_type + length + "Transfer-Encoding: chunked\r\n\r\n" + body},
    {"TransferEncodingGzip",
     "POST /v1/challenge HTTP/1.1\r\n" + host + json_type + length + "Transfer-Encoding: gzip\r\n\r\n" + body},
    {"TransferEncodingIdentity", "GET /livez HTTP/1.1\r\n" + host + "Transfer-Encoding: identity\r\n\r\n"},
    {"TransferEncodingInCapitals", "GET /livez HTTP/1.1\r\n" + host + "TRANSFER-ENCODING: chunked\r\n\r\n"},
    {"TransferEncodingWithTab", "POST /v1/challenge HTTP/1.1\r\n" + host + "Transfer-Encoding:\tchunked\r\n\r\n"},
    {"TransferEncodingFolded",
     "POST /v1/challenge HTTP/1.1\r\n" + host + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"},
    {"BlankBeforeColon", "GET /livez HTTP/1.1\r\n" + host + "Transfer-Encoding : chunked\r\n\r\n"},
    {"NoHost", "GET /livez HTTP/1.1\r\nAccept: */*\r\n\r\n"},
    {"EmptyHost", "GET /livez HTTP/1.1\r\nHost:\r\n\r\n"},
    {"TwoHosts", "GET /livez HTTP/1.1\r\n" + host + host + "\r\n"},
    {"TwoDifferentHosts", "GET /livez HTTP/1.1\r\n" + host + "Host: example.org\r\n\r\n"},
    {"HostWithBlank", "GET /livez HTTP/1.1\r\nHost: a b\r\n\r\n"},
    {"FoldedHeader", "GET /livez HTTP/1.1\r\n" + host + "X-A: b\r\n c\r\n\r\n"},
    {"FoldedFirstHeader", "GET /livez HTTP/1.1\r\n X: y\r\n" + host + "\r\n"},
    {"TwoLengths", "POST /v1/challenge HTTP/1.1\r\n" + host + json_type + length + length + "\r\n" + body},
    {"TwoDifferentLengths",
     "POST /v1/challenge HTTP/1.1\r\n" + host + json_type + length + "Content-Length: 3\r\n\r\n" + body},
    {"ListOfLengths", "POST /v1/challenge HTTP/1.1\r\n" + host + json_type + "Content-Length: 12, 12\r\n\r\n" + body},
    {"SignedLength", "POST /v1/challenge HTTP/1.1\r\n" + host + json_type + "Content-Length: +12\r\n\r\n" + body},
    {"NegativeLength", "POST /v1/challenge HTTP/1.1\r\n" + host + json_type + "Content-Length: -1\r\n\r\n" + body},
    {"HexLength", "POST /v1/challenge HTTP/1.1\r\n" + host + json_type + "Content-Length: 0xc\r\n\r\n" + body},
    {"EmptyLength", "POST /v1/challenge HTTP/1.1\r\n" + host + json_type + "Content-Length:\r\n\r\n"},
    {"HugeLength",
     "POST /v1/challenge HTTP/1.1\r\n" + host + json_type + "Content-Length: 99999999999999999999\r\n\r\n"},
    {"NoLength", "POST /v1/challenge HTTP/1.1\r\n" + host + json_type + "\r\n"},
    {"AbsoluteTarget", "GET https://localhost/livez HTTP/1.1\r\n" + host + "\r\n"},
    {"AuthorityTarget", "CONNECT localhost:443 HTTP/1.1\r\n" + host + "\r\n"},
    {"AsteriskTarget", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n"},
    {"NotAnUrl", "GET /livez%zz HTTP/1.1\r\n" + host + "\r\n"},
    {"NulInTarget", std::string("GET /live\0z HTTP/1.1\r\n", 22) + host + "\r\n"},
    {"BodyOnGet", "GET /livez HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhello"},
    {"Http10", "GET /livez HTTP/1.0\r\n" + host + "\r\n"},
    {"Http10KeepAlive", "GET /livez HTTP/1.0\r\n" + host + "Connection: keep-alive\r\n\r\n"},
    {"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
    {"HttpLowerCase", "GET /livez http/1.1\r\n" + host + "\r\n"},
    {"NoVersion", "GET /livez\r\n" + host + "\r\n"},
    {"TwoBlanks", "GET  /livez HTTP/1.1\r\n" + host + "\r\n"},
    {"TabInRequestLine", "GET\t/livez HTTP/1.1\r\n" + host + "\r\n"},
    {"LeadingEmptyLine", "\r\nGET /livez HTTP/1.1\r\n" + host + "\r\n"},
    {"BareLineFeeds", "GET /livez HTTP/1.1\nHost: localhost\n\r\n\r\n"},
    {"BareLineFeedInHeader", "GET /livez HTTP/1.1\r\n" + host + "X: a\nTransfer-Encoding: chunked\r\n\r\n"},
    {"BareReturnInHeader", "GET /livez HTTP/1.1\r\n" + host + "X: a\rb\r\n\r\n"},
    {"NulInHeader", std::string("GET /livez HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n", 47)},
    {"HighBytesInHeader", "GET /livez HTTP/1.1\r\n" + host + "X: \xff\xfe\r\n\r\n"},
    {"HeaderWithoutName", "GET /livez HTTP/1.1\r\n" + host + ": x\r\n\r\n"},
    {"HeaderWithoutColon", "GET /livez HTTP/1.1\r\n" + host + "hello\r\n\r\n"},
    {"TwoAuthorizations",
     "GET /v1/cases HTTP/1.1\r\n" + host + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n"},
    {"UnknownExpectation",
     "POST /v1/challenge HTTP/1.1\r\n" + host + json_type + length + "Expect: gold\r\n\r\n" + body},
    {"HeaderOver8KiB", "GET /livez HTTP/1.1\r\n" + host + "X: " + std::string(9000, 'a') + "\r\n\r\n"},
    {"EndlessHeader", "GET /livez HTTP/1.1\r\n" + host + "X: " + std::string(20000, 'a')},
    {"Garbage", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15)},
};

class Smuggling : public testing::TestWithParam<Bad> {};

TEST_P(Smuggling, IsRefusedAndTheConnectionClosed) {
    Raw raw(shared_house().port());
    ASSERT_TRUE(raw.connected());
    // Behind it a request that must never be answered.
    ASSERT_TRUE(raw.send(GetParam().bytes + "GET /v1/checkpoint HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    auto answer = raw.read();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << GetParam().what << ": " << answer.substr(0, 300);
    EXPECT_NE(answer.find("problems/malformed"), answer.npos) << GetParam().what;
    EXPECT_NE(answer.find("Connection: close"), answer.npos) << GetParam().what;
    EXPECT_EQ(answer.find("early-help"), answer.npos) << GetParam().what;
    EXPECT_TRUE(raw.closed()) << GetParam().what;
}

INSTANTIATE_TEST_SUITE_P(Requests, Smuggling, testing::ValuesIn(table),
                         [](auto& row) { return std::string(row.param.what); });

TEST(Wire, TakesTwoRequestsInOneWrite) {
    Raw raw(shared_house().port());
    ASSERT_TRUE(raw.send("GET /livez HTTP/1.1\r\n" + host + "\r\nGET /v1/checkpoint HTTP/1.1\r\n" + host +
                         "Connection: close\r\n\r\n"));
    auto answer = raw.read();
    EXPECT_NE(answer.find("{\"live\":true}"), answer.npos);
    EXPECT_NE(answer.find(test::origin), answer.npos);
    EXPECT_TRUE(raw.closed());
}

TEST(Wire, TakesARequestByteByByte) {
    Raw raw(shared_house().port());
    for (char c : "POST /v1/challenge HTTP/1.1\r\n" + host + json_type + length + "\r\n" + body)
        ASSERT_TRUE(raw.send(std::string(1, c)));
    auto answer = raw.read("}");
    EXPECT_NE(answer.find("\"field\":\"key\""), answer.npos) << answer;
}

TEST(Wire, SpeaksTls13Only) {
    EXPECT_FALSE(Raw(shared_house().port(), TLS1_2_VERSION).connected());
    EXPECT_TRUE(Raw(shared_house().port()).connected());
}

TEST(Wire, AnswersCarryTheHeadersThatKeepThemFromBeingKept) {
    Raw raw(shared_house().port());
    raw.send("GET /livez HTTP/1.1\r\n" + host + "\r\n");
    auto answer = raw.read("}");
    EXPECT_NE(answer.find("Cache-Control: no-store\r\n"), answer.npos);
    EXPECT_NE(answer.find("X-Content-Type-Options: nosniff\r\n"), answer.npos);
    EXPECT_NE(answer.find("X-Request-Id: "), answer.npos);
}

TEST(Wire, SaysContinueBeforeABodyItWillTake) {
    Raw raw(shared_house().port());
    raw.send("POST /v1/challenge HTTP/1.1\r\n" + host + json_type + length + "Expect: 100-continue\r\n\r\n");
    EXPECT_TRUE(raw.read("\r\n\r\n").starts_with("HTTP/1.1 100 "));
    raw.send(body);
    EXPECT_TRUE(raw.read("}").starts_with("HTTP/1.1 400 "));  // the key is too short, but it was read
}

}  // namespace
