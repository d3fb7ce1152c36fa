#include "projections/chronology.h"

#include <algorithm>
#include <unordered_map>

#include "projections/wording.h"
#include "schema/json.h"

namespace projections {

namespace json = boost::json;

namespace {

struct Row {
    size_t number;  // of its moment
    const Moment* moment;
    const Corrected* corrected;
    std::vector<const Moment*> marks;  // that it is significant
    schema::Time sorted_by;
    // Told the same whenever it is asked about, as long as the words for it are the same.
    bool lasts() const {
        return marks.empty() && corrected->by.empty() && !corrected->in_error && !corrected->occurred;
    }
};

struct Place {  // in the order asked for
    int64_t time;
    uint64_t position;
    auto operator<=>(const Place&) const = default;
};
Place place_of(const Row& row) { return {schema::milliseconds(row.sorted_by), row.moment->position}; }

std::string cursor_of(const Row& row, ChronologyQuery::Order order) {
    auto place = place_of(row);
    return (order == ChronologyQuery::happened ? "h" : "r") + std::to_string(place.time) + "_" +
           std::to_string(place.position);
}
std::optional<Place> read_cursor(const std::string& cursor, ChronologyQuery::Order order) {
    Place place{};
    char tail = 0;
    unsigned long long position = 0;
    long long time = 0;
    if (cursor.size() > 60 || cursor.front() != (order == ChronologyQuery::happened ? 'h' : 'r')) return std::nullopt;
    if (std::sscanf(cursor.c_str() + 1, "%lld_%llu%c", &time, &position, &tail) != 2) return std::nullopt;
    place.time = time;
    place.position = position;
    return place;
}

bool about(const std::vector<SubjectId>& children, const SubjectId& child) {
    return children.empty() || std::find(children.begin(), children.end(), child) != children.end();
}

bool wanted(const Row& row, const ChronologyQuery& query) {
    const Moment& moment = *row.moment;
    if (query.from || query.to) {
        auto day = schema::london_day(row.sorted_by);
        if (query.from && day < *query.from) return false;
        if (query.to && day > *query.to) return false;
    }
    if (query.child && !about(moment.children, *query.child)) return false;
    if (query.actor && moment.actor != *query.actor) return false;
    if (!query.kind.empty() && moment.kind != query.kind) return false;
    auto type = schema::name_of(moment.type);
    if (!query.types.empty() && std::find(query.types.begin(), query.types.end(), type) == query.types.end())
        return false;
    return !query.significant_only || schema::type_of(moment.type).milestone || !row.marks.empty();
}

class Teller {
  public:
    Teller(std::span<const Moment> moments, const References& references, schema::Day day)
        : references_(references), day_(day) {
        for (auto& moment : moments) by_id_[moment.id] = &moment;
    }

