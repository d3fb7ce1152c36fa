// A ledger and its neighbours as people run them: programs, folders, a policy file, kill -9, and nothing else.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "folder.h"
#include "ledger/checkpoint.h"
#include "ledger/grown_log.h"
#include "schema/json.h"
#include "server/client.h"

namespace {

using tools_test::Folder;

const char* const origin = "ledger.eastmere.example/t";

// A program of ours for as long as this lives; `url` stands in the line that says it is ready.
class Program {
  public:
    Program(const Folder& folder, const std::string& name, std::vector<std::string> arguments) {
        static int number = 0;
        auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "tools" / name;
        auto out = folder.path("out." + std::to_string(++number));
        log = folder.path("log." + std::to_string(number));
        std::vector<char*> raw{const_cast<char*>(name.c_str())};
        for (auto& one : arguments) raw.push_back(one.data());
        raw.push_back(nullptr);
        auto where = folder.path();
        process_ = ::fork();
        if (process_ == 0) {
            if (::chdir(where.c_str()) != 0 || !std::freopen(out.c_str(), "w", stdout) ||
                !std::freopen(log.c_str(), "w", stderr))
                ::_exit(99);
            ::execv(program.c_str(), raw.data());
            ::_exit(98);
        }
        for (int i = 0; i < 400 && url.empty(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            std::ifstream file(out);
            std::string line;
            auto at = std::getline(file, line) && !file.eof() ? line.find("https://") : line.npos;
            if (at != line.npos) url = line.substr(at, line.find(',', at) - at);
            int status = 0;
            if (url.empty() && ::waitpid(process_, &status, WNOHANG) == process_) {
                process_ = -1;
                exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
                break;
            }
        }
    }
    ~Program() { end(SIGTERM); }
    Program(const Program&) = delete;

    int end(int with) {
        if (process_ <= 0) return exit;
        ::kill(process_, with);
        int status = 0;
        ::waitpid(std::exchange(process_, -1), &status, 0);
        return exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    std::string said() const {
        std::stringstream all;
        all << std::ifstream(log).rdbuf();
        return all.str();
    }

    std::string url, log;
    int exit = -1;

  private:
    pid_t process_ = -1;
};

struct Town {
    Folder folder;
    std::string verifier;
    std::vector<std::unique_ptr<Program>> witnesses;
    std::unique_ptr<Program> service;

    Town() {
        auto made = ask("init ledger --authority 'Eastmere Council' --origin " + std::string(origin) +
                        " --governor 'A. Governor' --key governor.key");
        EXPECT_EQ(made.exit, 0) << made.talk;
        verifier = ledger::verifier_key(origin, key().public_key());
    }
    ledger::SigningKey key() const {
        return ledger::SigningKey::load(folder.path("ledger/secrets/checkpoint.key")).value();
    }
    tools_test::Ended ask(const std::string& arguments) const { return tools_test::run(folder, arguments); }

    void raise_witnesses(int count) {
        std::string policy = "log " + verifier + "\n", group = "group enough 2";
        for (int n = 0; n < count; ++n) {
            auto name = "w" + std::to_string(n);
            EXPECT_EQ(ask("witness new --data " + name + " --name " + name + ".example").exit, 0);
            witnesses.push_back(start(n, "127.0.0.1:0"));
            auto printed = ask("witness key --data " + name + " --name " + name + ".example --key " + name +
                               "/secrets/witness.key")
                               .out;
            policy +=
                "witness " + name + " " + printed.substr(0, printed.find('\n')) + " " + witnesses.back()->url + "\n";
            group += " " + name;
        }
        std::ofstream(folder.path("policy")) << policy + group + "\nquorum enough\n";
    }
    std::unique_ptr<Program> start(int n, const std::string& listen) {
        auto name = "w" + std::to_string(n);
        auto made = std::make_unique<Program>(
            folder, "caseledger",
            std::vector<std::string>{"witness", "--data", name, "--listen", listen, "--log", verifier});
        EXPECT_FALSE(made->url.empty()) << made->said();
        return made;
    }
    void serve(bool with_policy) {
        std::vector<std::string> arguments{"--data", "ledger", "--port", "0"};
        if (with_policy) {
            arguments.insert(arguments.end(), {"--witness-policy", "policy"});
            for (size_t n = 0; n < witnesses.size(); ++n) {
                auto name = "w" + std::to_string(n);
                arguments.insert(arguments.end(), {"--witness-certificate", name + "=" + name + "/secrets/tls.crt"});
            }
        }
        service = std::make_unique<Program>(folder, "caseledgerd", arguments);
        EXPECT_FALSE(service->url.empty()) << service->said();
    }
    boost::json::value get(const std::string& target) const {
        auto client = server::Client::connect(service->url, folder.path("ledger/secrets/tls.crt"));
        auto answer = client ? client->get(target) : tl::unexpected(client.error());
        return answer ? answer->json() : boost::json::value(nullptr);
    }
    bool all_witnessed() const {
        for (int i = 0; i < 400; ++i) {
            auto told = get("/v1/ledger");
            if (told.is_object() && told.as_object().contains("witnessed") &&
                told.at("witnessed").to_number<uint64_t>() == told.at("size").to_number<uint64_t>())
                return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        return false;
    }
    tools_test::Ended as(const std::string& who, const std::string& arguments) const {
        return ask(arguments + " --key " + who + ".key --data ledger --server " + service->url);
    }
    std::string contact() const {
        auto filed = as("mash",
                        "record contactReceived --set channel=telephone --set referrer=school --set "
                        "consent=verbal --set children=new --word request='Help.' --json -q");
        EXPECT_EQ(filed.exit, 0) << filed.talk;
        auto value = schema::parse_json(std::string_view(filed.out).substr(0, filed.out.find('\n')));
        return value ? std::string(value->at("id").as_string()) : std::string();
    }
    std::string state_of(const std::string& id) const {
        auto told = as("mash", "receipt " + id + " --json -q");
        EXPECT_EQ(told.exit, 0) << told.talk;
        auto value = schema::parse_json(std::string_view(told.out).substr(0, told.out.find('\n')));
        return value ? std::string(value->at("state").as_string()) : std::string();
    }
};

TEST(Witnesses, MakeReceiptsWitnessedAndKeepThemSoThroughKillsAndRestarts) {
    Town town;
    town.raise_witnesses(3);
    town.serve(true);
    ASSERT_EQ(town.ask("key new mash.key").exit, 0);
    ASSERT_EQ(town.as("governor", "key enrol mash.key --name 'M. Front' --role mash-practitioner").exit, 0);
    auto id = town.contact();
    ASSERT_TRUE(town.all_witnessed()) << town.service->said();
    EXPECT_EQ(town.state_of(id), "witnessed");

    town.witnesses[2]->end(SIGKILL);
    auto later = town.contact();
    ASSERT_TRUE(town.all_witnessed()) << "two of three are enough";
    EXPECT_EQ(town.state_of(later), "witnessed");

    town.service->end(SIGKILL);
    town.serve(false);
    EXPECT_EQ(town.state_of(id), "witnessed") << "without a policy, what was given is given again";
    EXPECT_EQ(town.state_of(later), "witnessed");
    auto newest = town.contact();
    EXPECT_EQ(town.state_of(newest), "included");

    town.service->end(SIGTERM);
    std::filesystem::remove_all(town.folder.path("ledger/evidence"));
    Program without(town.folder, "caseledgerd", {"--data", "ledger", "--port", "0"});
    EXPECT_EQ(without.exit, 3) << "what is lost is not told as less: " << without.said();
    for (auto& witness : town.witnesses)
        if (witness != town.witnesses[2]) {
            EXPECT_EQ(witness->end(SIGTERM), 0);
        }
}

TEST(Witnesses, KilledAgainAndAgainNeverCosignTwoPasts) {
    Town town;
    town.raise_witnesses(1);
    auto listen = town.witnesses[0]->url.substr(8);
    auto certificate = town.folder.path("w0/secrets/tls.crt");
    test::GrownLog log(4000);
    log.origin = origin;
    log.key = town.key();
    uint64_t acknowledged = 0;
    for (int life = 0; life < 6; ++life) {
        // The log grows as fast as it is cosigned, until its witness dies under it.
        std::thread killer([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(30 + 37 * life));
            town.witnesses[0]->end(SIGKILL);
        });
        if (auto client = server::Client::connect("https://" + listen, certificate))
            for (;;) {
                auto request = log.request(acknowledged, acknowledged + 1);
                auto answer = client->post("/add-checkpoint", request.body(), "text/plain");
                if (!answer) break;
                if (answer->status == 409) acknowledged = std::stoull(answer->body);
                else if (answer->status == 200) ++acknowledged;
                else {
                    ADD_FAILURE() << answer->status << answer->body;
                    break;
                }
            }
        killer.join();
        town.witnesses[0] = town.start(0, listen);
        auto client = server::Client::connect("https://" + listen, certificate).value();
        auto again = client.post("/add-checkpoint", log.request(0, acknowledged + 2).body(), "text/plain");
        ASSERT_TRUE(again);
        if (again->status == 409) {
            auto size = std::stoull(again->body);
            ASSERT_GE(size, acknowledged) << "it forgot what it had vouched for";
            acknowledged = size;
        }
        auto fork = log.fork(acknowledged - 1);
        EXPECT_EQ(client.post("/add-checkpoint", fork.request(acknowledged, acknowledged).body(), "x/y")->status, 409);
        EXPECT_EQ(client.post("/add-checkpoint", fork.request(acknowledged, acknowledged + 1).body(), "x/y")->status,
                  422);
    }
    EXPECT_GT(acknowledged, 5u);
    EXPECT_NE(town.witnesses[0]->said().find("\"conflict\":\"fork\""), std::string::npos) << town.witnesses[0]->said();
    EXPECT_FALSE(std::filesystem::is_empty(town.folder.path("w0/conflicts")));
}

TEST(Witnesses, AreMadeOnceAndRefuseWhatWouldMakeThemForget) {
    Folder folder;
    auto ask = [&](const std::string& arguments) { return tools_test::run(folder, arguments); };
    ASSERT_EQ(ask("witness new --data w --name w.example").exit, 0);
    EXPECT_EQ(ask("witness new --data w --name w.example").exit, 5);
    EXPECT_EQ(ask("witness new --data v --name 'two words'").exit, 2);
    auto key = ask("witness key --data w").out;
    key.erase(key.find_last_not_of('\n') + 1);
    EXPECT_EQ(key.substr(0, 10), "w.example+");
    EXPECT_EQ(ask("witness --data w").exit, 2) << "whose ledgers?";
    EXPECT_EQ(ask("witness --data nothing --log " + key).exit, 4);
    EXPECT_EQ(ask("witness --data w --log nonsense").exit, 2);
    auto log = ledger::verifier_key(origin, ledger::SigningKey::generate().public_key());
    EXPECT_EQ(ask("witness --data w --name other.example --log " + log).exit, 5);
    EXPECT_EQ(ask("witness --data w --plain --listen 0.0.0.0:0 --log " + log).exit, 2);
    std::filesystem::remove_all(folder.path("w/witness"));
    EXPECT_NE(ask("witness --data w --log " + log).exit, 0);
    EXPECT_EQ(ask("witness new --data w --name w.example").exit, 5) << "a mark without its store is no new witness";
}

}  // namespace
