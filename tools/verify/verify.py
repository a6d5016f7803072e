#!/usr/bin/env python3
"""A second verifier for exports of Waymark's log (docs/audit-export.md): plain Python 3, nothing to install.

    python3 verify.py EXPORT [--key VKEY] [--checkpoints FILE]

EXPORT may be what `waymark audit prove` writes, too; then the key is needed, and for --since the checkpoints. Shares no
code with Waymark, so that a mistake in one of them shows. Exit code 0: as it was signed; 1: something was changed;
2: not an export, or a file without checkpoints. The last line names the first entry that is wrong, or "-".
"""
import argparse
import base64
import binascii
import functools
import hashlib
import json
import re
import sys

# Ed25519, RFC 8032 section 5.1, with strict verification.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P

def plus(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P

def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        q, p, n = plus(q, p) if n & 1 else q, plus(p, p), n >> 1
    return q

def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P

def packed(p):
    z = pow(p[2], -1, P)
    return (p[1] * z % P | (p[0] * z % P & 1) << 255).to_bytes(32, "little")

BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
@functools.lru_cache
def weak(data):
    p = point(data)
    return p is None or packed(times(8, p)) == packed((0, 1, 1, 0))


@functools.lru_cache
def signed(key, message, signature):
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or weak(key) or weak(signature[:32]) or s >= L:
        return False
    a = point(key)
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return packed(plus(times(s, BASE), times(k, (P - a[0], a[1], 1, P - a[3])))) == signature[:32]

# Spellings: only the one that is written is taken.
class Bad(Exception):
    pass

def unbase64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None

def unhash(text):
    data = unbase64(text)
    return data if data is not None and len(data) == 32 else None

def key_of(text):
    """(name, id, kind, public key) of a vkey."""
    name, _, rest = text.partition("+")
    number, _, data = rest.partition("+")
    data = unbase64(data)
    if not data or len(data) != 33 or data[0] not in (1, 4) or weak(data[1:]):
        raise Bad("not a key: " + text)
    right = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    if number != right.hex() or not name or re.search(r"\s|[\x00-\x1f]", name) or len(name.encode()) > 255:
        raise Bad("not a key: " + text)
    return name, right, data[0], data[1:]

def note_of(note):
    """(text, [(name, id, signature)]) of a signed note."""
    text, blank, below = note.rpartition("\n\n")
    found = [re.fullmatch(r"— ([^\s+\x00-\x1f]{1,255}) (\S+)", line) for line in below[:-1].split("\n")]
    if not blank or below[-1:] != "\n" or not all(found) or len(found) > 100 or len(note.encode()) > 65536:
        raise Bad("not a signed note")
    seals = [(line[1], unbase64(line[2])) for line in found]
    if any(data is None or len(data) < 5 for _, data in seals) or re.search(r"[\x00-\x09\x0b-\x1f]", note):
        raise Bad("not a signed note")
    return text + "\n", [(name, data[:4], data[4:]) for name, data in seals]

def notes_of(data):
    """The notes of a file of checkpoints, by the rules of docs/audit-export.md, and how many parts are no whole note."""
    data = re.sub(rb"(?m)^-{1,4}\Z", b"", data)  # a line of hyphens that was begun
    notes, broken, parts = [], 0, re.split(rb"(?m)^----\n", data)
    for part in filter(lambda part: part.strip(b"\n"), parts):
        try:
            if part is parts[-1] and not part.endswith(b"\n"):
                raise Bad("half-written")
            note = note_of(part.strip(b"\n").decode() + "\n")
            head_of(note[0])
            notes.append(note)
        except (Bad, UnicodeDecodeError):
            broken += 1
    return notes, broken

def head_of(text):
    """(origin, size, root) of a checkpoint."""
    found = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]{0,19})\n([^\n]{44})\n(?:[^\n]+\n)*", text)
    root = unhash(found[3]) if found else None
    if root is None or int(found[2]) >= 2**64:
        raise Bad("not a checkpoint")
    return found[1], int(found[2]), root

