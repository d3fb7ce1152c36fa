#include <capnp/serialize.h>

#include "schema/book.capnp.h"
#include "schema/message.h"
#include "tools/demo_doors.h"

namespace tools::demo {
namespace {

using schema::as_bytes;
using schema::data_of;
using schema::fail;
using schema::Fault;

std::string written(const std::vector<Handed>& handed) {
    capnp::MallocMessageBuilder message;
    auto list = message.initRoot<schema::Submissions>().initSubmissions(static_cast<unsigned>(handed.size()));
    for (uint32_t i = 0; i < handed.size(); ++i) {
        auto& one = handed[i];
        list[i].setEvent(data_of(as_bytes(one.event)));
        list[i].setPlayedAt(schema::milliseconds(one.played_at));
        auto signatures = list[i].initSignatures(static_cast<unsigned>(one.signatures.size()));
        for (uint32_t j = 0; j < one.signatures.size(); ++j)
            signatures.set(j, data_of({one.signatures[j].data(), one.signatures[j].size()}));
        auto words = list[i].initWords(static_cast<unsigned>(one.words.size()));
        for (uint32_t j = 0; j < one.words.size(); ++j) {
            auto& word = one.words[j];
            words[j].setHeading(word.heading);
            words[j].setSalt(data_of(as_bytes(word.salt)));
            words[j].setContent(data_of(as_bytes(word.content)));
            words[j].setMediaType(word.media_type);
            auto subjects = words[j].initSubjects(static_cast<unsigned>(word.subjects.size()));
            for (uint32_t k = 0; k < word.subjects.size(); ++k)
                subjects.set(k, data_of({word.subjects[k].data(), word.subjects[k].size()}));
        }
    }
    auto words = capnp::messageToFlatArray(message);
    return schema::string_of(words);
}

Door::Answer read(schema::Receipts::Reader receipts) {
    Door::Answer answer;
    for (auto one : receipts.getReceipts()) {
        if (one.getState() == schema::ReceiptState::REFUSED && !answer.refused) {
            answer.refused = answer.receipts.size();
            answer.refusal = std::string(one.getRefusal()) + ": " + std::string(one.getDetail());
        }
        auto& receipt = answer.receipts.emplace_back();
        receipt.entry = schema::as_text(schema::bytes_of(one.getEntry()));
        for (auto hash : one.getProof()) receipt.proof.push_back(ledger::Digest::of(schema::bytes_of(hash)));
        receipt.checkpoint = one.getCheckpoint();
        receipt.state = one.getState();
        receipt.replayed = one.getReplayed();
    }
    return answer;
}

}  // namespace

schema::Result<Door::Answer> ServiceDoor::hand_in(const std::vector<Handed>& handed) {
    auto response = client_.post("/v1/events", written(handed), "application/x-capnp");
    if (!response) return tl::unexpected(response.error());
    if (response->status != 200)
        return fail(Fault::io, "the service answered " + std::to_string(response->status) + ": " + response->body);
    auto words = schema::aligned(schema::as_bytes(response->body));
    try {
        capnp::ReaderOptions options;
        options.traversalLimitInWords = words.size() * 4 + 1024;
        capnp::FlatArrayMessageReader message(words, options);
        return read(message.getRoot<schema::Receipts>());
    } catch (const kj::Exception&) {
        return fail(Fault::corrupt, "the service's receipts cannot be read");
    }
}

}  // namespace tools::demo
