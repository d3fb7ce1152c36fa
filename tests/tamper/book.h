// A book that lies in memory and may be anything: most mutants share nearly all of their records with the good one.
#pragma once
#include <memory>
#include <vector>

#include "ledger/log.h"
#include "ledger/tree.h"

namespace tamper {

class Book final : public ledger::Log {
  public:
    using Kept = std::shared_ptr<const ledger::Record>;
    std::vector<Kept> records;
    ledger::Digest root{};  // as the last writer said

    static Kept kept(std::string entry, std::string words) {
        return std::make_shared<const ledger::Record>(ledger::Record{std::move(entry), std::move(words)});
    }
    const std::string& entry_at(uint64_t position) const { return records[position]->entry; }
    const std::string& words_at(uint64_t position) const { return records[position]->words; }
    void replace(uint64_t position, std::string entry) {
        records[position] = kept(std::move(entry), records[position]->words);
    }
    void replace_words(uint64_t position, std::string words) {
        records[position] = kept(records[position]->entry, std::move(words));
    }
    // Whoever can write into the store also writes a head that fits.
    Book& fit() {
        ledger::Edge edge;
        for (auto& record : records) edge.append(ledger::leaf_hash(schema::as_bytes(record->entry)));
        root = edge.root();
        return *this;
    }

    schema::Result<void> append(const ledger::LogHead&, std::span<const ledger::Record>,
                                const ledger::Digest&) override {
        return schema::fail(schema::Fault::io, "this log is not for writing");
    }
    schema::Result<void> read(uint64_t from, uint64_t to, const Take& take) const override {
        for (uint64_t i = from; i < to && i < records.size(); ++i)
            if (!take(i, schema::as_bytes(records[i]->entry))) break;
        return {};
    }
    schema::Result<std::string> entry(uint64_t position) const override { return entry_at(position); }
    schema::Result<std::string> words(uint64_t position) const override { return words_at(position); }
    bool wait(uint64_t, std::chrono::milliseconds) const override { return false; }
    ledger::LogHead head() const override { return {records.size(), root}; }
    std::string durability() const override { return "none"; }
};

}  // namespace tamper
