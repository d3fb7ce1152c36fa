#include "folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "ledger/rocks_log.h"

namespace tools_test {
namespace {

namespace fs = std::filesystem;
using schema::as_bytes;

std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream all;
    all << file.rdbuf();
    return all.str();
}

}  // namespace

Folder::Folder()
    : folder_(fs::temp_directory_path() / ("caseledger-desk-" + schema::to_hex(as_bytes(ledger::random_bytes(6))))) {
    fs::create_directory(folder_);
}

Folder::~Folder() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

Book::Book() {
    at = *schema::parse_time("2018-05-22T09:00");
    tools::Founding founding{
        path(), "Eastmere Council", "ledger.eastmere.example/test", "BEX-2018", "A. Governor", true, at};
    auto founded = tools::found(founding, governor);
    if (!founded) throw std::runtime_error(founded.error().message);
    governor_id = founded->governor;
    checkpoint_key = founded->checkpoint_key;

    auto book = ledger::Ledger::open(path());
    auto sequencer = commands::Sequencer::start(**book, [this] { return at; });
    tools::Recorder recorder(**book, **sequencer);
    tools::Signer by{governor_id, governor, std::string(ledger::governor_role), ""};
    auto directory = schema::reserved_stream(schema::directory_stream_number);
    auto record = [&](boost::json::object fact, std::vector<ledger::Word> words = {}) {
        auto done = recorder.record(by, directory, {{"fact", std::move(fact)}}, std::move(words), at);
        if (!done) throw std::runtime_error(done.error().message + " " + done.error().detail);
    };
    record({{"teamFormed", {{"team", "north"}, {"kind", "team"}, {"name", "North team"}}}});
    record({{"personRegistered", {{"person", manager_id.hex()}}}},
           {tools::word_about(schema::SubjectId::of(as_bytes(manager_id.view())), "name", "T. Manager")});
    auto proof = manager.sign(ledger::key_context, as_bytes(ledger::possession_message((*book)->origin(), manager_id)));
    record({{"keyEnrolled",
             {{"person", manager_id.hex()},
              {"publicKey", manager.public_key().hex()},
              {"proofOfPossession", proof.hex()},
              {"custody", "software"}}}});
    record({{"roleGranted", {{"person", manager_id.hex()}, {"role", "duty-manager"}, {"from", "2018-05-22"}}}});
}

void Book::slip_in(boost::json::object fact, const schema::StreamId& stream, std::vector<ledger::Word> words) {
    auto book = *ledger::Ledger::open(path());
    auto published = book->published();
    ledger::DraftContext context{book->origin(),
                                 governor_id,
                                 governor.id(),
                                 std::string(ledger::governor_role),
                                 "",
                                 stream,
                                 *book->published_head(stream),
                                 published->head.size,
                                 published->head.root,
                                 at};
    auto draft = ledger::draft(context, {{"fact", std::move(fact)}}, std::move(words));
    if (!draft) throw std::runtime_error(draft.error().text());
    auto signature = governor.sign(ledger::event_context, as_bytes(draft->event));
    auto event = schema::decode_event(as_bytes(draft->event));
    std::string sealed;
    if (!draft->words.empty()) sealed = *ledger::seal(draft->words, draft->id, book->next_position(), book->keys());
    book->place(event->event, std::vector{signature}, std::move(sealed), at);
    if (auto done = book->commit(); !done) throw std::runtime_error(done.error().text());
}

AlteredLog::AlteredLog(const std::string& folder) {
    auto log = *ledger::open_rocks_log(folder + "/book", "", {nullptr, false, true, true});
    auto size = log->head().size;
    root = log->head().root;
    for (uint64_t i = 0; i < size; ++i) records.push_back({*log->entry(i), *log->words(i)});
}

schema::Result<void> AlteredLog::append(const ledger::LogHead&, std::span<const ledger::Record>,
                                        const ledger::Digest&) {
    return schema::fail(schema::Fault::io, "this log is not for writing");
}

schema::Result<void> AlteredLog::read(uint64_t from, uint64_t to, const Take& take) const {
    for (uint64_t i = from; i < std::min<uint64_t>(to, records.size()); ++i)
        if (!take(i, as_bytes(records[i].entry))) break;
    return {};
}

std::string program(const std::string& name) {
    auto path = fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "tools" / name;
    EXPECT_TRUE(fs::exists(path)) << path << " has not been built";
    return path.string();
}

Ended run(const Folder& folder, const std::string& arguments, const std::string& input, const std::string& name) {
    auto in = folder.path("stdin"), out = folder.path("stdout"), talk = folder.path("stderr");
    std::ofstream(in) << input;
    auto line = "cd " + folder.path() + " && env -i PATH=/usr/bin:/bin " + program(name) + " " + arguments + " <" + in +
                " >" + out + " 2>" + talk;
    int status = std::system(line.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content(out), content(talk)};
}

}  // namespace tools_test
