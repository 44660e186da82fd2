#!/usr/bin/env python3
"""Verifies a case folder: python3 verify.py [CASE]   (default: the folder of this file)

Needs Python 3.9 or newer and the `openssl` command, nothing else.
It does what the format description says (docs/spec/ledger.md of onus) and shares no code with onus,
so that a slip in one of the two is not a slip in the other. Read it before you trust it: it is short.

Exit status: 0 everything holds; 1 something does not, and the first such thing is named; 2 could not run.

What is checked
  log/         every entry, every hash, every signature of the log's keys, every file
  exhibits/    every file has the digest that its name says; every exhibit of the log is there, or was redacted
  blobs/       the same for case sheets, observation sets and assessments
What is not checked
  whether the assessment follows from the exhibits: `onus verify` recomputes it
  the signatures inside RFC 3161 time stamps: `openssl ts -verify` does that
  whether the times in the entries are true: their writer says so, and only outside bounds limit the lie
"""
import argparse, base64, datetime, hashlib, json, os, re, stat, subprocess, sys, tempfile, unicodedata


class Fault(Exception):
    """The first thing that does not hold: what, and where."""

    def __init__(self, what, path):
        super().__init__(f"{what}: {path}")
        self.what, self.path = what, path


class CannotRun(Exception):
    """Nothing was proved, neither way."""


class Report:
    """What holds, and what binds it to the outside."""

    def __init__(self):
        self.origin = self.root = None
        self.size = self.checkpoints = self.exhibits = self.blobs = self.redacted = 0
        self.cosignatures, self.time_stamps, self.handed_over, self.leftovers = [], [], [], []


# --- files -----------------------------------------------------------------------------------------------------------


