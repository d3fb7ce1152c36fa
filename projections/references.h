// Directory and practice as the views need them: the live folds, and the same folds as at an earlier time.
#pragma once
#include <memory>
#include <vector>

#include "ledger/directory.h"
#include "ledger/ledger.h"
#include "schema/practice_book.h"

namespace projections {

class References {
  public:
    // Takes what the ledger's first `size` entries say in the directory and practice streams, beyond what it has.
    schema::Result<void> advance(const ledger::Ledger& ledger, uint64_t size);
    // As they were when everything recorded up to and including `recorded` was in the book.
    References as_at(schema::Time recorded) const;

    const ledger::Directory& directory() const { return *directory_; }
    std::shared_ptr<const ledger::Directory> directory_pointer() const { return directory_; }
    const schema::PracticeBook& practice() const { return practice_; }

    // What the titles and names below hang on, on a day: two answers with the same wording have the same ones.
    struct Wording {
        std::optional<uint64_t> edition;  // the position of the practice that was binding then
        size_t directory = 0;             // so many entries of the directory
        bool operator==(const Wording&) const = default;
    };
    Wording wording(schema::Day day) const;
    // How people read a code on a day: by the practice binding then, else the code itself.
    std::string role_title(std::string_view role, schema::Day day) const;
    std::string code_title(std::string_view list, std::string_view code, schema::Day day) const;
    std::string team_name(std::string_view team) const;

  private:
    struct Heard {
        schema::EventMessage event;
        uint64_t position;
        schema::Time recorded;
    };
    uint64_t directory_revision_ = 0, practice_revision_ = 0;
    std::shared_ptr<const std::vector<Heard>> heard_ = std::make_shared<std::vector<Heard>>();  // the directory's
    size_t counted_ = 0;  // so many of them are in `directory_`
    std::shared_ptr<const ledger::Directory> directory_ = std::make_shared<ledger::Directory>();
    schema::PracticeBook practice_;
};

}  // namespace projections