    json::object tell(const Row& row, const ledger::Entry& entry) const {
        const Moment& m = *row.moment;
        auto really = row.corrected->occurred.value_or(m.occurred);
        auto late = m.recorded - really;
        json::object out{{"position", m.position},
                         {"revision", m.revision},
                         {"id", m.id.hex()},
                         {"type", schema::name_of(m.type)},
                         {"title", schema::title_of(m.type)},
                         {"kind", m.kind.empty() ? json::value(nullptr) : json::value(coded(m.kind, kind_title(m)))},
                         {"occurred", schema::iso(really)},
                         {"until", m.until > m.occurred ? json::value(schema::iso(m.until)) : json::value(nullptr)},
                         {"precision", precision(m, *row.corrected)},
                         {"recorded", schema::iso(m.recorded)},
                         {"latenessSeconds", std::chrono::duration_cast<std::chrono::seconds>(late).count()},
                         {"lateness", spoken(late)},
                         {"actor", m.actor.hex()},
                         {"role", coded(m.role, references_.role_title(m.role, day_))},
                         {"team", text_or_null(m.team)},
                         {"teamName", text_or_null(references_.team_name(m.team))},
                         {"children", hex_list(m.children)},
                         {"adults", hex_list(m.adults)},
                         {"episode", id_or_null(m.episode)},
                         {"contact", id_or_null(m.contact)},
                         {"milestone", schema::type_of(m.type).milestone},
                         {"significant", schema::type_of(m.type).milestone || !row.marks.empty()},
                         {"marks", marks(row)},
                         {"source", source(m)},
                         {"hasWords", m.written},
                         {"refers", refers(m)},
                         {"struck", row.corrected->in_error}};
        out["originalOccurred"] = row.corrected->occurred ? json::value(schema::iso(m.occurred)) : json::value(nullptr);
        json::array by, joint;
        for (auto position : row.corrected->by) by.emplace_back(position);
        for (auto& signer : m.joint)
            joint.push_back(json::object{{"person", signer.person.hex()},
                                         {"role", coded(signer.role, references_.role_title(signer.role, day_))},
                                         {"team", text_or_null(signer.team)}});
        out["correctedBy"] = std::move(by);
        out["joint"] = std::move(joint);
        json::array codes;
        for (auto& code : m.codes)
            codes.push_back(json::object{{"field", code.field},
                                         {"fieldTitle", code.title},
                                         {"code", code.code},
                                         {"title", references_.code_title(code.list, code.code, day_)}});
        out["codes"] = std::move(codes);
        out["fact"] = schema::fact_to_json(entry.fact());
        return out;
    }

  private:
    static std::string precision(const Moment& moment, const Corrected& corrected) {
        if (corrected.occurred) return "exact";
        switch (moment.precision) {
            case schema::Precision::EXACT: return "exact";
            case schema::Precision::DAY: return "day";
            case schema::Precision::APPROXIMATE: return "approximate";
            case schema::Precision::RANGE: return "range";
        }
        return "";
    }
    std::string kind_title(const Moment& moment) const {
        for (auto& code : moment.codes)
            if (code.code == moment.kind) return references_.code_title(code.list, code.code, day_);
        return spoken_name(moment.kind);
    }
    json::object source(const Moment& moment) const {
        std::string_view reliability = moment.reliability == schema::Reliability::FACT      ? "fact"
                                       : moment.reliability == schema::Reliability::OPINION ? "opinion"
                                                                                            : "hearsay";
        return {{"role", text_or_null(moment.source_role)},
                {"organisation", text_or_null(moment.source_organisation)},
                {"reliability", reliability}};
    }
    json::array refers(const Moment& moment) const {
        json::array list;
        for (auto& reference : moment.refers) {
            auto found = by_id_.find(reference.event);
            json::object link{{"field", reference.field}, {"event", reference.event.hex()}};
            if (found != by_id_.end()) {
                link["position"] = found->second->position;
                link["title"] = schema::title_of(found->second->type);
            }
            list.push_back(std::move(link));
        }
        return list;
    }
    json::array marks(const Row& row) const {
        json::array list;
        for (const Moment* mark : row.marks)
            list.push_back(json::object{{"impact", coded(mark->kind, spoken_name(mark->kind))},
                                        {"children", hex_list(mark->children)},
                                        {"by", mark->actor.hex()},
                                        {"role", coded(mark->role, references_.role_title(mark->role, day_))},
                                        {"recorded", schema::iso(mark->recorded)},
                                        {"position", mark->position}});
        return list;
    }