def read(case, path):
    """The bytes of a file. Links are refused: what they point at is not part of the case."""
    full = os.path.join(case, *path.split("/"))
    try:
        if not stat.S_ISREG(os.lstat(full).st_mode):
            raise Fault("not a regular file", path)
        with open(full, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        raise Fault("file is missing", path) from None
    except OSError as error:
        raise CannotRun(f"cannot read {path}: {error}") from None


def walk(case, folder):
    """The paths of all files below a folder, links included, in order."""

    def fail(error):
        if not isinstance(error, FileNotFoundError):
            raise CannotRun(f"cannot list {folder}: {error}")

    for where, folders, names in os.walk(os.path.join(case, folder), onerror=fail):
        links = [name for name in folders if os.path.islink(os.path.join(where, name))]
        folders.sort()
        for name in sorted(names + links):
            yield os.path.relpath(os.path.join(where, name), case).replace(os.sep, "/")


# --- spelling: every value has one form, so that no changed bit can pass ----------------------------------------------


def unbase64(text):
    """Strict base64: decodes, encodes again and compares, because decoders ignore some bits and characters."""
    data = base64.b64decode(text.encode("ascii"), validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("base64 is not canonical")
    return data


def undecimal(text):
    if not re.fullmatch("0|[1-9][0-9]{0,15}", text) or int(text) >= 2**53:
        raise ValueError("not a decimal number below 2^53")
    return int(text)


def is_key_name(name):
    return bool(name) and not any(c == "+" or c.isspace() or unicodedata.category(c) == "Cc" for c in name)


# --- signatures (C2SP signed-note; Ed25519, RFC 8032) -----------------------------------------------------------------

P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P


def has_small_order(point):
    """Whether a point is one of the few under which anybody can sign. (Of order 8 are those with dy^4 + 2y^2 = 1.)"""
    y = int.from_bytes(point, "little") % 2**255
    return y * (y * y - 1) * (D * y**4 + 2 * y * y - 1) % P == 0


class Key:
    """A verifier key: <name>+<key id>+<base64 of type and 32 bytes>. Type 1 signs a text, type 4 a time and a text."""

    def __init__(self, text):
        self.text = text
        self.name, number, typed = text.split("+", 2)
        typed = unbase64(typed)
        self.kind, self.public = typed[:1], typed[1:]
        # The key id binds name, type and key to one another.
        self.id = hashlib.sha256(self.name.encode() + b"\n" + typed).digest()[:4]
        if self.kind not in (b"\1", b"\4") or len(self.public) != 32:
            raise ValueError("neither an Ed25519 key nor one for cosignatures")
        if number != self.id.hex() or not is_key_name(self.name):
            raise ValueError("not a verifier key")
        if has_small_order(self.public):
            raise ValueError("anybody can sign under this key")

    def __eq__(self, other):
        return self.text == other.text


def run_openssl(public, message, signature):
    """One Ed25519 verification by the `openssl` command."""
    # The fixed beginning says "SubjectPublicKeyInfo, algorithm Ed25519, 32 bytes follow" (RFC 8410).
    spki = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + public).decode()
    parts = {
        "key.pem": f"-----BEGIN PUBLIC KEY-----\n{spki}\n-----END PUBLIC KEY-----\n".encode(),
        "message": message,
        "signature": signature,
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, data in parts.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
        command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in message -sigfile signature"
        try:
            return subprocess.run(command.split(), cwd=folder, capture_output=True).returncode == 0
        except OSError as error:
            raise CannotRun(f"the openssl command does not run: {error}") from None


known = {}


def openssl(public, message, signature):
    """Like run_openssl, but asks only once for each signature, and first makes sure that openssl can tell."""
    if not known:
        # RFC 8032, section 7.1, test 2. An openssl without Ed25519 would call every signature bad.
        public2 = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        signature2 = bytes.fromhex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                                   "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
        if not run_openssl(public2, b"\x72", signature2) or run_openssl(public2, b"\x73", signature2):
            raise CannotRun("this openssl cannot verify Ed25519 signatures (version 3 or newer is needed)")
        known[(public2, b"\x72", signature2)] = True
    question = (public, message, signature)
    if question not in known:
        known[question] = run_openssl(*question)
    return known[question]


class Note:
    """A text, a blank line, and signature lines: an em dash, the key's name, base64 of key id and signature."""

    def __init__(self, data):
        whole = data.decode()
        if len(data) > 1_000_000 or any(c < " " and c != "\n" for c in whole):
            raise ValueError("too long, or a control character")
        body, lines = whole.rsplit("\n\n", 1)
        self.data, self.text, self.lines = data, body + "\n", []
        if not lines.endswith("\n"):
            raise ValueError("does not end with a line feed")
        for line in lines[:-1].split("\n"):
            dash, name, blob = line.split(" ")
            blob = unbase64(blob)
            if dash != "\u2014" or not is_key_name(name) or len(blob) < 5:
                raise ValueError("not a signature line")
            self.lines.append((name, blob[:4], blob[4:]))
        names = [line[:2] for line in self.lines]
        if len(names) > 100 or len(set(names)) != len(names):
            raise ValueError("too many signatures, or two of one key")

    def signature_of(self, key):
        return next((line[2] for line in self.lines if line[:2] == (key.name, key.id)), None)

    def check(self, key, place, check_signature):
        """Checks a key's signature; returns the Unix time in it, if it is a cosignature."""
        signature, message, time = self.signature_of(key), self.text, None
        if signature is None:
            raise Fault(f"not signed by {key.text}", place)
        if key.kind == b"\4":
            time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = f"cosignature/v1\ntime {time}\n{message}"
        # Small commitments are refused for the same reason as small keys.
        is_sound = len(signature) == 64 and not has_small_order(signature[:32])
        if not is_sound or not check_signature(key.public, message.encode(), signature):
            raise Fault(f"the signature of {key.text} does not hold", place)
        return time


class Checkpoint(Note):
    """A note whose text is three lines: origin, size, base64 of the root hash."""

    def __init__(self, data, place):
        self.place = place
        try:
            super().__init__(data)
            self.origin, size, root, end = self.text.split("\n")
            self.size, self.root = undecimal(size), unbase64(root)
            if end or len(self.root) != 32 or not is_key_name(self.origin):
                raise ValueError("not origin, size and root")
        except ValueError as error:
            raise Fault(f"malformed checkpoint ({error})", place) from None


# --- entries: canonical JSON (RFC 8785), one object of text and whole numbers -----------------------------------------


def is_time(value):
    form = r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]{0,8}[1-9])?Z"
    found = re.fullmatch(form, value) if isinstance(value, str) else None
    if not found:
        return False
    datetime.datetime(*map(int, found.groups()[:6]))  # raises ValueError for 30 February
    return 1970 <= int(found[1]) <= 9998


