// The time from an authority, as an operator has it: by the service, by a command, or carried by hand.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "folder.h"
#include "ledger/evidence.h"
#include "schema/json.h"
#include "server/time_house.h"

namespace {

using tools_test::Book;
using tools_test::Ended;

struct TimestampCommand : testing::Test {
    Book book;
    test::Authority authority;
    std::string ca = book.folder.path("ca.pem");

    TimestampCommand() { test::write_all(ca, authority.ca()); }
    Ended run(const std::string& arguments) const { return tools_test::run(book.folder, "timestamp " + arguments); }
    boost::json::array listed() const {
        auto ended = run("list --data ledger --ca ca.pem --json");
        EXPECT_EQ(ended.exit, 0) << ended.talk;
        return schema::parse_json(ended.out.substr(0, ended.out.find('\n')))->at("tokens").as_array();
    }
};

TEST_F(TimestampCommand, AsksAnAuthorityAndKeepsWhatItSays) {
    EXPECT_TRUE(listed().empty());
    test::TimeHouse house([this](auto& request) { return authority.reply(request); });
    auto asked = run("ask --data ledger --ca ca.pem --authority " + house.url());
    EXPECT_EQ(asked.exit, 0) << asked.talk;
    EXPECT_NE(asked.out.find("CN=Test Authority"), std::string::npos) << asked.out;
    auto rows = listed();
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].at("accuracyMilliseconds"), 1500);
    EXPECT_GE(rows[0].at("checkpoint").to_number<int>(), 5);
    // The same checkpoint has its time already, and another authority is not believed.
    EXPECT_EQ(run("ask --data ledger --ca ca.pem --authority " + house.url()).exit, 5);
    test::write_all(ca, test::Authority({.name = "Stranger"}).ca());
    EXPECT_EQ(run("list --data ledger --ca ca.pem").exit, 3);
}

TEST_F(TimestampCommand, IsCarriedByHandWhereTheMachineReachesNobody) {
    auto asked = run("request --data ledger --checkpoint q.note --request q.tsq");
    ASSERT_EQ(asked.exit, 0) << asked.talk;
    // The book grows while the request is on its way.
    book.slip_in({{"teamFormed", {{"team", "south"}, {"kind", "team"}, {"name", "South"}}}},
                 schema::reserved_stream(schema::directory_stream_number));
    test::write_all(book.folder.path("q.tsr"), authority.reply(test::read_all(book.folder.path("q.tsq"))));
    std::string files = "add --data ledger --ca ca.pem --request q.tsq --response q.tsr --checkpoint ";
    EXPECT_EQ(run(files + "ca.pem").exit, 2);
    auto added = run(files + "q.note");
    EXPECT_EQ(added.exit, 0) << added.talk;
    EXPECT_EQ(listed().size(), 1u);
    EXPECT_EQ(tools_test::run(book.folder, "verify --data ledger").exit, 0);
}

TEST_F(TimestampCommand, IsDoneByTheServiceItself) {
    test::TimeHouse house([this](auto& request) { return authority.reply(request); });
    auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "tools/caseledgerd";
    auto data = book.path(), out = book.folder.path("service.out"), log = book.folder.path("service.log");
    auto url = house.url();
    auto process = ::fork();
    if (process == 0) {
        if (!std::freopen(out.c_str(), "w", stdout) || !std::freopen(log.c_str(), "w", stderr)) ::_exit(99);
        ::execl(program.c_str(), "caseledgerd", "--data", data.c_str(), "--port", "0", "--timestamp-authority",
                url.c_str(), "--timestamp-ca", ca.c_str(), "--timestamp-every", "1h", nullptr);
        ::_exit(98);
    }
    for (int i = 0; i < 200 && listed().empty(); ++i) ::usleep(50'000);
    EXPECT_EQ(listed().size(), 1u) << test::read_all(log);
    ::kill(process, SIGTERM);
    int status = 0;
    ::waitpid(process, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << test::read_all(log);
    EXPECT_NE(test::read_all(log).find("timestamped"), std::string::npos) << test::read_all(log);
}

}  // namespace
