// An authority is asked for the time of the newest checkpoint; when it is away, wrong or lying, that is all that
// happens.
#include "server/stamping.h"

#include <gtest/gtest.h>

#include <future>

#include "time_house.h"

namespace {

using namespace test;
using ledger::Evidence;
using namespace std::chrono_literals;

struct Stamping : testing::Test {
    TempFolder folder;
    Authority authority;
    std::unique_ptr<ledger::Ledger> book = make(folder / "l");
    std::unique_ptr<Evidence> evidence = Evidence::open(folder / "l").value();
    Author author;

    server::Stamping::Options options(const TimeHouse& house, const Authority& trusted) const {
        server::Stamping::Options made{{house.url(), ledger::TimeTrust::from_pem(trusted.ca()).value(), "", 5s}};
        made.every = made.again = made.look = 10ms;
        made.log = false;
        return made;
    }
    std::unique_ptr<server::Stamping> start(const server::Stamping::Options& how) {
        auto started = server::Stamping::start(*book, *evidence, how);
        EXPECT_TRUE(started) << started.error().text();
        return *std::move(started);
    }
    TimeHouse::Answer truly() {
        return [this](auto& request) { return authority.reply(request); };
    }
    static bool soon(const std::function<bool()>& true_) {
        for (int i = 0; i < 1000 && !true_(); ++i) std::this_thread::sleep_for(10ms);
        return true_();
    }
};

TEST_F(Stamping, StampsTheNewestCheckpointOnceAndAgainWhenTheBookHasGrown) {
    author.write(*book, 3);
    TimeHouse house(truly());
    auto how = options(house, authority);
    auto stamping = start(how);
    ASSERT_TRUE(soon([&] { return evidence->newest_token()->has_value(); }));
    std::this_thread::sleep_for(100ms);
    EXPECT_EQ(house.asked(), 1) << "the book has not grown";
    author.write(*book, 5, 2);
    ASSERT_TRUE(soon([&] { return (*evidence->newest_token())->size == 5; }));
    auto last = *evidence->newest_token();
    EXPECT_EQ(last->note, book->published()->checkpoint);
    EXPECT_TRUE(ledger::check_token(schema::as_bytes(last->token), last->note, how.authority.trust));
    EXPECT_TRUE(authority.openssl_verifies(last->token, last->note));
}

TEST_F(Stamping, DoesNotAskBeforeItIsTimeAlthoughTheServiceWasStartedAnew) {
    author.write(*book, 3);
    TimeHouse house(truly());
    auto how = options(house, authority);
    how.every = 1h;
    {
        auto stamping = start(how);
        ASSERT_TRUE(soon([&] { return evidence->newest_token()->has_value(); }));
    }
    author.write(*book, 5, 2);
    auto stamping = start(how);
    std::this_thread::sleep_for(100ms);
    EXPECT_EQ(house.asked(), 1);
}

TEST_F(Stamping, KeepsNothingThatDoesNotHoldAndAsksAgain) {
    author.write(*book, 3);
    Authority stranger({.name = "Stranger"});
    std::atomic<int> turn{0};
    std::string first;
    TimeHouse house([&](auto& request) -> std::string {
        switch (turn++) {
            case 0: return "";
            case 1: return "<html>Maintenance</html>";
            case 2: return stranger.reply(request);
            case 3: return authority.reply("no request");
            case 4: return authority.reply(first);  // of another request
            default: return authority.reply(request);
        }
    });
    first = ledger::make_time_request(book->published()->checkpoint).value();
    auto stamping = start(options(house, authority));
    EXPECT_TRUE(soon([&] {
        auto kept = evidence->newest_token()->has_value();
        EXPECT_TRUE(!kept || turn >= 6) << turn;
        return kept;
    }));
}

TEST_F(Stamping, NeverKeepsTheBookOrItsEndWaiting) {
    author.write(*book, 3);
    std::promise<void> asked, over;
    TimeHouse house([&](auto&) -> std::string {
        asked.set_value();
        over.get_future().wait();
        return "";
    });
    auto how = options(house, authority);
    how.authority.patience = 1h;
    auto stamping = start(how);
    asked.get_future().wait();
    author.write(*book, 20);
    EXPECT_EQ(book->published()->head.size, 20u);
    stamping.reset();  // returns although nobody has answered
    over.set_value();
    EXPECT_FALSE(*evidence->newest_token());
}

TEST_F(Stamping, TellsAtOnceWhereNobodyCanBeAsked) {
    server::AuthorityOptions nowhere{"ftp://authority.example", ledger::TimeTrust::from_pem(authority.ca()).value(), "",
                                     1s};
    EXPECT_FALSE(server::ask_authority(nowhere, "note"));
    nowhere.url = "http://127.0.0.1:1/tsa";
    auto asked = server::ask_authority(nowhere, "note");
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().fault, schema::Fault::io);
}

}  // namespace