def matches(form):
    return lambda value: isinstance(value, str) and re.fullmatch(form, value) is not None


text = lambda value: isinstance(value, str)
digest = matches("sha256:[0-9a-f]{64}")
number = lambda value: type(value) is int and 0 <= value < 2**53
# Every kind and its members besides `kind` and `time`; a question mark: may be absent.
KINDS = {
    "key.rotated": {"origin": text, "vkey": lambda value: text(value) and Key(value).kind == b"\1"},
    "exhibit.added": {"exhibit": digest, "sha1": matches("[0-9a-f]{40}"), "md5": matches("[0-9a-f]{32}"),
                      "size": number, "name": text, "source?": text},
    "analysis.run": {"exhibit": digest, "body": digest, "isolation": text, "outcome": matches("complete|failed")},
    "sheet.set": {"body": digest},
    "assessment": {"body": digest, "sheet": digest, "as_of?": text, "engine": text},
    "custody.transfer": {"exhibit?": digest, "from": text, "to": text, "reason": text},
    "challenge": {"against": text, "text": text, "by": text, "exhibit?": digest},
    "retraction": {"observation": text, "text": text, "by": text},
    "redaction": {"exhibit": digest, "reason": text},
    "note": {"text": text},
}


def refuse(*_):
    raise ValueError("a number that is not whole")


def unique(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a member that is there twice")
    return dict(pairs)


def parse_entry(data):
    entry = json.loads(data.decode(), object_pairs_hook=unique, parse_float=refuse, parse_constant=refuse)
    if not isinstance(entry, dict) or entry.get("kind") not in list(KINDS):
        raise ValueError("not an object of a known kind")
    members = KINDS[entry["kind"]]
    allowed = {name.rstrip("?") for name in members} | {"kind", "time"}
    needed = {name for name in members if not name.endswith("?")} | {"kind", "time"}
    if not needed <= entry.keys() <= allowed or not is_time(entry["time"]):
        raise ValueError("not exactly the members of its kind, or no time")
    for name, is_good in members.items():
        value = entry.get(name.rstrip("?"))
        if name.rstrip("?") in entry and not is_good(value):
            raise ValueError(f"malformed member {name}")
    # All names are ASCII here, so that Python's order of them is RFC 8785's order by UTF-16.
    if json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() != data:
        raise ValueError("not in canonical form")
    return entry


def split_bundle(data, width):
    """A bundle is each entry after its length in two bytes."""
    entries, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at:at + 2], "big")
        if at + 2 + length > len(data):
            raise ValueError("ends within an entry")
        entries.append(data[at + 2:at + 2 + length])
        at += 2 + length
    if len(entries) != width:
        raise ValueError("not as many entries as its name says")
    return entries


# --- the tree (RFC 6962, section 2.1) in tiles of 256 hashes (C2SP tlog-tiles) ----------------------------------------


