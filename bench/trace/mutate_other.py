#!/usr/bin/env python3
"""Makes forged and harmlessly edited copies of benign ELF and Mach-O files, as mutate.py does of PE.

usage: mutate_other.py CORPUS OUT [--seed N] [--per-level N] [--max-host BYTES] [--only MUTATOR] [--formats elf,macho]

CORPUS may be several folders, separated by commas.  The labels are those of mutate.py; see there.
A level ending in "/signed-again" repairs the page hashes of the code signature, as an ad-hoc signature would.
Header fields and texts of benign files only; no file is ever run.  The same seed gives the same bytes.
"""
import argparse, hashlib, json, os, random, re, shutil, struct, sys

import numpy as np

import plant

OLD_LINES = [b"GCC: (GNU) 3.4.6 20060404 (Red Hat 3.4.6-11)", b"GCC: (GNU) 4.1.2 20080704 (Red Hat 4.1.2-55)", b"GCC: (Debian 4.4.5-8) 4.4.5", b"GCC: (GNU) 4.2.1", b"GCC: (Ubuntu 4.4.3-4ubuntu5.1) 4.4.3"]
NEW_LINES = [b"GCC: (GNU) 14.2.0", b"GCC: (Ubuntu 13.2.0-23ubuntu4) 13.2.0", b"GCC: (Debian 14.2.0-19) 14.2.0"]
RUST_LINES = [b"rustc version 1.65.0 (897e37553 2022-11-02)", b"rustc version 1.80.1 (3f5fd8dd4 2024-08-06)", b"rustc version 1.74.0 (79e9716c9 2023-11-13)"]
USERS = [b"anna", b"bert", b"carla", b"dmitri", b"wang", b"kim", b"oleg", b"maria"]


def elf_hash(name):
    h = 0
    for c in name:
        h = ((h << 4) + c) & 0xFFFFFFFF
        g = h & 0xF0000000
        h = (h ^ (g >> 24)) & ~g & 0xFFFFFFFF
    return h


class Elf:
    """The tables of an ELF file that the mutators write."""

    def __init__(self, b):
        if b[:4] != b"\x7fELF" or b[5] != 1:
            raise ValueError("no ELF of this byte order")
        self.b, self.wide = b, b[4] == 2
        self.shoff_at = 0x28 if self.wide else 0x20
        self.shoff = struct.unpack_from("<Q" if self.wide else "<I", b, self.shoff_at)[0]
        at = 0x3A if self.wide else 0x2E
        self.shentsize, self.shnum, self.shstrndx = struct.unpack_from("<HHH", b, at)
        self.machine = struct.unpack_from("<H", b, 18)[0]
        if not self.shnum or self.shoff + self.shentsize * self.shnum > len(b):
            raise ValueError("no sections")
        self.sections = [self.section(self.shoff + i * self.shentsize) for i in range(self.shnum)]
        names = self.sections[self.shstrndx]
        for s in self.sections:
            o = names["off"] + s["name"]
            s["name_at"], s["name"] = o, b[o:b.index(b"\0", o)].decode("latin1")
        self.by = {}
        for s in self.sections:
            self.by.setdefault(s["name"], s)
        self.signed = False

    def section(self, at):
        if self.wide:
            n, t, fl, ad, off, size, link, info, al, es = struct.unpack_from("<IIQQQQIIQQ", self.b, at)
        else:
            n, t, fl, ad, off, size, link, info, al, es = struct.unpack_from("<10I", self.b, at)
        return dict(at=at, name=n, type=t, flags=fl, addr=ad, off=off, size=size, align=al)

    def body(self, name):
        s = self.by.get(name)
        return self.b[s["off"]:s["off"] + s["size"]] if s and s["type"] != 8 else None

    def symbols(self):
        """(name offset in the file, name, defined) of the dynamic symbols."""
        s, t = self.by.get(".dynsym"), self.by.get(".dynstr")
        if not s or not t:
            return []
        out, step = [], 24 if self.wide else 16
        for at in range(s["off"] + step, s["off"] + s["size"] - step + 1, step):
            o = t["off"] + struct.unpack_from("<I", self.b, at)[0]
            shndx = struct.unpack_from("<H", self.b, at + (6 if self.wide else 14))[0]
            out.append((o, self.b[o:self.b.index(b"\0", o)], shndx != 0))
        return out

    def needs(self):
        """(name offset, name, offset of the hash) of the versions that are needed."""
        s, t = self.by.get(".gnu.version_r"), self.by.get(".dynstr")
        out, at = [], s["off"] if s and t else None
        while at is not None and len(out) < 999:
            _, cnt, _, aux, nxt = struct.unpack_from("<HHIII", self.b, at)
            a = at + aux
            for _ in range(cnt):
                _, _, _, name, an = struct.unpack_from("<IHHII", self.b, a)
                o = t["off"] + name
                out.append((o, self.b[o:self.b.index(b"\0", o)], a))
                a += an
            at = at + nxt if nxt else None
        return out

    def regions(self):
        """(begin, end, next begin) of what lies in the file, for gaps."""
        used = sorted([(s["off"], s["off"] + s["size"]) for s in self.sections if s["type"] not in (0, 8) and s["size"]] + [(self.shoff, self.shoff + self.shentsize * self.shnum)])
        return used

    def data(self):
        return [(s["off"], s["size"]) for s in self.sections if s["name"] in (".rodata", ".data") and s["type"] == 1]

    def code(self):
        return [(s["off"], s["size"], s["addr"]) for s in self.sections if s["flags"] & 4 and s["type"] == 1]

    def pointers(self):
        """Where pointers may stand: data that is written to, and relocations."""
        return [(s["off"], s["size"]) for s in self.sections if s["type"] == 4 or s["flags"] & 1 and s["type"] != 8]

    def address(self, o):
        s = next((s for s in self.sections if s["type"] == 1 and s["flags"] & 2 and s["off"] <= o < s["off"] + s["size"]), None)
        return s and s["addr"] + o - s["off"]

    base, arm, x64 = 0, property(lambda self: self.machine == 183), property(lambda self: self.machine == 62)

    def add_section(self, e, data):
        """A section of its own behind the file, with a new section table."""
        b = e.b
        text_at = len(b) + (-len(b) % 16)
        e.grow(text_at, data)
        table = bytearray(e.b[self.shoff:self.shoff + self.shentsize * self.shnum])
        # The name is that of an existing section: ".data" where there is one.
        like = struct.unpack_from("<I", self.b, self.by[".data"]["at"])[0] if ".data" in self.by else 0
        head = struct.pack("<IIQQQQIIQQ" if self.wide else "<10I", like, 1, 0, 0, text_at, len(data), 0, 0, 1, 0)
        at = len(e.b) + (-len(e.b) % 16)
        e.grow(at, bytes(table) + head)
        e.touched = [t for t in e.touched if t[0] != at] + [(at + len(table), len(head))]
        e.put(self.shoff_at, struct.pack("<Q" if self.wide else "<I", at))
        e.put(0x3C if self.wide else 0x30, struct.pack("<H", self.shnum + 1))
        return text_at


