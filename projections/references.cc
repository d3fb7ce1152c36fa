#include "projections/references.h"

namespace projections {
namespace {

// The entries of a reserved stream beyond `revision`, below position `size`.
schema::Result<void> each(const ledger::Ledger& ledger, uint8_t stream, uint64_t& revision, uint64_t size,
                          const std::function<void(const ledger::Entry&)>& take) {
    constexpr size_t page = 256;
    for (;;) {
        auto entries = ledger.stream(schema::reserved_stream(stream), revision + 1, page);
        if (!entries) return tl::unexpected(entries.error());
        for (auto& entry : *entries) {
            if (entry.position() >= size) return {};
            take(entry);
            revision = entry.revision();
        }
        if (entries->size() < page) return {};
    }
}

}  // namespace

schema::Result<void> References::advance(const ledger::Ledger& ledger, uint64_t size) {
    // What others hold is never changed: they keep the folds they were given.
    std::shared_ptr<std::vector<Heard>> heard;
    std::shared_ptr<ledger::Directory> directory;
    TRY(each(ledger, schema::directory_stream_number, directory_revision_, size, [&](const ledger::Entry& entry) {
        if (!heard) {
            heard = std::make_shared<std::vector<Heard>>(*heard_);
            directory = std::make_shared<ledger::Directory>(*directory_);
        }
        heard->push_back({entry.event(), entry.position(), entry.recorded()});
        directory->apply(entry);
    }));
    if (heard) {
        heard_ = std::move(heard);
        directory_ = std::move(directory);
        counted_ = heard_->size();
    }
    return each(ledger, schema::practice_stream_number, practice_revision_, size, [&](const ledger::Entry& entry) {
        practice_.apply(entry.event(), entry.position(), entry.recorded());
    });
}

References References::as_at(schema::Time recorded) const {
    References then = *this;
    then.practice_ = practice_.as_at(recorded);
    if (heard_->empty() || heard_->back().recorded <= recorded) return then;
    auto directory = std::make_shared<ledger::Directory>();
    then.counted_ = 0;
    for (auto& heard : *heard_) {
        if (heard.recorded > recorded) break;  // recorded times never decrease
        directory->apply(heard.event.read(), heard.position);
        ++then.counted_;
    }
    then.directory_ = std::move(directory);
    return then;
}

References::Wording References::wording(schema::Day day) const {
    auto edition = practice_.binding(day);
    return {edition ? std::optional(edition->position) : std::nullopt, counted_};
}

std::string References::role_title(std::string_view role, schema::Day day) const {
    auto edition = practice_.binding(day);
    return edition ? schema::title_of_role(edition->practice(), role) : std::string(role);
}

std::string References::code_title(std::string_view list, std::string_view code, schema::Day day) const {
    auto edition = practice_.binding(day);
    return edition ? schema::title_of_code(edition->practice(), list, code) : std::string(code);
}

std::string References::team_name(std::string_view team) const {
    auto known = directory_->team(team);
    return known ? known->name : std::string(team);
}

}  // namespace projections
