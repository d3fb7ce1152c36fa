#!/usr/bin/python3
"""A second verifier, written from docs/FORMAT.md alone, by somebody who had not seen our code.

    verifier.py book FILE               the lines of a golden ledger (tests/golden/ledger.txt)
    verifier.py bundle FILE --key HEX   a bundle, under the ledger's checkpoint key

Exit 0: it holds. 3: it does not, with one line naming entry and field. 2: usage.
Needs python3-nacl (libsodium). "[...]" in comments names the section of FORMAT.md that is followed. Not asked: the rules, and
fields of facts that FORMAT.md has no table of.
"""
import base64, datetime, hashlib, json, re, sys, unicodedata
from nacl import bindings, exceptions

DIRECTORY, PRACTICE = (bytes(15) + bytes([n]) for n in (1, 2))
RESERVED = {DIRECTORY, PRACTICE, bytes(15) + b"\x03"}
WHOLE = 2**64 - 1
# [For whoever writes a verifier] member: (words of data, pointers, which bits each word of data may have)
MEMBERS = {0: (1, 5, [1]), 2: (1, 3, [0xffff]), 3: (2, 1, [0xffff, WHOLE]), 76: (1, 2, [0xffff]), 77: (0, 2, []),
           78: (0, 2, []), 85: (1, 4, [0xffff]), 86: (1, 2, [0xffffffff])}
OPENED, ENROLLED, REVOKED, ROTATED, CHECKPOINT_KEY, ERASED, DISCLOSED = 0, 2, 3, 76, 78, 85, 86


class Refused(Exception):
    pass


def need(holds, field, why):
    if not holds:
        raise Refused(f"{field}: {why}")


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def unhex(text, size, field):
    """[The bundle] hexadecimal. In lower case."""
    need(isinstance(text, str) and re.fullmatch(r"[0-9a-f]*", text) and len(text) % 2 == 0, field, "not hexadecimal")
    need(size is None or len(text) == 2 * size, field, f"not {size} bytes")
    return bytes.fromhex(text)


def utf8(raw, field):
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{field}: not UTF-8")


