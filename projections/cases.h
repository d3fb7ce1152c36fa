// The projection "cases": each family's case, its line in the list, and who held it when. A correction of earlier
// entries makes a case be folded again from the ledger, up to that correction and not beyond.
#pragma once
#include "ledger/ledger.h"
#include "projections/case_view.h"
#include "projections/projection.h"
#include "projections/recently_used.h"

namespace projections {

// A case in the list for browsing.
struct CaseLine {
    StreamId stream{};
    std::string state, team;
    PersonId worker{}, lead{};
    std::vector<PersonId> holders;   // now or earlier
    std::vector<std::string> teams;  // of all its episodes
    uint32_t children = 0, episodes = 0;
    std::optional<schema::Time> opened;  // the newest episode
    schema::Time began, last;            // first entry's occurred, last entry's recorded
    uint64_t position = 0;               // of the last entry
    bool open = false, front_door = false;
};
CaseLine line_of(const CaseView& view);

// Rows: 'c' stream -> CaseRow; 'l' position of its first entry -> CaseLine; 'h' stream position -> Holding.
class CasesProjection : public Projection {
  public:
    static constexpr std::string_view title = "cases";
    static constexpr uint32_t current = 5;
    static constexpr size_t keeps = 32 << 20;
    explicit CasesProjection(const ledger::Ledger& ledger, size_t keep = keeps) : ledger_(ledger), kept_(keep) {}
    std::string_view name() const override { return title; }
    uint32_t version() const override { return current; }
    std::unique_ptr<Projection> anew() const override {
        return std::make_unique<CasesProjection>(ledger_, kept_.limit());
    }
    schema::Result<void> apply(const ledger::Entry& entry, Rows& rows) override;
    schema::Result<void> settle(Rows& rows) override;
    size_t holds() const override { return kept_.bytes(); }

  private:
    struct Working {
        CaseView view;
        std::optional<Holding> held;  // the one that still lasts
        bool touched = false;         // by this batch
        size_t footprint() const;
    };
    schema::Result<Working*> load(const StreamId& stream, Rows& rows);

    const ledger::Ledger& ledger_;
    RecentlyUsed<Working> kept_;
    std::vector<StreamId> touched_;
};

// Nothing where there is no such case. Corrupt when the row does not read.
schema::Result<std::optional<CaseView>> find_case(const Table& cases, const StreamId& stream);
// A stream's entries below position `size` that were recorded by `as_at`.
schema::Result<std::vector<ledger::Entry>> entries_of(const ledger::Ledger& ledger, const StreamId& stream,
                                                      uint64_t size, schema::Time as_at);
// Every case, in no order that says anything, until `take` says false.
schema::Result<void> each_case(const Table& cases, const std::function<bool(CaseView&)>& take);
// Every holding there ever was; every line, newest case first, after the line with key `after`, until `take` says
// false.
schema::Result<void> each_holding(const Table& cases, const std::function<void(const Holding&)>& take);
schema::Result<void> each_line(const Table& cases, std::string_view after,
                               const std::function<bool(std::string_view key, const CaseLine&)>& take);

}  // namespace projections
