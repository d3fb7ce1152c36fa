// How a function says that it could not: Result<T> holds a T or an Error. Nothing here throws.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace schema {

// What went wrong, as a caller can act on it. The names are wire-stable (problem+json types end in them).
enum class Fault {
    malformed,  // bytes or text that break a rule of the format; `field` names where
    io,         // the disk or the network failed
    corrupt,    // stored bytes are not what was written
    not_found,
    conflict,    // the same id with other bytes; a name taken twice
    overloaded,  // try again
    sealed,      // an earlier fault: open the ledger again
    forbidden,   // the caller may not
};

constexpr const char* name(Fault fault) {
    switch (fault) {
        case Fault::malformed: return "malformed";
        case Fault::io: return "io";
        case Fault::corrupt: return "corrupt";
        case Fault::not_found: return "not_found";
        case Fault::conflict: return "conflict";
        case Fault::overloaded: return "overloaded";
        case Fault::sealed: return "sealed";
        case Fault::forbidden: return "forbidden";
    }
    return "";
}

struct Error {
    Fault fault;
    std::string field;    // "fact.contactReceived.children", or empty
    std::string message;  // a sentence; never holds case data
    std::string text() const { return field.empty() ? message : field + ": " + message; }
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Fault fault, std::string message) {
    return tl::unexpected<Error>(Error{fault, {}, std::move(message)});
}
inline tl::unexpected<Error> fail(Fault fault, std::string field, std::string message) {
    return tl::unexpected<Error>(Error{fault, std::move(field), std::move(message)});
}
inline tl::unexpected<Error> malformed(std::string field, std::string message) {
    return fail(Fault::malformed, std::move(field), std::move(message));
}

[[noreturn]] inline void broken_promise(const char* promise, const char* file, int line) {
    std::fprintf(stderr, "caseledger: promise broken: %s (%s:%d)\n", promise, file, line);
    std::abort();
}

}  // namespace schema

// Returns the error of a Result<void> or Result<T> expression to the caller.
#define TRY(expression)                                                                 \
    do {                                                                                \
        if (auto tried_ = (expression); !tried_) return tl::unexpected(tried_.error()); \
    } while (false)

// Our own promises, checked in release builds too.
#define ASSERT(promise)                                                         \
    do {                                                                        \
        if (!(promise)) ::schema::broken_promise(#promise, __FILE__, __LINE__); \
    } while (false)