def unbase64(text, field):
    """[Checkpoints] base64 has one spelling."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, AttributeError):
        raise Refused(f"{field}: not base64")
    need(base64.b64encode(raw).decode() == text, field, "another spelling of base64")
    return raw


def signed(key, signature, message):
    """[The event] Ed25519, strictly: libsodium refuses S, A and R that are not canonical, and small orders."""
    try:
        return len(signature) == 64 and len(key) == 32 and \
            bindings.crypto_sign_open(signature + message, key) == message
    except exceptions.BadSignatureError:
        return False


# ---- [For whoever writes a verifier] The bytes of a message


class Struct:
    def __init__(self, data, pointers):
        self.data, self.pointers = data, pointers

    def word(self, n):
        return self.data[n] if n < len(self.data) else 0

    def at(self, n):
        return self.pointers[n] if n < len(self.pointers) else None

    def fits(self, field, words, pointers, bits):
        """No field that the schema does not have, no bits beside the fields."""
        need(len(self.data) <= words and len(self.pointers) <= pointers, field, "has fields that FORMAT does not know")
        need(all(d & ~b == 0 for d, b in zip(self.data, bits)), field, "bits beside the fields")
        return self

    def bytes(self, n, size, field, empty=False):
        got = self.at(n)
        if got is None and empty:
            return b""
        need(isinstance(got, bytes) and len(got) > 0, field, "empty or not bytes")
        need(size is None or len(got) == size, field, f"not {size} bytes")
        return got

    def text(self, n, field, code=False):
        got = self.bytes(n, None, field)
        need(got[-1:] == b"\0" and len(got) > 1, field, "not a text, or empty")
        text = utf8(got[:-1], field)
        need(not any(unicodedata.category(c) == "Cc" for c in text), field, "control characters")
        need(not code or is_code(text), field, "not a code")
        return text

    def list(self, n, kind, field):
        got = self.at(n)
        need(got is None or type(got) is kind, field, "not the list that it should be")
        return got or kind()

    def struct(self, n, field):
        got = self.at(n)
        need(isinstance(got, Struct), field, "missing")  # seen, source, fact and member are always pointed to
        return got

    def datas(self, n, size, field):
        got = self.list(n, Pointers, field)
        need(all(isinstance(d, bytes) and len(d) == size for d in got), field, f"not all of {size} bytes")
        return got


class Pointers(list):
    pass


class Structs(list):
    pass


class Numbers(list):
    pass


class Reader:
    """Walks a message in preorder; every object must begin where the last one ended."""

    def __init__(self, message, field):
        self.field = field
        need(len(message) % 8 == 0 and len(message) >= 16, field, "not whole words")
        self.raw, self.words = message, [int.from_bytes(message[i:i + 8], "little") for i in range(0, len(message), 8)]
        self.end = 1
        self.root = self.follow(0, 0)
        self.must(isinstance(self.root, Struct), "the root is not a struct")
        self.must(self.end == len(self.words), "goes on after the message")

    def must(self, holds, why):
        need(holds, self.field, "not canonical: " + why)

    def take(self, at, pointer, words):
        offset = (pointer >> 2) & 0x3fffffff
        target = at + 1 + (offset - 2**30 if offset >= 2**29 else offset)
        self.must(target == self.end, "an object is not next in preorder")
        self.end += words
        self.must(self.end <= len(self.words), "points behind the end")
        return target

    def follow(self, at, depth):
        pointer = self.words[at]
        self.must(depth <= 16, "nested too deep")
        if pointer == 0:
            return None
        kind, data, pointers = pointer & 3, (pointer >> 32) & 0xffff, pointer >> 48
        self.must(kind <= 1, "a pointer that is neither struct nor list")
        if kind == 1:
            return self.follow_list(at, pointer, depth)
        if data + pointers == 0:
            self.must(pointer == 0xfffffffc, "an empty struct is not at offset -1")
            return Struct([], [])
        return self.structs(self.take(at, pointer, data + pointers), 1, data, pointers, depth)[0]

    def structs(self, start, count, data, pointers, depth):
        """Cut after the last word that is not zero; in a list, after the widest element's."""
        size = data + pointers
        at = [start + i * size for i in range(count)]
        self.must(data == 0 or any(self.words[a + data - 1] for a in at), "data section not cut")
        self.must(pointers == 0 or any(self.words[a + size - 1] for a in at), "pointer section not cut")
        return [Struct(self.words[a:a + data], [self.follow(a + data + p, depth + 1) for p in range(pointers)])
                for a in at]

    def follow_list(self, at, pointer, depth):
        kind, count = (pointer >> 32) & 7, pointer >> 35
        self.must(kind in (2, 5, 6, 7) and count > 0, "an empty list or one of unknown elements")
        if kind == 2:
            start = self.take(at, pointer, (count + 7) // 8) * 8
            self.must(not any(self.raw[start + count:self.end * 8]), "padding is not zero")
            return self.raw[start:start + count]
        if kind == 5:
            start = self.take(at, pointer, count)
            return Numbers(self.words[start:start + count])
        if kind == 6:
            start = self.take(at, pointer, count)
            return Pointers(self.follow(start + i, depth + 1) for i in range(count))
        start = self.take(at, pointer, 1 + count)
        tag = self.words[start]
        elements, data, pointers = (tag & 0xffffffff) >> 2, (tag >> 32) & 0xffff, tag >> 48
        self.must(tag & 3 == 0 and elements > 0 and elements * (data + pointers) == count, "a list's tag is wrong")
        return Structs(self.structs(start + 1, elements, data, pointers, depth))


def is_code(text):
    return isinstance(text, str) and re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", text) is not None


class Event:
    """[The event]"""

    def __init__(self, raw):
        e = Reader(raw, "event").root.fits("event", 0, 14, [])
        self.raw, self.digest = raw, sha(raw)
        self.ledger, self.id, self.stream = e.text(0, "ledger"), e.bytes(1, 16, "id"), e.bytes(2, 16, "stream")
        need(len(raw) <= (262144 if self.stream == PRACTICE else 16384), "event", "too large")  # [Limits]
        seen = e.struct(3, "seen").fits("seen", 2, 2, [WHOLE] * 2)
        self.seen_revision, self.seen_size = seen.word(0), seen.word(1)
        self.seen_entry = seen.bytes(0, 32, "seen.entry", self.seen_revision == 0)
        self.seen_root = seen.bytes(1, 32, "seen.root", self.seen_size == 0)
        need(bool(self.seen_entry) == bool(self.seen_revision), "seen.entry", "there without a revision")
        need(bool(self.seen_root) == bool(self.seen_size), "seen.root", "there without a size")
        e.text(6, "role", code=True), e.struct(8, "occurred"), e.struct(9, "source")
        self.basis, self.words = e.list(10, Numbers, "basis"), e.bytes(11, 32, "words", empty=True)
        joint = [s.fits("joint", 0, 4, []) for s in e.list(12, Structs, "joint")]
        self.signers = [(e.bytes(4, 16, "actor"), e.bytes(5, 32, "key"))] + \
            [(s.bytes(0, 16, "joint.person"), s.bytes(1, 32, "joint.key")) for s in joint]
        fact = e.struct(13, "fact").fits("fact", 1, 1, [0xffff])
        self.member, self.fact = fact.word(0), fact.struct(0, "fact")
        if self.member in MEMBERS:
            self.fact.fits("fact", *MEMBERS[self.member])


class Entry:
    """[The entry]"""

    def __init__(self, raw):
        e = Reader(raw, "entry").root.fits("entry", 3, 4, [WHOLE] * 3)
        self.raw, self.leaf = raw, sha(b"\0", raw)
        self.position, self.recorded, self.revision = (e.word(n) for n in range(3))
        need(self.revision >= 1, "revision", "0")
        self.previous, self.heads = e.bytes(0, 32, "previous", empty=True), e.bytes(1, 32, "heads")
        need(bool(self.previous) == (self.revision > 1), "previous", "there for the first, or missing for a later one")
        self.event, self.signatures = Event(e.bytes(2, None, "event")), e.datas(3, 64, "signatures")


# ---- [The entry] [Checkpoints and receipts] trees and notes


def node(left, right):
    return sha(b"\1", left, right)


def tree_root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node(tree_root(leaves[:split]), tree_root(leaves[split:]))


def climb(first, second, small, large, proof, field):
    """RFC 9162 2.1.3.2 and 2.1.4.2 in one: both roots that the proof leads to."""
    for p in proof:
        need(second > 0, field, "the proof is too long")
        if first & 1 or first == second:
            small, large = node(p, small), node(p, large)
            while first and not first & 1:
                first, second = first >> 1, second >> 1
        else:
            large = node(large, p)
        first, second = first >> 1, second >> 1
    need(second == 0, field, "the proof is too short")
    return small, large


def check_inclusion(leaf, position, size, root, proof):
    need(position < size, "inclusion", "position is not under the checkpoint")
    need(climb(position, size - 1, leaf, leaf, proof, "inclusion")[1] == root, "inclusion", "another root")


def check_consistency(old, old_root, size, root, proof):
    need(0 < old < size and proof, "seen", "no proof from a smaller tree")
    path = [old_root] + proof if old & (old - 1) == 0 else proof
    first, second = old - 1, size - 1
    while first & 1:
        first, second = first >> 1, second >> 1
    got = climb(first, second, path[0], path[0], path[1:], "seen")
    need(got == (old_root, root), "seen", "the checkpoint that was shown is not a state of this book")


def head_leaf(stream, revision, digest):
    return sha(b"\0caseledger/head/v1\n", stream, revision.to_bytes(8, "big"), digest)


def path_bit(stream, depth):
    return sha(stream)[depth // 8] >> (7 - depth % 8) & 1


def map_root(heads, depth=0):
    """[The entry] Heads map, of {stream: (revision, event digest)}."""
    if len(heads) <= 1:
        return next((head_leaf(s, *h) for s, h in heads.items()), bytes(32))
    sides = [{s: h for s, h in heads.items() if path_bit(s, depth) == bit} for bit in (0, 1)]
    return node(map_root(sides[0], depth + 1), map_root(sides[1], depth + 1))


def head_root(stream, revision, digest, siblings):
    need(len(siblings) <= 256 and (not siblings or siblings[0] != bytes(32)), "heads", "siblings")
    at = head_leaf(stream, revision, digest)
    for i, other in enumerate(siblings):
        at = node(other, at) if path_bit(stream, len(siblings) - 1 - i) else node(at, other)
    return at


def check_note(note, origin, keys):
    """[Checkpoints] [A signed note]: size, root, and which of the known keys signed it."""
    text, _, lines = note.rpartition("\n\n")
    text, lines = text + "\n", lines.split("\n")
    need(len(note.encode()) <= 262144 and lines.pop() == "" and 0 < len(lines) <= 100, "checkpoint", "not a signed note")
    need(not any(unicodedata.category(c) == "Cc" and c != "\n" for c in note), "checkpoint", "control characters")
    parts = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]{0,19})\n([A-Za-z0-9+/=]+)\n", text)
    need(parts and parts[1] == origin, "checkpoint", "not origin, size and root")
    root = unbase64(parts[3], "checkpoint root")
    need(len(root) == 32, "checkpoint root", "not 32 bytes")
    ids = {sha(origin.encode(), b"\n\1", k)[:4]: k for k in keys}
    good = set()
    for line in lines:
        match = re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)", line)
        need(match, "checkpoint signature", "not a signature line")
        raw = unbase64(match[2], "checkpoint signature")
        need(len(raw) > 4, "checkpoint signature", "too short")
        if match[1] == origin and raw[:4] in ids:
            need(signed(ids[raw[:4]], raw[4:], text.encode()), "checkpoint signature", "does not verify")
            good.add(ids[raw[:4]])
    need(good, "checkpoint signature", "no known key signed it")
    return int(parts[2]), root, good


