#include "schema/ids.h"

#include <algorithm>
#include <array>

namespace schema {

StreamId reserved_stream(uint8_t number) {
    StreamId id{};
    id.back() = number;
    return id;
}

namespace {

// Both digits of every byte: proofs and receipts are mostly hexadecimal.
constexpr auto hex_pairs = [] {
    constexpr char digits[] = "0123456789abcdef";
    std::array<std::array<char, 2>, 256> pairs{};
    for (size_t byte = 0; byte < pairs.size(); ++byte) pairs[byte] = {digits[byte >> 4], digits[byte & 15]};
    return pairs;
}();

// What a digit stands for; -1: none.
constexpr auto hex_values = [] {
    std::array<int8_t, 256> values{};
    values.fill(-1);
    for (int i = 0; i < 10; ++i) values[static_cast<size_t>('0' + i)] = static_cast<int8_t>(i);
    for (int i = 0; i < 6; ++i)
        values[static_cast<size_t>('a' + i)] = values[static_cast<size_t>('A' + i)] = static_cast<int8_t>(10 + i);
    return values;
}();

}  // namespace

void write_hex(Bytes bytes, char* to) {
    for (auto byte : bytes) to = std::copy_n(hex_pairs[byte].data(), 2, to);
}

std::string to_hex(Bytes bytes) {
    std::string hex(bytes.size() * 2, '\0');
    write_hex(bytes, hex.data());
    return hex;
}

std::optional<std::string> from_hex(std::string_view hex) {
    if (hex.size() % 2) return std::nullopt;
    std::string raw(hex.size() / 2, '\0');
    int wrong = 0;
    for (size_t i = 0; i < raw.size(); ++i) {
        int high = hex_values[static_cast<uint8_t>(hex[2 * i])], low = hex_values[static_cast<uint8_t>(hex[2 * i + 1])];
        wrong |= high | low;  // negative where one is
        raw[i] = static_cast<char>((high & 15) << 4 | (low & 15));
    }
    if (wrong < 0) return std::nullopt;
    return raw;
}

}  // namespace schema
