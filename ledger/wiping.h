// What must not stay on a disk: files are written over before they are unlinked, and a folder's raw bytes are searched
// for what should be gone. Writing over reaches the blocks that the file system gave the file; what a flash drive or a
// copying file system keeps of them elsewhere, nobody reaches from here (docs/OPERATING.md).
#pragma once
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "schema/result.h"

namespace rocksdb {
class FileSystem;
}

namespace ledger {

// Writes zeros over the file, syncs them and unlinks it. One that has other names is only unlinked: they share its
// bytes. No error where there is none.
schema::Result<void> wipe_file(const std::string& path);
// Every file in the folder, then the folder. No error where there is none.
schema::Result<void> wipe_folder(const std::string& path);

// Puts the file `fresh` in the place of the one at `path`, in one step, and wipes what stood there. Broken off, that
// may be left as `path`.old: wipe_replaced() ends it.
schema::Result<void> replace_file(const std::string& fresh, const std::string& path);
schema::Result<void> wipe_replaced(const std::string& path);

// A file system that deletes by wiping.
std::shared_ptr<rocksdb::FileSystem> wiping_disk(std::shared_ptr<rocksdb::FileSystem> below);

// By these a secret is found again in raw bytes without being kept: of each half its first two bytes, and the SHA-256
// of the half. Two halves, because a log may cut a record in two where a block of it ends.
inline constexpr size_t trace_size = 2 + 32;
std::vector<std::string> traces_of(const std::string& secret);  // of 40 bytes: a wrapped key
// Whether a half of any of them stands in any file of the folder, folders in it included; a file that goes away
// meanwhile holds nothing.
schema::Result<bool> holds_trace(const std::string& folder, const std::set<std::string>& traces);

}  // namespace ledger
