// Words as JSON, both ways: {"heading", "subjects", "salt", "content" or "contentBase64", "mediaType"} each.
#pragma once
#include <boost/json.hpp>

#include "ledger/words.h"

namespace ledger {

// Who chose the salts: those who send words that were signed, or nobody yet, where an event is still being made.
enum class Salts { given, made_here };

// Checked as everything a stranger writes; malformed names the field.
schema::Result<std::vector<Word>> words_from_json(const boost::json::array& words, Salts salts);
boost::json::object word_to_json(const Word& word, boost::json::storage_ptr storage = {});
boost::json::array words_to_json(std::span<const Word> words);

}  // namespace ledger
