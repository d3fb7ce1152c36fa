// The rows of one batch, in memory until they are written in one step: into the store's own log of changes, or as a
// sorted file.
#pragma once
#include <deque>
#include <unordered_map>
#include <vector>

#include "projections/projection.h"

namespace projections {

class Gathered final : public Rows {
  public:
    // What is read where the batch has no row of that key.
    using Beneath = std::function<schema::Result<std::optional<std::string>>(std::string_view key)>;
    explicit Gathered(Beneath beneath) : beneath_(std::move(beneath)) {}

    schema::Result<std::optional<std::string>> get(std::string_view key) override;
    void put(std::string_view key, std::string_view row) override;

    size_t bytes() const { return bytes_; }  // about, of memory
    struct Row {
        uint64_t front;  // of the key: its first bytes, as a number that sorts as they do
        std::string_view key, row;
    };
    // By their keys, each as it was put last. For once: nothing is put or read any more.
    const std::vector<Row>& sort();

  private:
    std::string_view keep(std::string_view text);

    Beneath beneath_;
    std::vector<Row> rows_;
    std::deque<std::string> blocks_;
    std::unordered_map<std::string_view, size_t> at_;  // of the first `indexed_` rows; made when it is asked for
    size_t indexed_ = 0, bytes_ = 0;
};

}  // namespace projections