HEADER = re.compile(rb'\{"waymark-audit-export":1,"entries":"(whole|some)","size":(0|[1-9]\d{0,19}),"key":(".*"),"witnesses":(\[.*\])\}')
ENTRY = re.compile(
    rb'\{"entry":(0|[1-9]\d{0,19}),"(nodes|proof)":\[((?:"[^"]{44}",?)*)(?<!,)\],'
    rb'(?:"kept":(?:null|"(.{64})"),|"bytes":"([^"]*)",)?"leaf":(.*)\}', re.DOTALL)
LIST = re.compile(r'\[(?:"(?:[^"\\\x00-\x1f\x7f]|\\["\\])*"(?:,(?!\])|(?=\])))*\]')

def texts(data):
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Bad("not text") from error
    if not LIST.fullmatch(text):
        raise Bad("not a list of texts")
    return json.loads(text)

def leaf_hash(data):
    return hashlib.sha256(b"\0" + data).digest()

def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()

def included(leaf, index, size, proof, root):
    """RFC 9162, section 2.1.3.2."""
    last = size - 1
    if index > last:
        return False
    for other in proof:
        if last == 0:
            return False
        if index & 1 or index == last:
            leaf = node_hash(other, leaf)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            leaf = node_hash(leaf, other)
        index, last = index >> 1, last >> 1
    return last == 0 and leaf == root