class MachO:
    """The tables of a thin Mach-O file of 64 bits that the mutators write."""

    def __init__(self, b):
        if b[:4] != b"\xcf\xfa\xed\xfe":
            raise ValueError("no thin Mach-O of 64 bits")
        self.b = b
        self.cpu, _, self.kind, self.ncmds, self.cmdsize = struct.unpack_from("<IIIII", b, 4)
        self.commands, self.segments, self.sections = [], [], []
        at = 32
        for _ in range(self.ncmds):
            c, n = struct.unpack_from("<II", b, at)
            self.commands.append((c & 0x7FFFFFFF, at, n))
            if c == 0x19:
                name = b[at + 8:at + 24].rstrip(b"\0").decode("latin1")
                va, vs, off, size = struct.unpack_from("<4Q", b, at + 24)
                self.segments.append(dict(name=name, at=at, off=off, size=size))
                for k in range(struct.unpack_from("<I", b, at + 64)[0]):
                    s = at + 72 + 80 * k
                    sn = b[s:s + 16].rstrip(b"\0").decode("latin1")
                    size = struct.unpack_from("<Q", b, s + 40)[0]
                    off, = struct.unpack_from("<I", b, s + 48)
                    flags, = struct.unpack_from("<I", b, s + 64)
                    self.sections.append(dict(name=sn, at=s, off=off, size=size, zeros=flags & 0xFF in (1, 12, 18)))
            at += n
        self.cmdend = at
        self.signed = bool(self.first(0x1D))

    def first(self, kind):
        return next((c for c in self.commands if c[0] == kind), None)

    def all(self, *kinds):
        return [c for c in self.commands if c[0] in kinds]

    def build(self):
        """(command, offset of oldest, offset of kit, offset of the linker's version or None)."""
        c = self.first(0x32)
        if c:
            plat, _, _, n = struct.unpack_from("<4I", self.b, c[1] + 8)
            ld = next((c[1] + 28 + 8 * k for k in range(n) if struct.unpack_from("<I", self.b, c[1] + 24 + 8 * k)[0] == 3), None)
            return (c, c[1] + 12, c[1] + 16, ld) if plat == 1 else None
        c = self.first(0x24)
        return (c, c[1] + 8, c[1] + 12, None) if c else None

    def dylibs(self, kinds=(0x0C, 0x18, 0x1F)):
        out = []
        for c in self.all(*kinds):
            o = c[1] + struct.unpack_from("<I", self.b, c[1] + 8)[0]
            out.append((c, self.b[o:self.b.index(b"\0", o)]))
        return out

    def symbols(self):
        """(entry, name offset, name, type, value)."""
        c = self.first(2)
        if not c:
            return []
        so, n, st, sz = struct.unpack_from("<4I", self.b, c[1] + 8)
        out = []
        for k in range(min(n, 100000)):
            x, t, _, _, v = struct.unpack_from("<IBBHQ", self.b, so + 16 * k)
            if x < sz:
                o = st + x
                out.append((so + 16 * k, o, self.b[o:self.b.index(b"\0", o)], t, v))
        return out

    def data(self):
        return [(s["off"], s["size"]) for s in self.sections if s["name"] in ("__cstring", "__const", "__data") and not s["zeros"]]

    def code(self):
        return [(s["off"], s["size"], self.address(s["off"])) for s in self.sections if s["name"] == "__text"]

    def pointers(self):
        """Where pointers may stand: every segment but those of the code and of the tables."""
        return [(s["off"], min(s["size"], len(self.b) - s["off"])) for s in self.segments if s["name"] not in ("__TEXT", "__LINKEDIT")]

    def address(self, o):
        s = next((s for s in self.sections if not s["zeros"] and s["off"] <= o < s["off"] + s["size"]), None)
        return s and struct.unpack_from("<Q", self.b, s["at"] + 32)[0] + o - s["off"]

    base = property(lambda self: next((struct.unpack_from("<Q", self.b, g["at"] + 24)[0] for g in self.segments if g["name"] == "__TEXT"), 0))
    arm, x64 = property(lambda self: self.cpu == 0x100000C), property(lambda self: self.cpu == 0x1000007)

    def resign(self, e):
        """Computes the page hashes of the code signature again; returns whether it could."""
        c = self.first(0x1D)
        if not c:
            return False
        at = struct.unpack_from("<I", self.b, c[1] + 8)[0]
        if struct.unpack_from(">I", self.b, at)[0] != 0xFADE0CC0:
            return False
        for k in range(struct.unpack_from(">I", self.b, at + 8)[0]):
            d = at + struct.unpack_from(">I", self.b, at + 16 + 8 * k)[0]
            if struct.unpack_from(">I", self.b, d)[0] != 0xFADE0C02:
                continue
            ho, = struct.unpack_from(">I", self.b, d + 16)
            slots, limit = struct.unpack_from(">II", self.b, d + 28)
            hs, ht, _, ps = struct.unpack_from("4B", self.b, d + 36)
            algo = {1: hashlib.sha1, 2: hashlib.sha256, 3: hashlib.sha256}.get(ht)
            if not algo:
                return False
            for p in range(slots):
                h = algo(bytes(e.b[p << ps:min((p + 1) << ps, limit)])).digest()[:hs]
                o = d + ho + p * hs
                if e.b[o:o + hs] != h:
                    e.b[o:o + hs] = h
        return True


