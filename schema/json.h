// Events and everything else of the schema as JSON, both ways, by one walk over the schema and its marks.
// Ids and digests are hexadecimal, other bytes base64; days are "2018-06-22", times "2018-05-24T14:00:00+01:00";
// an enum is its name; what is empty is left out. Errors name the field.
#pragma once
#include <capnp/dynamic.h>

#include <boost/json.hpp>
#include <string>

#include "schema/event.capnp.h"
#include "schema/ids.h"
#include "schema/result.h"

namespace schema {

boost::json::object to_json(capnp::DynamicStruct::Reader value);
// The fact as {"contactReceived": {...}} is in to_json(event)["fact"]; this is its inside alone.
boost::json::object fact_to_json(Fact::Reader fact);

// Fills `target` from `value`. A member that the schema does not know, a value of another type, a day that does not
// exist: malformed, with the path of the field below `path`.
Result<void> from_json(const boost::json::value& value, capnp::DynamicStruct::Builder target, const std::string& path);

// Strict parsing of strangers' text: one value, nothing after it, nesting at most 32.
Result<boost::json::value> parse_json(std::string_view text);

// Identifiers and digests as they stand in JSON: hexadecimal.
boost::json::string hex_string(Bytes bytes, boost::json::storage_ptr storage = {});
template <class Identifiers>
boost::json::array hex_array(const Identifiers& identifiers, boost::json::storage_ptr storage = {}) {
    boost::json::array out(storage);
    out.reserve(identifiers.size());
    for (auto& identifier : identifiers) out.emplace_back(hex_string({identifier.data(), identifier.size()}, storage));
    return out;
}

std::string to_base64(Bytes bytes);
Result<std::string> from_base64(std::string_view text, std::string field);

}  // namespace schema
