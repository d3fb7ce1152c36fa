#include "ledger/names.h"

#include <sodium.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <set>

namespace ledger {
namespace {

constexpr size_t most_bytes = 1000, most_parts = 16, shortest = 3, longest = 8;

// Letters that Unicode does not take apart, as people type them who do not have them.
std::string_view plain_letter(utf8proc_int32_t letter) {
    switch (letter) {
        case 0xe6: return "ae";
        case 0xf0: return "d";
        case 0xf8: return "o";
        case 0xfe: return "th";
        case 0x111: return "d";
        case 0x127: return "h";
        case 0x131: return "i";
        case 0x142: return "l";
        case 0x153: return "oe";
        case 0x167: return "t";
        default: return {};
    }
}

bool is_apostrophe(utf8proc_int32_t letter) {
    return letter == '\'' || letter == 0x2018 || letter == 0x2019 || letter == 0x2bc;
}

bool belongs_to_a_part(utf8proc_int32_t letter) {
    auto category = utf8proc_category(letter);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

bool continues(char byte) { return (static_cast<uint8_t>(byte) & 0xc0) == 0x80; }

// Its first bytes, without a letter that is cut through.
std::string_view cut(std::string_view text) {
    if (text.size() <= most_bytes) return text;
    size_t end = most_bytes;
    while (end > 0 && continues(text[end])) --end;
    return text.substr(0, end);
}

size_t letters_in(std::string_view part) {
    return static_cast<size_t>(std::count_if(part.begin(), part.end(), [](char byte) { return !continues(byte); }));
}

std::string first_letters(const std::string& part, size_t count) {
    size_t end = 0;
    for (; end < part.size(); ++end)
        if (!continues(part[end]) && count-- == 0) break;
    return part.substr(0, end);
}

}  // namespace

std::vector<std::string> name_parts(std::string_view text) {
    text = cut(text);
    utf8proc_uint8_t* folded = nullptr;
    auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                             static_cast<utf8proc_ssize_t>(text.size()), &folded,
                             static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                                            UTF8PROC_CASEFOLD | UTF8PROC_IGNORE | UTF8PROC_STRIPMARK));
    if (size < 0) return {};  // not UTF-8
    std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(folded, &std::free);
    std::vector<std::string> parts;
    std::string part;
    auto end_part = [&] {
        if (!part.empty() && parts.size() < most_parts && std::find(parts.begin(), parts.end(), part) == parts.end())
            parts.push_back(part);
        part.clear();
    };
    for (utf8proc_ssize_t at = 0; at < size;) {
        utf8proc_int32_t letter = 0;
        auto taken = utf8proc_iterate(folded + at, size - at, &letter);
        if (taken <= 0) break;
        if (auto plain = plain_letter(letter); !plain.empty()) part += plain;
        else if (belongs_to_a_part(letter))
            part.append(reinterpret_cast<char*>(folded + at), static_cast<size_t>(taken));
        else if (!is_apostrophe(letter)) end_part();
        at += taken;
    }
    end_part();
    return parts;
}

std::vector<std::string> beginnings_of(const std::vector<std::string>& parts) {
    std::set<std::string> beginnings;
    for (auto& part : parts) {
        auto letters = letters_in(part);
        if (letters < shortest) beginnings.insert(part);
        for (size_t count = shortest; count <= std::min(letters, longest); ++count)
            beginnings.insert(first_letters(part, count));
    }
    return {beginnings.begin(), beginnings.end()};
}

// ---- what is asked for ----

bool AskedName::short_only() const {
    return std::all_of(parts_.begin(), parts_.end(), [](auto& part) { return letters_in(part) < shortest; });
}

bool AskedName::fits(const std::vector<std::string>& parts) const {
    bool whole = short_only();
    return !empty() && std::all_of(parts_.begin(), parts_.end(), [&](auto& asked) {
        return std::any_of(parts.begin(), parts.end(),
                           [&](auto& part) { return whole ? part == asked : part.starts_with(asked); });
    });
}

std::vector<std::string> AskedName::beginnings() const {
    bool whole = short_only();
    std::vector<std::string> beginnings;
    for (auto& part : parts_)
        if (whole || letters_in(part) >= shortest) beginnings.push_back(first_letters(part, longest));
    return beginnings;
}

// ---- tokens ----

struct Trapdoor::State {
    crypto_auth_hmacsha256_state keyed;
    ~State() { sodium_memzero(&keyed, sizeof keyed); }
};

namespace {

std::string finish(crypto_auth_hmacsha256_state state, std::string_view message) {
    std::string all(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(message.data()), message.size());
    crypto_auth_hmacsha256_final(&state, reinterpret_cast<unsigned char*>(all.data()));
    return all;
}

crypto_auth_hmacsha256_state keyed_with(const std::string& key) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key.data()), key.size());
    return state;
}

std::string filler(const std::string& search_key, std::string_view entry, size_t number) {
    std::string message = "caseledger/name filler/v1\n" + std::string(entry) + std::string(7, '\0');
    return finish(keyed_with(search_key), message + static_cast<char>(number)).substr(0, token_size);
}

}  // namespace

Trapdoor::Trapdoor(const std::string& search_key, std::string_view beginning) : state_(new State) {
    auto trapdoor = finish(keyed_with(search_key), "caseledger/name/v1\n" + std::string(beginning));
    state_->keyed = keyed_with(trapdoor);
    sodium_memzero(trapdoor.data(), trapdoor.size());
}
Trapdoor::Trapdoor(Trapdoor&&) noexcept = default;
Trapdoor::~Trapdoor() = default;

std::string Trapdoor::token(std::string_view entry) const { return finish(state_->keyed, entry).substr(0, token_size); }

bool Trapdoor::opens(std::string_view entry, std::string_view tokens) const {
    auto wanted = token(entry);
    for (size_t at = 0; at + token_size <= tokens.size(); at += token_size)
        if (tokens.substr(at, token_size) == wanted) return true;
    return false;
}

std::string name_tokens(const std::string& search_key, std::string_view entry, const std::vector<std::string>& parts) {
    std::vector<std::string> tokens;
    for (auto& beginning : beginnings_of(parts)) tokens.push_back(Trapdoor(search_key, beginning).token(entry));
    for (size_t number = 0; tokens.size() % tokens_together != 0; ++number)
        tokens.push_back(filler(search_key, entry, number));
    std::sort(tokens.begin(), tokens.end());
    std::string all;
    for (auto& token : tokens) all += token;
    return all;
}

}  // namespace ledger
