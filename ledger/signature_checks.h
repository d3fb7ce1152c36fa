// The signatures of entries: that each key was its signer's at that place, at once; that each signature verifies, in
// groups and on all cores, while the caller goes on to the entries that follow.
#pragma once
#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "ledger/directory.h"

namespace ledger {

class SignatureChecks {
  public:
    // Called with what does not hold, from the thread that calls take() or finish().
    using Find = std::function<void(uint64_t position, std::string field, std::string what)>;
    SignatureChecks(unsigned threads, Find find, size_t group = 4096)
        : threads_(threads), find_(std::move(find)), group_(group) {}

    // In the order of the book, with the directory as it was before this entry.
    void take(uint64_t position, const Entry& entry, const Directory& directory);
    void finish();
    uint64_t verified() const { return verified_; }

  private:
    struct Check {
        uint64_t position;
        PublicKey key;
        Signature signature;
        schema::EventMessage event;
    };
    void verify_going();
    void begin();   // what waits, on the other cores
    void settle();  // helps with what is going on until it is done
    void check(uint64_t position, const Entry& entry, const Directory& directory, const PersonId& person,
               capnp::Data::Reader key, uint32_t at);

    unsigned threads_;  // 0: all cores
    Find find_;
    size_t group_;  // so many wait before they are verified
    std::vector<Check> waiting_, going_;
    std::vector<char> good_;  // of those that are going on
    std::atomic<size_t> next_ = 0;
    uint64_t verified_ = 0;
    std::vector<std::jthread> crew_;  // the first to go: it reads the others
};

}  // namespace ledger
