// The other side of the door: HTTPS with a session, for the desk, the demo and the tests. Blocking; one connection,
// kept alive; not for more than one thread at a time.
#pragma once
#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "ledger/keys.h"
#include "schema/result.h"

namespace server {

struct Response {
    int status = 0;
    std::string content_type, body;
    std::string etag, link, cache;
    boost::json::value json() const;  // null where the body is not JSON
};

class Client {
  public:
    // How to reach somebody else's service, which may be slow, dead or hostile.
    struct Options {
        std::string certificates;  // PEM file of those that are trusted, and no others; empty: the machine's own list
        std::chrono::milliseconds patience = std::chrono::seconds{90};  // for each step; longer than ours to give up
        uint64_t largest_answer = uint64_t{1} << 30;
        // Nobody on the way can forge or gain anything: then TLS 1.2 will do, and `http:` to anywhere.
        bool answers_prove_themselves = false;
    };
    // Nothing is connected yet; that is done when something is asked. Malformed: the URL. `http:` is taken for an
    // address of this machine alone, unless answers prove themselves.
    static schema::Result<Client> prepare(const std::string& url, Options options);
    // Any thread: what is being asked fails at once, and everything that is asked later.
    void cut_off();

    // url: "https://127.0.0.1:8443"; certificate: PEM file of the server's own certificate, the only one trusted.
    static schema::Result<Client> connect(const std::string& url, const std::string& certificate_file);
    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;
    ~Client();

    // Proves who we are by signing a challenge; later requests carry the session.
    schema::Result<void> sign_in(const ledger::SigningKey& key);

    // Carries the session of another client of the same person.
    void share_session(const Client& other);
    const std::string& token() const;  // of the session; empty without one

    // Io when the connection breaks (it is made again on the next call); an HTTP error status is a Response.
    schema::Result<Response> get(const std::string& target, const std::string& accept = "application/json");
    // The body goes into the file, however long it is, unless the status is an error.
    schema::Result<Response> download(const std::string& target, const std::string& path);
    schema::Result<Response> post(const std::string& target, std::string body,
                                  const std::string& content_type = "application/json");

  private:
    struct State;
    explicit Client(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace server
