#include <fmt/format.h>

#include <filesystem>

#include "ledger/tile_check.h"
#include "tools/verify_file.h"

namespace tools {

schema::Result<Account> verify_tiles(const std::string& folder, const Believed& believed, const Going& progress) {
    auto text = ledger::read_file(folder + "/checkpoint", 256 * 1024);
    if (!text) return tl::unexpected(text.error());
    Account account;
    account.subject = "tiles";
    account.by_entry = false;
    account.about.push_back(folder);
    auto note = ledger::parse_note(*text);
    auto said = note ? ledger::parse_checkpoint(note->text) : tl::unexpected(note.error());
    auto keys = said ? believed.keys_for(said->origin) : std::vector<ledger::VerifierKey>();
    auto signed_by = said ? ledger::open_checkpoint(*note, keys) : said;
    if (!signed_by) {
        account.find(0, "checkpoint", signed_by.error().text());
        return account;
    }
    std::error_code error;
    ledger::TileOptions options;
    options.entries = std::filesystem::exists(folder + "/tile/entries", error);
    options.progress = progress;
    auto report = ledger::check_tiles(folder, keys, options);
    if (!report) return tl::unexpected(report.error());
    for (auto& finding : report->findings) account.find(0, finding.path, finding.what);
    auto& checkpoint = report->checkpoint;
    account.about = {
        fmt::format("Tiles of {}, {} entries, root {}", checkpoint.origin, checkpoint.size, checkpoint.root.hex())};
    account.checked.push_back(fmt::format("{} tiles follow from the checkpoint's root", report->tiles));
    if (options.entries)
        account.checked.push_back(fmt::format("{} entries are the leaves that they should be", report->entries));
    else account.not_checked.push_back({"entries", "the entries: these tiles hold hashes alone"});
    account.not_checked.push_back({"rules", "signatures of people and rules: that needs the book or a bundle"});
    account.facts["origin"] = checkpoint.origin;
    account.facts["size"] = checkpoint.size;
    account.facts["root"] = checkpoint.root.hex();
    account.facts["tiles"] = report->tiles;
    account.facts["entries"] = report->entries;
    account.stand(*text, believed);
    return account;
}

}  // namespace tools
