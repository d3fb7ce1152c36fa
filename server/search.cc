// POST /v1/search: the cases one may read in which somebody of that name is written about. It is sent, so that no name
// stands in an address or in a log.
#include <algorithm>
#include <map>

#include "schema/fields.h"
#include "schema/json.h"
#include "server/door.h"
#include "server/problem.h"

namespace server {
namespace {

namespace json = boost::json;
using schema::malformed;
using schema::Result;
using schema::SubjectId;

constexpr size_t longest_asked = 200, longest_name = 1000, most_answers = 50;

Result<ledger::AskedName> asked_in(std::string_view body) {
    auto value = schema::parse_json(body);
    if (!value) return tl::unexpected(value.error());
    auto* object = value->if_object();
    auto* name = object ? object->if_contains("name") : nullptr;
    if (!name || !name->is_string()) return malformed("name", "is missing, or is not text");
    if (object->size() != 1) return malformed("", "only name is taken here");
    std::string_view text = name->get_string();
    if (text.size() > longest_asked) return malformed("name", "is longer than 200 bytes");
    ledger::AskedName asked(text);
    if (asked.empty()) return malformed("name", "must have a letter or a digit");
    return asked;
}

// Whether a case is there for this reader, asked once for each.
class Readable {
  public:
    Readable(const Door& door, const Call& call) : door_(door), call_(call) {}
    Result<bool> operator()(const StreamId& stream) {
        if (schema::kind_of(stream) != schema::StreamKind::family) return false;
        if (auto known = known_.find(stream); known != known_.end()) return known->second;
        auto may = call_.reader.may_read(stream, door_.views);
        if (may) known_[stream] = *may;
        return may;
    }

  private:
    const Door& door_;
    const Call& call_;
    std::map<StreamId, bool> known_;
};

// One person as one case names them.
struct Named {
    std::vector<std::string> parts;  // of all their names
    std::string name;                // the last one
};
using Cases = std::map<StreamId, Named>;

// What this reader may know of a person's names. Nothing of another's case is opened: a name that only an unreadable
// case tells finds nobody here.
Result<Cases> cases_of(const Door& door, Readable& may_read, const ledger::Found& found) {
    Cases cases;
    for (uint64_t position : found.positions) {
        // Tokens are written before their entry; it may not be there yet, or never have come to be.
        if (position >= door.ledger.published()->head.size) break;
        auto entry = door.ledger.entry(position);
        if (!entry) return tl::unexpected(entry.error());
        auto may = may_read(entry->stream());
        if (!may) return tl::unexpected(may.error());
        if (!*may) continue;
        auto words = door.ledger.words(*entry);
        if (!words) return tl::unexpected(words.error());
        for (auto& word : *words) {
            if (!word.readable || !ledger::is_name(word) || word.subjects.front() != found.subject) continue;
            if (word.content.size() > longest_name || !schema::is_utf8(word.content)) continue;
            auto parts = ledger::name_parts(word.content);
            if (parts.empty()) continue;
            auto& named = cases[entry->stream()];
            named.parts.insert(named.parts.end(), parts.begin(), parts.end());
            named.name = word.content;
        }
    }
    return cases;
}

}  // namespace

Result<Reply> post_search(Door& door, Call& call) {
    auto asked = asked_in(call.body);
    if (!asked) return tl::unexpected(asked.error());
    auto found = door.ledger.keys().find_named(*asked);
    if (!found) return tl::unexpected(found.error());
    // Whoever was named last comes first.
    std::sort(found->begin(), found->end(), [](auto& a, auto& b) { return a.positions.back() > b.positions.back(); });

    Readable may_read(door, call);
    json::array list;
    bool more = false;
    for (auto& person : *found) {
        if (more) break;
        auto cases = cases_of(door, may_read, person);
        if (!cases) return tl::unexpected(cases.error());
        for (auto& [stream, named] : *cases) {
            if (!asked->fits(named.parts)) continue;
            auto line = door.views.case_line(stream);
            // Whoever reads the whole service may read what the views have not heard of yet.
            if (!line && line.error().fault == schema::Fault::not_found) continue;
            if (!line) return tl::unexpected(line.error());
            more = list.size() == most_answers;
            if (more) break;
            json::object row{{"stream", stream.hex()}, {"subject", person.subject.hex()}, {"name", named.name}};
            for (auto* member : {"state", "stateTitle", "open", "team", "teamName"})
                row[member] = line->at("case").at(member);
            list.push_back(std::move(row));
        }
    }
    return json_reply(json::object{{"found", std::move(list)}, {"more", more}});
}

}  // namespace server