def leaf(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """The last, unfinished tile of each level. A hash of level L stands for a full subtree of 256^L entries."""

    def __init__(self):
        self.size, self.levels = 0, []

    def push(self, hash):
        """Appends an entry's hash and yields every tile that it fills: level, number, hashes."""
        self.size += 1
        count = self.size
        for level in range(8):
            if level == len(self.levels):
                self.levels.append([])
            hashes = self.levels[level]
            hashes.append(hash)
            if count % 256:
                return
            count //= 256
            yield level, count - 1, hashes
            hash, self.levels[level] = fold(None, hashes), []

    def root(self):
        root = None
        for hashes in self.levels:
            root = fold(root, hashes)
        return root


def fold(right, hashes):
    """Hashes a run of full subtrees, the rightmost first, onto what is to the right of it."""
    hashes = list(hashes)
    while hashes:
        width = len(hashes) & -len(hashes)
        row, hashes = hashes[-width:], hashes[:-width]
        while len(row) > 1:
            row = [node(row[i], row[i + 1]) for i in range(0, len(row), 2)]
        right = row[0] if right is None else node(row[0], right)
    return right


def tile_path(level, number, width):
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i:i + 3] for i in range(0, len(digits), 3)]
    return f"log/tile/{level}/" + "/".join(["x" + group for group in groups[:-1]] + groups[-1:]) + (
        "" if width == 256 else f".p/{width}")


def count_at(level, size):
    return size if level == "entries" else size >> 8 * level


def width_in(level, number, size):
    """How many entries or hashes a tile of a log has; 0 when it lies beyond the log."""
    return max(0, min(256, count_at(level, size) - 256 * number))


def parse_tile_path(path):
    """Level, number and width of a tile; None if the path is not one in its one spelling."""
    found = re.fullmatch(r"log/tile/(entries|[0-6])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", path)
    if not found:
        return None
    level = found[1] if found[1] == "entries" else int(found[1])
    number, width = int(re.sub("[x/]", "", found[2])), int(found[3] or 256)
    same = number < 2**64 and (found[3] is None or width < 256) and tile_path(level, number, width) == path
    return (level, number, width) if same else None


# --- the log ----------------------------------------------------------------------------------------------------------


