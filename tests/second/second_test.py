#!/usr/bin/python3
"""The second verifier holds what our golden files hold, and finds what was changed in them, whoever puts the end right."""
import base64, hashlib, json, pathlib, random, sys, unittest

sys.dont_write_bytecode = True
import verifier

GOLDEN = pathlib.Path(__file__).parent.parent / "golden"
KEYS = [line.split()[1] for line in open(GOLDEN / "ledger.txt") if line.startswith("checkpoint-key")]


def verdict(raw, key=KEYS[0]):
    """None where it holds, else what is said."""
    try:
        verifier.Bundle(raw, bytes.fromhex(key)).check()
    except (verifier.Refused, ValueError) as refused:
        return str(refused) or "refused"
    return None


def resealed(lines):
    chain = bytes(32)
    for line in lines[:-1]:
        chain = hashlib.sha256(chain + line).digest()
    entries = sum(b'"entry":' in line for line in lines[:-1])
    end = json.dumps({"end": {"entries": entries, "chain": chain.hex()}}, separators=(",", ":")).encode()
    return b"\n".join(lines[:-1] + [end]) + b"\n"


class Second(unittest.TestCase):
    def test_holds_the_golden_ledger_with_its_receipts(self):
        verifier.Book((GOLDEN / "ledger.txt").read_bytes()).check()

    def test_holds_the_golden_bundles(self):
        for name in ("bundle.jsonl", "bundle-subject.jsonl"):
            self.assertIsNone(verdict((GOLDEN / name).read_bytes()), name)

    def test_holds_the_golden_record_whose_decisions_were_taken_by_a_practice(self):
        key = (GOLDEN / "bundle-decided.key").read_text().strip()
        self.assertIsNone(verdict((GOLDEN / "bundle-decided.jsonl").read_bytes(), key))

    def test_holds_no_bundle_under_another_key(self):
        other = hashlib.sha256(b"another").hexdigest()
        self.assertIsNotNone(verdict((GOLDEN / "bundle.jsonl").read_bytes(), other))

    def test_finds_every_line_that_is_left_out_twice_or_elsewhere(self):
        for name in ("bundle.jsonl", "bundle-subject.jsonl"):
            lines = (GOLDEN / name).read_bytes().splitlines()
            for n in range(len(lines) - 1):
                for changed in (lines[:n] + lines[n + 1:], lines[:n] + [lines[n]] * 2 + lines[n + 1:],
                                lines[:n] + [lines[n + 1], lines[n]] + lines[n + 2:] if n + 2 < len(lines) else None):
                    if changed:
                        self.assertIsNotNone(verdict(resealed(changed)), f"{name} line {n + 1}")

    def all_keys(self, raw):
        whole = verifier.Bundle(raw, bytes.fromhex(KEYS[0]))
        whole.check()
        return [key.hex() for key in whole.walk.keys.checkpoint]

    def test_finds_bits_that_were_turned_also_where_the_end_was_put_right(self):
        chance, tried = random.Random(1), 0
        for name in ("bundle.jsonl", "bundle-subject.jsonl"):
            lines = (GOLDEN / name).read_bytes().splitlines()
            keys = self.all_keys((GOLDEN / name).read_bytes())  # a line of the note means nothing to who lacks its key
            for n, line in enumerate(lines[:-1]):
                for at in chance.sample(range(len(line)), min(len(line), 25)):
                    changed = bytearray(line)
                    changed[at] ^= 1 << chance.randrange(8)
                    if 10 in changed:
                        continue
                    raw = resealed(lines[:n] + [bytes(changed)] + lines[n + 1:])
                    self.assertTrue(any(verdict(raw, key) for key in keys), f"{name} line {n + 1} byte {at}")
                    tried += 1
        self.assertGreater(tried, 500)

    def test_finds_a_practice_that_vanished_with_its_head(self):
        lines = (GOLDEN / "bundle.jsonl").read_bytes().splitlines()
        practice = bytes(15) + b"\2"
        kept = []
        for line in lines:
            value = json.loads(line)
            if "entry" in value and verifier.Entry(base64.b64decode(value["entry"])).event.stream == practice:
                continue
            if "heads" in value:
                value["heads"] = [head for head in value["heads"] if head["stream"] != practice.hex()]
                line = json.dumps(value, separators=(",", ":")).encode()
            kept.append(line)
        self.assertEqual(len(kept), len(lines) - 1)
        self.assertIsNotNone(verdict(resealed(kept)))


if __name__ == "__main__":
    unittest.main()
