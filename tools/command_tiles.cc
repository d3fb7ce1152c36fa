// caseledger tiles: a book's tree as a folder of tiles and a checkpoint, for any web server to hand out.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "ledger/ledger.h"
#include "ledger/tile_export.h"
#include "tools/desk.h"
#include "tools/verify.h"

namespace tools {
namespace {

constexpr size_t note_limit = 256 * 1024;

struct TilesChoice {
    std::string folder, out, checkpoint;
    bool entries = false;
};

Attempt<> tiles(const Desk& desk, const TilesChoice& choice) {
    if (choice.folder.empty()) return usage("give --data FOLDER");
    std::error_code error;
    if (!std::filesystem::exists(choice.folder + "/book", error))
        return tl::unexpected(Failure(Exit::not_found, choice.folder + " holds no ledger"));
    // The mark first: the book only grows, so what it says is there when the book is opened.
    auto mark = ledger::read_mark(choice.folder + "/mark");
    if (!mark) return tl::unexpected(mark.error());
    auto log = open_read_only(choice.folder + "/book");
    if (!log) return tl::unexpected(log.error());
    auto note = choice.checkpoint.empty() ? ledger::checkpoint_at(*mark, choice.folder, **log)
                                          : ledger::read_file(choice.checkpoint, note_limit);
    if (!note) return tl::unexpected(note.error());

    Progress progress(desk.talk, "writing tiles", desk.quiet);
    ledger::TileExportOptions options;
    options.entries = choice.entries;
    options.progress = [&](uint64_t done, uint64_t of) { progress.at(done, of); };
    auto done = ledger::export_tiles(**log, *note, choice.out, options);
    progress.done();
    if (!done) return tl::unexpected(done.error());
    if (desk.json) {
        desk.put(boost::json::object{
            {"size", done->size}, {"written", done->written}, {"kept", done->kept}, {"tooLong", done->too_long}});
        return {};
    }
    fmt::print("{} entries under the checkpoint in {}: {} files written, {} kept.\n", done->size, choice.out,
               done->written, done->kept);
    if (done->too_long)
        fmt::print("{} bundles are left out: an entry in them has more than the 65,535 bytes a bundle can hold.\n",
                   done->too_long);
    return {};
}

}  // namespace

void add_tiles(CLI::App& app, Desk& desk) {
    auto choice = std::make_shared<TilesChoice>();
    auto* command = app.add_subcommand("tiles", "Write the ledger's tree as tiles that any web server can hand out");
    command->add_option("OUT", choice->out, "Folder for checkpoint and tile/; what is there is kept")->required();
    command->add_option("--data", choice->folder, "Folder of the ledger")
        ->envname("CASELEDGER_DATA")
        ->type_name("FOLDER");
    command
        ->add_option("--checkpoint", choice->checkpoint,
                     "A checkpoint that was kept, such as one that witnesses cosigned [the newest, signed here]")
        ->type_name("FILE");
    command->add_flag("--entries", choice->entries,
                      "The entries, too: what was recorded of everybody, though not the words; not for the public");
    command->footer(
        R"(C2SP tlog-tiles. Tiles and checkpoint hold no record of anybody. Reads only, and works while a service
writes to the folder; run again it writes what came since. Ends with 5 when OUT holds another log's tiles.

Example:
  caseledger tiles --data ledger /srv/www/log)");
    works(*command, desk, [&desk, choice] { return tiles(desk, *choice); });
}

}  // namespace tools
