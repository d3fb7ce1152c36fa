// caseledger keys: the store of the keys that words about people are sealed under: backups, restoring, another master
// key. Works on the folder itself, for whoever keeps the machine; no server is asked.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "ledger/key_restore.h"
#include "ledger/master_key.h"
#include "server/wall_clock.h"
#include "tools/desk.h"
#include "tools/table.h"

namespace tools {
namespace {

struct KeysChoice {
    std::string data, to, from, in;
    size_t keep = 0;
    bool replace = false, accept_loss = false, purge = false;
};

std::string counted(uint64_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

Attempt<> back_up(const Desk& desk, const KeysChoice& choice) {
    auto keys = ledger::open_keys_read_only(choice.data);
    if (!keys) return tl::unexpected(keys.error());
    if (!*keys) return tl::unexpected(Failure(Exit::not_found, choice.data + " holds no keys"));
    auto path = ledger::back_up_keys(**keys, choice.to, choice.keep, server::wall_time());
    if (!path) return tl::unexpected(path.error());
    auto kept = ledger::key_backups_in(choice.to);
    if (!kept) return tl::unexpected(kept.error());
    if (desk.json) desk.put({{"backup", *path}, {"kept", kept->size()}});
    else fmt::print("{}\n{} kept in {}.\n", *path, counted(kept->size(), "backup"), choice.to);
    desk.say("It opens under the master key of now: keep secrets/master.key apart from it.");
    return {};
}

// One line of the list.
struct Listed {
    std::string path, broken;  // broken: why it cannot be read
    std::string taken;
    uint64_t made = 0, living = 0, erased = 0;
    bool opens = false;
};

schema::Result<Listed> look_at(const std::string& path, const std::string& data,
                               std::span<const ledger::Erasure> erasures) {
    Listed listed{path, {}, {}};
    auto backup = ledger::load_key_backup(path);
    if (!backup) {
        listed.broken = backup.error().message;
        return listed;
    }
    auto counts = ledger::count_keys(backup->rows, {}, path);
    auto opens = ledger::is_under_master_key(data, backup->rows);
    if (!counts || !opens) return tl::unexpected(counts ? opens.error() : counts.error());
    listed.taken = schema::iso(backup->taken);
    listed.made = counts->made;
    listed.living = counts->living;
    listed.erased = ledger::count_erased(backup->rows, erasures);
    listed.opens = *opens;
    return listed;
}

void print_list(const Desk& desk, const std::vector<Listed>& all, bool purged) {
    Table table({{"Backup", Table::left},
                 {"Taken", Table::left},
                 {"Keys", Table::right},
                 {"Ever made", Table::right},
                 {purged ? "Taken out" : "Of erased people", Table::right},
                 {"Remark", Table::left, true}});
    for (auto& one : all) {
        auto remark = !one.broken.empty() ? one.broken : one.opens ? "" : "under another master key";
        auto number = [&](uint64_t n) { return one.broken.empty() ? std::to_string(n) : std::string("?"); };
        table.row({one.path.substr(one.path.rfind('/') + 1), one.taken, number(one.living), number(one.made),
                   number(one.erased), remark});
    }
    fmt::print("{}", table.text(desk.out));
}

Attempt<> list(const Desk& desk, const KeysChoice& choice) {
    auto erasures = ledger::erasures_of(choice.data);
    if (!erasures) return tl::unexpected(erasures.error());
    auto files = ledger::key_backups_in(choice.in);
    if (!files) return tl::unexpected(files.error());
    std::vector<Listed> all;
    boost::json::array told;
    for (auto& file : *files) {
        auto one = look_at(file.path, choice.data, *erasures);
        if (!one) return tl::unexpected(one.error());
        if (choice.purge && one->erased) {
            auto purged = ledger::purge_key_backup(file.path, *erasures);
            if (!purged) return tl::unexpected(purged.error());
            one->living -= *purged;
        }
        boost::json::object object{{"backup", one->path}, {"whole", one->broken.empty()}};
        if (one->broken.empty()) {
            object["taken"] = one->taken;
            object["keys"] = one->living;
            object["made"] = one->made;
            object[choice.purge ? "takenOut" : "ofErased"] = one->erased;
            object["opens"] = one->opens;
        }
        told.push_back(std::move(object));
        all.push_back(*std::move(one));
    }
    if (desk.json) desk.put(told);
    else if (all.empty()) fmt::print("No backups of keys in {}.\n", choice.in);
    else print_list(desk, all, choice.purge);
    uint64_t erased = 0;
    for (auto& one : all) erased += one.erased;
    if (erased && !choice.purge)
        desk.say("These still hold keys that were erased, until they roll off; --purge-erased takes them out now.");
    return {};
}

Attempt<> restore(const Desk& desk, const KeysChoice& choice) {
    auto done = ledger::restore_keys({choice.data, choice.from, choice.replace, choice.accept_loss});
    if (!done) {
        Failure failure(done.error());
        if (done.error().fault == schema::Fault::conflict)
            failure.advice = done.error().field.ends_with("/keys")
                                 ? "To put the backup in its place all the same: --replace"
                                 : "Where there is no newer backup: --accept-loss";
        return tl::unexpected(failure);
    }
    if (desk.json) {
        desk.put({{"taken", schema::iso(done->taken)},
                  {"keys", done->living},
                  {"made", done->made},
                  {"erasedNotPutBack", done->taken_out},
                  {"keysLost", done->loss.keys},
                  {"subjectsWithLoss", done->loss.subjects},
                  {"wordsLost", done->loss.words}});
        return {};
    }
    fmt::print("{} put back, as of {}; {} had ever been made.\n", counted(done->living, "key"),
               schema::iso(done->taken), done->made);
    if (done->taken_out) fmt::print("{} of erased people not put back.\n", counted(done->taken_out, "key"));
    if (done->loss.keys)
        fmt::print("{} made after the backup lost: {} unreadable for ever, of {}.\n", counted(done->loss.keys, "key"),
                   counted(done->loss.words, "word"), counted(done->loss.subjects, "person"));
    desk.say("The erasures of the book are replayed over it when the ledger is opened, before anything is answered.");
    return {};
}

Attempt<> rotate(const Desk& desk, const KeysChoice& choice) {
    auto count = ledger::rotate_master_key(choice.data);
    if (!count) return tl::unexpected(count.error());
    if (desk.json) desk.put({{"keys", *count}});
    else fmt::print("{} wrapped under a new master key; the old one is wiped.\n", counted(*count, "key"));
    desk.say(
        "Backups of the keys from before open under no key any more: take a new one now, and copy secrets/master.key\n"
        "to where you keep it.");
    return {};
}

CLI::App* add(CLI::App& group, const char* name, const char* what, KeysChoice& choice) {
    auto* command = group.add_subcommand(name, what);
    command->add_option("--data", choice.data, "Folder of the ledger")
        ->required()
        ->type_name("FOLDER")
        ->envname("CASELEDGER_DATA");
    return command;
}

}  // namespace

void add_keys(CLI::App& app, Desk& desk) {
    auto* keys = app.add_subcommand("keys", "Back up and restore the keys of people's words; replace the master key");
    keys->require_subcommand(1);
    auto choice = std::make_shared<KeysChoice>();

    auto* backup = add(*keys, "backup", "Write a backup of the keys; the service may be running", *choice);
    backup->add_option("--to", choice->to, "Folder of this ledger's backups")->required()->type_name("DIR");
    backup->add_option("--keep", choice->keep, "Wipe all but the newest so many [all are kept]")
        ->type_name("N")
        ->check(CLI::Range(1, 100'000));
    backup->footer("Example:\n  caseledger keys backup --data ledger --to /backup/keys --keep 7");
    works(*backup, desk, [&desk, choice] { return back_up(desk, *choice); });

    auto* backups = add(*keys, "backups", "List backups, and which still hold keys of erased people", *choice);
    backups->add_option("--in", choice->in, "Folder of the backups")->required()->type_name("DIR");
    backups->add_flag("--purge-erased", choice->purge, "Write those anew without these keys, and wipe the old files");
    backups->footer("Example:\n  caseledger keys backups --data ledger --in /backup/keys --purge-erased");
    works(*backups, desk, [&desk, choice] { return list(desk, *choice); });

    auto* back = add(*keys, "restore", "Put a backup in the place of the keys; the service must be stopped", *choice);
    back->add_option("--from", choice->from, "The backup")->required()->type_name("FILE");
    back->add_flag("--replace", choice->replace, "Also where the folder's own keys are whole");
    back->add_flag("--accept-loss", choice->accept_loss, "Also where the book needs keys that the backup lacks");
    back->footer(R"(Changes nothing, and says what would be lost, where it ends with 5.

Example:
  caseledger keys restore --data ledger --from /backup/keys/keys-000012-340.backup)");
    works(*back, desk, [&desk, choice] { return restore(desk, *choice); });

    auto* master = add(*keys, "rotate-master", "Wrap every key under a new master key and wipe the old one", *choice);
    master->footer(
        R"(The service must be stopped. Broken off at any moment, the next start finishes it or leaves it undone.

Example:
  caseledger keys rotate-master --data ledger)");
    works(*master, desk, [&desk, choice] { return rotate(desk, *choice); });
}

}  // namespace tools