def grew(old, size, proof, before, now):
    """RFC 9162, section 2.1.4.2."""
    if old in (0, size):
        return not proof and before == (now if old == size else hashlib.sha256().digest())
    proof = proof if old & (old - 1) else [before, *proof]
    if old > size or not proof:
        return False
    first, last = old - 1, size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    one = other = proof[0]
    for node in proof[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            one, other = node_hash(node, one), node_hash(node, other)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            other = node_hash(other, node)
        first, last = first >> 1, last >> 1
    return last == 0 and one == before and other == now

class Log:
    def __init__(self, key, outside):
        self.key, self.outside, self.bad, self.first = key, outside, False, None
        self.header, self.peaks, self.size, self.lines, self.ended = None, [], 0, 0, None
        self.head, self.last, self.signed, self.good, self.ahead, self.met, self.read = None, -1, 0, 0, 0, 0, 0

    def found(self, says, entry=None):
        """Only the first entry that is wrong is told: what comes after it rests on it."""
        if self.first is None:
            print(says)
        self.bad, self.first = True, entry if self.first is None else self.first

    def fits(self, text, seals):
        """Whether the log's key signed a note well; None where it did not sign it at all."""
        name, number, _, public = self.key
        mine = [seal for who, which, seal in seals if (who, which) == (name, number)]
        return all(signed(public, text.encode(), seal) for seal in mine) if mine and head_of(text)[0] == name else None

    def open(self, text, seals):
        """The head of a note if the log's key signed it."""
        (_, size, root), fits = head_of(text), self.fits(text, seals)
        if fits is None:
            self.found(f"the key is another one: the checkpoint of {size} entries is not signed with the key of {self.key[0]}")
        elif not fits:
            self.found(f"the signature under the checkpoint of {size} entries does not fit it")
        else:
            return size, root
        return None

    def begin(self, shape, size, key, witnesses):
        self.header = (shape, size, [key_of(witness) for witness in texts(witnesses)])
        said = key_of(texts(b"[" + key + b"]")[0])
        if self.key not in (None, said):
            self.found(f"the key is another one: the log says {said[0]}, key {said[1].hex()}")
        self.key = self.key or said
        heads = [self.open(*note) for note in self.outside]
        self.outside = sorted((head for head in heads if head), reverse=True)
        self.meet()

    def root(self):
        if not self.peaks:
            return hashlib.sha256().digest()
        root = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            root = node_hash(peak, root)
        return root

    def compare(self, size, root):
        if self.root() == root:
            self.signed, self.good = max(self.signed, size), self.good + 1
            return True
        else:
            self.found(f"the entries up to {size - 1} are not those that were signed", min(self.signed, max(size - 1, 0)))

    def meet(self):
        while self.header[0] == b"whole" and self.outside and self.outside[-1][0] <= self.size and self.first is None:
            self.met += bool(self.compare(*self.outside.pop()))

    def whole(self, index, nodes, leaf):
        if index < self.size:
            return self.found(f"entry {index} stands where entry {self.size} should", index)
        if index >= self.header[1]:
            return self.found(f"entry {index} is one more than the export says it has", index)
        if index > self.size:
            return self.found(f"entry {self.size} is missing", self.size)
        level, node = 0, leaf_hash(leaf)
        for kept in nodes:
            first = index + 1 - (1 << level)
            if kept != base64.b64encode(node).decode():
                return self.found(f"entry {first} was changed, or one up to {index}, or a hash over them", first)
            level += 1
            if not index >> level - 1 & 1:
                break
            node = node_hash(self.peaks.pop(), node)
        if not nodes or len(nodes) != level or index >> level - 1 & 1:
            return self.found(f"the hashes kept with entry {index} are not as many as belong there", index)
        self.peaks.append(node)
        self.size += 1

    def entry(self, index, name, hashes, kept, data, leaf, text):
        shape = self.header[0]
        if name != (b"nodes" if shape == b"whole" else b"proof") or (shape == b"some" and not self.head):
            raise Bad("this line does not belong here")
        hashes = [found.decode("latin-1") for found in re.findall(rb'"([^"]{44})"', hashes)]
        self.lines += 1
        if self.first is not None:
            return
        if shape == b"whole":
            self.whole(index, hashes, leaf)
        elif index <= self.last:
            self.found(f"entry {index} is out of its place", index)
        elif not included(leaf_hash(leaf), index, self.head[0], [unhash(text) or b"" for text in hashes], self.head[1]):
            self.found(f"entry {index} was changed, or was never in this log", index)
        self.last = max(self.last, index)
        if data is not None:
            data = unbase64(data.decode("latin-1"))
            kept = b"" if data is None else hashlib.sha256(data).hexdigest().encode()
        if b'"kept":null,"leaf":' in text[: len(text) - len(leaf)]:
            self.found(f"the words kept with entry {index} are gone", index)
        elif kept is not None and b':"' + kept + b'"' not in leaf:
            self.found(f"the words kept with entry {index} were changed", index)
        elif shape == b"whole" and kept is None and b'"body":"' in leaf and b'"kind":"record-adopted"' not in leaf:
            self.found(f"the export says nothing of the words kept with entry {index}", index)
        self.meet()

    def checkpoint(self, lines):
        text, seals = note_of("\n".join(lines) + "\n")
        _, size, root = head_of(text)
        opened, whole = self.open(text, seals), self.header[0] == b"whole"
        if whole and size < self.size and self.first is None or not whole and (self.head or size != self.header[1]):
            raise Bad("this checkpoint does not belong here")
        for name, number, seal in seals if opened else ():
            key = [witness for witness in self.header[2] if witness[:2] == (name, number)]
            time = int.from_bytes(seal[:8], "big")
            message = f"cosignature/v1\ntime {time}\n{text}".encode()
            if (name, number) != self.key[:2] and not (
                    key and key[0][2] == 4 and time < 2**63 and signed(key[0][3], message, seal[8:])):
                self.found(f"the signature of {name} under the checkpoint of {size} entries does not fit it")
        if not whole:
            self.head = (size, root)
            if any(head[0] == size and head[1] != root for head in self.outside):
                self.found("the entries are not those that were signed", 0)
            elif opened:
                self.signed, self.good, self.met = size, 1, sum(head[0] == size for head in self.outside)
        elif opened and size > self.size:
            self.ahead = max(self.ahead, size)
        elif opened and self.first is None:
            self.compare(size, root)

    def line(self, text):
        if self.ended is not None:
            raise Bad("something stands after the last line")
        end = re.fullmatch(rb'\{"end":(0|[1-9]\d{0,19})\}', text)
        if self.header is None:
            found = HEADER.fullmatch(text)
            if not found:
                raise Bad("this is not an export of a log")
            self.begin(found[1], int(found[2]), found[3], found[4])
        elif found := ENTRY.fullmatch(text):
            self.entry(int(found[1]), *found.groups()[1:], text)
        elif text.startswith(b'{"checkpoint":') and text.endswith(b"}"):
            self.checkpoint(texts(text[14:-1]))
        elif end:
            self.ended = int(end[1])
        else:
            raise Bad("this is not a line of an export")

    def finish(self):
        if self.header is None:
            raise Bad("this is not an export of a log: it is empty")
        shape, size, _ = self.header
        if shape == b"whole" and self.first is None:
            most = max(size, self.ahead)
            if self.size < most:
                self.found(f"the log was cut: it had {most} entries and has {self.size}", self.size)
            if self.outside:
                self.found(f"this is an older backup: the checkpoint of {self.outside[0][0]} entries is ahead", self.size)
        if size and not self.good and not self.bad:
            self.found("nothing signed speaks for these entries")
        if self.ended != self.lines:
            self.found("the export was cut short")

PROOFS = re.compile(
    r"(?:c2sp\.org/tlog-proof@v1\nextra (?P<leaf>\S*)\nindex|old) (?P<place>0|[1-9]\d{0,19})(?P<hashes>(?:\n\S{44}){0,64})")

def proof(text, log):
    """An entry with its proof, or the proof that a log only grew."""
    above, blank, note = text.partition("\n\n")
    told = PROOFS.fullmatch(above)
    hashes = [unhash(line) for line in told["hashes"].split()] if told else []
    leaf = unbase64(told["leaf"]) if told and told["leaf"] is not None else b""
    if not blank or not told or not all(hashes) or leaf is None or int(told["place"]) >= 2**64:
        raise Bad("this is not a proof")
    if log.key is None:
        raise Bad("a proof does not hold the key of the log: give it with --key")
    place, head = int(told["place"]), log.open(*note_of(note))
    if head is None:
        return
    log.signed = head[0]
    outside = [head_of(text)[1:] for text, seals in log.outside if log.fits(text, seals)]
    before = [root for size, root in outside if size == place]
    if told["leaf"] is not None:
        log.lines = 1
        if any(size == head[0] and root != head[1] for size, root in outside):
            log.found(f"another head of {head[0]} entries was signed")
        if not included(leaf_hash(leaf), place, head[0], hashes, head[1]):
            log.found(f"entry {place} was changed, or was never in this log", place)
    elif not before:
        raise Bad(f"the checkpoint of {place} entries is needed: --checkpoints FILE")
    elif not grew(place, head[0], hashes, before[0], head[1]):
        log.found(f"the log was changed since it had {place} entries")

def main(arguments=None):
    asked = argparse.ArgumentParser(description="Verifies an export of Waymark's log.")
    asked.add_argument("export")
    asked.add_argument("--key", help="the key of the log, NAME+ID+BASE64")
    asked.add_argument("--checkpoints", help="a file of checkpoints that was kept elsewhere")
    asked, log = asked.parse_args(arguments), None
    try:
        outside, broken = [], 0
        if asked.checkpoints is not None:
            with open(asked.checkpoints, "rb") as file:
                outside, broken = notes_of(file.read())
            if not outside:
                raise Bad(f"{asked.checkpoints} has no checkpoint that can be read")
        log = Log(key_of(asked.key.strip()) if asked.key is not None else None, outside)
        given = len(outside)
        with open(asked.export, "rb") as file:
            if file.peek(9).startswith((b"c2sp.org/", b"old ")):
                proof(file.read(1 << 18).decode(), log)
            else:
                for text in file:
                    if text.endswith(b"\n"):  # a line without an end was cut short
                        log.read += 1
                        log.line(text[:-1])
                log.finish()
    except (Bad, OSError, UnicodeDecodeError) as error:
        place = f"line {log.read}: " if log and log.read else ""
        print(f"cannot be verified: {place}{error}")
        return 2
    print(f"{log.met} of {given} checkpoints kept elsewhere held against it and fit" if given
          else "not held against checkpoints kept elsewhere: none were given")
    if broken:
        print(f"{broken} parts of that file are no whole checkpoint and were passed over")
    if asked.key is None and log.key:
        print("the key is the one in the export itself: compare it with the one you have from elsewhere, or give it with --key")
    unsigned = log.lines - log.signed if log.header and log.header[0] == b"whole" and not log.bad else 0
    if unsigned > 0:
        print(f"nothing signed speaks for the last {unsigned} entries: anybody who had this file could have written them")
    if log.header and log.header[0] == b"some":
        print("others may have been left out: only a whole export shows that none was")
    print(f"{log.lines} entries, {log.signed} of them under a checkpoint that fits")
    print(f"first wrong entry: {'-' if log.first is None else log.first}")
    return 1 if log.bad else 3 if unsigned > 0 else 0

if __name__ == "__main__":
    sys.exit(main())