# ---- [The genesis] [The event] keys and signatures, what holds of every entry


class Keys:
    def __init__(self):
        self.rows, self.checkpoint = {}, {}  # key id: [person, public key, from, until]; checkpoint key: position

    def enrol(self, entry, person, public, proof):
        need(bindings.crypto_core_ed25519_is_valid_point(public), "publicKey", "not a point of the prime-order group")
        message = b"caseledger/key/v1\n" + entry.event.ledger.encode() + b"\n" + person
        need(signed(public, proof, message), "proofOfPossession", "does not verify")
        need(sha(public) not in self.rows, "publicKey", "enrolled before")
        self.rows[sha(public)] = [person, public, entry.position + (entry.event.member != OPENED), None]

    def revoke(self, key, position):
        need(key in self.rows, "key", "was never enrolled")
        self.rows[key][3] = position if self.rows[key][3] is None else self.rows[key][3]

    def apply(self, entry):
        """What an entry of the directory changes from the next one on."""
        event, fact = entry.event, entry.event.fact
        if event.stream != DIRECTORY:  # only the directory's entries count
            return
        if event.member == ENROLLED:
            self.enrol(entry, fact.bytes(0, 16, "person"), fact.bytes(1, 32, "publicKey"),
                       fact.bytes(2, 64, "proofOfPossession"))
        elif event.member == REVOKED:
            self.revoke(fact.bytes(0, 32, "key"), entry.position)
        elif event.member == ROTATED:
            self.enrol(entry, event.signers[0][0], fact.bytes(0, 32, "publicKey"), fact.bytes(1, 64, "proofOfPossession"))
            self.revoke(event.signers[0][1], entry.position)
        elif event.member == CHECKPOINT_KEY:
            public, message = fact.bytes(0, 32, "publicKey"), b"caseledger/checkpoint key/v1\n" + event.ledger.encode()
            need(signed(public, fact.bytes(1, 64, "proofOfPossession"), message), "proofOfPossession", "does not verify")
            self.checkpoint[public] = entry.position

    def genesis(self, entry):
        event, fact = entry.event, entry.event.fact
        need(event.member == OPENED and event.stream == DIRECTORY, "fact", "the first entry does not open the ledger")
        fact.text(0, "authority")
        self.checkpoint[fact.bytes(1, 32, "checkpointKey")] = 0
        governor, public = fact.bytes(2, 16, "governor"), fact.bytes(3, 32, "publicKey")
        need(event.signers == [(governor, sha(public))], "actor", "the genesis is not signed by the key it enrols")
        self.enrol(entry, governor, public, fact.bytes(4, 64, "proofOfPossession"))

    def check(self, entry):
        need(len(entry.signatures) == len(entry.event.signers), "signatures", "not one for each signer")
        for (person, key), signature in zip(entry.event.signers, entry.signatures):
            row = self.rows.get(key)
            need(row and row[0] == person and row[2] <= entry.position, "key", "not enrolled for its signer")
            need(row[3] is None or entry.position <= row[3], "key", "revoked")
            need(signed(row[1], signature, b"caseledger/event/v1\n" + entry.event.raw), "signatures", "does not verify")


