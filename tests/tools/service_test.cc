// The desk and the service together, as people use them: two programs, a folder, key files, and nothing else.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "folder.h"
#include "schema/json.h"

namespace {

using tools_test::Ended;
using tools_test::Folder;

// caseledgerd on a port of its own, for as long as this lives.
class Service {
  public:
    // `file_limit`: no file may grow beyond so many bytes, as on a full disk; 0: none.
    explicit Service(const Folder& folder, rlim_t file_limit = 0) : folder_(folder) {
        auto program =
            std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "tools/caseledgerd";
        auto out = folder.path("service.out"), log = folder.path("service.log"), data = folder.path("ledger");
        process_ = ::fork();
        if (process_ == 0) {
            if (!std::freopen(out.c_str(), "w", stdout) || !std::freopen(log.c_str(), "w", stderr)) ::_exit(99);
            rlimit limit{file_limit, file_limit};
            if (file_limit && (::signal(SIGXFSZ, SIG_IGN) == SIG_ERR || ::setrlimit(RLIMIT_FSIZE, &limit) != 0))
                ::_exit(97);
            ::execl(program.c_str(), "caseledgerd", "--data", data.c_str(), "--port", "0", nullptr);
            ::_exit(98);
        }
        for (int i = 0; i < 200 && url_.empty(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            std::ifstream file(out);
            std::string line;
            if (std::getline(file, line) && line.find(" entries") != line.npos)
                url_ =
                    line.substr(line.find("https://"), line.find(',', line.find("https://")) - line.find("https://"));
        }
        EXPECT_FALSE(url_.empty()) << "the service did not start";
    }
    ~Service() {
        if (process_ > 0) (void)stop();
    }

    int stop() {
        ::kill(process_, SIGTERM);
        return ended();
    }
    void signal(int number) const { ::kill(process_, number); }
    int ended() {  // waits until it ends by itself
        int status = 0;
        ::waitpid(std::exchange(process_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    Ended ask(const std::string& key, const std::string& arguments, const std::string& input = "") const {
        return tools_test::run(folder_, arguments + " --key " + key + ".key --data ledger --server " + url_, input);
    }
    boost::json::value told(const std::string& key, const std::string& arguments, const std::string& input = "") const {
        auto ended = ask(key, arguments + " --json -q", input);
        EXPECT_EQ(ended.exit, 0) << arguments << "\n" << ended.talk;
        auto value = schema::parse_json(std::string_view(ended.out).substr(0, ended.out.find('\n')));
        EXPECT_TRUE(value) << ended.out;
        return value ? *value : boost::json::value(nullptr);
    }

  private:
    const Folder& folder_;
    pid_t process_ = -1;
    std::string url_;
};

struct Office {
    Folder folder;
    std::unique_ptr<Service> service;

    Office() {
        auto made = tools_test::run(folder,
                                    "init ledger --authority 'Eastmere Council' --origin ledger.eastmere.example/t "
                                    "--governor 'A. Governor' --key governor.key");
        EXPECT_EQ(made.exit, 0) << made.talk;
        service = std::make_unique<Service>(folder);
        for (auto* person : {"mash", "duty"})
            EXPECT_EQ(tools_test::run(folder, std::string("key new ") + person + ".key").exit, 0);
        EXPECT_EQ(enrol("mash.key", "mash-practitioner").exit, 0);
        // The duty manager's key never comes to the governor.
        auto proof = tools_test::run(folder, "key prove duty.key --origin ledger.eastmere.example/t");
        EXPECT_EQ(proof.exit, 0) << proof.talk;
        std::ofstream(folder.path("duty.proof")) << proof.out;
        EXPECT_EQ(enrol("duty.proof", "duty-manager").exit, 0);
    }
    Ended enrol(const std::string& file, const std::string& role) {
        return service->ask("governor", "key enrol " + file + " --name 'Somebody' --role " + role);
    }
    boost::json::value contact() {
        return service->told("mash",
                             "record contactReceived --set channel=telephone --set referrer=school --set "
                             "consent=verbal --set children=new --word request='Help with routines.'");
    }
};

std::string text(const boost::json::value& value, const char* name) { return std::string(value.at(name).as_string()); }

TEST(Desk, RecordsReadsAndProvesAContactFromEndToEnd) {
    Office office;
    auto receipt = office.contact();
    auto stream = text(receipt, "stream"), id = text(receipt, "id");

    auto cases = office.service->told("duty", "cases");
    ASSERT_EQ(cases.at("cases").as_array().size(), 1u);
    EXPECT_EQ(text(cases.at("cases").at(0), "stream"), stream);

    auto chronology = office.service->told("duty", "chronology " + stream + " --words");
    EXPECT_EQ(text(chronology.at("rows").at(0).at("words").at(0), "content"), "Help with routines.");
    for (auto* command : {"case ", "chronology "}) {
        auto shown = office.service->ask("duty", command + stream);
        EXPECT_EQ(shown.exit, 0) << shown.talk;
    }
    for (auto* command : {"cases", "find nobody", "caseload", "timeliness", "due", "retention", "replay"})
        EXPECT_EQ(office.service->ask("duty", command).exit, 0) << command;

    EXPECT_EQ(office.service->ask("duty", "receipt " + id + " --receipt kept.json").exit, 0);
    auto proof = office.service->ask("duty", "receipt " + id + " --tlog-proof");
    EXPECT_TRUE(proof.out.starts_with("c2sp.org/tlog-proof@v1\nindex ")) << proof.out << proof.talk;
    auto verified = tools_test::run(office.folder, "verify --data ledger --json");  // while the service runs
    EXPECT_EQ(verified.exit, 0) << verified.out << verified.talk;
    auto tiles = tools_test::run(office.folder, "tiles --data ledger --json out");
    EXPECT_EQ(tiles.exit, 0) << tiles.out << tiles.talk;
    EXPECT_EQ(office.service->stop(), 0);
}

TEST(Desk, EnrolsNoKeyWhoseProofIsForAnotherLedgerOrWasChanged) {
    Office office;
    EXPECT_EQ(tools_test::run(office.folder, "key new k.key").exit, 0);
    auto elsewhere = tools_test::run(office.folder, "key prove k.key --origin ledger.eastmere.example/other");
    std::ofstream(office.folder.path("elsewhere.proof")) << elsewhere.out;
    auto refused = office.enrol("elsewhere.proof", "family-key-worker");
    EXPECT_NE(refused.exit, 0);
    EXPECT_NE(refused.talk.find("does not verify"), std::string::npos) << refused.talk;
    std::ofstream(office.folder.path("short.proof")) << R"({"person": "00", "publicKey": "00"})";
    auto malformed = office.enrol("short.proof", "family-key-worker");
    EXPECT_NE(malformed.exit, 0);
    EXPECT_NE(malformed.talk.find("person"), std::string::npos) << malformed.talk;
}

TEST(Desk, RecordsWhatAFileOrStdinSays) {
    Office office;
    std::string event =
        R"({"fact": {"contactReceived": {"channel": "telephone", "referrer": "school", "consent": "none",
        "children": ["00112233445566778899aabbccddeeff"]}}, "stream": "0123456789abcdef0123456789abcdef",
        "occurred": {"at": "2020-01-02T10:00"},
        "words": [{"heading": "request", "subjects": ["00112233445566778899aabbccddeeff"], "content": "Help."},
                  {"heading": "name", "subjects": ["00112233445566778899aabbccddeeff"], "content": "Ada Inchbald"}]})";
    auto drafted = office.service->told("mash", "draft", event);
    EXPECT_EQ(text(drafted, "stream"), "0123456789abcdef0123456789abcdef");
    EXPECT_EQ(office.service->told("mash", "cases").at("cases").as_array().size(), 0u);  // a draft records nothing
    auto recorded = office.service->told("mash", "record --file -", event);
    EXPECT_EQ(text(recorded, "type"), "contactReceived");
    EXPECT_EQ(recorded.at("revision").to_number<int>(), 1);
    auto shown = office.service->ask("mash", "case 0123456789abcdef0123456789abcdef");
    EXPECT_NE(shown.out.find("Ada Inchbald"), std::string::npos) << shown.out;
}

TEST(Desk, TellsARefusalWithItsFieldItsRuleAndItsSource) {
    Office office;
    auto stream = text(office.contact(), "stream");
    // A duty manager does not take the front door's decision.
    auto ended =
        office.service->ask("duty", "record mashDecided --case " + stream +
                                        " --set option=accept --word rationale=Why --role duty-manager --json");
    EXPECT_EQ(ended.exit, 1);
    auto lines = ended.talk.substr(ended.talk.rfind('{', ended.talk.find("\"error\"")));
    EXPECT_NE(lines.find("role_may_not"), std::string::npos);
    EXPECT_NE(lines.find("S1:"), std::string::npos);

    auto missing = office.service->ask("mash", "record mashDecided --case " + stream);
    EXPECT_EQ(missing.exit, 2);
    EXPECT_NE(missing.talk.find("fact.mashDecided.option"), std::string::npos);
    auto wordless = office.service->ask("mash", "record mashDecided --set option=accept --case " + stream);
    EXPECT_EQ(wordless.exit, 2);
    EXPECT_NE(wordless.talk.find("rationale"), std::string::npos);
    EXPECT_EQ(office.service->ask("mash", "case " + std::string(32, 'a')).exit, 4);
    EXPECT_EQ(office.enrol("duty.key", "duty-manager").exit, 5);  // the key is enrolled
}

TEST(Desk, SignsNothingWhenTheLedgerIsNotTheOneItHasSeen) {
    Office office;
    (void)office.contact();
    // As after a restore from yesterday, or a fork: what this client has seen is no state of the book.
    auto other = ledger::SigningKey::generate();
    auto seen = *schema::parse_json([&] {
        std::ifstream file(office.folder.path("mash.key.seen"));
        std::string line;
        std::getline(file, line);
        return line;
    }());
    auto kept = seen;
    auto write = [&](const boost::json::value& value) {
        std::ofstream(office.folder.path("mash.key.seen")) << boost::json::serialize(value);
    };
    seen.at("ledger.eastmere.example/t").at("checkpointKey") = other.public_key().hex();
    write(seen);
    auto line = std::string(
        "record contactReceived --set channel=telephone --set referrer=school --set consent=none "
        "--set children=new --word request=Help");
    EXPECT_EQ(office.service->ask("mash", line).exit, 3);
    write(kept);
    EXPECT_EQ(office.service->ask("mash", line + " --checkpoint-key " + other.public_key().hex()).exit, 3);
    EXPECT_EQ(office.service->ask("mash", line).exit, 0);
}

TEST(Service, EndsWith1WhenTheDiskFailsAndOpensAgainWithEverythingThatWasAcknowledged) {
    Office office;
    ASSERT_EQ(office.service->stop(), 0);
    office.service = std::make_unique<Service>(office.folder, 150'000);
    std::string line =
        "record contactReceived --set channel=telephone --set referrer=school --set consent=none --set "
        "children=new --json -q --word request=" +
        std::string(30'000, 'a');
    std::vector<std::string> acknowledged;
    Ended last;
    for (int i = 0; i < 20; ++i) {
        last = office.service->ask("mash", line);
        if (last.exit != 0) break;
        acknowledged.push_back(text(*schema::parse_json(last.out.substr(0, last.out.find('\n'))), "id"));
    }
    EXPECT_EQ(last.exit, 75);  // whether the last one is there is not known
    EXPECT_GT(acknowledged.size(), 0u);
    EXPECT_EQ(office.service->ended(), 1);

    office.service = std::make_unique<Service>(office.folder);
    for (auto& id : acknowledged) EXPECT_EQ(office.service->ask("mash", "receipt " + id).exit, 0);
    EXPECT_EQ(tools_test::run(office.folder, "verify --data ledger").exit, 0);
}

TEST(Service, BuildsItsViewsAgainWhenAskedToAndAnswersMeanwhile) {
    Office office;
    auto stream = text(office.contact(), "stream");
    auto before = office.service->told("duty", "chronology " + stream);
    auto log = [&] {
        std::ifstream file(office.folder.path("service.log"));
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    office.service->signal(SIGUSR1);
    auto heard = [&] { return log().find("every view is built again, as asked") != std::string::npos; };
    for (int i = 0; i < 100 && !heard(); ++i)
        EXPECT_EQ(office.service->told("duty", "chronology " + stream).at("rows"), before.at("rows"));
    EXPECT_TRUE(heard());
    office.contact();
    EXPECT_EQ(office.service->told("duty", "cases").at("cases").as_array().size(), 2u);
    EXPECT_EQ(office.service->stop(), 0);
}

TEST(Service, EndsWith4WhereThereIsNoLedgerAnd2WhenItIsUsedWrongly) {
    Folder folder;
    auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "tools/caseledgerd";
    auto exit_of = [&](const std::string& arguments) {
        int status = std::system((program.string() + " " + arguments + " >/dev/null 2>&1").c_str());
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    };
    EXPECT_EQ(exit_of("--data " + folder.path("nowhere")), 4);
    EXPECT_EQ(exit_of(""), 2);
    EXPECT_EQ(exit_of("--help"), 0);
}

}  // namespace
