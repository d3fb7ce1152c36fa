// A request's parameters, read one by one. The first that cannot be read is kept and tells the client its name.
#pragma once
#include "schema/ids.h"
#include "server/door.h"

namespace server {

class Query {
  public:
    explicit Query(const Call& call) : call_(call) {}

    std::string text(std::string_view name);            // empty where it is not given
    bool flag(std::string_view name);                   // 1, true; 0, false; false where not given
    std::optional<bool> choice(std::string_view name);  // the same, or nothing
    std::optional<uint64_t> number(std::string_view name, uint64_t least, uint64_t most);
    std::optional<schema::Time> moment(std::string_view name);  // a time, or a day: its last millisecond
    std::optional<schema::Day> day(std::string_view name);      // a day, or the day of a time
    template <class Id>
    std::optional<Id> id(std::string_view name) {
        auto* given = call_.head->find(name);
        auto read = given ? Id::from_hex(*given) : std::nullopt;
        if (given && !read) refuse(name, "must be " + std::to_string(2 * Id{}.size()) + " hexadecimal digits");
        return read;
    }
    // The n-th thing in the path's braces. What cannot be an id is nothing that is here.
    template <class Id>
    Id path_id(size_t n) {
        auto read = Id::from_hex(call_.path[n]);
        if (!read && !wrong_) wrong_ = schema::Error{schema::Fault::not_found, {}, {}};
        return read.value_or(Id{});
    }

    void refuse(std::string_view name, std::string why);
    // The first error.
    schema::Result<void> finish() const;

  private:
    const Call& call_;
    std::optional<schema::Error> wrong_;
};

// RFC 8288: where a view's next page is, with everything that was asked for.
void link_next(Reply& reply, const Call& call, const boost::json::object& view);

}  // namespace server