class Walk:
    """What both a book and a bundle keep from entry to entry."""

    def __init__(self, origin, disclosure=None):
        self.origin, self.keys, self.ids, self.recorded, self.leaves = origin, Keys(), set(), 0, {}
        self.disclosure, self.unchecked = disclosure, []  # of these only the inclusion is checked

    def step(self, entry, whole=True):
        """[Verification re-decides] place, keys, signatures. whole: every entry of this stream is here."""
        event = entry.event
        need(event.ledger == self.origin, "ledger", "signed for another ledger")
        need(event.id not in self.ids, "id", "taken")
        self.ids.add(event.id)
        need(entry.recorded >= self.recorded, "recorded", "earlier than the entry before")
        self.recorded = entry.recorded
        need((event.member == OPENED) == (entry.position == 0), "fact", "only entry 0 opens a ledger")
        need(event.seen_revision < entry.revision, "seen.revision", "not before this entry")
        need(event.seen_size <= entry.position, "seen.size", "not before this entry")
        need(all(b < entry.position for b in event.basis), "basis", "not before this entry")
        if event.seen_revision == entry.revision - 1:
            need(event.seen_entry == entry.previous, "seen.entry", "not the entry before in the stream")
        if whole:
            stream = self.leaves.setdefault(event.stream, [b""])
            need(entry.revision == len(stream), "revision", "a gap or a repetition")
            need(entry.previous == stream[-1], "previous", "not the stream's entry before")
            need(event.seen_entry == stream[event.seen_revision], "seen.entry", "not the stream's entry there")
            stream.append(entry.leaf)
        if entry.position == 0:
            self.keys.genesis(entry)
        # An erasure from after the disclosure may be signed with a key that the directory here does not reach.
        if whole or all(key in self.keys.rows for _, key in entry.event.signers):
            self.keys.check(entry)
        else:
            need(entry.position > self.disclosure, "key", "not enrolled for its signer")
            self.unchecked.append(entry.position)
        if whole:
            self.keys.apply(entry)