class Log:
    """One walk over all entries of a log."""

    def __init__(self, case, report, check_signature):
        self.case, self.report, self.check_signature = case, report, check_signature
        self.tree, self.keys, self.older, self.stamps = Tree(), [], {}, []
        self.checkpoints = {}  # size: checkpoints, the log's own before those that were handed over

    def verify(self, key, handed_over, witnesses):
        """Checks everything and yields the entries; nothing holds before it has come to its end."""
        try:
            vkey = read(self.case, "log/vkey").decode()
            self.first_key = Key(vkey[:-1])
            if vkey[-1:] != "\n" or self.first_key.kind != b"\1":
                raise ValueError("not one line with an Ed25519 key")
        except ValueError as error:
            raise Fault(f"malformed key ({error})", "log/vkey") from None
        if key and key != self.first_key:
            raise Fault(f"the log did not begin with the key {key.text}", "log/vkey")
        self.newest = newest = Checkpoint(read(self.case, "log/checkpoint"), "log/checkpoint")
        if newest.size == 0 or newest.origin != self.first_key.name:
            raise Fault("not the checkpoint of a log of this key", newest.place)
        if newest.signature_of(self.first_key) is not None:
            newest.check(self.first_key, newest.place, self.check_signature)
        self.sort_files()
        for number, data in enumerate(handed_over, 1):
            given = Checkpoint(data, f"handed-over checkpoint {number}")
            if given.origin != newest.origin or given.size == 0:
                raise Fault("a checkpoint of another log", given.place)
            self.checkpoints.setdefault(given.size, []).append(given)
            self.report.handed_over.append(given.size)
        for number in range(-(-newest.size // 256)):
            yield from self.bundle(number)
        for level, hashes in enumerate(self.tree.levels):
            if hashes:
                self.compare_tile(level, count_at(level, newest.size) // 256, hashes)
        self.refuse_longer()
        self.bounds(witnesses)
        report = self.report
        report.origin, report.size, report.root = newest.origin, newest.size, newest.root
        report.checkpoints = sum(1 for found in self.checkpoints.values() if found[0].place.startswith("log/"))

    def sort_files(self):
        """Every file below log/ must be there for a reason."""
        newest = self.newest
        for path in walk(self.case, "log"):
            tile = parse_tile_path(path)
            numbered = re.fullmatch(r"log/(?:checkpoints/([0-9]+)|time/([0-9]+)\.tsr)", path)
            if tile:
                level, number, width = tile
                if width > width_in(level, number, newest.size):
                    self.report.leftovers.append(path)  # a crash before the checkpoint; not part of the log
                elif width < width_in(level, number, newest.size):
                    self.older.setdefault((level, number), []).append(width)
            elif numbered and len(numbered[1] or numbered[2]) < 20 and (
                    str(int(numbered[1] or numbered[2])) == (numbered[1] or numbered[2])):
                size = int(numbered[1] or numbered[2])
                if numbered[2]:
                    self.stamps.append(size)
                    continue
                found = Checkpoint(read(self.case, path), path)
                if found.size != size or found.origin != newest.origin:
                    raise Fault("not the checkpoint that its path names", path)
                if size == newest.size and found.data != newest.data:
                    raise Fault("differs from log/checkpoint", path)
                self.checkpoints[size] = [found]
            elif path.endswith(".tmp"):
                self.report.leftovers.append(path)
            elif path not in ("log/vkey", "log/checkpoint"):
                raise Fault("file has no place in a log", path)
        self.checkpoints.setdefault(newest.size, [newest])

    def bundle(self, number):
        """Checks a bundle of entries and every tile that it fills."""
        width = width_in("entries", number, self.newest.size)
        path = tile_path("entries", number, width)
        data = read(self.case, path)
        try:
            entries = split_bundle(data, width)
        except ValueError as error:
            raise Fault(f"malformed bundle ({error})", path) from None
        # Bundles that a larger one has superseded may be there; they must be beginnings of it.
        for older in self.older.get(("entries", number), []):
            self.compare(tile_path("entries", number, older), data[:sum(2 + len(entry) for entry in entries[:older])])
        for index, data in enumerate(entries, 256 * number):
            try:
                entry = parse_entry(data)
            except (ValueError, RecursionError) as error:
                raise Fault(f"entry {index}: malformed ({error})", path) from None
            self.note_key(index, entry, path)
            for filled in self.tree.push(leaf(data)):
                self.compare_tile(*filled)
            for checkpoint in self.checkpoints.get(index + 1, []):
                checkpoint.check(self.key_at(index + 1), checkpoint.place, self.check_signature)
                if checkpoint.root != self.tree.root():
                    raise Fault("its root does not follow from the entries", checkpoint.place)
            yield index, entry, path

    def note_key(self, index, entry, path):
        """The first entry names the first key; a later one changes the key, and the old key must have published it."""
        if entry["kind"] != "key.rotated":
            if index == 0:
                raise Fault("the first entry is not `key.rotated`", path)
            return
        key = Key(entry["vkey"])
        if entry["origin"] != key.name or key.name != self.newest.origin or (index == 0 and key != self.first_key):
            raise Fault(f"entry {index}: a key that is not this log's", path)
        own = [found for found in self.checkpoints.get(index + 1, []) if found.place.startswith("log/")]
        if index > 0 and not own:
            raise Fault(f"entry {index}: the key changed without a checkpoint of the old key right after it", path)
        self.keys.append((index, key))

    def key_at(self, size):
        """The key that signs the checkpoint of a size: a change of key is itself published under the old key."""
        return [key for index, key in self.keys if index == 0 or index + 1 < size][-1]

    def compare_tile(self, level, number, hashes):
        widths = [width_in(level, number, self.newest.size)] + self.older.get((level, number), [])
        for width in widths:
            self.compare(tile_path(level, number, width), b"".join(hashes[:width]))

    def compare(self, path, expected):
        if read(self.case, path) != expected:
            raise Fault("does not follow from the entries", path)

    def refuse_longer(self):
        """The writer stores the newest checkpoint before its copy: a larger one proves that entries were taken away."""
        for size in sorted(size for size in self.checkpoints if size > self.newest.size):
            checkpoint = self.checkpoints[size][0]
            for _, key in self.keys:
                try:
                    checkpoint.check(key, checkpoint.place, self.check_signature)
                except Fault:
                    continue
                raise Fault("signed for more entries than the log has: entries were taken away", checkpoint.place)
            raise Fault("for more entries than the log has, and not signed by its key", checkpoint.place)

    def bounds(self, witnesses):
        """What others than the owner have signed. Without any of it, the owner can rewrite everything."""
        own = {(key.name, key.id) for _, key in self.keys}
        for checkpoint in (found for size in sorted(self.checkpoints) for found in self.checkpoints[size]):
            for name, id, _ in checkpoint.lines:
                if (name, id) in own:
                    continue
                witness = next((key for key in witnesses if (key.name, key.id) == (name, id)), None)
                time = witness and checkpoint.check(witness, checkpoint.place, self.check_signature)
                if (name, checkpoint.size, time, bool(witness)) not in self.report.cosignatures:
                    self.report.cosignatures.append((name, checkpoint.size, time, bool(witness)))
        for size in sorted(self.stamps):
            path = f"log/time/{size}.tsr"
            if size not in self.checkpoints:
                raise Fault("the checkpoint of a time stamp is missing", path)
            checkpoint, reply = self.checkpoints[size][0], read(self.case, path)
            digests = [hashlib.sha256(data).digest() for data in (checkpoint.data, checkpoint.text.encode())]
            self.report.time_stamps.append((path, size, any(digest in reply for digest in digests)))


# --- exhibits and blobs -----------------------------------------------------------------------------------------------


class Stores:
    """What the entries say about exhibits/ and blobs/."""

    def __init__(self):
        self.named = {}     # path: where it was named first
        self.added = {}     # path of an exhibit: size, sha1, md5
        self.redacted = set()

    def note(self, index, entry, bundle):
        at = f"entry {index}"
        for member, folder in (("exhibit", "exhibits"), ("body", "blobs"), ("sheet", "blobs")):
            if member in entry:
                hex = entry[member][len("sha256:"):]
                path = f"{folder}/sha256/{hex[:2]}/{hex[2:]}"
                self.named.setdefault(path, at)
                if entry["kind"] == "exhibit.added":
                    facts = entry["size"], entry["sha1"], entry["md5"]
                    if self.added.setdefault(path, facts) != facts:
                        raise Fault(f"{at}: says of an exhibit what an earlier entry contradicts", bundle)
                    self.redacted.discard(path)
                if entry["kind"] == "redaction":
                    self.redacted.add(path)

    def verify(self, case, report):
        missing = self.named.keys() - self.redacted
        for folder in ("exhibits", "blobs"):
            for path in walk(case, folder):
                if re.fullmatch(r"(exhibits|blobs)/sha256/[0-9a-f]{2}/[0-9a-f]{62}", path):
                    self.file(case, path, report)
                    missing.discard(path)
                elif path.endswith(".tmp"):
                    report.leftovers.append(path)
                else:
                    raise Fault("file has no place among exhibits or blobs", path)
        for path in sorted(missing):
            raise Fault(f"file is missing that {self.named[path]} names", path)
        report.redacted = len(self.redacted)

    def file(self, case, path, report):
        """Compares a file with its name and with its entry, a piece at a time: an exhibit may be larger than memory."""
        full, size = os.path.join(case, *path.split("/")), 0
        if not stat.S_ISREG(os.lstat(full).st_mode):
            raise Fault("not a regular file", path)
        # SHA-1 and MD5 prove nothing; they are there because reports of others use them.
        hashes = [hashlib.new(name, usedforsecurity=False) for name in ("sha256", "sha1", "md5")]
        try:
            with open(full, "rb") as file:
                while piece := file.read(1 << 20):
                    size += len(piece)
                    for hash in hashes:
                        hash.update(piece)
        except OSError as error:
            raise CannotRun(f"cannot read {path}: {error}") from None
        sha256, sha1, md5 = (hash.hexdigest() for hash in hashes)
        if path.split("sha256/")[1] != f"{sha256[:2]}/{sha256[2:]}":
            raise Fault("bytes do not have the digest that the name says", path)
        if self.added.get(path, (size, sha1, md5)) != (size, sha1, md5):
            raise Fault("size, SHA-1 or MD5 is not what the log says", path)
        if path not in self.named:
            report.leftovers.append(path)
        elif path.startswith("exhibits/"):
            report.exhibits += 1
        else:
            report.blobs += 1


# --- the whole --------------------------------------------------------------------------------------------------------


def verify(path, check_signature=openssl, key=None, handed_over=(), witnesses=()):
    """Verifies a case folder and returns a Report; raises Fault at the first thing that does not hold.

    check_signature(public, message, signature) says whether an Ed25519 signature holds.
    key is the Key that the log must have begun with; handed_over are the bytes of checkpoints got earlier;
    witnesses are Keys of witnesses.
    """
    report, stores = Report(), Stores()
    for index, entry, bundle in Log(path, report, check_signature).verify(key, handed_over, witnesses):
        stores.note(index, entry, bundle)
    stores.verify(path, report)
    return report


def shown(value):
    """Text of others, without anything that could steer a terminal."""
    return "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in str(value))


def show(report, key):
    print(f"log         {shown(report.origin)}: {report.size} entries, root {report.root.hex()}")
    print(f"checkpoints {report.checkpoints}, signed; every entry, tile and root recomputed")
    print(f"exhibits    {report.exhibits} present and unchanged, {report.redacted} redacted")
    print(f"blobs       {report.blobs} present and unchanged")
    for path in report.leftovers:
        print(f"left over   {shown(path)} (not part of the case)")
    if not key:
        print("key         taken from the folder itself: give --key with a key that you got from the owner")
    bound = False
    for name, size, time, checked in report.cosignatures:
        when = "" if time is None else f" at Unix time {time}"
        print(f"outside     {shown(name)} signed the first {size} entries{when}" if checked else
              f"unchecked   a signature named {shown(name)} on the first {size} entries: give --witness with its key")
        bound |= checked
    for path, size, names in report.time_stamps:
        print(f"outside     {path} is about the first {size} entries: check it with `openssl ts -verify`" if names else
              f"unchecked   {path} does not name the checkpoint of {size} entries")
        bound |= names
    for size in report.handed_over:
        print(f"outside     a checkpoint that you were given covers the first {size} entries")
        bound = True
    if not bound:
        print("outside     not bound by any outside party: the owner could have written all of this today")
    print("not checked whether the assessment follows from the exhibits: `onus verify` recomputes it")
    print("holds")


def main():
    parser = argparse.ArgumentParser(description="Verifies a case folder.")
    parser.add_argument("case", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--key", help="the verifier key that the log must have begun with")
    parser.add_argument("--checkpoint", action="append", default=[], help="file with a checkpoint you were given")
    parser.add_argument("--witness", action="append", default=[], help="verifier key of a witness")
    options = parser.parse_args()
    try:
        if not os.path.isdir(os.path.join(options.case, "log")):
            raise CannotRun(f"no case folder with a log: {options.case}")
        key = Key(options.key) if options.key else None
        handed_over = [open(path, "rb").read() for path in options.checkpoint]
        witnesses = [Key(text) for text in options.witness]
        show(verify(options.case, openssl, key, handed_over, witnesses), key)
    except Fault as fault:
        print(f"does not hold: {shown(fault)}")
        return 1
    except (CannotRun, OSError, ValueError) as error:
        print(f"could not run: {shown(error)}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    # Output of a case is any Unicode; a terminal that cannot show it must not stop the verification.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")
    sys.exit(main())