    const References& references_;
    schema::Day day_;
    std::unordered_map<EventId, const Moment*> by_id_;
};

}  // namespace

namespace {

// Those of the page that were not told before, in these words.
schema::Result<void> tell(ToldCase& told, const std::vector<const Row*>& shown, std::span<const Moment> moments,
                          const ledger::Ledger& ledger, const References& references, schema::Day day,
                          std::vector<ChronologyRow>& page) {
    auto wording = references.wording(day);
    std::vector<size_t> untold;
    std::vector<uint64_t> positions;
    for (auto* row : shown) {
        auto& moment = *row->moment;
        auto known = row->lasts() ? told.row(row->number, wording) : nullptr;
        if (!known) {
            untold.push_back(page.size());
            positions.push_back(moment.position);
        }
        page.push_back({moment.position, moment.written, std::move(known), {}});
    }
    if (untold.empty()) return {};
    auto entries = ledger.entries(positions);
    if (!entries) return tl::unexpected(entries.error());
    Teller teller(moments, references, day);
    for (size_t i = 0; i < untold.size(); ++i) {
        const Row& row = *shown[untold[i]];
        auto text = std::make_shared<const std::string>(json::serialize(teller.tell(row, (*entries)[i])));
        if (row.lasts()) told.tell(row.number, text);
        page[untold[i]].told = std::move(text);
    }
    return {};
}

}  // namespace

schema::Result<ChronologyPage> chronology(ToldCase& told, size_t counting, const ChronologyQuery& query,
                                          const ledger::Ledger& ledger, const References& references,
                                          schema::Time now) {
    std::optional<Place> after;
    if (!query.cursor.empty()) {
        after = read_cursor(query.cursor, query.order);
        if (!after) return schema::malformed("cursor", "is not one that was given out for this order");
    }
    auto moments = std::span(told.moments()).first(counting);
    auto corrected = corrections(moments);
    std::unordered_map<EventId, std::vector<const Moment*>> marks;
    for (size_t i = 0; i < moments.size(); ++i)
        if (moments[i].type == schema::Fact::SIGNIFICANCE_MARKED && !corrected[i].in_error &&
            !moments[i].refers.empty())
            marks[moments[i].refers.front().event].push_back(&moments[i]);

    std::vector<Row> rows;
    rows.reserve(moments.size());
    for (size_t i = 0; i < moments.size(); ++i) {
        Row row{i, &moments[i], &corrected[i], {}, moments[i].recorded};
        if (auto found = marks.find(moments[i].id); found != marks.end()) row.marks = found->second;
        if (query.order == ChronologyQuery::happened)
            row.sorted_by = corrected[i].occurred.value_or(moments[i].occurred);
        if (wanted(row, query)) rows.push_back(std::move(row));
    }
    std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
        return query.newest_first ? place_of(b) < place_of(a) : place_of(a) < place_of(b);
    });

    json::value next = nullptr;
    auto limit = std::clamp<size_t>(query.limit, 1, 1000);
    std::vector<const Row*> shown;
    for (const Row& row : rows) {
        if (after && (query.newest_first ? place_of(row) >= *after : place_of(row) <= *after)) continue;
        if (shown.size() == limit) {
            next = cursor_of(*shown.back(), query.order);
            break;
        }
        shown.push_back(&row);
    }
    ChronologyPage page{{{"order", query.order == ChronologyQuery::happened ? "happened" : "recorded"},
                         {"total", rows.size()},
                         {"next", std::move(next)}},
                        {}};
    page.rows.reserve(shown.size());
    TRY(tell(told, shown, moments, ledger, references, schema::london_day(now), page.rows));
    return page;
}

std::string ChronologyPage::text() const {
    // An object that is not empty, without the brace at its end, to which another member is added.
    auto opened = [](const json::object& members) {
        auto text = json::serialize(members);
        text.pop_back();
        return text;
    };
    auto text = opened(about) + ",\"rows\":[";
    size_t size = text.size() + 2;
    for (auto& row : rows) size += row.told->size() + 1;
    text.reserve(size);
    for (auto& row : rows) {
        if (&row != &rows.front()) text += ',';
        text += *row.told;
        if (row.more.empty()) continue;
        text.pop_back();
        (text += ',') += json::serialize(row.more).substr(1);
    }
    return text += "]}";
}

}  // namespace projections
