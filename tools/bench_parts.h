// The limits of this machine and the parts that no append can do without, each measured alone.
#pragma once
#include "tools/bench_events.h"
#include "tools/bench_figures.h"

namespace tools {

// What an append of this book carries, for parts that need real bytes.
struct Payload {
    // Different ones: a processor learns the branches by which one signature is verified, when it is verified again and
    // again, and no service ever sees that.
    std::vector<MadeEvent> events;
    const MadeEvent& event() const { return events.front(); }
    schema::PublicKey key{};
    std::string entry, sealed;  // as stored
    std::string request;        // a whole HTTP request with it
    uint64_t answer = 0;        // bytes of a receipt
    uint64_t cases = 0;         // in the heads map
};

Sample verifications(const Payload& payload, unsigned threads, double seconds);
// Appends of so many bytes to a file in the folder, each followed by fdatasync.
Attempt<Sample> syncs(const std::string& folder, uint64_t bytes, double seconds);
// The hashes of one append: its event, its words, its leaf, two nodes of the tree, its path in the heads map.
Sample hashes(const Payload& payload, double seconds);
// Rows put into the log's store, in batches of 64 that are not synced.
Attempt<Sample> puts(const std::string& folder, const Payload& payload, double seconds);
// A request taken from a TLS record and an answer put into one, in memory; `wire`: also read from and written to a
// socket of this machine.
Attempt<Sample> tls_records(const Payload& payload, const std::string& certificate, const std::string& key, bool wire,
                            double seconds);
Sample http_parses(const Payload& payload, double seconds);

}  // namespace tools
