#include <filesystem>
#include <fstream>

#include "ledger/bundle.h"
#include "schema/json.h"
#include "tools/verify_file.h"

namespace tools {

schema::Result<Subject> recognise(const std::string& path) {
    namespace fs = std::filesystem;
    using schema::fail;
    using schema::Fault;
    std::error_code error;
    if (!fs::exists(path, error)) return fail(Fault::not_found, path, "is not there");
    if (fs::is_directory(path, error)) {
        if (fs::exists(path + "/book", error)) return Subject::ledger;
        if (fs::exists(path + "/checkpoint", error) && fs::exists(path + "/tile", error)) return Subject::tiles;
        return fail(Fault::not_found, path, "holds neither a ledger (book/) nor tiles (checkpoint and tile/)");
    }
    std::ifstream file(path, std::ios::binary);
    std::string head(4096, '\0');
    file.read(head.data(), static_cast<std::streamsize>(head.size()));
    if (file.bad() || (!file && file.gcount() == 0 && !file.eof())) return fail(Fault::io, path, "cannot be read");
    head.resize(static_cast<size_t>(file.gcount()));
    if (head.starts_with("c2sp.org/tlog-proof@v1\n")) return Subject::proof;
    auto line = std::string_view(head).substr(0, head.find('\n'));
    if (line.size() < head.size())
        if (auto first = schema::parse_json(line);
            first && first->is_object() && first->get_object().contains("bundle"))
            return Subject::bundle;
    auto begins = head.find_first_not_of(" \t\r\n");
    if (begins != head.npos && head[begins] == '{') return Subject::receipt;
    return fail(Fault::corrupt, path, "is none of what can be verified: a ledger, tiles, a bundle, a receipt, a proof");
}

}  // namespace tools
