// Numbers in keys and in rows: eight bytes, the highest first, so that keys sort as numbers do.
#pragma once
#include <algorithm>
#include <boost/endian/conversion.hpp>
#include <cstring>
#include <string>
#include <string_view>

namespace schema {

inline std::string big_endian(uint64_t number) {
    unsigned char bytes[8];
    boost::endian::store_big_u64(bytes, number);
    return {reinterpret_cast<const char*>(bytes), sizeof bytes};
}

// Of the first eight bytes; where there are fewer, as if zeros followed.
inline uint64_t from_big_endian(std::string_view text) {
    unsigned char bytes[8] = {};
    std::memcpy(bytes, text.data(), std::min(text.size(), sizeof bytes));
    return boost::endian::load_big_u64(bytes);
}

}  // namespace schema
