// How a person is found by a name that is stored nowhere in the clear: a name word leaves, beside the key it is sealed
// under, blind tokens of the beginnings of its parts, which go when that key goes.
//
//   parts     the name compatibility-decomposed and case-folded (Unicode, by utf8proc), without marks; ø as o, ł as l
//             and the like; apostrophes left out; what lies between two others of letters and digits. The first 16
//             different ones, of the first 1,000 bytes
//   beginning the first 3, 4, ... 8 letters of a part; a part of one or two letters whole
//   trapdoor  HMAC-SHA-256(search key, "caseledger/name/v1\n" || beginning)
//   token     HMAC-SHA-256(trapdoor, subject (16) || position (8)), its first 20 bytes: of one name in one entry alone,
//             so that nobody without the search key can tell whether two people have one name
//   filler    HMAC-SHA-256(search key, "caseledger/name filler/v1\n" || subject || position || number (8)), likewise
//   tokens    of a name in an entry: all its tokens and as many fillers as make a multiple of 8, in order of their
//   bytes
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "ledger/digest.h"

namespace ledger {

using schema::SubjectId;

inline constexpr std::string_view name_heading = "name";  // of the words that are names
inline constexpr size_t token_size = 20, tokens_together = 8;

std::vector<std::string> name_parts(std::string_view text);
// The beginnings under which a name of these parts is kept.
std::vector<std::string> beginnings_of(const std::vector<std::string>& parts);
// `entry` is subject || position, as in the name of its row (ledger/key_rows.h).
std::string name_tokens(const std::string& search_key, std::string_view entry, const std::vector<std::string>& parts);

// What somebody types to find a person: "smith jo".
class AskedName {
  public:
    explicit AskedName(std::string_view text) : parts_(name_parts(text)) {}
    bool empty() const { return parts_.empty(); }
    // Whether it asks for somebody with a name of these parts: each part that is asked for begins one of theirs. Where
    // only one or two letters of each are given, these must be whole parts: "jo" finds Jo and not everybody called
    // John.
    bool fits(const std::vector<std::string>& parts) const;
    // The beginnings whose tokens everybody has whom it fits; seldom others, who must be sorted out by fits().
    std::vector<std::string> beginnings() const;

  private:
    bool short_only() const;
    std::vector<std::string> parts_;
};

// One beginning's trapdoor, ready to be tried on many rows.
class Trapdoor {
  public:
    Trapdoor(const std::string& search_key, std::string_view beginning);
    Trapdoor(Trapdoor&&) noexcept;
    ~Trapdoor();
    std::string token(std::string_view entry) const;
    bool opens(std::string_view entry, std::string_view tokens) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace ledger
