#include "campaign.h"

#include <ostream>
#include <sstream>

#include "tools/redecision.h"
#include "tools/verify.h"

namespace tamper {
namespace {

std::string told(const ledger::AuditReport& report) {
    std::ostringstream out;
    out << report.entries << " entries " << report.signatures << " signatures " << report.shown << " shown "
        << report.words << " words " << report.words_opened << " opened " << report.origin << report.authority;
    for (auto& finding : report.erased) out << " erased " << finding.position << finding.field << finding.what;
    for (auto& finding : report.disputed) out << " disputed " << finding.position;
    return out.str();
}

Verdict wrong(const schema::Error& error) { return {{{0, error.field, error.message}}, "error"}; }

// "words[3], salt" and "line 14, words" are of one kind.
std::string kind_of(std::string field) {
    if (field.starts_with("line ")) field = "line: " + field.substr(std::min(field.size(), field.find(", ") + 2));
    std::string out;
    for (char c : field)
        if (!(c >= '0' && c <= '9')) out += c;
    return out;
}

}  // namespace

Verdict verify(const Book& book, const Evidence& evidence) {
    tools::VerifyOptions options;
    options.mark = evidence.mark;
    options.checkpoint = evidence.checkpoint;
    if (evidence.key) options.believed.keys = {{"", ledger::KeyType::ed25519, *evidence.key}};
    options.since = evidence.since;
    options.state = evidence.state;
    options.keys = evidence.keys;
    options.now = evidence.now;
    options.threads = 1;
    auto done = tools::verify_book(book, options);
    if (!done) return wrong(done.error());
    return {std::move(done->audit.findings), told(done->audit) + " decided " + std::to_string(done->decided),
            done->not_above};
}

Verdict verify_bundle(const std::string& bundle, const ledger::PublicKey& key) {
    tools::Redecision redecision(commands::Bench::Sees::one_case);
    ledger::BundleAuditOptions options;
    options.trusted_keys = {key};
    options.threads = 1;
    options.decide = [&](auto& entry, auto& event, auto parts) { return redecision.decide(entry, event, parts); };
    std::istringstream stream(bundle);
    auto report = ledger::audit_bundle(stream, options);
    if (!report) return wrong(report.error());
    auto text = told(report->audit) + report->purpose + std::to_string(report->revisions);
    for (auto& [why, count] : report->left_out) text += " " + why + std::to_string(count);
    return {std::move(report->audit.findings), text};
}

Verdict verify_receipt(const ledger::Receipt& receipt, const ledger::PublicKey& key, const ledger::PublicKey& actor) {
    auto entry = ledger::verify_receipt(receipt, key, actor);
    return entry ? Verdict{{}, std::to_string(entry->position())} : wrong(entry.error());
}

Verdict verify_note(const std::string& note, const ledger::PublicKey& key) {
    auto checkpoint = ledger::open_checkpoint(note, key);
    return checkpoint ? Verdict{{}, checkpoint->body()} : wrong(checkpoint.error());
}

Evidence kept(const Sample& sample) {
    Evidence evidence;
    evidence.mark = ledger::Marked{sample.size(), sample.book.root};
    evidence.checkpoint = sample.notes.back();
    evidence.key = sample.key();
    evidence.now = sample.played.now;
    if (!sample.since.empty()) evidence.since = sample.since;
    evidence.state = sample.state;
    return evidence;
}

Evidence fitted(const Sample& sample, const Operator& by, const Book& book) {
    auto evidence = kept(sample);
    evidence.mark = ledger::Marked{book.records.size(), book.root};
    evidence.checkpoint = by.checkpoint(book);
    return evidence;
}

Verdict by_any(const Sample& sample, const Operator& by, const Book& book) {
    auto verdict = verify(book, fitted(sample, by, book));
    return verdict.holds() ? verify(book, kept(sample)) : verdict;
}

std::vector<uint64_t> Campaign::spread(uint64_t size, size_t most) const {
    std::vector<uint64_t> places;
    uint64_t step = std::max<uint64_t>(1, (size + most - 1) / std::max<size_t>(most, 1));
    for (uint64_t at = dice.below(step); at < size; at += step) places.push_back(at);
    return places;
}

void untouched(Campaign& campaign) {
    for (auto* sample : {&campaign.little, &campaign.whole}) {
        auto evidence = kept(*sample);
        campaign.take({"untouched", "a book", 0, 0, [=] { return verify(sample->book, evidence); }});
        evidence.keys = &sample->played.book->keys();
        campaign.take({"untouched", "a book with its keys", 0, 0, [=] { return verify(sample->book, evidence); }});
        for (auto& [name, bundle] : sample->bundles)
            campaign.take({"untouched", "bundle " + name, 0, 0,
                           [sample, text = &bundle] { return verify_bundle(*text, sample->key()); }});
    }
}

void whole_campaign(Campaign& campaign, const std::string& only) {
    const std::pair<const char*, void (*)(Campaign&)> stages[] = {{"entries", bytes_of_entries},
                                                                  {"sealed", bytes_of_words},
                                                                  {"bundle-bytes", bytes_of_bundles},
                                                                  {"receipts", bytes_of_receipts},
                                                                  {"notes", bytes_of_notes},
                                                                  {"places", places},
                                                                  {"signers", signers},
                                                                  {"twists", twists},
                                                                  {"words", words},
                                                                  {"deeds", deeds},
                                                                  {"bundles", bundles},
                                                                  {"forged", forged_bundles},
                                                                  {"states", states}};
    for (auto& [name, stage] : stages)
        if (only.empty() || only == name) stage(campaign);
}

bool finds(const Verdict& verdict, const Mutant& mutant) {
    for (auto& finding : verdict.findings)
        if (!finding.field.empty() && finding.position >= mutant.from && finding.position <= mutant.to) return true;
    return false;
}

Table::Fate Table::judge(const Mutant& mutant) {
    auto verdict = mutant.verify();
    Fate fate = finds(verdict, mutant)         ? found
                : !verdict.holds()             ? elsewhere
                : mutant.same && mutant.same() ? same
                                               : passed;
    auto& row = rows_[mutant.kind];
    ++row.fates[fate];
    ++total_;
    if (fate == found) {
        for (auto& finding : verdict.findings)
            if (finding.position >= mutant.from && finding.position <= mutant.to) {
                ++row.fields[kind_of(finding.field)];
                row.exact += finding.position == mutant.from;
                break;
            }
    } else if (fate != same) {
        ADD_FAILURE() << mutant.kind << ", " << mutant.what << (fate == passed ? " passed" : " is found elsewhere");
        for (auto& finding : verdict.findings)
            std::cout << "  " << finding.position << " " << finding.field << ": " << finding.what << "\n";
    }
    return fate;
}

uint64_t Table::count(Fate fate) const {
    uint64_t sum = 0;
    for (auto& [kind, row] : rows_)
        if (auto there = row.fates.find(fate); there != row.fates.end()) sum += there->second;
    return sum;
}

void Table::print(std::ostream& out) const {
    out << "| kind | mutants | found | at the very entry | same content | passed | by which field |\n"
        << "|---|---|---|---|---|---|---|\n";
    for (auto& [kind, row] : rows_) {
        auto of = [fates = &row.fates](Fate fate) {
            auto there = fates->find(fate);
            return there == fates->end() ? 0 : there->second;
        };
        out << "| " << kind << " | " << of(found) + of(same) + of(elsewhere) + of(passed) << " | " << of(found) << " | "
            << row.exact << " | " << of(same) << " | " << of(passed) + of(elsewhere) << " |";
        std::vector<std::pair<uint64_t, std::string>> fields;
        for (auto& [field, count] : row.fields) fields.emplace_back(count, field);
        std::sort(fields.rbegin(), fields.rend());
        for (size_t i = 0; i < fields.size() && i < 8; ++i)
            out << (i ? ", " : " ") << fields[i].second << " " << fields[i].first;
        if (fields.size() > 8) out << ", " << fields.size() - 8 << " more";
        out << " |\n";
    }
}

std::string damaged(const std::string& good, Dice& dice, std::string& what) {
    auto bad = good;
    auto at = dice.below(good.size());
    switch (dice.below(6)) {
        case 0:
        case 1:
            what = "bit " + std::to_string(at) + " flipped";
            bad[at] = static_cast<char>(bad[at] ^ (1 << dice.below(8)));
            break;
        case 2: {
            auto count = 1 + dice.below(16);
            what = std::to_string(count) + " bytes put in at " + std::to_string(at);
            std::string more;
            for (uint64_t i = 0; i < count; ++i) more += static_cast<char>(dice.below(256));
            bad.insert(at, more);
            break;
        }
        case 3: {
            auto count = 1 + dice.below(16);
            what = std::to_string(count) + " bytes taken out at " + std::to_string(at);
            bad.erase(at, count);
            break;
        }
        case 4: {
            auto count = std::min<uint64_t>(1 + dice.below(16), good.size() - at);
            what = std::to_string(count) + " bytes zeroed at " + std::to_string(at);
            for (uint64_t i = 0; i < count; ++i) bad[at + i] = 0;
            break;
        }
        default: what = "cut off at " + std::to_string(at); bad.resize(at);
    }
    return bad == good ? std::string() : bad;
}

}  // namespace tamper
