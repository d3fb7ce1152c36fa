// The two screens a command writes to: whether a person reads them, how wide they are, and what may be done there.
#pragma once
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace tools {

struct Screen {
    std::FILE* stream = stdout;
    bool terminal = false;
    bool colour = false;  // a terminal, and NO_COLOR is not set
    size_t width = 100;   // columns; of something that is no terminal: a comfortable line

    enum Style { bold, dim, red, green, yellow };
    std::string styled(Style style, std::string_view text) const;  // unchanged where there is no colour
};

Screen screen_of(std::FILE* stream);

// How many columns a text takes, and its first characters that fit into so many. UTF-8; broken bytes take one each.
size_t display_width(std::string_view text);
std::string_view fitting(std::string_view text, size_t columns);
// Control characters, which could make a terminal lie, as "?"; line breaks stay.
std::string printable(std::string_view text);

// A bar with rate and time left where stderr is a terminal, else a line every 10 seconds.
class Progress {
  public:
    Progress(const Screen& screen, std::string what, bool quiet);
    void at(uint64_t done, uint64_t of);
    void done();  // takes the bar away

  private:
    using Clock = std::chrono::steady_clock;
    const Screen& screen_;
    std::string what_;
    bool quiet_, drawn_ = false;
    Clock::time_point began_ = Clock::now(), last_ = began_;
};

// Asks on stderr and reads a line from stdin; nothing at the end of input.
std::optional<std::string> ask(const std::string& question);

}  // namespace tools
