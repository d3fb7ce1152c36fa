#include "projections/line.h"

#include <kj/exception.h>
#include <spdlog/spdlog.h>

namespace projections {

schema::Result<void> Line::take(std::span<const ledger::Entry> entries, Rows& rows) const {
    for (auto& entry : entries) TRY(fold->apply(entry, rows));
    return {};
}

void Line::stop(const schema::Error& why) {
    stopped = why.text();
    spdlog::error("projection {} stopped after {}: {}", instance.name, instance.size, stopped);
}

schema::Result<void> guarded(const std::function<schema::Result<void>()>& deed) {
    try {
        return deed();
    } catch (const kj::Exception&) {
        return schema::fail(schema::Fault::corrupt, "an entry does not read");
    } catch (const std::exception& wrong) {
        return schema::fail(schema::Fault::corrupt, wrong.what());
    }
}

}  // namespace projections