class Edit:
    """A copy being changed; remembers every range written."""

    def __init__(self, f):
        self.f, self.b, self.touched, self.detail = f, bytearray(f.b), [], {}

    def put(self, off, data):
        if self.b[off:off + len(data)] != data:
            self.touched.append((off, len(data)))
        self.b[off:off + len(data)] = data

    def grow(self, off, data):
        self.b += bytes(off - len(self.b)) + data
        self.touched.append((off, len(data)))


def put_line(r, f, e, lines, keep):
    """Exchanges the lines of .comment; `keep` leaves other tools' lines where there is room."""
    s = f.by.get(".comment")
    if not s or s["size"] < 12 or b"GCC: " not in f.body(".comment"):
        return None
    line = r.choice(lines) + b"\0"
    e.detail.update(old=f.body(".comment").decode("latin1"), new=line.decode("latin1"))
    if keep == "padded" and len(line) <= s["size"]:
        e.put(s["off"], line + bytes(s["size"] - len(line)))
    elif keep == "resized":
        at = s["off"]
        if len(line) > s["size"]:
            at = len(e.b)
            e.grow(at, line)
            e.put(s["at"] + (0x18 if f.wide else 0x10), struct.pack("<Q" if f.wide else "<I", at))
        else:
            e.put(at, line)
        e.put(s["at"] + (0x20 if f.wide else 0x14), struct.pack("<Q" if f.wide else "<I", len(line)))
    else:
        return None
    return e


def comment_version(r, f, e):
    """Another version behind the name of the package, of the same length."""
    body = f.body(".comment")
    m = body and re.search(rb"GCC: \((?:Debian|Ubuntu|Alpine|Raspbian) [^)]*\) (\d+\.\d+\.\d+)|GCC: \(GNU\) (\d+\.\d+\.\d+) \d{8}", body)
    if not m:
        return None
    k = 1 if m.group(1) else 2
    old = m.group(k)
    choice = [v for v in (b"4.4.7", b"4.8.2", b"5.4.0", b"3.4.6", b"7.5.0", b"9.4.0", b"10.2.1", b"12.2.0", b"11.4.0", b"13.2.0") if len(v) == len(old) and v.split(b".")[0] != old.split(b".")[0]]
    if not choice:
        return None
    e.put(f.by[".comment"]["off"] + m.start(k), r.choice(choice))
    return e


