# What the ledger stores and hands out beside the event itself: entries, words, submissions, receipts.
@0xd1f5a4e3b2c19703;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("schema");

struct Entry {
  # An event with its place. Stored in canonical form; leaf hash = SHA-256(0x00 || these bytes).
  position @0 :UInt64;               # number in the book, from 0, no gaps
  recorded @1 :Int64;                # the ledger's clock, milliseconds since 1970 UTC; never decreasing
  revision @2 :UInt64;               # number in its stream, from 1
  previous @3 :Data;                 # leaf hash of the stream's previous entry; empty for the first
  heads @4 :Data;                    # root of the heads map after this entry
  event @5 :Data;                    # the canonical bytes that were signed
  signatures @6 :List(Data);         # the actor's, then the joint signers' in the event's order
}

struct Word {
  # Something written about people, as the writer sends it beside the event.
  heading @0 :Text;                  # a code: name, rationale, observations, ...
  subjects @1 :List(Data);           # ids of those it is about, 16 bytes each, at least one
  salt @2 :Data;                     # 32 random bytes
  content @3 :Data;
  mediaType @4 :Text;                # empty: text/plain; charset=utf-8
}

struct SealedWord {
  # A word as it lies on disk; content, salt and media type are inside `sealed`.
  heading @0 :Text;
  subjects @1 :List(Data);
  commitment @2 :Data;               # to salt, media type and content; with heading and subjects it gives the leaf
  sealed @3 :Data;                   # AES-256-GCM, the 16-byte tag last
  keys @4 :List(Data);               # the word's key, AES-KWP under each subject's key, in the order of subjects
}
struct SealedWords { words @0 :List(SealedWord); }
struct Words { words @0 :List(Word); }

struct Submission {
  # What a client sends to have one event recorded.
  event @0 :Data;
  signatures @1 :List(Data);
  words @2 :List(Word);
  playedAt @3 :Int64;                # played ledgers only: the time it is recorded at
}
struct Submissions { submissions @0 :List(Submission); }
struct Receipts { receipts @0 :List(Receipt); }

enum ReceiptState { accepted @0; included @1; witnessed @2; refused @3; }
struct Receipt {
  # All a stranger needs to check one entry with public keys alone.
  entry @0 :Data;
  proof @1 :List(Data);              # RFC 6962 inclusion proof, leaf to root
  checkpoint @2 :Text;               # the signed C2SP checkpoint it leads to
  state @3 :ReceiptState;
  replayed @4 :Bool;                 # this event id and these bytes were recorded before
  refusal @5 :Text;                  # in a bulk reply, where refused: the reason's name
  detail @6 :Text;
}
