#include "tools/calls.h"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "schema/json.h"
#include "server/tls.h"

namespace tools {
namespace {

namespace json = boost::json;

Exit exit_of_status(int status) {
    switch (status) {
        case 404: return Exit::not_found;
        case 409:
        case 412: return Exit::failed;  // unless others were first; see below
        case 400:
        case 405:
        case 413:
        case 415: return Exit::usage;
        case 429:
        case 503: return Exit::try_again;
        default: return Exit::failed;
    }
}

std::string text_in(const json::object& object, const char* name) {
    auto* found = object.if_contains(name);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

// What others have recorded since, so that a decider can look at it.
std::string since_of(const json::object& problem) {
    auto* since = problem.if_contains("since");
    if (!since || !since->is_array()) return {};
    std::string lines = "Recorded since you looked:";
    for (auto& item : since->get_array())
        if (auto* entry = item.if_object())
            lines += "\n  " + text_in(*entry, "occurred") + "  " + text_in(*entry, "title");
    return lines + "\nLook at the case and record again.";
}

Failure failure_of(const server::Response& response) {
    auto body = response.json();
    auto* problem = body.if_object();
    Failure failure(exit_of_status(response.status), "the service answered " + std::to_string(response.status));
    if (!problem) return failure;
    auto type = text_in(*problem, "type");
    failure.name = type.substr(type.rfind('/') + 1);
    failure.field = text_in(*problem, "field");
    failure.detail = text_in(*problem, "detail");
    failure.source = text_in(*problem, "source");
    if (auto title = text_in(*problem, "title"); !title.empty()) failure.message = title;
    // What cannot be read is told by its detail: the title only says that there is something.
    if (failure.name == "malformed" && !failure.detail.empty()) failure.message = std::exchange(failure.detail, {});
    for (auto raced : {"not_shown_latest", "id_taken", "key_taken", "name_taken"})
        if (failure.name == raced) failure.exit = Exit::conflict;
    if (failure.name == "not_shown_latest") failure.advice = since_of(*problem);
    return failure;
}

}  // namespace

Attempt<ledger::SigningKey> load_key(const Desk& desk) {
    if (desk.key.empty()) return usage("--key FILE (or CASELEDGER_KEY) is needed: the service wants to know who asks");
    auto key = ledger::SigningKey::load(desk.key);
    if (!key) return tl::unexpected(key.error());
    return *key;
}

Attempt<Calls> Calls::connect(const Desk& desk) {
    auto url = desk.server.empty() ? std::string("https://127.0.0.1:8443") : desk.server;
    auto certificate = desk.certificate;
    if (certificate.empty() && !desk.data.empty()) certificate = server::certificate_file(desk.data);
    if (certificate.empty())
        return usage(
            "--certificate FILE or --data FOLDER is needed (or CASELEDGER_CERTIFICATE): the service's own "
            "certificate, at FOLDER/secrets/tls.crt");
    auto client = server::Client::connect(url, certificate);
    if (!client) {
        Failure failure(client.error());
        failure.advice = "Is the service running at " + url + "? `caseledgerd --data FOLDER` starts it.";
        return tl::unexpected(failure);
    }
    return Calls(*std::move(client));
}

Attempt<Calls> Calls::sign_in(const Desk& desk) {
    auto key = load_key(desk);
    if (!key) return tl::unexpected(key.error());
    auto calls = connect(desk);
    if (!calls) return calls;
    calls->key_ = *key;
    if (auto in = calls->client_.sign_in(*key); !in) {
        Failure failure(in.error());
        if (in.error().fault == schema::Fault::forbidden)
            failure.advice = "Is the key enrolled, and does its person hold a role today?";
        return tl::unexpected(failure);
    }
    return calls;
}

Attempt<> Calls::sign_in_again() {
    auto in = client_.sign_in(*key_);
    if (!in) return tl::unexpected(in.error());
    return {};
}

Attempt<std::string> Calls::get_text(const std::string& target, const std::string& accept) {
    auto response = client_.get(target, accept);
    if (!response) return tl::unexpected(response.error());
    if (response->status >= 300) return tl::unexpected(failure_of(*response));
    return std::move(response->body);
}

Attempt<> Calls::download(const std::string& target, const std::string& path) {
    auto response = client_.download(target, path);
    if (!response) return tl::unexpected(response.error());
    if (response->status >= 300) return tl::unexpected(failure_of(*response));
    return {};
}

Attempt<json::value> Calls::get(const std::string& target) {
    auto response = client_.get(target);
    if (!response) return tl::unexpected(response.error());
    if (response->status >= 300) return tl::unexpected(failure_of(*response));
    return response->json();
}

Attempt<json::value> Calls::post(const std::string& target, const json::value& body) {
    auto response = client_.post(target, json::serialize(body));
    if (!response) return tl::unexpected(response.error());
    if (response->status >= 300) return tl::unexpected(failure_of(*response));
    return response->json();
}

Attempt<ServiceFacts> Calls::facts() {
    auto answer = get("/v1/ledger");
    if (!answer) return tl::unexpected(answer.error());
    auto* told = answer->if_object();
    auto key = told ? schema::PublicKey::from_hex(text_in(*told, "checkpointKey")) : std::nullopt;
    if (!key) return tl::unexpected(Failure(Exit::failed, "the service does not say which key signs its checkpoints"));
    auto* played = told->if_contains("playedClock");
    ServiceFacts facts{text_in(*told, "origin"),
                       text_in(*told, "authority"),
                       played && played->is_bool() && played->get_bool(),
                       *key,
                       {}};
    if (auto* keys = told->if_contains("checkpointKeys"); keys && keys->is_array())
        for (auto& each : keys->get_array()) {
            auto* one = each.if_object();
            auto named = one ? schema::PublicKey::from_hex(text_in(*one, "key")) : std::nullopt;
            boost::system::error_code error;
            auto from = one && one->contains("from") ? one->at("from").to_number<uint64_t>(error) : 0;
            if (named && !error) facts.checkpoint_keys.emplace_back(*named, from);
        }
    return facts;
}

Target& Target::with(std::string_view name, std::string_view value) {
    if (value.empty()) return *this;
    text_ += std::exchange(first_, false) ? '?' : '&';
    text_ += std::string(name) + "=" + boost::urls::encode(value, boost::urls::unreserved_chars);
    return *this;
}

}  // namespace tools
