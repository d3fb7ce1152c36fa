// A request and an answer as handlers see them: no sockets, no Asio, no Beast. A handler is given a Call and gives back
// a Reply; the connection does the rest.
#pragma once
#include <boost/json/fwd.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "schema/result.h"

namespace server {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// What stands before the body, examined: nothing in it can be read in two ways.
struct Head {
    std::string method, path;
    std::vector<std::string> segments;  // of the path, decoded
    Pairs query;                        // decoded, in order
    std::string authorization, content_type, if_none_match, last_event_id;
    uint64_t content_length = 0;
    bool keep_alive = true, expects_continue = false;

    const std::string* find(std::string_view parameter) const;
};

inline constexpr size_t head_limit = 8 * 1024;
// `raw`: everything up to and with the empty line. Malformed: anything two readers might read differently, and what
// this door does not take (Transfer-Encoding, folded lines, HTTP/1.0, absolute targets, a body on a GET, ...).
schema::Result<Head> read_head(std::string_view raw);

// An answer that is made while it is sent. The connection asks for the next slice only when the last one is on its way,
// so a slow reader costs one slice of memory.
class Stream {
  public:
    enum State {
        more,     // there is more; ask again
        waiting,  // nothing more until the views rise
        ended,    // that was all
        broken,   // it cannot go on: the connection is closed without a last chunk
    };
    virtual ~Stream() = default;
    // Appends what comes next, at most about 64 KiB, within a few milliseconds.
    virtual State next(std::string& out) = 0;
    virtual std::string_view heartbeat() const { return {}; }  // sent when nothing else was for 15 seconds
};

struct Reply;
using Done = std::function<void(Reply)>;  // called once, on the connection's thread: Call::post leads there
using Later = std::function<void(Done)>;

struct Reply {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    Pairs headers;
    std::unique_ptr<Stream> stream;  // instead of a body
    Later later;                     // instead of everything: the reply comes through Done
    std::string_view cache = "no-store";
};

Reply json_reply(const boost::json::object& body, int status = 200);
std::string_view reason_of(int status);

}  // namespace server
