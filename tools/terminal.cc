#include "tools/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <clocale>
#include <cstdlib>
#include <cwchar>

namespace tools {
namespace {

// wcwidth answers for the program's locale; ours is always UTF-8, whatever the machine's language is.
void speak_utf8() {
    static const bool done = std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr;
    (void)done;
}

struct Glyph {
    size_t bytes, columns;
};

Glyph first_glyph(std::string_view text) {
    speak_utf8();
    std::mbstate_t state{};
    wchar_t wide = 0;
    auto used = std::mbrtowc(&wide, text.data(), text.size(), &state);
    if (used == 0 || used > text.size()) return {1, 1};
    int columns = ::wcwidth(wide);
    return {used, columns < 0 ? 1 : static_cast<size_t>(columns)};
}

std::string clock_text(double seconds) {
    auto whole = static_cast<uint64_t>(seconds + 0.5);
    if (whole >= 3600) return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
    if (whole >= 60) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} s", whole);
}

}  // namespace

std::string Screen::styled(Style style, std::string_view text) const {
    static constexpr const char* codes[] = {"1", "2", "31", "32", "33"};
    if (!colour) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", codes[style], text);
}

Screen screen_of(std::FILE* stream) {
    Screen screen;
    screen.stream = stream;
    screen.terminal = ::isatty(::fileno(stream)) == 1;
    const char* no_colour = std::getenv("NO_COLOR");
    const char* kind = std::getenv("TERM");
    screen.colour = screen.terminal && !(no_colour && *no_colour) && !(kind && std::string_view(kind) == "dumb");
    winsize size{};
    if (screen.terminal && ::ioctl(::fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
        screen.width = size.ws_col;
    if (const char* columns = std::getenv("COLUMNS"))
        if (auto given = std::strtoul(columns, nullptr, 10); given >= 20 && given <= 1000) screen.width = given;
    return screen;
}

size_t display_width(std::string_view text) {
    size_t columns = 0;
    while (!text.empty()) {
        auto glyph = first_glyph(text);
        columns += glyph.columns;
        text.remove_prefix(glyph.bytes);
    }
    return columns;
}

std::string_view fitting(std::string_view text, size_t columns) {
    size_t used = 0, bytes = 0;
    while (bytes < text.size()) {
        auto glyph = first_glyph(text.substr(bytes));
        if (used + glyph.columns > columns) break;
        used += glyph.columns;
        bytes += glyph.bytes;
    }
    return text.substr(0, bytes);
}

std::string printable(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        auto glyph = first_glyph(text);
        auto c = static_cast<unsigned char>(text.front());
        bool control = glyph.bytes == 1 && ((c < 0x20 && c != '\n') || c >= 0x7f);
        // U+0080 to U+009F are control characters of two bytes; some terminals obey them.
        control |= glyph.bytes == 2 && c == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0;
        if (control) out += '?';
        else out += text.substr(0, glyph.bytes);
        text.remove_prefix(glyph.bytes);
    }
    return out;
}

Progress::Progress(const Screen& screen, std::string what, bool quiet)
    : screen_(screen), what_(std::move(what)), quiet_(quiet) {}

void Progress::at(uint64_t done, uint64_t of) {
    auto now = Clock::now();
    auto since = now - last_;
    if (quiet_ || of == 0 || since < (screen_.terminal ? std::chrono::milliseconds(100) : std::chrono::seconds(10)))
        return;
    last_ = now;
    double seconds = std::chrono::duration<double>(now - began_).count();
    double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
    auto left = rate > 0 ? clock_text(static_cast<double>(of - done) / rate) : std::string("?");
    auto numbers = fmt::format("{} of {}, {:.0f}/s, {} left", done, of, rate, left);
    if (!screen_.terminal) {
        fmt::print(screen_.stream, "{}: {}\n", what_, numbers);
        std::fflush(screen_.stream);
        return;
    }
    size_t room =
        screen_.width > numbers.size() + what_.size() + 6 ? screen_.width - numbers.size() - what_.size() - 6 : 0;
    room = std::min<size_t>(room, 40);
    size_t full = room * done / of;
    fmt::print(screen_.stream, "\r\x1b[K{} [{}{}] {}", what_, std::string(full, '#'), std::string(room - full, '.'),
               numbers);
    std::fflush(screen_.stream);
    drawn_ = true;
}

void Progress::done() {
    if (drawn_) fmt::print(screen_.stream, "\r\x1b[K");
    drawn_ = false;
}

std::optional<std::string> ask(const std::string& question) {
    fmt::print(stderr, "{} ", question);
    std::fflush(stderr);
    std::string line;
    for (int c; (c = std::getchar()) != EOF;) {
        if (c == '\n') return line;
        line += static_cast<char>(c);
    }
    if (line.empty()) return std::nullopt;
    return line;
}

}  // namespace tools
