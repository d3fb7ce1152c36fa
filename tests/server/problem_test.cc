// Problems as RFC 9457 tells them, and what of our own troubles strangers are not told.
#include "server/problem.h"

#include <gtest/gtest.h>

namespace {

std::string header(const server::Reply& reply, std::string_view name) {
    for (auto& [key, value] : reply.headers)
        if (key == name) return value;
    return {};
}

TEST(Problem, SaysWhenToTryAgain) {
    auto full = server::problem(schema::Error{schema::Fault::overloaded, {}, "too much is waiting"});
    EXPECT_EQ(full.status, 503);
    EXPECT_EQ(header(full, "Retry-After"), "1");
    EXPECT_EQ(header(server::problem(server::Problem::too_many_requests), "Retry-After"), "1");
    EXPECT_EQ(header(server::problem(server::Problem::session_needed), "WWW-Authenticate"), "Bearer");
}

TEST(Problem, KeepsWhatFailedOnOurSideToTheLog) {
    auto reply = server::problem(schema::Error{schema::Fault::io, "/secret/path", "the disk said so"});
    EXPECT_EQ(reply.status, 500);
    EXPECT_EQ(reply.body.find("secret"), std::string::npos);
    EXPECT_EQ(reply.body.find("disk said"), std::string::npos);
}

TEST(Problem, CarriesTheRefusalsReasonFieldAndSource) {
    auto reply = server::problem(commands::Refused{commands::Refusal::own_assessment, "actor", "", "S1:257"});
    EXPECT_EQ(reply.status, 409);
    EXPECT_EQ(reply.content_type, "application/problem+json");
    auto body = boost::json::parse(reply.body).as_object();
    EXPECT_EQ(body.at("type").as_string(), "https://caseledger.example/problems/own_assessment");
    EXPECT_EQ(body.at("source").as_string(), "S1:257");
    EXPECT_EQ(body.at("field").as_string(), "actor");
}

}  // namespace
