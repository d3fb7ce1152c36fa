// The bundle of a book that no ledger wrote, made as docs/FORMAT.md says, without the writer that is tested.
#pragma once
#include "operator.h"

namespace tamper {

// Of the case that the last entry of this book discloses; `note`: the checkpoint over the book. No word is opened.
std::string forged_bundle(const Book& book, const std::string& note);

// That the entry is in this book.
ledger::Proof inclusion(const Book& book, uint64_t position);

// Lines, and how whoever changed one makes the end fit again.
std::vector<std::string> split(const std::string& bundle);
std::string joined(const std::vector<std::string>& lines);
std::string resealed(std::vector<std::string> lines);
// Whether every line but the last says the same, in another spelling of JSON or of hexadecimal digits.
bool same_bundle(const std::string& one, const std::string& other);

}  // namespace tamper
