// The verifier as an auditor has it: one program and what left the ledger. It says what holds, ends with 3 where
// something does not, and can begin where it ended before.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "folder.h"
#include "ledger/bundle.h"
#include "ledger/cosignature.h"
#include "ledger/evidence.h"
#include "ledger/proof_file.h"
#include "schema/json.h"

namespace {

using tools_test::Book;
using tools_test::Ended;

void keep(const std::string& path, const std::string& content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

boost::json::value last_line(const Ended& ended) {
    auto lines = ended.out.substr(0, ended.out.size() - std::min<size_t>(1, ended.out.size()));
    auto read = schema::parse_json(lines.substr(lines.rfind('\n') + 1));
    EXPECT_TRUE(read) << ended.out << ended.talk;
    return read ? *read : boost::json::value();
}

// A book with a case in it that was disclosed, and what an auditor was given of it.
struct Audited : testing::Test {
    Book book;
    ledger::SigningKey witness = ledger::SigningKey::generate();
    schema::StreamId stream = ledger::random_id<schema::StreamId>();
    std::string note, origin, key = " --key " + book.checkpoint_key.hex() + " ";

    Audited() {
        auto child = ledger::random_id<schema::SubjectId>();
        auto open = ledger::Ledger::open(book.path()).value();
        {
            auto sequencer = commands::Sequencer::start(*open, [this] { return book.at; });
            tools::Recorder recorder(*open, **sequencer);
            auto record = [&](const tools::Signer& by, const schema::StreamId& where, boost::json::object fact,
                              std::vector<ledger::Word> words = {}) {
                auto done = recorder.record(by, where, {{"fact", std::move(fact)}}, std::move(words), book.at);
                EXPECT_TRUE(done) << done.error().message << " " << done.error().detail;
                return done ? done->position : 0;
            };
            tools::Signer governor{book.governor_id, book.governor, std::string(ledger::governor_role), ""};
            tools::Signer manager{book.manager_id, book.manager, "mash-manager", ""};
            record(governor, schema::reserved_stream(schema::directory_stream_number),
                   {{"roleGranted",
                     {{"person", book.manager_id.hex()}, {"role", "mash-manager"}, {"from", "2018-05-22"}}}});
            record(
                manager, stream,
                {{"contactReceived", {{"channel", "telephone"}, {"referrer", "school"}, {"children", {child.hex()}}}}},
                {tools::word_about(child, "request", "Help, please.")});
            auto disclosed =
                record(governor, stream, {{"recordDisclosed", {{"purpose", "inspection"}, {"words", "all"}}}});
            auto writer = ledger::BundleWriter::open(*open, disclosed).value();
            std::string bundle;
            while (writer->next(bundle).value()) {
            }
            keep(path("case.bundle"), bundle);
            auto receipt = ledger::make_receipt(*open, 5).value();
            keep(path("receipt.json"), boost::json::serialize(ledger::to_json(receipt)));
            keep(path("proof"), ledger::proof_file_of(receipt).value().text());
            keep(path("entry"), receipt.entry);
        }
        note = open->published()->checkpoint;
        origin = open->origin();
        keep(path("now.note"), note);
        keep(path("policy"),
             "log " + ledger::verifier_key(origin, book.checkpoint_key) + "\nwitness w1 " +
                 ledger::VerifierKey{"w1.example", ledger::KeyType::cosignature, witness.public_key()}.text() +
                 "\nquorum w1\n");
    }
    std::string path(const std::string& name) const { return book.folder.path(name); }
    Ended run(const std::string& arguments) const {
        return tools_test::run(book.folder, arguments, "", "caseledger-verify");
    }
    std::string cosigned(uint64_t time) const {
        auto parsed = ledger::parse_note(note).value();
        parsed.signatures.push_back(ledger::cosign(parsed.text, "w1.example", witness, time));
        return parsed.str();
    }
    // In the middle of the file, or of what stands there after `mark`.
    void flip(const std::string& name, const std::string& mark = "") const {
        auto content = ledger::read_file(path(name), 1 << 22).value();
        auto at = mark.empty() ? content.size() / 2 : content.find(mark) + mark.size() + 40;
        ASSERT_LT(at, content.size());
        content[at] = content[at] == 'A' ? 'B' : 'A';
        keep(path(name), content);
    }
};

using Verifier = Audited;

#ifdef CASELEDGER_VERIFIER_IS_STATIC
TEST_F(Verifier, IsOneStaticProgramWithNothingInItThatRecordsOrConnects) {
    auto program = tools_test::program("caseledger-verify");
    EXPECT_EQ(std::system(("ldd " + program + " 2>&1 | grep -q 'not a dynamic executable'").c_str()), 0);
    for (auto* part : {"server::", "commands::Sequencer::", "ledger::Ledger::commit", "boost::asio", "projections::"})
        EXPECT_NE(std::system(("nm -C " + program + " | grep -q '" + std::string(part) + "'").c_str()), 0) << part;
}
#endif

TEST_F(Verifier, KnowsByLookingWhatItIsGiven) {
    for (auto [what, subject] : {std::pair{"ledger", "ledger"},
                                 {"case.bundle", "bundle"},
                                 {"receipt.json", "receipt"},
                                 {"proof --entry entry", "proof"}}) {
        auto ended = run(what + key + "--json");
        EXPECT_EQ(ended.exit, 0) << what << ": " << ended.out << ended.talk;
        auto told = last_line(ended);
        EXPECT_EQ(told.at("subject").as_string(), subject);
        EXPECT_TRUE(told.at("holds").as_bool());
        EXPECT_FALSE(told.at("notChecked").as_array().empty());
        auto same = tools_test::run(book.folder, std::string("verify ") + what + key + "--json");
        EXPECT_EQ(last_line(same).at("findings"), told.at("findings"));
    }
    ASSERT_EQ(tools_test::run(book.folder, "tiles --data ledger --entries tiles").exit, 0);
    EXPECT_EQ(last_line(run("tiles" + key + "--json")).at("subject").as_string(), "tiles");
    EXPECT_EQ(run("nothing").exit, 4);
    EXPECT_EQ(run("policy" + key).exit, 3);
    EXPECT_EQ(run("receipt.json").exit, 2);
    EXPECT_EQ(run("case.bundle --at 3").exit, 2);
}

TEST_F(Verifier, SaysOfABundleWhoseRecordItIsAndWhatWasLeftOut) {
    auto told = last_line(run("case.bundle --json"));
    EXPECT_EQ(told.at("stream").as_string(), boost::json::string(stream.hex()));
    EXPECT_EQ(told.at("wordsOpened").to_number<int>(), 3);  // about the child, and the names of two who signed
    EXPECT_EQ(told.at("disclosure").to_number<int>(), 9);
    EXPECT_EQ(told.at("entries").to_number<int>(), 10);
    EXPECT_FALSE(told.at("trustedKey").as_bool());
    EXPECT_NE(run("case.bundle").out.find("complete as of entry 9"), std::string::npos);
    EXPECT_EQ(run("case.bundle --key " + book.manager.public_key().hex()).exit, 3);
}

TEST_F(Verifier, FindsAChangedByteWhereverItIsAndEndsWith3) {
    flip("case.bundle", "\"position\":8,\"entry\":\"");
    flip("receipt.json", "\"entry\":\"");
    flip("entry");
    ASSERT_EQ(tools_test::run(book.folder, "tiles --data ledger tiles").exit, 0);
    flip("tiles/tile/0/000.p/10");
    for (auto* what : {"case.bundle", "receipt.json", "proof --entry entry", "tiles"}) {
        auto ended = run(what + key);
        EXPECT_EQ(ended.exit, 3) << what << ": " << ended.out << ended.talk;
        EXPECT_NE(ended.out.find("VERIFICATION FAILED"), std::string::npos) << what;
    }
    book.slip_in({{"teamFormed", {{"team", "north"}, {"kind", "pod"}, {"name", "Another"}}}},
                 schema::reserved_stream(schema::directory_stream_number));
    EXPECT_EQ(run("ledger" + key).exit, 3);
}

TEST_F(Verifier, GoesOnFromTheCheckpointItSaved) {
    auto nothing = run("ledger" + key + "--save last.note");
    EXPECT_EQ(nothing.exit, 2) << "no signed checkpoint is at hand";
    EXPECT_NE(nothing.talk.find("give --checkpoint"), nothing.talk.npos) << nothing.talk;
    EXPECT_EQ(nothing.out, "") << "it is known before anything is verified";
    ASSERT_EQ(run("ledger" + key + "--checkpoint now.note --save last.note").exit, 0);
    EXPECT_EQ(ledger::read_file(path("last.note"), 1 << 16).value(), note);
    book.slip_in({{"teamFormed", {{"team", "south"}, {"kind", "pod"}, {"name", "South"}}}},
                 schema::reserved_stream(schema::directory_stream_number));
    auto told = last_line(run("ledger" + key + "--since last.note --save last.note --json"));
    EXPECT_TRUE(told.at("holds").as_bool());
    EXPECT_EQ(told.at("onTrust").to_number<int>(), 10);
    EXPECT_EQ(told.at("notRead").to_number<int>(), 10);
    EXPECT_TRUE(told.at("fromStart").is_null());
    EXPECT_EQ(told.at("decided").to_number<int>(), 1);
    EXPECT_EQ(told.at("signatures").to_number<int>(), 1);
    told = last_line(run("ledger" + key + "--since last.note --from-start --json"));
    EXPECT_EQ(told.at("notRead").to_number<int>(), 0);
    EXPECT_EQ(told.at("onTrust").to_number<int>(), 10);
    EXPECT_EQ(run("ledger --since last.note").exit, 2) << "a checkpoint without a key says nothing";
    EXPECT_EQ(run("ledger --since last.note --key " + book.manager.public_key().hex()).exit, 3);
    flip("last.note");
    EXPECT_EQ(run("ledger" + key + "--since last.note").exit, 3);
}

TEST_F(Verifier, ReadsFromTheStartWhereNothingWasKeptBesideTheCheckpointAndSaysSo) {
    ASSERT_EQ(run("ledger" + key + "--checkpoint now.note --save last.note").exit, 0);
    EXPECT_TRUE(std::filesystem::exists(path("last.note.state/checkpoint")));
    EXPECT_EQ(std::filesystem::status(path("last.note.state")).permissions(), std::filesystem::perms::owner_all);
    std::filesystem::rename(path("last.note"), path("moved.note"));
    auto ended = run("ledger" + key + "--since moved.note --save moved.note");
    EXPECT_EQ(ended.exit, 0) << ended.out << ended.talk;
    EXPECT_NE(ended.out.find("Read from the start"), std::string::npos) << ended.out;
    EXPECT_NE(ended.out.find("moved.note.state"), std::string::npos) << ended.out;
    ended = run("ledger" + key + "--since moved.note --save moved.note");
    EXPECT_EQ(ended.out.find("Read from the start"), std::string::npos) << "it was kept that time";
    EXPECT_NE(ended.out.find("none was read again but"), std::string::npos) << ended.out;
    for (auto* left : {"moved.note.new", "moved.note.state.new", "moved.note.state.old"})
        EXPECT_FALSE(std::filesystem::exists(path(left))) << left;

    flip("moved.note.state/checkpoint");
    ended = run("ledger" + key + "--since moved.note");
    EXPECT_EQ(ended.exit, 0);
    EXPECT_NE(ended.out.find("it is of another checkpoint"), std::string::npos) << ended.out;
}

TEST_F(Verifier, KeepsNothingOfALedgerThatDoesNotHoldAndTakesNobodysFolder) {
    std::filesystem::create_directories(path("mine.note.state/papers"));
    auto ended = run("ledger" + key + "--checkpoint now.note --save mine.note");
    EXPECT_EQ(ended.exit, 5) << ended.talk;
    EXPECT_TRUE(std::filesystem::exists(path("mine.note.state/papers")));
    EXPECT_FALSE(std::filesystem::exists(path("mine.note")));

    ASSERT_EQ(run("ledger" + key + "--checkpoint now.note --save last.note").exit, 0);
    book.slip_in({{"teamFormed", {{"team", "north"}, {"kind", "pod"}, {"name", "Another"}}}},
                 schema::reserved_stream(schema::directory_stream_number));
    ended = run("ledger" + key + "--since last.note --save last.note");
    EXPECT_EQ(ended.exit, 3);
    EXPECT_NE(ended.out.find("name_taken"), std::string::npos) << ended.out;
    EXPECT_FALSE(std::filesystem::exists(path("last.note.state.new")));
    EXPECT_EQ(run("ledger" + key + "--since last.note").exit, 3) << "what was kept before is there still";
}

TEST_F(Verifier, SpeaksOfTheBookAsItWas) {
    auto told = last_line(run("ledger" + key + "--at 6 --json"));
    EXPECT_EQ(told.at("entries").to_number<int>(), 7);
    EXPECT_EQ(told.at("later").to_number<int>(), 3);
    EXPECT_EQ(last_line(run("ledger --at 2018-05-22 --json")).at("entries").to_number<int>(), 10);
    EXPECT_EQ(run("ledger --at 2018-05-21").exit, 4);
    EXPECT_EQ(run("ledger --at 10").exit, 4);
    EXPECT_EQ(run("ledger --at yesterday").exit, 2);
}

TEST_F(Verifier, SaysWhoWitnessedAndWhenAndAsksForItWhereItIsWanted) {
    constexpr uint64_t then = 1'600'000'000;
    EXPECT_EQ(last_line(run("receipt.json --policy policy --json")).at("standing").at("state").as_string(), "included");
    EXPECT_EQ(run("receipt.json --policy policy --witnessed").exit, 3);
    {
        auto evidence = ledger::Evidence::open(book.path()).value();
        ASSERT_TRUE(evidence->put_cosigned(10, cosigned(then)));
    }
    auto ended = run("ledger --policy policy --witnessed --brackets --json");
    EXPECT_EQ(ended.exit, 0) << ended.talk;
    EXPECT_EQ(std::count(ended.out.begin(), ended.out.end(), '\n'), 11) << "a line for each entry, and the report";
    auto told = last_line(ended);
    EXPECT_EQ(told.at("standing").at("state").as_string(), "witnessed");
    EXPECT_EQ(told.at("standing").at("cosigned").at(0).at("witness").as_string(), "w1");
    EXPECT_EQ(told.at("times").at("notAfter").to_number<int>(), 10);
    EXPECT_EQ(told.at("times").at("recordedLaterThanProven").to_number<int>(), 0);
    EXPECT_EQ(run("ledger --policy policy --not-before 2020-01-01").exit, 0);
    EXPECT_EQ(run("ledger --policy policy --not-before 2021-01-01").exit, 3);
    EXPECT_EQ(run("ledger --policy policy --max-age 7d").exit, 3);
    EXPECT_EQ(run("ledger --witnessed").exit, 2);
}

TEST_F(Verifier, FindsThatTheLedgerShowedOthersAnotherPast) {
    auto signer = ledger::SigningKey::load(book.path() + "/secrets/checkpoint.key").value();
    {
        auto evidence = ledger::Evidence::open(book.path()).value();
        ASSERT_TRUE(evidence->put_cosigned(8, ledger::Checkpoint{origin, 8, ledger::sha256({})}.sign(signer)));
    }
    auto ended = run("ledger" + key + "--json");
    EXPECT_EQ(ended.exit, 3);
    EXPECT_EQ(last_line(ended).at("findings").at(0).at("field").as_string(), "evidence");
}

}  // namespace
