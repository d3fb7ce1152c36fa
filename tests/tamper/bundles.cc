// Bundles: bytes damaged, lines left out, swapped and exchanged with another bundle's, proofs altered, words opened
// that the disclosure leaves out and left out that it opens. Whoever changed a line made the end fit again.
#include "campaign.h"
#include "forgery.h"
#include "ledger/bundle.h"
#include "schema/json.h"

namespace tamper {
namespace {

namespace json = boost::json;
using Lines = std::vector<std::string>;
using ledger::BundleEntry;

std::optional<uint64_t> position_of(const std::string& line) {
    auto read = ledger::read_bundle_line(line);
    auto* entry = read ? std::get_if<BundleEntry>(&*read) : nullptr;
    return entry ? std::optional(entry->position) : std::nullopt;
}

class Bundles {
  public:
    Bundles(Campaign& campaign, const Sample& sample, const std::string& name)
        : campaign_(campaign), sample_(sample), name_(name), good_(sample.bundles.at(name)), lines_(split(good_)) {}

    void take(const std::string& kind, const std::string& what, uint64_t from, uint64_t to, std::string bundle) {
        campaign_.take({kind, name_ + ", " + what, from, to,
                        [bundle, key = sample_.key()] { return verify_bundle(bundle, key); },
                        [bundle, good = &good_] { return same_bundle(*good, bundle); }});
    }
    void changed(const std::string& kind, size_t line, const std::function<bool(json::object&)>& change) {
        auto value = schema::parse_json(lines_[line]).value();
        if (!change(value.get_object())) return;
        auto lines = lines_;
        lines[line] = json::serialize(value);
        if (lines[line] == lines_[line]) return;
        take(kind, "line " + std::to_string(line), 0, ~uint64_t{0}, resealed(lines));
    }

