// The log is one JSON object a line, and holds ids only.
#include "server/log.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace {

TEST(Log, WritesOneJsonObjectALine) {
    testing::internal::CaptureStderr();
    {
        server::Log log(true);
        log.answered({"GET", "/v1/cases/{stream}", 200, std::chrono::microseconds{1234}, "41d2", "7f3a"});
        log.fault("a \"quoted\"\nthing", "7f3a");
    }
    auto text = testing::internal::GetCapturedStderr();
    auto end = text.find('\n');
    auto first = boost::json::parse(text.substr(0, end)).as_object();
    EXPECT_EQ(first.at("route").as_string(), "/v1/cases/{stream}");
    EXPECT_EQ(first.at("status").as_int64(), 200);
    EXPECT_EQ(first.at("us").as_int64(), 1234);
    EXPECT_EQ(first.at("person").as_string(), "41d2");
    EXPECT_TRUE(first.contains("time"));
    auto second = boost::json::parse(text.substr(end + 1)).as_object();
    EXPECT_EQ(second.at("what").as_string(), "a \"quoted\"\nthing");
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

TEST(Log, SaysNothingWhenItIsOff) {
    testing::internal::CaptureStderr();
    server::Log(false).said("started");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
