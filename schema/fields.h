// Strangers' JSON, read field by field: every error names the field, and a field nobody asked for is one too.
#pragma once
#include <boost/json.hpp>
#include <set>
#include <string>

#include "schema/ids.h"
#include "schema/result.h"
#include "schema/time.h"

namespace schema {

// JSON holds text only; whatever is not UTF-8 goes as base64.
bool is_utf8(std::string_view text);

// Reads the members of one object. The first error is kept and everything after it is empty; finish() tells it.
class Fields {
  public:
    // `path`: how errors name the object, "" for the body itself.
    Fields(const boost::json::value& value, std::string path);

    std::string text(std::string_view name);  // must be there
    std::string optional_text(std::string_view name);
    std::optional<Time> optional_moment(std::string_view name);
    const boost::json::array& list(std::string_view name);  // must be there
    const boost::json::array& optional_list(std::string_view name);
    const boost::json::object& object(std::string_view name);  // must be there
    uint64_t number(std::string_view name);                    // must be there
    std::string base64(std::string_view name);                 // raw bytes; must be there
    std::string hex(std::string_view name, size_t bytes);      // raw bytes; must be there
    bool has(std::string_view name) const { return object_ && object_->contains(name); }

    void refuse(std::string_view name, std::string why);
    std::string at(std::string_view name) const;
    // The first error, or that there was a member nobody asked for.
    Result<void> finish();

  private:
    const boost::json::value* find(std::string_view name, bool needed);
    const boost::json::object* object_ = nullptr;
    std::string path_;
    std::set<std::string, std::less<>> asked_;
    std::optional<Error> wrong_;
};

}  // namespace schema