# ---- [The bundle] [The words]


def members(line, names, field, optional=()):
    need(isinstance(line, dict) and set(names) <= set(line) <= set(names) | set(optional), field, "not its members")
    return line


def number(value, field):
    need(type(value) is int and 0 <= value <= WHOLE, field, "not a number")
    return value


def listed(value, field):
    need(isinstance(value, list), field, "not a list")
    return value


def digests(value, field):
    return [unhex(d, 32, field) for d in listed(value, field)]


def parse_line(raw):
    """One JSON object; a name only once; numbers decimal."""
    def once(pairs):
        need(len({k for k, _ in pairs}) == len(pairs), "line", "a member twice")
        return dict(pairs)

    def refuse(_):
        raise Refused("line: a number that is not decimal")

    def whole(text):
        need(re.fullmatch(r"0|[1-9][0-9]{0,19}", text), "line", "a number that is not decimal")
        return int(text)
    try:
        got = json.loads(raw.decode("utf-8"), object_pairs_hook=once, parse_int=whole, parse_float=refuse,
                         parse_constant=refuse)
        json.dumps(got, ensure_ascii=False).encode("utf-8")  # no half of a surrogate pair
    except (ValueError, RecursionError) as e:
        raise Refused(f"line: not JSON ({type(e).__name__})")
    need(isinstance(got, dict), "line", "not an object")
    return got


class Word:
    def __init__(self, line):
        need(isinstance(line, dict), "words", "not an object")
        self.reason = line.get("leftOut", "") if "leftOut" in line else None
        if self.reason is None:
            members(line, ["heading", "subjects", "salt"], "words", ["content", "contentBase64", "mediaType"])
        else:
            members(line, ["heading", "subjects", "commitment", "leftOut"] + ["under"] * (self.reason == "erased"), "words")
        need(is_code(line["heading"]), "words.heading", "not a code")
        self.heading = line["heading"].encode()
        self.subjects = [unhex(s, 16, "words.subjects") for s in listed(line["subjects"], "words.subjects")]
        need(len(self.subjects) <= 100, "words.subjects", "more than 100")
        self.under = [number(p, "words.under") for p in listed(line.get("under", []), "words.under")]
        self.commitment = self.commit(line) if self.reason is None else unhex(line["commitment"], 32, "words.commitment")

    def commit(self, line):
        media, plain = line.get("mediaType", ""), "content" in line
        need(isinstance(media, str) and (media or "mediaType" not in line), "words.mediaType", "empty or not a text")
        need(plain != ("contentBase64" in line), "words.content", "not exactly one content")
        need(not (plain and media), "words.content", "plain beside a media type")
        need(not plain or isinstance(line["content"], str), "words.content", "not a text")
        content = line["content"].encode() if plain else unbase64(line["contentBase64"], "words.contentBase64")
        if not plain and not media:
            try:
                content.decode("utf-8")
                raise Refused("words.contentBase64: is UTF-8 without a media type")
            except UnicodeDecodeError:
                pass
        need(len(media.encode()) < 65536, "words.mediaType", "too long")
        return sha(b"caseledger/word content/v1\n", unhex(line["salt"], 32, "words.salt"),
                   len(media.encode()).to_bytes(2, "big"), media.encode(), sha(content))

    def leaf(self):
        return sha(b"\0caseledger/word/v1\n", len(self.heading).to_bytes(2, "big"), self.heading,
                   bytes([len(self.subjects)]), *self.subjects, self.commitment)