def build_id(r, f, e):
    s = f.by.get(".note.gnu.build-id")
    if not s or s["size"] < 24:
        return None
    e.put(s["off"] + 16, r.randbytes(s["size"] - 16))
    return e


def interface(r, f, e, with_hash):
    needs = [n for n in f.needs() if re.fullmatch(rb"GLIBC_2\.\d+", n[1])]
    if not needs or f.machine != 62:
        return None
    o, name, at = r.choice(needs)
    taken = {n[1] for n in needs}
    other = [b"GLIBC_2.%d" % k for k in range(3, 36)]
    other = [n for n in other if len(n) == len(name) and n not in taken and n != name]
    if not other:
        return None
    new = r.choice(other)
    e.put(o, new)
    if with_hash:
        e.put(at, struct.pack("<I", elf_hash(new)))
    e.detail.update(old=name.decode(), new=new.decode())
    return e


def rename(r, e, o, name):
    """Changes one letter in the middle of a name."""
    spots = [k for k, c in enumerate(name) if k > 1 and chr(c).isalpha()]
    if not spots:
        return None
    k = r.choice(spots)
    new = r.choice([c for c in b"abcdefghijklmnopqrstuvwxyz" if c != name[k]])
    e.put(o + k, bytes([new]))
    e.detail.update(old=name.decode("latin1"), at=o)
    return e


def symbol_rename(r, f, e, exported):
    table = f.by.get(".hash")
    if exported is False and not table:
        return None
    if exported and not (f.by.get(".gnu.hash") or table):
        return None
    names = [(o, n) for o, n, d in f.symbols() if d == exported and len(n) > 4]
    return rename(r, e, *r.choice(names)) if names else None


def go_version(r, f, e):
    i = f.b.find(b"\xff Go buildinf:")
    if i < 0 or not f.b[i + 15] & 2:
        return None
    m = re.match(rb"go1\.(\d+)(\.\d+)?", f.b[i + 33:i + 50])
    if not m or len(m.group(1)) != 2:
        return None
    minor = r.choice([k for k in range(16, 26) if k != int(m.group(1))])
    e.put(i + 33 + 4, b"%02d" % minor)
    return e


def rust_version(r, f, e, whole):
    body = f.body(".comment")
    m = body and re.search(rb"rustc version (1\.\d\d\.\d) \(([0-9a-f]{9}) (\d{4}-\d\d-\d\d)\)", body)
    if not m:
        return None
    o = f.by[".comment"]["off"]
    if whole:
        if b"/rustc/" + m.group(2) not in f.b:
            return None
        e.put(o + m.start(), r.choice([l for l in RUST_LINES if m.group(2) not in l]))
    else:
        e.put(o + m.start(1), r.choice([v for v in (b"1.65.0", b"1.72.1", b"1.80.1", b"1.85.0") if v != m.group(1)]))
    return e


def cave(f, e, room):
    """A hole of zeros between the parts of the file."""
    if isinstance(f, MachO):
        starts = [s["off"] for s in f.sections if not s["zeros"] and s["off"]]
        holes = [(f.cmdend, min(starts))] if starts else []
        for g in f.segments:
            ends = [s["off"] + s["size"] for s in f.sections if not s["zeros"] and g["off"] <= s["off"] < g["off"] + g["size"]]
            if ends:
                holes.append((max(ends), g["off"] + g["size"]))
    else:
        used, holes = f.regions(), []
        end = used[0][1] if used else 0
        for lo, hi in used[1:]:
            holes.append((end, lo))
            end = max(end, hi)
    return [(lo + 8, hi) for lo, hi in holes if hi - lo - 16 > room and not any(f.b[lo:hi])]


def literal(r, f, room):
    """A literal that no operand and no pointer of the file leads into, by the same over-counting search as for PE."""
    spots = []
    for off, size in f.data():
        spots += [(off + m.start(), m.end() - m.start() - 1) for m in re.finditer(rb"(?<=\x00)[\x20-\x7e]{%d,}\x00" % max(room, 24), f.b[off:off + size])]
    r.shuffle(spots)
    targets = targets_of(f)
    for o, n in spots[:400]:
        va = f.address(o)
        if targets is None or va is None:
            return None
        k = int(np.searchsorted(targets, va - 2))
        if k == len(targets) or targets[k] > va + n:
            return o, n
    return None


