#include "ledger/key_backup.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <set>

#include "ledger/digest.h"
#include "ledger/keys.h"
#include "ledger/wiping.h"
#include "ledger/words.h"
#include "schema/big_endian.h"

namespace ledger {
namespace {

namespace fs = std::filesystem;
using schema::fail;
using schema::Fault;

constexpr std::string_view magic = "clkeys1\n";
constexpr size_t limit = size_t{1} << 31, covered = 8 + 8 + 8;

std::string two_bytes(size_t size) { return {static_cast<char>(size >> 8), static_cast<char>(size & 0xff)}; }

// The next string with its length before it; false when there is none.
bool take_string(std::string_view& rest, std::string& text) {
    if (rest.size() < 2) return false;
    size_t size = static_cast<size_t>(static_cast<uint8_t>(rest[0])) << 8 | static_cast<uint8_t>(rest[1]);
    if (rest.size() < 2 + size) return false;
    text = rest.substr(2, size);
    rest.remove_prefix(2 + size);
    return true;
}

std::string name_of(uint64_t number, const KeyRows& rows) {
    char name[64];
    std::snprintf(name, sizeof name, "keys-%06llu-%s.backup", static_cast<unsigned long long>(number),
                  rows.at(made_row).c_str());
    return name;
}

// Whole or not at all, and readable by its owner alone.
schema::Result<void> write_backup(const std::string& path, const KeyBackup& backup) {
    auto part = path + ".part";
    TRY(wipe_file(part));
    TRY(write_secret(part, key_backup_bytes(backup)));
    auto again = load_key_backup(part);
    if (!again) return tl::unexpected(again.error());
    if (again->rows != backup.rows) return fail(Fault::io, path, "holds other bytes than were written");
    return replace_file(part, path);
}

std::unordered_map<SubjectId, uint64_t> newest_of(std::span<const Erasure> erasures) {
    std::unordered_map<SubjectId, uint64_t> newest;
    for (auto& erasure : erasures) {
        auto& position = newest[erasure.subject];
        position = std::max(position, erasure.position);
    }
    return newest;
}

}  // namespace

std::string key_backup_bytes(const KeyBackup& backup) {
    std::string bytes(magic);
    bytes += schema::big_endian(static_cast<uint64_t>(schema::milliseconds(backup.taken)));
    bytes += schema::big_endian(backup.rows.size());
    for (auto& [name, value] : backup.rows) {
        bytes += two_bytes(name.size()) + name;
        bytes += two_bytes(value.size()) + value;
    }
    return bytes + std::string(sha256(schema::as_bytes(bytes)).view());
}

schema::Result<KeyBackup> read_key_backup(schema::Bytes bytes, const std::string& name) {
    auto text = schema::as_text(bytes);
    auto broken = [&](const char* why) { return fail(Fault::corrupt, name, why); };
    if (text.size() < covered + 32 || text.substr(0, magic.size()) != magic)
        return broken("is not a backup of keys, or not a whole one");
    auto body = text.substr(0, text.size() - 32);
    if (sha256(schema::as_bytes(body)).view() != text.substr(body.size())) return broken("has a wrong checksum");
    auto taken = static_cast<int64_t>(schema::from_big_endian(body.substr(8)));
    KeyBackup backup{schema::time_of(taken), {}};
    if (!schema::is_plausible(backup.taken)) return broken("was not taken between 1900 and 2200");
    uint64_t rows = schema::from_big_endian(body.substr(16));
    std::string row, value, last;
    for (body.remove_prefix(covered); !body.empty(); last = row) {
        if (!take_string(body, row) || !take_string(body, value) || row.empty() || row <= last)
            return broken("has rows that cannot be read");
        if (subject_of(row) && !KeyRow::read(value)) return broken("has the row of a subject's key that is not one");
        if (!named_entry_of(row).empty() && (value.empty() || value.size() % (token_size * tokens_together) != 0))
            return broken("has the row of a name's tokens that is not one");
        backup.rows.emplace(row, value);
    }
    if (backup.rows.size() != rows) return broken("does not hold as many rows as it says");
    if (auto counts = count_keys(backup.rows, {}, name); !counts) return tl::unexpected(counts.error());
    return backup;
}

schema::Result<KeyBackup> load_key_backup(const std::string& path) {
    std::error_code error;
    auto size = fs::file_size(path, error);
    if (error) return fail(Fault::not_found, path, "cannot be opened: " + error.message());
    auto bytes = read_file(path, std::min<size_t>(size, limit));
    if (!bytes) return tl::unexpected(bytes.error());
    return read_key_backup(schema::as_bytes(*bytes), path);
}

schema::Result<std::vector<KeyBackupFile>> key_backups_in(const std::string& folder) {
    std::vector<KeyBackupFile> files;
    std::error_code error;
    for (auto it = fs::directory_iterator(folder, error); !error && it != fs::directory_iterator();
         it.increment(error)) {
        unsigned long long number = 0;
        std::string name = it->path().filename();
        if (std::sscanf(name.c_str(), "keys-%llu-", &number) == 1 && name.ends_with(".backup"))
            files.push_back({it->path(), number});
    }
    if (error) return fail(Fault::not_found, folder, "cannot be read: " + error.message());
    std::sort(files.begin(), files.end(), [](auto& a, auto& b) { return a.number < b.number; });
    return files;
}

schema::Result<std::string> back_up_keys(KeyStore& keys, const std::string& folder, size_t keep, schema::Time now) {
    std::error_code error;
    if (fs::create_directories(folder, error)) fs::permissions(folder, fs::perms::owner_all, error);
    if (error) return fail(Fault::io, folder, "cannot be made: " + error.message());
    auto files = key_backups_in(folder);
    if (!files) return tl::unexpected(files.error());
    auto rows = keys.rows();
    if (!rows) return tl::unexpected(rows.error());
    std::erase_if(*rows, [](auto& row) { return row.first.starts_with(trace_prefix); });
    for (auto& file : *files)
        if (auto other = load_key_backup(file.path); other && other->rows.at(store_row) != rows->at(store_row))
            return fail(Fault::conflict, folder, "holds backups of another ledger's keys; give each its own folder");
    // What a backup that was broken off left is no backup, and must not stay.
    for (auto it = fs::directory_iterator(folder, error); !error && it != fs::directory_iterator(); it.increment(error))
        if (it->path().extension() == ".part" || it->path().extension() == ".old") TRY(wipe_file(it->path()));

    uint64_t number = files->empty() ? 1 : files->back().number + 1;
    auto path = folder + "/" + name_of(number, *rows);
    TRY(write_backup(path, {now, *std::move(rows)}));
    if (keep)
        for (size_t i = 0; i + keep < files->size() + 1; ++i) TRY(wipe_file((*files)[i].path));
    return path;
}

std::vector<Erasure> erasures_in(const KeyRows& rows) {
    std::vector<Erasure> erasures;
    for (auto& [name, value] : rows)
        if (auto subject = erased_subject_of(name); subject && value.size() == 8)
            erasures.push_back({*subject, schema::from_big_endian(value)});
    return erasures;
}

uint64_t count_erased(const KeyRows& rows, std::span<const Erasure> erasures) {
    auto without = rows;
    return take_out(without, erasures);
}

uint64_t take_out(KeyRows& rows, std::span<const Erasure> erasures) {
    uint64_t count = 0;
    for (auto& [subject, position] : newest_of(erasures)) {
        auto stored = rows.find(row_of(subject));
        if (stored == rows.end()) continue;
        auto row = KeyRow::read(stored->second);
        if (!row || row->made >= position) continue;
        rows.erase(stored);
        auto names = name_rows_of(subject);
        for (auto it = rows.lower_bound(names); it != rows.end() && it->first.starts_with(names);) it = rows.erase(it);
        rows[erased_row_of(subject)] = schema::big_endian(position);
        ++count;
    }
    auto& destroyed = rows[destroyed_row];
    destroyed = std::to_string(std::strtoull(destroyed.c_str(), nullptr, 10) + count);
    return count;
}

schema::Result<uint64_t> purge_key_backup(const std::string& path, std::span<const Erasure> erasures) {
    auto backup = load_key_backup(path);
    if (!backup) return tl::unexpected(backup.error());
    auto count = take_out(backup->rows, erasures);
    if (count) TRY(write_backup(path, *backup));
    return count;
}

schema::Result<KeyLoss> loss_with(const KeyRows& rows, const Log& book, std::span<const Erasure> erasures) {
    auto known = erasures_in(rows);
    known.insert(known.end(), erasures.begin(), erasures.end());
    auto erased = newest_of(known);
    KeyLoss loss;
    std::set<SubjectId> subjects;
    uint64_t size = book.head().size;
    auto all_words = book.walk_words();
    for (uint64_t position = 0; position < size; ++position) {
        auto sealed = all_words->at(position);
        if (!sealed) return tl::unexpected(sealed.error());
        if (sealed->empty()) continue;
        auto words = sealed_parts(schema::as_bytes(*sealed));
        if (!words) return tl::unexpected(words.error());
        for (auto& word : *words) {
            bool readable = false, lost = false;
            for (auto& subject : word.subjects) {
                auto stored = rows.find(row_of(subject));
                auto row = stored == rows.end() ? std::nullopt : KeyRow::read(stored->second);
                auto destroyed = erased.find(subject);
                if (row && row->made <= position) {
                    readable = true;
                } else if (destroyed == erased.end() || destroyed->second <= position) {
                    lost = true;
                    subjects.insert(subject);
                }
            }
            loss.words += lost && !readable;
        }
    }
    loss.subjects = subjects.size();
    return loss;
}

}  // namespace ledger