class Bundle:
    def __init__(self, raw, key):
        need(raw.endswith(b"\n"), "end", "the last line does not end")
        self.lines, self.at = raw[:-1].split(b"\n"), ""
        need(all(len(line) <= 8 << 20 for line in self.lines) and len(self.lines) >= 5, "lines", "too long or too few")
        self.key = key

    def check(self):
        lines = []
        for number_of_line, line in enumerate(self.lines, 1):
            self.at = f"line {number_of_line}: "
            lines.append(parse_line(line))
        self.at = ""
        start = members(lines[0], ["bundle", "origin", "stream", "disclosure"], "start")
        need(start["bundle"] == "caseledger/bundle/v1" and isinstance(start["origin"], str), "bundle", "not version 1")
        self.case, self.disclosure = unhex(start["stream"], 16, "stream"), number(start["disclosure"], "disclosure")
        need(self.case not in RESERVED, "stream", "not a case")
        note = members(lines[1], ["checkpoint"], "checkpoint")["checkpoint"]
        need(isinstance(note, str), "checkpoint", "not a text")
        self.size, self.root, _ = check_note(note, start["origin"], [self.key])
        self.walk = Walk(start["origin"], self.disclosure)
        self.check_entries(lines[2:-2], self.walk)
        self.at = ""
        self.check_end(lines[-1])
        self.check_heads(lines[-2])
        self.check_words()

    def check_entries(self, lines, walk):
        self.entries, self.words = {}, {}
        for line in lines:
            self.at = f"entry {line.get('position')}: "
            members(line, ["position", "entry", "inclusion"], "line", ["seen", "words"])
            raw = unbase64(line["entry"], "entry")
            need(len(raw) <= 600_000, "entry", "too long")
            entry = Entry(raw)
            need(entry.position == number(line["position"], "position"), "position", "not the entry's")
            need(entry.position > max(self.entries, default=-1), "position", "not rising")
            check_inclusion(entry.leaf, entry.position, self.size, self.root, digests(line["inclusion"], "inclusion"))
            self.check_seen(entry.event, line)
            need(self.ours(entry) or entry.event.member == ERASED, "stream", "not of this record, and no erasure")
            walk.step(entry, whole=self.ours(entry))
            self.entries[entry.position] = entry
            self.words[entry.position] = self.read_words(entry.event, line)

    def ours(self, entry):
        return entry.event.stream in (self.case, DIRECTORY, PRACTICE) and entry.position <= self.disclosure

    def check_seen(self, event, line):
        need(("seen" in line) == (event.seen_size > 0), "seen", "there without a size, or missing")
        if event.seen_size:
            check_consistency(event.seen_size, event.seen_root, self.size, self.root, digests(line["seen"], "seen"))

    def read_words(self, event, line):
        need(("words" in line) == bool(event.words), "words", "there though none are signed, or missing")
        if not event.words:
            return []
        words = [Word(w) for w in listed(line["words"], "words")]
        need(0 < len(words) <= 100 and tree_root([w.leaf() for w in words]) == event.words, "words", "another root")
        return words

    def check_end(self, line):
        end = members(members(line, ["end"], "end")["end"], ["entries", "chain"], "end")
        chain = bytes(32)
        for before in self.lines[:-1]:
            chain = sha(chain, before)
        need(number(end["entries"], "end.entries") == len(self.entries), "end.entries", "another number of entries")
        need(unhex(end["chain"], 32, "end.chain") == chain, "end.chain", "another chain")

    def check_heads(self, line):
        """Nothing is missing: the last of each stream is its head in the disclosure's heads map."""
        disclosure = self.entries.get(self.disclosure)
        need(disclosure and disclosure.event.stream == self.case and disclosure.event.member == DISCLOSED,
             "disclosure", "no recordDisclosed entry of this case there")
        last = {e.event.stream: e for e in self.entries.values() if self.ours(e)}
        told = listed(members(line, ["heads"], "heads")["heads"], "heads")
        for head in told:
            members(head, ["stream", "revision", "event", "siblings"], "heads")
            entry = last.pop(unhex(head["stream"], 16, "heads.stream"), None)
            need(entry, "heads.stream", "not one of the streams here, or twice")
            need(number(head["revision"], "heads.revision") == entry.revision, "heads.revision", "not the last entry's")
            need(unhex(head["event"], 32, "heads.event") == entry.event.digest, "heads.event", "not the last entry's")
            got = head_root(entry.event.stream, entry.revision, entry.event.digest, digests(head["siblings"], "heads.siblings"))
            need(got == disclosure.heads, "heads.siblings", "another root")
        need(not last and len(told) == 3, "heads", "not one each of the case, the directory and the practice")

    def check_words(self):
        """Why a word is left out follows from the disclosure."""
        fact = self.entries[self.disclosure].event.fact
        self.mode, self.about = fact.word(0) >> 16 & 0xffff, set(fact.datas(0, 16, "recordDisclosed.subjects"))
        need(self.mode <= 2, "recordDisclosed.words", "unknown")
        self.withheld = set()
        for w in fact.list(1, Structs, "recordDisclosed.withheld"):
            w.fits("recordDisclosed.withheld", 1, 1, [0xffff00ff])
            self.withheld.add((w.bytes(0, 16, "recordDisclosed.withheld"), w.word(0) & 0xff))  # from 0
        self.signers = {p for e in self.entries.values() if e.event.stream == self.case and self.ours(e)
                        for p, _ in e.event.signers}
        self.erased = {p: e.event.fact.bytes(0, 16, "subject") for p, e in self.entries.items()
                       if e.event.member == ERASED}
        used = set()
        for position, words in self.words.items():
            for n, word in enumerate(words):
                self.at = f"entry {position}: "
                self.check_word(self.entries[position], n, word)
                used.update(word.under)
        self.at = ""
        for position, entry in self.entries.items():  # an erasure from elsewhere must have taken a word
            need(self.ours(entry) or position in used, f"entry {position}: under", "an erasure that took no word from here")

    def check_word(self, entry, n, word):
        field, due = f"words[{n}]", self.due(entry, n, word)
        if due:
            need(word.reason in due, field, f"should be left out as {' or '.join(due)}")
            return
        later = {s: [p for p, subject in self.erased.items() if subject == s and p > entry.position] for s in word.subjects}
        if word.reason is None:  # one that an erasure here took can no longer be opened
            need(not word.subjects or not all(later.values()), field, "opened after its erasure")
            return
        need(word.reason == "erased", field, "should be opened or erased")
        need(word.subjects and len(set(word.under)) == len(word.under), field + ".under", "a position twice, or nobody")
        need(all(set(later[s]) & set(word.under) for s in word.subjects), field + ".under", "a subject was not erased")
        need(all(any(p in l for l in later.values()) for p in word.under), field + ".under", "erases none of its subjects")

    def due(self, entry, n, word):
        """Reasons for which it must be left out; none: opened or erased."""
        if not self.ours(entry):
            return ["not-disclosed" if self.mode == 0 else "not-needed"]
        if self.mode == 0:
            return ["not-disclosed"]
        if entry.event.stream != self.case:
            return [] if self.mode == 2 and set(word.subjects) <= self.signers else ["not-needed"]
        if (entry.event.id, n) in self.withheld:
            return ["withheld"]
        return ["about-others"] if self.mode == 1 and not set(word.subjects) <= self.about else []


