#include "ledger/key_restore.h"

#include <rocksdb/env.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "ledger/entry.h"
#include "ledger/keys.h"
#include "ledger/master_key.h"
#include "ledger/rocks_log.h"
#include "ledger/wiping.h"

namespace ledger {
namespace {

using schema::fail;
using schema::Fault;

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

// The lock that a store takes which is opened for writing, without opening it.
class Lock {
  public:
    static schema::Result<std::unique_ptr<Lock>> take(const std::string& store) {
        std::unique_ptr<Lock> lock(new Lock);
        if (auto status = rocksdb::Env::Default()->LockFile(store + "/LOCK", &lock->lock_); !status.ok())
            return fail(Fault::io, store, "is open; stop the service first: " + status.ToString());
        return lock;
    }
    ~Lock() {
        if (lock_) (void)rocksdb::Env::Default()->UnlockFile(lock_);
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

  private:
    Lock() = default;
    rocksdb::FileLock* lock_ = nullptr;
};

schema::Result<void> rename(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) == 0) return sync_folder_of(to);
    return fail(Fault::io, to, "cannot be put in its place: " + std::string(std::strerror(errno)));
}

// The new store is complete before the old one gives up its name. Broken off in between, the folder has no store, which
// no opening takes for an empty one, and the restore is asked for again.
schema::Result<void> put_in_place(const std::string& keys, const KeyRows& rows) {
    auto fresh = keys + ".restoring", old = keys + ".replaced";
    TRY(wipe_folder(fresh));
    TRY(wipe_file(fresh + ".mark"));
    TRY(KeyStore::create_from(fresh, rows));
    if (exists(keys)) {
        TRY(wipe_folder(old));
        TRY(rename(keys, old));
    }
    TRY(rename(fresh, keys));
    TRY(rename(fresh + ".mark", keys + ".mark"));
    return wipe_folder(old);
}

std::string told(uint64_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

schema::Result<std::unique_ptr<Log>> open_book(const std::string& folder) {
    if (!exists(folder + "/book")) return fail(Fault::not_found, folder, "holds no ledger");
    return open_rocks_log(folder + "/book", "", {nullptr, false, true, true});
}

}  // namespace

schema::Result<std::vector<Erasure>> erasures_of(const Log& book) {
    std::vector<Erasure> erasures;
    std::optional<schema::Error> wrong;
    TRY(book.read(0, book.head().size, [&](uint64_t position, Bytes bytes) {
        auto entry = Entry::decode(bytes);
        if (!entry) wrong = entry.error();
        else if (entry->type() == schema::Fact::SUBJECT_ERASED)
            erasures.push_back(
                {SubjectId::of(schema::bytes_of(entry->read().getFact().getSubjectErased().getSubject())), position});
        return entry.has_value();
    }));
    if (wrong) return tl::unexpected(*wrong);
    return erasures;
}

schema::Result<std::vector<Erasure>> erasures_of(const std::string& folder) {
    auto log = open_book(folder);
    if (!log) return tl::unexpected(log.error());
    return erasures_of(**log);
}

schema::Result<KeysRestored> restore_keys(const KeyRestore& wanted) {
    auto keys = wanted.folder + "/keys";
    if (!exists(wanted.folder + "/book")) return fail(Fault::not_found, wanted.folder, "holds no ledger");
    auto book_lock = Lock::take(wanted.folder + "/book");
    if (!book_lock) return tl::unexpected(book_lock.error());
    auto keys_lock = exists(keys) ? Lock::take(keys) : schema::Result<std::unique_ptr<Lock>>(nullptr);
    if (!keys_lock) return tl::unexpected(keys_lock.error());

    auto backup = load_key_backup(wanted.backup);
    if (!backup) return tl::unexpected(backup.error());
    auto ours = is_under_master_key(wanted.folder, backup->rows);
    if (!ours) return tl::unexpected(ours.error());
    if (!*ours) return fail(Fault::corrupt, wanted.backup, "was made under another master key");

    KeysRestored done;
    done.taken = backup->taken;
    done.made = number_in(backup->rows, made_row);
    auto log = open_book(wanted.folder);
    if (!log) return tl::unexpected(log.error());
    auto found = erasures_of(**log);
    if (!found) return tl::unexpected(found.error());
    auto erasures = *std::move(found);
    if (auto mark = read_mark(keys + ".mark")) done.made = std::max(done.made, mark->size);
    auto present = exists(keys) ? open_keys_read_only(wanted.folder) : fail(Fault::not_found, "");
    if (present && *present) {
        auto rows = (*present)->rows();
        if (!rows) return tl::unexpected(rows.error());
        auto made = number_in(*rows, made_row);
        if (!wanted.replace)
            return fail(Fault::conflict, keys,
                        "is whole: " + told(made, "key") + " were ever made, and " +
                            std::to_string(number_in(backup->rows, made_row)) +
                            " when the backup was taken. Nothing was changed");
        done.made = std::max(done.made, made);
        auto known = erasures_in(*rows);
        erasures.insert(erasures.end(), known.begin(), known.end());
    }

    done.taken_out = take_out(backup->rows, erasures);
    // A backup that lacks no key takes nothing, though words may have been lost before it was taken.
    if (uint64_t lacks = done.made - number_in(backup->rows, made_row)) {
        auto loss = loss_with(backup->rows, **log, erasures);
        if (!loss) return tl::unexpected(loss.error());
        done.loss = *loss;
        done.loss.keys = lacks;
    }
    if (done.loss.subjects && !wanted.accept_loss)
        return fail(Fault::conflict, wanted.backup,
                    "lacks " + told(done.loss.keys, "key") +
                        " made after it was taken: " + told(done.loss.words, "word") +
                        " would be unreadable for ever, and " + told(done.loss.subjects, "subject") +
                        " would have lost a key of their words. Look for a newer backup first. Nothing was changed");

    backup->rows[made_row] = std::to_string(done.made);
    backup->rows[lost_row] = std::to_string(number_in(backup->rows, lost_row) + done.loss.keys);
    auto counts = count_keys(backup->rows, {}, wanted.backup);
    if (!counts) return tl::unexpected(counts.error());
    done.living = counts->living;
    TRY(put_in_place(keys, backup->rows));
    return done;
}

}  // namespace ledger
