// What a run of the benchmark was made on and with: figures mean little without it.
#pragma once
#include <boost/json.hpp>
#include <string>

namespace tools {

unsigned cores();
// Processor, cores, memory, kernel, file system of the folder, compiler and libraries.
boost::json::object machine(const std::string& folder);
// The same as a sentence.
std::string machine_text(const boost::json::object& machine);

}  // namespace tools