# ---- a book, as tests/golden/ledger.txt has it


class Book:
    def __init__(self, raw):
        text = utf8(raw, "file")
        need(text.endswith("\n"), "file", "the last line does not end")
        self.rows = [line.partition(" ")[::2] for line in text[:-1].split("\n") if not line.startswith("#")]
        self.at, self.leaves, self.roots, self.raws = "", [], [], []

    def check(self):
        names = [name for name, _ in self.rows]
        each = ["entry", "event-digest", "leaf", "root", "note"]
        count = names.count("entry")
        need(count and names[:3] == ["verifier", "checkpoint-key", "actor-key"] and names[3:3 + 5 * count] == each * count
             and set(names[3 + 5 * count:]) <= {"receipt"}, "file", "lines out of order")
        verifier, key, actor = (value for _, value in self.rows[:3])
        self.origin, self.key = verifier.partition("+")[0], unhex(key, 32, "checkpoint-key")
        ident = sha(self.origin.encode(), b"\n\1", self.key)[:4].hex()
        need(verifier == f"{self.origin}+{ident}+{base64.b64encode(bytes([1]) + self.key).decode()}", "verifier", "another key")
        self.walk, self.heads = Walk(self.origin), {}
        for n in range(count):
            self.at = f"entry {n}: "
            self.check_entry(n, {name: value for name, value in self.rows[3 + 5 * n:8 + 5 * n]})
            if n == 0:
                rows = self.walk.keys.rows
                need(self.key in self.walk.keys.checkpoint, "checkpointKey", "not the ledger's")
                need([r[1] for r in rows.values()] == [unhex(actor, 32, "actor-key")], "actor-key", "not the governor's")
        for _, line in self.rows[3 + 5 * count:]:
            self.check_receipt(line)

    def check_entry(self, n, lines):
        entry = Entry(unhex(lines["entry"], None, "entry"))
        need(entry.position == n, "position", "a gap")
        self.walk.step(entry)
        event = entry.event
        if event.seen_size:
            need(event.seen_root == self.roots[event.seen_size - 1], "seen.root", "not a state of this book")
        self.heads[event.stream] = (entry.revision, event.digest)
        need(map_root(self.heads) == entry.heads, "heads", "another root")
        self.leaves.append(entry.leaf)
        self.raws.append(entry)
        self.roots.append(tree_root(self.leaves))
        need(unhex(lines["event-digest"], 32, "event-digest") == event.digest, "event-digest", "another")
        need(unhex(lines["leaf"], 32, "leaf") == entry.leaf, "leaf", "another")
        need(unhex(lines["root"], 32, "root") == self.roots[n], "root", "another")
        size, root, good = check_note(utf8(unbase64(lines["note"], "note"), "note"), self.origin, self.walk.keys.checkpoint)
        need((size, root) == (n + 1, self.roots[n]), "note", "another size or root")
        newest = list(self.walk.keys.checkpoint)[-1]
        need(newest in good, "note", "not signed by the newest checkpoint key")

    def check_receipt(self, line):
        """[Checkpoints and receipts] Entry, proof and checkpoint prove; the rest repeats or is told."""
        r = members(parse_line(line.encode()), ["position", "recorded", "revision", "id", "stream", "type", "leaf", "state",
                                                "replayed", "entry", "proof", "checkpoint"], "receipt")
        self.at = f"receipt of entry {r['position']}: "
        need(isinstance(r["checkpoint"], str) and isinstance(r["recorded"], str), "receipt", "not texts")
        entry = Entry(unbase64(r["entry"], "entry"))
        event = entry.event
        size, root, _ = check_note(r["checkpoint"], self.origin, self.walk.keys.checkpoint)
        check_inclusion(entry.leaf, entry.position, size, root, digests(r["proof"], "proof"))
        need(size <= len(self.roots) and self.roots[size - 1] == root, "checkpoint", "not a state of this book")
        need(self.raws[entry.position].raw == entry.raw, "entry", "not the book's")
        need(re.fullmatch(r"\d{4}-\d\d-\d\dT[0-9:.]+[+-]\d\d:\d\d", r["recorded"], re.A), "recorded", "not a time")
        try:
            when = datetime.datetime.fromisoformat(r["recorded"])
        except ValueError:
            raise Refused("recorded: not a time")
        told = (number(r["position"], "position"), number(r["revision"], "revision"), unhex(r["id"], 16, "id"),
                unhex(r["stream"], 16, "stream"), unhex(r["leaf"], 32, "leaf"))
        need(told == (entry.position, entry.revision, event.id, event.stream, entry.leaf), "receipt", "not the entry's")
        need(when.tzinfo and round(when.timestamp() * 1000) == entry.recorded, "recorded", "not the entry's")
        need(r["state"] == "included" and r["replayed"] is False, "state", "not included")
        need((r["type"] == "ledgerOpened") == (event.member == OPENED), "type", "not the entry's")


def main(arguments):
    try:
        if len(arguments) == 2 and arguments[0] == "book":
            whole = Book(open(arguments[1], "rb").read())
        elif len(arguments) == 4 and arguments[0] == "bundle" and arguments[2] == "--key":
            whole = Bundle(open(arguments[1], "rb").read(), unhex(arguments[3], 32, "--key"))
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except OSError as e:
        print(e, file=sys.stderr)
        return 2
    except (Refused, ValueError) as e:
        print("does not hold: ", e)
        return 3
    try:
        whole.check()
    except (Refused, ValueError) as e:
        print(f"does not hold: {whole.at}{e}")
        return 3
    print("holds")
    for position in whole.walk.unchecked:
        print(f"of entry {position} only the inclusion was checked: its key is not in this bundle's directory")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
