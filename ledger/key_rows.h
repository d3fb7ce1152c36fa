// The rows of the key store, in the store itself, in a backup of it and in memory, and what must hold among them: as
// many keys as were ever made are there, destroyed, or given up as lost. So a key that is missing is told as lost, and
// never taken for one that was destroyed.
//
//   "store"                   16 random bytes: which store it is
//   "master key"              32 times 'k', AES-KWP under the master key: a wrong one is told before it wraps anything
//   "made"                    how many keys were ever made, in decimal
//   "destroyed"               how many of them erasures destroyed, in decimal
//   "lost"                    how many of them a restored backup did not hold, in decimal; absent: none
//   subject id (16)           made at (8) || the subject's key, 32 random bytes, AES-KWP under the master key (40).
//                             Made at: the position of the first entry sealed under it. Numbers are big-endian
//   "erased" || subject (16)  position (8) of the last erasure that destroyed a key of theirs
//   "search key"              32 random bytes under which the tokens of names are made, AES-KWP under the master key
//   (40) "name" || subject || position (8)   the tokens by which the name in that entry is found (ledger/names.h);
//   there only
//                             while the subject's key is
//   "names 1"                 the tokens of names in entries below this position are there; in decimal. The 1 is how
//                             they are made: another way begins anew
//   "trace" || trace (34)     what must not be found in any file any more; there while a destruction is being finished
#pragma once
#include <map>
#include <optional>
#include <string>

#include "schema/ids.h"
#include "schema/result.h"

namespace rocksdb {
class DB;
}

namespace ledger {

using schema::SubjectId;

using KeyRows = std::map<std::string, std::string>;

inline constexpr const char* store_row = "store";
inline constexpr const char* check_row = "master key";
inline constexpr const char* made_row = "made";
inline constexpr const char* destroyed_row = "destroyed";
inline constexpr const char* lost_row = "lost";
inline constexpr const char* search_row = "search key";
inline constexpr const char* names_row = "names 1";
inline constexpr std::string_view name_prefix = "name";
inline constexpr std::string_view erased_prefix = "erased";
inline constexpr std::string_view trace_prefix = "trace";

struct KeyRow {
    uint64_t made = 0;    // at this position
    std::string wrapped;  // 40 bytes

    std::string bytes() const;
    static std::optional<KeyRow> read(std::string_view bytes);
};

std::string row_of(const SubjectId& subject);
std::string erased_row_of(const SubjectId& subject);
std::string name_rows_of(const SubjectId& subject);  // how the names of all these rows begin
std::string name_row_of(const SubjectId& subject, uint64_t position);
// subject || position of a row of tokens; empty: another row's name.
std::string_view named_entry_of(std::string_view row);
// Whose key, or whose erasure, the row of that name is; nothing: another row's.
std::optional<SubjectId> subject_of(std::string_view row);
std::optional<SubjectId> erased_subject_of(std::string_view row);

uint64_t number_in(const KeyRows& rows, const char* name);  // 0 where there is none

// The rows of a store that was just made.
KeyRows first_rows(const std::string& master_key);

struct KeyCounts {
    uint64_t made = 0, destroyed = 0, lost = 0, living = 0;
};
// Corrupt: not a store's rows, made under another master key, or keys are missing that were not destroyed. An empty
// master key is not asked.
schema::Result<KeyCounts> count_keys(const KeyRows& rows, const std::string& master_key, const std::string& name);
bool is_under(const KeyRows& rows, const std::string& master_key);

schema::Result<KeyRows> read_rows(rocksdb::DB& db, const std::string& name);

}  // namespace ledger