def targets_of(f):
    """Every address that an operand or a pointer may lead to, sorted; None where the instructions are not read."""
    if not hasattr(f, "targets"):
        f.targets = None
        if len(f.b) > 600_000:
            return None
        arm = f.arm
        if not arm and not f.x64:
            return None
        found = []
        for off, size in f.pointers():
            words = np.frombuffer(f.b, "<i8", size // 8, off)
            found += [words, words & 0xFFFFFFFFF, (words & 0xFFFFFFFFF) + f.base]
        for off, size, addr in f.code():
            raw = f.b[off:off + size]
            if arm:
                w = np.frombuffer(raw, "<u4", len(raw) // 4).astype(np.int64)
                pc = addr + 4 * np.arange(len(w), dtype=np.int64)
                imm = ((w >> 5 & 0x7FFFF) << 2 | w >> 29 & 3)
                imm = np.where(imm >= 1 << 20, imm - (1 << 21), imm)
                found.append((pc + imm)[w & 0x9F000000 == 0x10000000])
                page = np.where(w & 0x9F000000 == 0x90000000, (pc & ~0xFFF) + (imm << 12), -1)
                add = (w & 0x7FC00000) == 0x11000000
                for k in range(1, 9):
                    ok = (page[:-k] >= 0) & add[k:] & ((w[k:] >> 5 & 31) == (w[:-k] & 31))
                    found.append((page[:-k] + (w[k:] >> 10 & 0xFFF))[ok])
            else:
                for al in range(4):
                    n = (len(raw) - al) // 4
                    v = np.frombuffer(raw, "<i4", n, al).astype(np.int64) + addr + al + 4 * np.arange(n, dtype=np.int64)
                    found += [v + 4, v + 5, v + 6, v + 8]
        low, high = f.base, f.base + 2 * len(f.b) + (1 << 23)
        f.targets = np.unique(np.concatenate([t[(t >= low) & (t < high)] for t in found]))
    return f.targets


def string_plant(level, r, f, e, sentences):
    drawn = sentences.draw(r)
    if not drawn:
        return None
    data, detail = drawn
    e.detail.update(detail)
    if level == "cave":
        holes = cave(f, e, len(data))
        if not holes:
            return None
        lo, hi = r.choice(holes)
        o = (lo + r.randrange(max(1, hi - lo - len(data) - 8))) & ~7
        if o < lo - 8:
            return None
        e.put(o, data)
    elif level == "overlay":
        o = len(e.b) + (-len(e.b) % 16)
        e.grow(o, data)
    elif level == "new-section":
        if not isinstance(f, Elf):
            return None
        o = f.add_section(e, data)
    else:
        found = literal(r, f, len(data))
        if not found:
            return None
        o, n = found
        e.put(o, data + bytes(max(0, n - len(data))))
    e.detail["text_at"] = [o, len(data)]
    return e


def elf_control(level, r, f, e, sentences):
    word = "<Q" if f.wide else "<I"
    if level == "comment-strip":
        s = f.by.get(".comment")
        if not s or not s["size"]:
            return None
        e.put(s["off"], bytes(s["size"]))
        e.put(s["at"] + (0x20 if f.wide else 0x14), struct.pack(word, 0))
    elif level == "sections-strip":
        e.put(f.shoff_at, struct.pack(word, 0))
        e.put(0x3C if f.wide else 0x30, bytes(4))
    elif level == "section-rename":
        s = f.by.get(r.choice([".rodata", ".data", ".text", ".bss"]))
        if not s:
            return None
        e.put(s["name_at"], (b"." + bytes(r.choices(b"abcdefgh", k=8)))[:len(s["name"])])
    elif level == "upx-like":
        for s, n in ((".text", b".UPX0"), (".data", b".UPX1")):
            if s in f.by:
                e.put(f.by[s]["name_at"], n)
    elif level == "overlay-append":
        e.grow(len(e.b), r.randbytes(r.randrange(100, 4000)))
    elif level == "debug-link-added":
        if ".gnu_debuglink" in f.by:
            return None
        f.add_section(e, b"program.debug\0\0\0" + r.randbytes(4))
    elif level == "search-path":
        at = e.b.find(b"$ORIGIN")
        if at < 0:
            return None
        end = e.b.index(b"\0", at)
        e.put(at, b"/opt/x/" + bytes(0) + e.b[at + 7:end])
    elif level == "path-strip":
        m = list(re.finditer(rb"/home/[a-z]+/[\x21-\x7e]{4,}\x00", f.b))
        if not m:
            return None
        for k in m[:50]:
            e.put(k.start(), b"x" * (k.end() - k.start() - 1))
    return e if e.touched else None


def kit_edit(level, r, f, e):
    build = f.build()
    if not build:
        return None
    _, oldest, kit, ld = build
    old, = struct.unpack_from("<I", f.b, kit)
    major = old >> 16
    v = lambda a, b=0: a << 16 | b << 8
    if level == "kit-newer":
        choice = [v(k, r.randrange(5)) for k in (13, 14, 15, 26, 27) if k > major]
        at = kit
    elif level == "kit-older":
        choice = [v(10, 12), v(10, 13), v(10, 14), v(11, 1), v(12, 1), v(13, 1), v(14, 2)]
        choice = [c for c in choice if c >> 16 < major and c > struct.unpack_from("<I", f.b, oldest)[0]]
        at = kit
    elif level == "oldest-lower":
        choice, at = ([v(10, k) for k in (9, 12, 13)] if f.first(0x32) else []), oldest
    elif level == "oldest-higher":
        choice, at = ([v(10, 15), v(11), v(12)] if f.first(0x24) else []), oldest
    elif level == "linker-older":
        choice, at = ([v(253), v(409, 12), v(512, 4)] if ld else []), ld
    else:
        choice, at = ([v(1300, 1), v(27106, 1)] if ld else []), ld
    if not choice:
        return None
    e.put(at, struct.pack("<I", r.choice(choice)))
    return e


def dylib_edit(level, r, f, e):
    if level == "stamp":
        libs = f.dylibs()
        if not libs or not (f.build() or (0, 0, 0, None))[3]:
            return None
        e.put(r.choice(libs)[0][1] + 12, struct.pack("<I", r.randrange(1_000_000_000, 1_700_000_000)))
        return e
    lib = next((c for c, n in f.dylibs() if n == b"/usr/lib/libSystem.B.dylib"), None)
    if not lib or not f.build():
        return None
    old, = struct.unpack_from("<I", f.b, lib[1] + 16)
    new = [k << 16 for k in (169, 1197, 1213, 1238, 1281, 1292, 1311)]
    new = [k for k in new if k + (10 << 16) < old]
    if not new:
        return None
    e.put(lib[1] + 16, struct.pack("<I", r.choice(new)))
    return e


def macho_rename(r, f, e, exported):
    names = [(o, n) for _, o, n, t, v in f.symbols() if not t & 0xE0 and len(n) > 5 and ((t & 0x0F == 0x0F) if exported else (t == 1 and v == 0))]
    return rename(r, e, *r.choice(names)) if names else None


def objects(level, r, f, e):
    rows = [s for s in f.symbols() if s[3] == 0x66]
    if level == "time":
        if len(rows) < 4:
            return None
        s = r.choice(rows)
        e.put(s[0] + 8, struct.pack("<Q", s[4] - r.randrange(100, 2000) * 86400))
        return e
    spots = [(o, m) for _, o, n, t, _ in f.symbols() if t in (0x64, 0x66) for m in [re.match(rb"/Users/([^/]+)/", n)] if m and len(m.group(1)) > 3]
    if not spots:
        return None
    o, m = r.choice(spots)
    user = r.choice(USERS)
    new = (user * 4)[:len(m.group(1))]
    e.put(o + 7, new)
    return e


def macho_control(level, r, f, e, sentences):
    if level == "signature-strip":
        c = f.first(0x1D)
        if not c or f.commands[-1] != c:
            return None
        at = struct.unpack_from("<I", f.b, c[1] + 8)[0]
        e.put(c[1], bytes(16))
        e.put(16, struct.pack("<II", f.ncmds - 1, f.cmdsize - 16))
        link = next(g for g in f.segments if g["name"] == "__LINKEDIT")
        e.put(link["at"] + 48, struct.pack("<Q", at - link["off"]))
        del e.b[at:]
    elif level in ("search-path", "search-path/signed-again"):
        libs = [(c, n) for c, n in f.dylibs() if n.startswith((b"@rpath/", b"@loader_path/", b"/usr/lib/lib"))]
        if not libs:
            return None
        c, n = r.choice(libs)
        o = c[1] + struct.unpack_from("<I", f.b, c[1] + 8)[0]
        e.put(o + len(n) - 5, b"X")
    elif level == "section-rename":
        s = r.choice(f.sections)
        e.put(s["at"] + 2, bytes(r.choices(b"abcdefgh", k=max(1, min(4, len(s["name"]) - 2)))))
    elif level == "overlay-append":
        e.grow(len(e.b), r.randbytes(r.randrange(100, 4000)))
    elif level == "path-strip":
        m = list(re.finditer(rb"/Users/[a-z]+/[\x21-\x7e]{4,}\x00", f.b))
        if not m:
            return None
        for k in m[:50]:
            e.put(k.start(), b"x" * (k.end() - k.start() - 1))
    return e if e.touched else None


FOREIGN = ["string-unreferenced-foreign", "appended-data"]
ELF_PLAN = [
    ("comment-transplant", "older/padded", "forged", ["compiler-generation", "comment-merged", "comment-producer"], lambda r, f, e, s: put_line(r, f, e, OLD_LINES, "padded")),
    ("comment-transplant", "older/resized", "forged", ["compiler-generation", "comment-producer"], lambda r, f, e, s: put_line(r, f, e, OLD_LINES, "resized")),
    ("comment-transplant", "newer/resized", "hidden", ["comment-producer"], lambda r, f, e, s: put_line(r, f, e, NEW_LINES, "resized")),
    ("comment-edit", "version", "forged", ["compiler-line", "compiler-generation", "comment-producer"], lambda r, f, e, s: comment_version(r, f, e)),
    ("build-id", "random", "forged", ["build-id-debug-link"], lambda r, f, e, s: build_id(r, f, e) if re.search(rb"^[0-9a-f]{38}\.debug", f.body(".gnu_debuglink") or b"") else None),
    ("build-id", "random/no-debug-link", "hidden", [], lambda r, f, e, s: None if f.body(".gnu_debuglink") else build_id(r, f, e)),
    ("interface", "name", "forged", ["interface-hash"], lambda r, f, e, s: interface(r, f, e, False)),
    ("interface", "name+hash", "forged", ["interface-version"], lambda r, f, e, s: interface(r, f, e, True)),
    ("symbol-rename", "exported", "forged", ["gnu-hash", "symbol-hash"], lambda r, f, e, s: symbol_rename(r, f, e, True)),
    ("symbol-rename", "imported/old-hash", "lead", ["symbol-hash"], lambda r, f, e, s: symbol_rename(r, f, e, False)),
    ("go-version", "build-info", "forged", ["go-version", "go-table"], lambda r, f, e, s: go_version(r, f, e)),
    ("rust-version", "number", "forged", ["rust-version"], lambda r, f, e, s: rust_version(r, f, e, False)),
    ("rust-version", "whole-line", "forged", ["rust-version"], lambda r, f, e, s: rust_version(r, f, e, True)),
] + [("string-plant", lv, "lead", FOREIGN, lambda r, f, e, s, lv=lv: string_plant(lv, r, f, e, s)) for lv in ("cave", "new-section", "overlay", "unreferenced-literal")] + [
    ("control", lv, "control", [], lambda r, f, e, s, lv=lv: elf_control(lv, r, f, e, s)) for lv in ("comment-strip", "sections-strip", "section-rename", "upx-like", "overlay-append", "debug-link-added", "search-path", "path-strip")]

SEEN = ["checksum-edited"]
MACHO_PLAN = [(m, lv + suffix, "hidden" if cls == "lead" and suffix and not ids else cls, ids + ([] if suffix else SEEN), run) for suffix in ("", "/signed-again") for m, lv, cls, ids, run in [
    ("kit-edit", "kit-newer", "forged", ["kit-library", "kit-linker"], lambda r, f, e, s: kit_edit("kit-newer", r, f, e)),
    ("kit-edit", "kit-older", "forged", ["kit-library"], lambda r, f, e, s: kit_edit("kit-older", r, f, e)),
    ("kit-edit", "oldest-lower", "forged", ["oldest-system"], lambda r, f, e, s: kit_edit("oldest-lower", r, f, e)),
    ("kit-edit", "oldest-higher", "forged", ["oldest-system"], lambda r, f, e, s: kit_edit("oldest-higher", r, f, e)),
    ("kit-edit", "linker-older", "lead", ["kit-linker"], lambda r, f, e, s: kit_edit("linker-older", r, f, e)),
    ("kit-edit", "linker-newer", "lead", [], lambda r, f, e, s: kit_edit("linker-newer", r, f, e)),
    ("library-edit", "stamp", "forged", ["library-stamp"], lambda r, f, e, s: dylib_edit("stamp", r, f, e)),
    ("library-edit", "system-version", "forged", ["kit-library"], lambda r, f, e, s: dylib_edit("version", r, f, e)),
    ("symbol-rename", "exported", "forged", ["export-names"], lambda r, f, e, s: macho_rename(r, f, e, True)),
    ("symbol-rename", "imported", "forged", ["import-names"], lambda r, f, e, s: macho_rename(r, f, e, False)),
    ("uuid", "random", "lead", ["uuid-form"], lambda r, f, e, s: (e.put(f.first(0x1B)[1] + 8, r.randbytes(16)), e)[1] if f.first(0x1B) else None),
    ("uuid", "random-well-formed", "lead", [], lambda r, f, e, s: (e.put(f.first(0x1B)[1] + 8, (lambda u: u[:6] + bytes([u[6] & 15 | 48]) + u[7:8] + bytes([u[8] & 63 | 128]) + u[9:])(r.randbytes(16))), e)[1] if f.first(0x1B) else None),
    ("source-version", "random", "lead", [], lambda r, f, e, s: (e.put(f.first(0x2A)[1] + 8, struct.pack("<Q", r.randrange(1, 900) << 40)), e)[1] if f.first(0x2A) else None),
    ("object-path", "user", "lead", ["object-users"], lambda r, f, e, s: objects("user", r, f, e)),
    ("object-path", "time", "lead", ["object-times"], lambda r, f, e, s: objects("time", r, f, e)),
    ("go-version", "build-info", "forged", ["go-version", "go-table"], lambda r, f, e, s: go_version(r, f, e)),
]] + [("string-plant", lv, "lead", FOREIGN + SEEN, lambda r, f, e, s, lv=lv: string_plant(lv, r, f, e, s)) for lv in ("cave", "overlay", "unreferenced-literal", "cave/signed-again", "unreferenced-literal/signed-again")] + [
    ("control", lv, "control", SEEN, lambda r, f, e, s, lv=lv: macho_control(lv, r, f, e, s)) for lv in ("signature-strip", "search-path", "search-path/signed-again", "section-rename", "overlay-append", "path-strip")]
# string_plant is told the placement alone.
MACHO_PLAN = [(m, lv, c, x, (lambda r, f, e, s, lv=lv: string_plant(lv.split("/")[0], r, f, e, s)) if m == "string-plant" else run) for m, lv, c, x, run in MACHO_PLAN]
PLANS = {"elf": (Elf, ELF_PLAN), "macho": (MachO, MACHO_PLAN)}
LARGE = ("go-version", "rust-version")


def hosts(corpora, fmt, reader, limit):
    out = []
    for corpus in corpora:
        for line in open(os.path.join(corpus, "manifest.jsonl")):
            m = json.loads(line)
            if m["format"] == fmt and m["size"] <= limit:
                out.append((m, corpus))
    return out


def in_turn(r, pool, times):
    """Hosts in random order, one project after the other, so that none fills a level."""
    by = {}
    for h in r.sample(pool, len(pool)):
        by.setdefault(h[0]["project"], []).append(h)
    names = r.sample(sorted(by), len(by))
    for k in range(times * max((len(v) for v in by.values()), default=0)):
        for n in names:
            if k < times * len(by[n]):
                yield by[n][k % len(by[n])]


def merge(ranges):
    out = []
    for o, n in sorted(ranges):
        if out and o <= out[-1][0] + out[-1][1]:
            out[-1][1] = max(out[-1][1], o + n - out[-1][0])
        else:
            out.append([o, n])
    return [dict(offset=o, len=n) for o, n in out]


def mutate(a, fmt, sentences, seen, save):
    """Makes every level of the plan of one format; `save` writes one file and its label."""
    reader, plan = PLANS[fmt]
    small, large = hosts(a.corpus.split(","), fmt, reader, a.max_host), hosts(a.corpus.split(","), fmt, reader, 24_000_000)
    cache = {}
    for mutator, level, cls, expect, run in plan:
        if a.only and mutator != a.only:
            continue
        r = random.Random("%d/%s/%s/%s" % (a.seed, fmt, mutator, level))
        sentences.restart(r)
        made = 0
        for tries, (m, corpus) in enumerate(in_turn(r, large if mutator in LARGE else small, 3)):
            # Looking for references is slow, and most hosts have no literal without one.
            if made == a.per_level or (level.startswith("unreferenced") and tries > 6 * a.per_level):
                break
            try:
                f = cache.get(m["sha256"]) or reader(open(os.path.join(corpus, m["path"]), "rb").read())
                if m["size"] < 200_000:
                    cache[m["sha256"]] = f
                e = run(r, f, Edit(f), sentences)
            except (ValueError, struct.error, IndexError, StopIteration):
                continue
            if e is None or not e.touched:
                continue
            again = level.endswith("/signed-again")
            if again and not f.resign(e):
                continue
            b = bytes(e.b)
            h = hashlib.sha256(b).hexdigest()
            if h in seen:
                continue
            seen.add(h)
            signed = fmt == "macho" and f.signed and not again
            kind = "hidden" if cls == "lead" and fmt == "macho" and not expect or cls == "lead" and set(expect) <= set(SEEN) and not signed else cls
            save(b, dict(host={k: m[k] for k in ("path", "sha256", "project")}, donor=None, mutator=mutator, level=level, format=fmt, **{"class": kind}, touched=merge(e.touched),
                         checksum="stale" if signed else "repaired" if again else "zero", host_vc_feature=False, expect=list(expect), detail=e.detail))
            made += 1
        print("%-6s %-18s %-36s %3d" % (fmt, mutator, level, made), file=sys.stderr)


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("corpus")
    a.add_argument("out")
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--per-level", type=int, default=20)
    a.add_argument("--max-host", type=int, default=900_000, help="largest host in bytes; Go and Rust are larger")
    a.add_argument("--only", help="one mutator")
    a.add_argument("--sentences", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "sentences.tsv"))
    a.add_argument("--formats", default="elf,macho")
    a = a.parse_args()
    shutil.rmtree(os.path.join(a.out, "files"), ignore_errors=True)
    os.makedirs(os.path.join(a.out, "files"))
    labels, seen = [], set()

    def save(b, label):
        h = hashlib.sha256(b).hexdigest()
        p = "files/%s.bin" % h[:12]
        with open(os.path.join(a.out, p), "wb") as fh:
            fh.write(b)
        labels.append(dict(label, path=p, sha256=h, size=len(b)))

    sentences = plant.Sentences(a.sentences)
    for fmt in a.formats.split(","):
        mutate(a, fmt, sentences, seen, save)
    with open(os.path.join(a.out, "labels.jsonl"), "w", encoding="utf-8") as fh:
        for l in labels:
            fh.write(json.dumps(l, ensure_ascii=False, sort_keys=True) + "\n")
    print("mutants %d  hosts %d  MB %.0f" % (len(labels), len({l["host"]["sha256"] for l in labels}), sum(l["size"] for l in labels) / 1e6))


if __name__ == "__main__":
    main()
