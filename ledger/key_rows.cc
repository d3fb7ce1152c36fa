#include "ledger/key_rows.h"

#include <rocksdb/db.h>

#include <cstdlib>

#include "ledger/cipher.h"
#include "ledger/keys.h"
#include "schema/big_endian.h"

namespace ledger {
namespace {

using schema::fail;
using schema::Fault;

const std::string check_value(32, 'k');

std::optional<SubjectId> id_of(std::string_view bytes) {
    if (bytes.size() != 16) return std::nullopt;
    return SubjectId::of(schema::as_bytes(bytes));
}

}  // namespace

uint64_t number_in(const KeyRows& rows, const char* name) {
    auto row = rows.find(name);
    return row == rows.end() ? 0 : std::strtoull(row->second.c_str(), nullptr, 10);
}

std::string KeyRow::bytes() const { return schema::big_endian(made) + wrapped; }

std::optional<KeyRow> KeyRow::read(std::string_view bytes) {
    if (bytes.size() != 48) return std::nullopt;
    return KeyRow{schema::from_big_endian(bytes), std::string(bytes.substr(8))};
}

std::string row_of(const SubjectId& subject) { return std::string(subject.view()); }
std::string erased_row_of(const SubjectId& subject) { return std::string(erased_prefix) + row_of(subject); }
std::string name_rows_of(const SubjectId& subject) { return std::string(name_prefix) + row_of(subject); }
std::string name_row_of(const SubjectId& subject, uint64_t position) {
    return name_rows_of(subject) + schema::big_endian(position);
}
std::string_view named_entry_of(std::string_view row) {
    bool named = row.starts_with(name_prefix) && row.size() == name_prefix.size() + 16 + 8;
    return named ? row.substr(name_prefix.size()) : std::string_view{};
}

std::optional<SubjectId> subject_of(std::string_view row) { return id_of(row); }
std::optional<SubjectId> erased_subject_of(std::string_view row) {
    return row.starts_with(erased_prefix) ? id_of(row.substr(erased_prefix.size())) : std::nullopt;
}

KeyRows first_rows(const std::string& master_key) {
    return {{store_row, random_bytes(16)}, {check_row, wrap_key(master_key, check_value)},       {made_row, "0"},
            {destroyed_row, "0"},          {search_row, wrap_key(master_key, random_bytes(32))}, {names_row, "0"}};
}

bool is_under(const KeyRows& rows, const std::string& master_key) {
    auto check = rows.find(check_row);
    return check != rows.end() && unwrap_key(master_key, schema::as_bytes(check->second)) == check_value;
}

schema::Result<KeyCounts> count_keys(const KeyRows& rows, const std::string& master_key, const std::string& name) {
    for (auto* first : {store_row, check_row, made_row, destroyed_row})
        if (!rows.count(first))
            return fail(Fault::corrupt, name,
                        std::string("has lost its row \"") + first + "\"; restore it from its newest backup");
    if (!master_key.empty() && !is_under(rows, master_key))
        return fail(Fault::corrupt, name, "was made under another master key");
    KeyCounts counts{number_in(rows, made_row), number_in(rows, destroyed_row), number_in(rows, lost_row), 0};
    for (auto& row : rows) counts.living += subject_of(row.first).has_value();
    if (counts.living + counts.destroyed + counts.lost != counts.made)
        return fail(Fault::corrupt, name,
                    "has lost keys: " + std::to_string(counts.made) + " were made, " +
                        std::to_string(counts.destroyed) + " destroyed, " + std::to_string(counts.lost) +
                        " given up, and " + std::to_string(counts.living) +
                        " are there. Restore it from its newest backup");
    return counts;
}

schema::Result<KeyRows> read_rows(rocksdb::DB& db, const std::string& name) {
    KeyRows rows;
    rocksdb::ReadOptions options;
    options.fill_cache = false;
    std::unique_ptr<rocksdb::Iterator> it(db.NewIterator(options));
    for (it->SeekToFirst(); it->Valid(); it->Next()) rows[it->key().ToString()] = it->value().ToString();
    if (!it->status().ok())
        return fail(it->status().IsCorruption() ? Fault::corrupt : Fault::io, name,
                    "cannot be read: " + it->status().ToString());
    return rows;
}

}  // namespace ledger