    void damage(size_t most) {
        for (size_t n = campaign_.count(most); n > 0; --n) {
            auto line = campaign_.dice.below(lines_.size());
            std::string what;
            auto bad = damaged(lines_[line], campaign_.dice, what);
            if (bad.empty()) continue;
            auto lines = lines_;
            lines[line] = bad;
            what = "line " + std::to_string(line) + ": " + what;
            if (line + 1 < lines.size() && campaign_.dice.below(3))
                take("bundle: bytes, and the end made to fit", what, 0, ~uint64_t{0}, resealed(lines));
            else take("bundle: bytes", what, 0, ~uint64_t{0}, joined(lines));
        }
        for (size_t n = campaign_.count(most / 20); n > 0; --n)
            take("bundle: cut off", "", 0, ~uint64_t{0}, good_.substr(0, campaign_.dice.below(good_.size())));
        take("bundle: more after its end", "", 0, ~uint64_t{0}, good_ + "\n");
        take("bundle: more after its end", "", 0, ~uint64_t{0}, good_ + lines_[2] + "\n");
    }
    void lines(const Lines& others) {
        for (auto at : campaign_.spread(lines_.size() - 1, campaign_.count(60))) {
            auto fewer = lines_;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at));
            take("bundle: line left out", std::to_string(at), 0, ~uint64_t{0}, resealed(fewer));
            auto twice = lines_;
            twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(at), lines_[at]);
            take("bundle: line twice", std::to_string(at), 0, ~uint64_t{0}, resealed(twice));
            auto swapped = lines_;
            auto other = campaign_.dice.below(lines_.size() - 1);
            if (other != at) {
                std::swap(swapped[at], swapped[other]);
                take("bundle: lines swapped", std::to_string(at), 0, ~uint64_t{0}, resealed(swapped));
            }
            auto mixed = lines_;
            mixed[at] = others[std::min(at, others.size() - 2)];
            if (mixed[at] != lines_[at])
                take("bundle: line of another bundle", std::to_string(at), 0, ~uint64_t{0}, resealed(mixed));
        }
        for (size_t n = campaign_.count(30); n > 0; --n) {
            auto from = 2 + campaign_.dice.below(lines_.size() - 4);
            auto to = from + 1 + campaign_.dice.below(lines_.size() - 2 - from);
            auto fewer = lines_;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(from),
                        fewer.begin() + static_cast<std::ptrdiff_t>(to));
            take("bundle: middle left out", std::to_string(from) + " to " + std::to_string(to), 0, ~uint64_t{0},
                 resealed(fewer));
        }
        // An entry of another case, in its right place and with its right proof.
        for (auto& line : others) {
            auto at = position_of(line);
            if (!at || line.find("\"words\":") != line.npos) continue;
            auto more = lines_;
            auto place =
                std::find_if(more.begin() + 2, more.end() - 2, [&](auto& mine) { return *position_of(mine) >= *at; });
            if (place != more.end() - 2 && *position_of(*place) == *at) continue;
            more.insert(place, line);
            take("bundle: entry of another case", std::to_string(*at), 0, ~uint64_t{0}, resealed(more));
        }
        // The tail is cut, and the heads of an earlier disclosure stand in its place; or the other case's start.
        auto mixed = lines_;
        mixed[mixed.size() - 2] = others[others.size() - 2];
        take("bundle: another disclosure's heads", "", 0, ~uint64_t{0}, resealed(mixed));
        mixed = others;
        mixed[0] = lines_[0];
        take("bundle: another disclosure's start", "", 0, ~uint64_t{0}, resealed(mixed));
    }
    void start() {
        for (auto& [name, position] : sample_.disclosures)
            changed("bundle: start", 0,
                    [&, p = position](json::object& start) { return start["disclosure"] = p, true; });
        for (auto& [name, family] : sample_.families)
            changed("bundle: start", 0,
                    [&, f = &family](json::object& start) { return start["stream"] = f->stream.hex(), true; });
        changed("bundle: start", 0, [](json::object& start) { return start["origin"] = "another.example", true; });
        changed("bundle: start", 0, [&](json::object& start) { return start["disclosure"] = sample_.size(), true; });
        for (auto& note : sample_.notes)
            changed("bundle: another checkpoint", 1,
                    [&](json::object& line) { return line["checkpoint"] = note, true; });
        auto forged = ledger::Checkpoint{test::origin, sample_.size(), sample_.book.root}.sign(test::key_from(99));
        changed("bundle: another checkpoint", 1, [&](json::object& line) { return line["checkpoint"] = forged, true; });
        auto elsewhere =
            ledger::Checkpoint{"another.example", sample_.size(), sample_.book.root}.sign(sample_.ledger_key);
        changed("bundle: checkpoint of another origin", 1,
                [&](json::object& line) { return line["checkpoint"] = elsewhere, true; });
        auto key = test::key_from(99).public_key();
        auto foreign = lines_;
        foreign[1] = json::serialize(json::object{{"checkpoint", forged}});
        campaign_.take({"bundle: signed by a key that the record does not name", name_, 0, ~uint64_t{0},
                        [text = resealed(foreign), key] { return verify_bundle(text, key); }});
        campaign_.take({"bundle: key of another ledger", name_, 0, ~uint64_t{0},
                        [good = good_, key] { return verify_bundle(good, key); }});
    }
    void proofs() {
        auto places = campaign_.spread(lines_.size() - 4, campaign_.count(40));
        if (places.front() != 0) places.push_back(0);  // the genesis, whose author had been shown nothing
        for (auto at : places) {
            auto line = at + 2;
            for (auto* member : {"inclusion", "seen"}) {
                auto kind = std::string("bundle: ") + member;
                auto steps = [&](const std::function<bool(json::array&)>& change) {
                    changed(kind, line, [&](json::object& object) {
                        return object.contains(member) && change(object[member].as_array());
                    });
                };
                auto step = campaign_.dice.below(5);
                steps([&](json::array& list) { return !list.empty() && (list.erase(list.begin()), true); });
                steps([&](json::array& list) { return !list.empty() && (list.push_back(list[0]), true); });
                steps([&](json::array& list) {
                    if (step >= list.size()) return false;
                    auto digest = *ledger::Digest::from_hex(std::string_view(list[step].as_string()));
                    digest[9] ^= 1;
                    return list[step] = digest.hex(), true;
                });
                changed(kind, line, [&](json::object& object) { return object.erase(member) > 0; });
            }
            changed("bundle: seen that was not", line, [](json::object& object) {
                if (object.contains("seen")) return false;
                return object["seen"] = object["inclusion"], true;
            });
            changed("bundle: position", line, [](json::object& object) {
                return object["position"] = object["position"].to_number<uint64_t>() + 1, true;
            });
        }
        auto heads = lines_.size() - 2;
        for (size_t i = 0; i < 3; ++i) {
            auto head = [&](const std::function<void(json::object&)>& change) {
                changed("bundle: heads", heads,
                        [&](json::object& object) { return change(object["heads"].as_array()[i].as_object()), true; });
            };
            head([](json::object& one) { one["revision"] = one["revision"].to_number<uint64_t>() + 1; });
            head([](json::object& one) { one["revision"] = one["revision"].to_number<uint64_t>() - 1; });
            head([](json::object& one) { one["event"] = std::string(64, '1'); });
            head([](json::object& one) { one["stream"] = std::string(32, '1'); });
            head([](json::object& one) { one["siblings"].as_array().clear(); });
            head([](json::object& one) { one["siblings"].as_array().push_back(json::string(std::string(64, '0'))); });
            changed("bundle: heads", heads, [&](json::object& object) {
                auto& list = object["heads"].as_array();
                return list.erase(list.begin() + static_cast<std::ptrdiff_t>(i)), true;
            });
            changed("bundle: heads", heads, [&](json::object& object) {
                auto& list = object["heads"].as_array();
                auto copy = list[i];
                return list.push_back(copy), true;
            });
        }
        for (auto* wrong : {"entries", "chain"}) {
            auto lines = lines_;
            auto value = schema::parse_json(lines.back()).value();
            auto& end = value.as_object()["end"].as_object();
            if (std::string_view(wrong) == "entries") end["entries"] = end["entries"].to_number<uint64_t>() - 1;
            else end["chain"] = std::string(64, 'a');
            lines.back() = json::serialize(value);
            take("bundle: end", wrong, 0, ~uint64_t{0}, joined(lines));
        }
    }

    // Lies about words, each found in the word it is about.
    void words() {
        for (size_t line = 2; line + 2 < lines_.size(); ++line) {
            auto read = ledger::read_bundle_line(lines_[line]).value();
            auto& entry = std::get<BundleEntry>(read);
            for (size_t i = 0; i < entry.words.size(); ++i) word(line, entry, i);
        }
    }
    void word(size_t line, const BundleEntry& entry, size_t i) {
        auto& word = entry.words[i];
        auto told = [&](const char* kind, const std::function<bool(json::object&, json::array&)>& change) {
            auto value = schema::parse_json(lines_[line]).value();
            auto& list = value.as_object()["words"].as_array();
            if (!change(list[i].as_object(), list)) return;
            auto lines = lines_;
            lines[line] = json::serialize(value);
            if (lines[line] != lines_[line])
                take(kind, "entry " + std::to_string(entry.position), entry.position, entry.position, resealed(lines));
        };
        for (auto* why : {"withheld", "erased", "about-others", "not-disclosed", "not-needed"})
            told(word.why == ledger::BundleWord::opened ? "bundle: left out though opened"
                                                        : "bundle: left out otherwise",
                 [&](json::object& object, json::array&) {
                     json::object out{{"heading", word.word.heading},
                                      {"subjects", object["subjects"]},
                                      {"commitment", word.commitment.hex()},
                                      {"leftOut", why}};
                     if (object.contains("under")) out["under"] = object["under"];
                     else if (std::string_view(why) == "erased") out["under"] = json::array{sample_.size() - 1};
                     return object = std::move(out), true;
                 });
        if (word.why != ledger::BundleWord::opened) {
            auto opened =
                ledger::unseal(schema::as_bytes(sample_.book.words_at(entry.position)),
                               sample_.entry(entry.position).id(), entry.position, sample_.played.book->keys());
            auto open = [&](const char* kind, const auto& known) {
                told(kind, [&](json::object& object, json::array&) {
                    return object = {{"heading", known.heading},
                                     {"subjects", object["subjects"]},
                                     {"salt", schema::to_hex(schema::as_bytes(known.salt))},
                                     {"content", known.content}},
                           true;
                });
            };
            if (auto& known = opened.value()[i]; known.readable) open("bundle: opened though left out", known);
            else if (auto remembered = sample_.noted.find(entry.position); remembered != sample_.noted.end())
                open("bundle: opened though erased", remembered->second);
            told("bundle: commitment",
                 [](json::object& object, auto&) { return object["commitment"] = std::string(64, '7'), true; });
            told("bundle: erased under others", [](json::object& object, auto&) {
                return object.contains("under") && (object["under"] = json::array{0}, true);
            });
            told("bundle: erased under none", [](json::object& object, auto&) { return object.erase("under") > 0; });
        } else {
            told("bundle: content", [](json::object& object, auto&) { return object["content"] = "never said", true; });
            told("bundle: salt",
                 [](json::object& object, auto&) { return object["salt"] = std::string(64, '7'), true; });
            told("bundle: media type",
                 [](json::object& object, auto&) { return object["mediaType"] = "text/html", true; });
        }
        told("bundle: heading", [](json::object& object, auto&) { return object["heading"] = "other", true; });
        told("bundle: subjects", [](json::object& object, auto&) {
            return object["subjects"].as_array()[0] = json::string(std::string(32, '7')), true;
        });
        told("bundle: word dropped", [&](json::object&, json::array& list) {
            return list.erase(list.begin() + static_cast<std::ptrdiff_t>(i)), true;
        });
        told("bundle: word twice", [&](json::object& object, json::array& list) {
            json::value copy = object;
            return list.push_back(std::move(copy)), true;
        });
    }

  private:
    Campaign& campaign_;
    const Sample& sample_;
    std::string name_;
    const std::string& good_;
    Lines lines_;
};

}  // namespace

void bytes_of_bundles(Campaign& campaign) {
    Bundles(campaign, campaign.little, "everything").damage(3'000);
    Bundles(campaign, campaign.little, "the child's own").damage(3'000);
}

void bundles(Campaign& campaign) {
    for (auto* sample : {&campaign.little, &campaign.whole})
        for (auto& [name, bundle] : sample->bundles) {
            Bundles tried(campaign, *sample, name);
            auto& other = sample->bundles.begin()->first == name ? sample->bundles.rbegin()->second
                                                                 : sample->bundles.begin()->second;
            tried.lines(split(other));
            tried.start();
            tried.proofs();
            tried.words();
        }
}

}  // namespace tamper
