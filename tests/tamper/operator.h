// Who can do more than damage bytes: an operator who holds the ledger's own key, and perhaps the keys of staff, and so
// makes every hash, proof and signature fit again that these can make.
#pragma once
#include <functional>
#include <set>

#include "sample.h"

namespace tamper {

// An event on its way into a book.
struct Item {
    std::string event;
    std::vector<ledger::Signature> signatures;
    std::string words;
    schema::Time recorded{};
};

using Change = std::function<void(schema::Event::Builder event)>;
std::string changed(const std::string& event, const Change& change);

// Of an entry: its parts, put together again by a writer who looks at none of them.
using Twist = std::function<void(uint64_t position, schema::Entry::Builder entry)>;
std::string twisted(const std::string& entry, const std::function<void(schema::Entry::Builder)>& twist);

class Operator {
  public:
    explicit Operator(const Sample& sample);

    enum Holds { ledger_key, every_key };
    std::vector<Item> items() const { return items_; }
    // The book over these, as the ledger would have written it: place and hashes made anew from `from` on. Who holds
    // every key has everybody say again what they had been shown, of this book.
    // The one at `as_is` says what it said.
    Book build(std::vector<Item> items, Holds holds, uint64_t from, const Twist& twist = {},
               std::optional<uint64_t> as_is = {}) const;
    // What somebody would say at the end of the sample.
    Item say(const std::string& who, const schema::StreamId& stream, const test::json::object& fact,
             const test::How& how = {}) const;
    // Signed by everybody it names.
    void sign(Item& item) const;
    // A note over a book as the ledger would sign it.
    std::string checkpoint(const Book& book) const;

  private:
    void show(Item& item, uint64_t revision, const std::vector<ledger::Digest>& leaves,
              const std::vector<ledger::Digest>& roots) const;

    const Sample& sample_;
    std::vector<Item> items_;
    struct Place {
        schema::StreamId stream;
        ledger::Digest event, leaf, root;  // root: of the book up to here
    };
    std::vector<Place> places_;
};

}  // namespace tamper
