#!/usr/bin/env python3
"""Makes forged and harmlessly edited copies of benign executables, to measure a forgery detector.

usage: mutate.py CORPUS OUT [--seed N] [--per-level N] [--max-host BYTES] [--only MUTATOR] [--sentences FILE] [--formats pe,elf,macho]

CORPUS is a folder with manifest.jsonl and files/.  OUT gets files/ (names say nothing about the edit) and
labels.jsonl, one line per file:
  path sha256 size host{path,sha256,project} donor{path,sha256,project}|null
  mutator level class       class: forged | lead | hidden | control
  touched [{offset,len}]    ranges of the new file that were written (bytes that merely moved are not listed)
  checksum                  zero | stale | repaired | untouched: state of the PE checksum field after the edit
  host_vc_feature           the host has a VC_FEATURE record
  expect [test ids]         tests that can see it; empty where none is known to
  detail {...}

class forged   two parts of the file now contradict each other; a hard test should say so
class lead     a soft test, or the checksum, can say so
class hidden   no test is known that can see it in this host; reported, not scored against a bar
class control  a harmless edit that must never be called forged

Header fields and strings of benign files only; no file is ever run.  The same seed gives the same bytes.
Needs pefile and numpy.  ELF and Mach-O copies are made by mutate_other.py, texts are planted by plant.py.
"""
import argparse, collections, datetime, hashlib, itertools, json, os, random, re, shutil, struct, sys

import numpy as np
import pefile

import mutate_other
import plant

SENTENCES = None

# --- the Rich header: products by kind (the high half of a comp.id) ---------------------------------
LINKER = {0x02: (5, 10), 0x04: (6, 0), 0x10: (5, 11), 0x13: (5, 12), 0x1E: (6, 10), 0x20: (6, 1), 0x25: (6, 20), 0x28: (6, 21),
          0x3C: (6, 22), 0x3D: (7, 0), 0x47: (7, 10), 0x56: (6, 24), 0x5A: (7, 10), 0x78: (8, 0), 0x91: (9, 0), 0x9D: (10, 0),
          0xBA: (10, 10), 0xCC: (11, 0), 0xDE: (12, 0), 0xF0: (12, 10), 0x102: (14, None)}
EXPORT = {0x3E, 0x3F, 0x49, 0x58, 0x5C, 0x7A, 0x92, 0x9B, 0xB8, 0xCA, 0xDC, 0xEE, 0x100}
IMPLIB = {0x19, 0x36, 0x4A, 0x59, 0x5D, 0x7B, 0x93, 0x9C, 0xB9, 0xCB, 0xDD, 0xEF, 0x101}
CVTRES = {0x06, 0x38, 0x45, 0x46, 0x5E, 0x7C, 0x94, 0x9A, 0xB7, 0xC9, 0xDB, 0xED, 0xFF}
EXPORT_OF = {7: 0x5C, 8: 0x7A, 9: 0x92, 10: 0x9B, 11: 0xCA, 12: 0xDC, 14: 0x100}
IMPLIB_OF = {7: 0x5D, 8: 0x7B, 9: 0x93, 10: 0x9C, 11: 0xCB, 12: 0xDD, 14: 0x101}
IMPORT0 = 1
UTC = [(0x07, 0x08, 1100), (0x09, 0x0B, 1200), (0x15, 0x18, 1200), (0x22, 0x24, 1200), (0x2F, 0x35, 1200), (0x1B, 0x1D, 1300),
       (0x2B, 0x2C, 1300), (0x39, 0x3A, 1300), (0x41, 0x44, 1300), (0x4C, 0x55, 1310), (0x5F, 0x68, 1310), (0x6D, 0x76, 1400),
       (0x80, 0x82, 1400), (0x83, 0x8F, 1500), (0x9F, 0xB4, 1600), (0xBC, 0xC6, 1610), (0xCE, 0xD8, 1700), (0xE0, 0xEA, 1800),
       (0xF2, 0xFC, 1810), (0x104, 0x10E, 1900)]
# First year in which a linker of that major version could have been used; deliberately early.
LINKER_YEAR = {6: 1998, 7: 2002, 8: 2005, 9: 2007, 10: 2009, 11: 2011, 12: 2013, 14: 2014}


def utc_version(product):
    for lo, hi, v in UTC:
        if lo <= product <= hi:
            return v
    return 0


def rol(v, n):
    n &= 31
    return ((v << n) | (v >> (32 - n))) & 0xFFFFFFFF


def rich_checksum(b, start, entries):
    c = start
    for k in range(start):
        if not 0x3C <= k < 0x40:
            c = (c + rol(b[k], k)) & 0xFFFFFFFF
    for p, bl, n in entries:
        c = (c + rol((p << 16) | bl, n)) & 0xFFFFFFFF
    return c


def rich_parse(b, lf):
    area = bytes(b[0x40:min(lf, 0x1000)])
    i = area.rfind(b"Rich")
    if i < 0 or len(area) < i + 8:
        return None
    end = 0x40 + i
    key = struct.unpack_from("<I", b, end + 4)[0]
    p = end - 4
    while p >= 0x40:
        if struct.unpack_from("<I", b, p)[0] ^ key == 0x536E6144:
            break
        p -= 4
    else:
        return None
    pad = [struct.unpack_from("<I", b, p + 4 * k)[0] ^ key for k in (1, 2, 3)]
    ent = []
    for q in range(p + 16, end, 8):
        a, c = struct.unpack_from("<II", b, q)
        a ^= key
        ent.append((a >> 16, a & 0xFFFF, c ^ key))
    return dict(start=p, end=end, key=key, pad=pad, ent=ent, ok=rich_checksum(b, p, ent) == key, tail=bytes(b[end + 8:lf]))


def rich_encode(ent, key):
    out = struct.pack("<4I", 0x536E6144 ^ key, key, key, key)
    for p, bl, n in ent:
        out += struct.pack("<II", ((p << 16) | bl) ^ key, n ^ key)
    return out + b"Rich" + struct.pack("<I", key)


def rich_lfanew(ent, key, start=0x80):
    return start + (((key >> 5) % 3) + len(ent)) * 8 + 0x20


# --- facts of a file ----------------------------------------------------------------------------------
DIRS = [pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_" + x] for x in ("IMPORT", "DELAY_IMPORT")]


class Facts:
    """Offsets and values of the header fields that the mutators write and the tests compare."""

    def __init__(self, b):
        self.b = b
        pe = pefile.PE(data=b, fast_load=True)
        self.lf = lf = pe.DOS_HEADER.e_lfanew
        self.opt = lf + 24
        fh, oh = pe.FILE_HEADER, pe.OPTIONAL_HEADER
        self.machine, self.x64 = fh.Machine, oh.Magic == 0x20B
        self.nsec, self.optsize = fh.NumberOfSections, fh.SizeOfOptionalHeader
        self.sectab = self.opt + self.optsize
        self.headers_end = self.sectab + 40 * self.nsec
        self.size_of_headers = oh.SizeOfHeaders
        self.linker, self.linker_off = (oh.MajorLinkerVersion, oh.MinorLinkerVersion), self.opt + 2
        self.coff, self.coff_off = fh.TimeDateStamp, lf + 8
        self.checksum, self.checksum_off = oh.CheckSum, self.opt + 64
        self.dirs = [(d.VirtualAddress, d.Size) for d in oh.DATA_DIRECTORY] + [(0, 0)] * 16
        self.dir_off = self.opt + (112 if self.x64 else 96)
        self.image_base = oh.ImageBase
        self.section_align, self.file_align = oh.SectionAlignment, oh.FileAlignment
        self.sections = [dict(name=s.Name.rstrip(b"\0").decode("latin1"), va=s.VirtualAddress, vsize=s.Misc_VirtualSize, raw=s.PointerToRawData,
                              rawsize=s.SizeOfRawData, flags=s.Characteristics) for s in pe.sections]
        self.subsystem = oh.Subsystem
        self.dotnet, self.signed = bool(self.dirs[14][0]), bool(self.dirs[4][0])
        self.rich = rich_parse(b, lf)
        self.image_end = max([s["raw"] + s["rawsize"] for s in self.sections if s["rawsize"]] or [len(b)])
        self.imports = self.delay = 0
        self.dlls = []
        try:
            pe.parse_data_directories(directories=DIRS)
            for e in getattr(pe, "DIRECTORY_ENTRY_IMPORT", []):
                self.dlls.append(e.dll.decode("latin1").lower())
                self.imports += len(e.imports)
            for e in getattr(pe, "DIRECTORY_ENTRY_DELAY_IMPORT", []):
                self.delay += len(e.imports)
        except Exception:
            pass
        pe.close()
        self.export_off = self.at(self.dirs[0][0], 40)
        self.export_ts = struct.unpack_from("<I", b, self.export_off + 4)[0] if self.export_off else None
        self.debug, self.vcf_off, self.vcf, self.pdb = [], None, None, None
        off = self.at(self.dirs[6][0], self.dirs[6][1])
        for k in range(min(self.dirs[6][1] // 28, 16) if off else 0):
            _, ts, _, _, ty, sz, rva, raw = struct.unpack_from("<IIHHIIII", b, off + 28 * k)
            self.debug.append((off + 28 * k + 4, ty, ts))
            if ty == 12 and 20 <= sz and raw + 20 <= len(b):
                self.vcf_off, self.vcf = raw, struct.unpack_from("<5I", b, raw)
            if ty == 2 and b[raw:raw + 4] == b"RSDS" and 24 < sz and raw + sz <= len(b):
                self.pdb = (raw + 24, sz - 24, b[raw + 24:raw + sz].split(b"\0")[0])
        self.repro = any(t == 16 for _, t, _ in self.debug)
        self.leaves, self.res_stamps = [], set()
        self.version_keys, self.translations, self.version = [], [], None
        try:
            self.walk_resources()
        except (struct.error, IndexError):
            pass

    def at(self, rva, size):
        if not rva:
            return None
        for s in self.sections:
            if s["va"] <= rva < s["va"] + max(s["vsize"], s["rawsize"]):
                o = s["raw"] + rva - s["va"]
                return o if o + size <= len(self.b) and rva - s["va"] + size <= s["rawsize"] else None
        return None

    def walk_resources(self):
        base = self.at(self.dirs[2][0], 16)
        if base is None:
            return
        todo = [(base, 0, None)]
        while todo and len(self.leaves) < 4000:
            o, depth, kind = todo.pop()
            _, ts, _, _, named, ids = struct.unpack_from("<IIHHHH", self.b, o)
            self.res_stamps.add(ts)
            for k in range(min(named + ids, 2000)):
                e = o + 16 + 8 * k
                name, to = struct.unpack_from("<II", self.b, e)
                t = name if depth == 0 else kind
                if to & 0x80000000 and depth < 2:
                    todo.append((base + (to & 0x7FFFFFFF), depth + 1, t))
                elif not to & 0x80000000 and depth == 2:
                    rva, size = struct.unpack_from("<II", self.b, base + to)
                    self.leaves.append((name & 0xFFFF, e, kind, self.at(rva, size), size))
        for lang, e, t, o, size in self.leaves:
            if t != 16 or o is None:
                continue
            v = bytes(self.b[o:o + size])
            self.version = (o, size)
            i = v.find("StringFileInfo\0".encode("utf-16le"))
            if i >= 0:
                # A StringTable: length, 0, type, then the key in eight hex digits; nothing else has that shape.
                for m in re.finditer(rb"\x00\x00[\x00\x01]\x00((?:[0-9a-fA-F]\x00){8})\x00\x00", v[i:]):
                    self.version_keys.append((o + i + m.start(1), int(m.group(1).decode("utf-16le")[:4], 16), int(m.group(1).decode("utf-16le")[4:], 16)))
            t = "Translation\0".encode("utf-16le")
            j = v.find(t)
            if j >= 6:
                n = struct.unpack_from("<H", v, j - 4)[0]
                p = (j + len(t) + 3) & ~3
                for k in range(min(n // 4, 16)):
                    if p + 4 * k + 4 <= len(v):
                        self.translations.append((o + p + 4 * k,) + struct.unpack_from("<HH", v, p + 4 * k))

    def plausible_time(self):
        return not self.repro and 820_454_400 < self.coff < 1_795_000_000

    def utc_counts(self, ent):
        new = sum(c for p, _, c in ent if utc_version(p) >= 1700)
        return sum(c for p, _, c in ent if 0 < utc_version(p) < 1700), new


class Edit:
    """A copy being changed; remembers every range written."""

    def __init__(self, f):
        self.f, self.b, self.touched, self.detail = f, bytearray(f.b), [], {}

    def put(self, off, data):
        self.b[off:off + len(data)] = data
        self.touched.append((off, len(data)))

    def u32(self, off, v):
        self.put(off, struct.pack("<I", v & 0xFFFFFFFF))

    def relay(self, ent, key=None):
        """Writes the entries with a right checksum and moves the PE header to where the linker would have put it."""
        f = self.f
        key = rich_checksum(self.b, 0x80, ent) if key is None else key
        block, lf = rich_encode(ent, key), rich_lfanew(ent, key)
        head = bytes(self.b[f.lf:f.headers_end])
        if lf + len(head) > f.size_of_headers or any(self.b[f.headers_end:f.size_of_headers]):
            return False
        area = block.ljust(lf - 0x80, b"\0") + head
        self.b[0x80:f.size_of_headers] = area.ljust(f.size_of_headers - 0x80, b"\0")
        self.shift = lf - f.lf
        self.touched.append((0x80, lf - 0x80))
        self.put(0x3C, struct.pack("<I", lf))
        return True

    shift = 0

    def header(self, off):
        return off + self.shift


# --- mutators -----------------------------------------------------------------------------------------
# Each yields Edit objects or None; `r` is a seeded random.Random, `pick` gives donors.
RICH_TESTS = ["rich-checksum", "rich-layout", "rich-padding", "rich-linker", "rich-linker-build", "rich-exports", "rich-imports",
              "rich-import-count", "rich-resources", "rich-feature-count", "rich-runtime"]


def can_rich(f):
    return bool(f.rich) and f.rich["ok"] and f.rich["start"] == 0x80 and not f.signed and f.lf < 0x400 and not f.dirs[11][0] and len(f.rich["ent"]) > 2


def major(f):
    return f.linker[0]


def repair_counts(f, ent, gen):
    out = []
    implib = 2 * len(f.dlls) + 1 if f.dlls else 0
    for p, b, c in ent:
        if p == IMPORT0:
            if f.imports:
                out.append((p, b, f.imports + f.delay))
        elif p in IMPLIB:
            if implib:
                out.append((p, b, implib))
                implib = 0
        elif p in EXPORT:
            if f.dirs[0][0]:
                out.append((p, b, c))
        elif p in CVTRES:
            if f.dirs[2][0]:
                out.append((p, b, c))
        else:
            out.append((p, b, c))
    build = out[-1][1]
    if f.imports and not any(p == IMPORT0 for p, _, _ in out):
        out.insert(-1, (IMPORT0, 0, f.imports + f.delay))
    if f.dirs[0][0] and gen in EXPORT_OF and not any(p in EXPORT for p, _, _ in out):
        out.insert(-1, (EXPORT_OF[gen], build, 1))
    if implib and gen in IMPLIB_OF:
        out.insert(-1, (IMPLIB_OF[gen], build, implib))
    return out


def rich_transplant(level, r, f, donor):
    e, d = Edit(f), donor.rich["ent"]
    e.detail = dict(host_linker="%d.%d" % f.linker, donor_linker="%d.%d" % donor.linker)
    raw = bytes(donor.b[0x80:donor.rich["end"] + 8])
    if level in ("raw", "stale-key"):
        if 0x80 + len(raw) > f.lf or d == f.rich["ent"]:
            return None
        if level == "stale-key":
            if rich_checksum(f.b, 0x80, d) == f.rich["key"]:
                return None
            raw = rich_encode(d, f.rich["key"])
        e.b[0x80:f.lf] = bytes(f.lf - 0x80)
        e.put(0x80, raw)
        e.touched[-1] = (0x80, f.lf - 0x80)
        return e
    patch = level != "re-laid"
    if level in ("counts-repaired", "feature-repaired"):
        d = repair_counts(f, d, major(donor))
    if d == f.rich["ent"] or not e.relay(d):
        return None
    if patch and f.linker != donor.linker:
        e.put(e.header(f.linker_off), bytes(donor.linker))
    if level == "feature-repaired":
        if not f.vcf:
            return None
        old, new = f.utc_counts(d)
        e.put(f.vcf_off, struct.pack("<5I", old, new, *[min(x, new) for x in f.vcf[2:]]))
    return e


def rich_edit(level, r, f, donor):
    e, ent = Edit(f), list(f.rich["ent"])
    if level == "count":
        idx = [i for i, x in enumerate(ent) if utc_version(x[0])]
        if not idx:
            return None
        i = r.choice(idx)
        ent[i] = (ent[i][0], ent[i][1], ent[i][2] + r.randint(1, 9))
        e.detail = dict(entry=i, old=f.rich["ent"][i], new=ent[i])
    elif level == "build-shift":
        if not any(p >= 0xFF for p, _, _ in ent) or min(b for p, b, _ in ent if p >= 0xFF) < 700:
            return None
        ent = [(p, b - 200 if p >= 0xFF else b, c) for p, b, c in ent]
        e.detail = dict(shift=-200)
    elif level == "drop-entry":
        i = r.randrange(len(ent) - 1)
        e.detail = dict(entry=i, old=ent.pop(i))
    elif level == "swap-order":
        i = r.randrange(len(ent) - 2) if len(ent) > 3 else 0
        ent[i], ent[i + 1] = ent[i + 1], ent[i]
        e.detail = dict(entries=[i, i + 1])
    elif level == "linker-not-last":
        ent[-1], ent[-2] = ent[-2], ent[-1]
    return e if ent != f.rich["ent"] and e.relay(ent) else None


def rich_strip(level, r, f, donor):
    e = Edit(f)
    if level == "zero":
        e.put(0x80, bytes(f.lf - 0x80))
        return e
    head = bytes(e.b[f.lf:f.headers_end])
    if any(e.b[f.headers_end:f.size_of_headers]):
        return None
    e.b[0x80:f.size_of_headers] = head.ljust(f.size_of_headers - 0x80, b"\0")
    e.shift = 0x80 - f.lf
    e.put(0x3C, struct.pack("<I", 0x80))
    return e


def stamp_shift(level, r, f, donor):
    e, t = Edit(f), f.coff
    delta = r.choice([-1, 1]) * r.randint(2, 900) * 86400 + r.randint(-40000, 40000)
    targets = {"coff": "c", "coff+debug": "cd", "coff+export": "ce", "all": "cde", "whole-hour": "c", "time-zone": "cde", "before-linker": "cde", "date-over-hash": "c"}[level]
    if level == "date-over-hash":
        if not f.repro:
            return None
        new = r.randint(1_300_000_000, 1_700_000_000)
    else:
        if not f.plausible_time():
            return None
        new = t + delta
        if level == "whole-hour":
            new = (t + r.randint(1, 400) * 86400) // 3600 * 3600
        if level == "time-zone":
            new = t + r.choice([-9, -8, -5, -3, 3, 5, 8, 9]) * 3600
        if level == "before-linker":
            y = LINKER_YEAR.get(f.linker[0])
            if not y or not f.rich:
                return None
            new = int(datetime.datetime(y - r.randint(2, 4), r.randint(1, 12), r.randint(1, 28), r.randint(0, 23), r.randint(1, 59), tzinfo=datetime.timezone.utc).timestamp())
    debug = [(o, ts) for o, _, ts in f.debug if ts == t]
    has_export = f.export_ts == t
    # A level is only made where the stamps it leaves alone are there to contradict it.
    if level == "coff" and not (debug or has_export) or level == "coff+debug" and not (debug and has_export) or level == "coff+export" and not (debug and has_export):
        return None
    if level == "whole-hour" and not debug or level == "date-over-hash" and not debug:
        return None
    e.u32(f.coff_off, new)
    if "d" in targets:
        for o, _ in debug:
            e.u32(o, new)
    if "e" in targets and has_export:
        e.u32(f.export_off + 4, new)
    e.detail = dict(old=t, new=new, linker="%d.%d" % f.linker)
    return e


LANGS = [(0x0419, "ru-RU", 1251), (0x0804, "zh-CN", 936), (0x0412, "ko-KR", 949), (0x0429, "fa-IR", 1256), (0x040D, "he-IL", 1255), (0x0407, "de-DE", 1252), (0x0C0A, "es-ES", 1252), (0x0411, "ja-JP", 932)]


def lang_set(level, r, f, donor):
    keys, trans = f.version_keys, f.translations
    if not keys or not trans or not f.leaves or f.signed:
        return None
    if not {k[1] for k in keys} & {t[1] for t in trans}:
        return None
    used = {l[0] for l in f.leaves} | {k[1] for k in keys}
    lang, tag, _ = r.choice([x for x in LANGS if x[0] not in used])
    e = Edit(f)
    e.detail = dict(old=sorted(used), new=lang, tag=tag)
    leaves = f.leaves
    if level == "one-leaf":
        other = [l for l in leaves if l[2] != 16]
        if not other:
            return None
        leaves = [r.choice(other)]
    if level in ("one-leaf", "all-leaves", "everything"):
        # Languages of one resource must stay distinct and sorted; files with several are left alone.
        if level != "one-leaf" and len({l[0] for l in leaves}) != 1:
            return None
        if level == "all-leaves" and {l[0] for l in leaves} == {0}:
            return None
        for l in leaves:
            e.u32(l[1], lang)
    if level in ("string-table", "everything"):
        for k in keys:
            e.put(k[0], ("%04x" % lang).encode("utf-16le"))
    if level in ("translation", "everything"):
        for t in trans:
            e.put(t[0], struct.pack("<H", lang))
    return e


def string_plant(level, r, f, donor):
    return plant.string_plant(level, r, f, Edit(f), SENTENCES)


def pdb_plant(level, r, f, donor):
    if not f.pdb or f.signed:
        return None
    off, size, old = f.pdb
    stem = re.split(rb"[\\/]", old)[-1]
    user = r.choice(["Иван", "小明", "민수", "Jürgen", "علی", "Pavel", "Javier", "田中"])
    e = Edit(f)
    if level == "user":
        m = re.match(rb"([A-Za-z]:\\Users\\)([^\\]+)(\\.*)", old)
        if not m:
            return None
        for u in [user, "Ali", "Li", "Max"]:
            u = u.encode("utf-8")
            if len(u) <= len(m.group(2)):
                break
        else:
            return None
        new = m.group(1) + u + m.group(3)
    elif level == "path":
        new = b"C:\\Users\\" + user.encode("utf-8") + b"\\src\\" + stem
    elif level == "path-legacy-page":
        page = {"Иван": "cp1251", "小明": "gbk", "민수": "cp949", "علی": "cp1256", "田中": "cp932"}.get(user, "cp1252")
        new = b"C:\\Users\\" + user.encode(page, "replace") + b"\\src\\" + stem
    else:
        new = b"C:\\work\\loader.pdb"
    if len(new) >= size or new == old:
        return None
    e.put(off, new.ljust(size, b"\0"))
    e.detail = dict(old=old.decode("utf-8", "replace"), new=new.decode("utf-8", "replace"))
    return e


def localised_literal(r, f, e):
    """One message that something refers to, in another language."""
    if f.dotnet or not f.sections:
        return None
    fit = [(o, n) for o, n, used in plant.cached_literals(f) if used]
    if not fit:
        return None
    o, n = r.choice(fit)
    drawn = SENTENCES.draw(r, n)
    if not drawn:
        return None
    e.detail.update(drawn[1], referenced=True)
    plant.overwrite(e, f, r, o, n, drawn[0])
    return e


def control(level, r, f, donor):
    e = Edit(f)
    if level == "signature-strip":
        va, size = f.dirs[4]
        if not f.signed or va + size < len(f.b) - 16 or va < f.image_end:
            return None
        del e.b[va:]
        e.put(f.dir_off + 32, bytes(8))
        return e
    if f.signed:
        return None
    if level == "version-rewrite":
        if not f.version:
            return None
        o, n = f.version
        v = bytes(f.b[o:o + n])
        i = v.find("FileVersion\0".encode("utf-16le"))
        m = re.compile(rb"(?:[0-9.]\x00){5,}").search(v, i) if i >= 0 else None
        if not m:
            return None
        s = m.group().decode("utf-16le")
        new = "".join(c if c == "." else str((int(c) + 1) % 10) for c in s)
        e.put(o + m.start(), new.encode("utf-16le"))
        e.detail = dict(old=s, new=new)
        return e
    if level == "section-rename":
        for k in range(min(f.nsec, 2)):
            e.put(f.sectab + 40 * k, b"UPX%d\0\0\0\0" % k)
        return e
    if level == "checksum-fix":
        return e if f.checksum == 0 else None
    if level == "overlay-append":
        o = len(e.b)
        e.b += bytes(2048)
        e.put(o, b"PK\x03\x04" + bytes(r.randrange(256) for _ in range(2044)))
        return e
    if level == "aslr-flag":
        v = struct.unpack_from("<H", f.b, f.opt + 70)[0]
        e.put(f.opt + 70, struct.pack("<H", v ^ 0x40))
        return e
    if level == "subsystem-change":
        if f.subsystem not in (2, 3):
            return None
        e.put(f.opt + 68, struct.pack("<H", 5 - f.subsystem))
        return e
    if level == "debug-path-stripped":
        if not f.pdb:
            return None
        off, size, old = f.pdb
        e.put(off, re.split(rb"[\\/]", old)[-1].ljust(size, b"\0"))
        return e if re.split(rb"[\\/]", old)[-1] != old else None
    if level == "localised-literal":
        return localised_literal(r, f, e)
    if level.startswith("localised-program/"):
        return plant.localise(level.split("/")[1], r, f, e, SENTENCES)
    if level in ("overlay-archive", "overlay-setup-text"):
        return plant.overlay_control(level, r, f, e, SENTENCES)
    if level == "stamps-zeroed":
        # What tools that make builds reproducible after the fact do: every stamp becomes zero.
        if not f.plausible_time():
            return None
        e.u32(f.coff_off, 0)
        for o, _, ts in f.debug:
            e.u32(o, 0)
        if f.export_ts:
            e.u32(f.export_off + 4, 0)
        return e
    return None


def build_plan():
    plan = []
    for lv in ("raw", "stale-key", "re-laid", "linker-patched", "counts-repaired", "feature-repaired"):
        plan.append(("rich-transplant", "other-generation/" + lv, "forged", RICH_TESTS))
        if lv != "linker-patched":
            plan.append(("rich-transplant", "same-release/" + lv, "hidden" if lv == "feature-repaired" else "forged", RICH_TESTS))
    plan += [("rich-edit", "count", "forged", ["rich-feature-count"]), ("rich-edit", "build-shift", "lead", ["rich-linker-build"]),
             ("rich-edit", "drop-entry", "forged", RICH_TESTS), ("rich-edit", "linker-not-last", "lead", ["rich-linker", "rich-layout"]), ("rich-edit", "swap-order", "hidden", []),
             ("rich-strip", "zero", "hidden", []), ("rich-strip", "remove", "hidden", [])]
    plan += [("stamp-shift", lv, c, t) for lv, c, t in (
        ("coff", "lead", ["time-coff-debug", "time-coff-export"]), ("coff+debug", "lead", ["time-coff-export"]), ("coff+export", "lead", ["time-coff-debug"]),
        ("whole-hour", "lead", ["time-coff-debug", "time-whole-hour"]), ("date-over-hash", "lead", ["time-coff-debug"]), ("before-linker", "forged", ["time-before-linker"]),
        ("all", "hidden", ["time-before-linker"]), ("time-zone", "hidden", []))]
    plan += [("lang-set", lv, c, t) for lv, c, t in (
        ("string-table", "lead", ["version-language"]), ("translation", "lead", ["version-language"]), ("all-leaves", "lead", ["version-language"]),
        ("one-leaf", "hidden", []), ("everything", "hidden", []))]
    plan += [("string-plant", lv, "hidden" if lv == "literal+pointer" else "lead", ["string-unreferenced-foreign"]) for lv in (
        "cave", "new-section", "overlay", "overlay-behind-container", "header-slack", "code-padding", "unreferenced-literal", "literal+pointer")]
    plan += [("pdb-plant", lv, "hidden", []) for lv in ("user", "path", "path-legacy-page", "stem")]
    plan += [("control", lv, "control", ["checksum-edited"]) for lv in (
        "signature-strip", "version-rewrite", "section-rename", "checksum-fix", "overlay-append", "aslr-flag", "subsystem-change", "debug-path-stripped", "localised-literal", "localised-program/all", "localised-program/three", "localised-program/one",
        "overlay-archive", "overlay-setup-text", "stamps-zeroed")]
    return plan


RUN = {"rich-transplant": rich_transplant, "rich-edit": rich_edit, "rich-strip": rich_strip, "stamp-shift": stamp_shift, "lang-set": lang_set,
       "string-plant": string_plant, "pdb-plant": pdb_plant, "control": control}


def contradicted(f, level, e):
    """Whether anything left in the file can contradict the edit, for levels where that depends on the host."""
    if level == "count":
        return bool(f.vcf) and utc_version(e.detail["old"][0]) >= 1700
    if level == "same-release/counts-repaired":
        return bool(f.vcf)
    if level == "drop-entry":
        p = e.detail["old"][0]
        return p == IMPORT0 and f.imports > 0 or p in EXPORT and bool(f.dirs[0][0]) or utc_version(p) >= 1700 and bool(f.vcf) and e.detail["old"][2] > 0
    return True


def pe_checksum(b, off):
    """The checksum of the PE header; `off` is where it is stored."""
    d = bytes(b[:off]) + b"\0\0\0\0" + bytes(b[off + 4:])
    if len(d) % 4:
        d += bytes(4 - len(d) % 4)
    s = int(np.frombuffer(d, "<u4").sum(dtype=np.uint64))
    while s >> 16:
        s = (s & 0xFFFF) + (s >> 16)
    return (s + len(b)) & 0xFFFFFFFF


def finish(e, r, level):
    """Leaves the checksum stale or repairs it, as the draw says; returns its state."""
    off = e.header(e.f.checksum_off)
    if level == "checksum-fix":
        e.u32(off, pe_checksum(e.b, off))
        return "repaired"
    if e.f.checksum == 0:
        return "zero"
    if pe_checksum(e.f.b, e.f.checksum_off) != e.f.checksum:
        return "untouched"
    if r.random() < 0.5:
        return "stale"
    e.u32(off, pe_checksum(e.b, off))
    return "repaired"


def parses(b, sections):
    try:
        pe = pefile.PE(data=bytes(b), fast_load=True)
        ok = sections <= len(pe.sections) <= sections + 1
        pe.close()
        return ok
    except Exception:
        return False


def rounds(r, by):
    """Files of all projects in turn, so that no project dominates; each file once."""
    queues = {p: r.sample(by[p], len(by[p])) for p in sorted(by)}
    while queues:
        for p in r.sample(sorted(queues), len(queues)):
            yield queues[p].pop()
            if not queues[p]:
                del queues[p]


def interleave(a, b):
    out = []
    for i in range(max(len(a), len(b))):
        out += a[i:i + 1] + b[i:i + 1]
    return out


def merge(ranges):
    out = []
    for o, n in sorted(ranges):
        if out and o <= out[-1][0] + out[-1][1]:
            out[-1][1] = max(out[-1][1], o + n - out[-1][0])
        else:
            out.append([o, n])
    return [dict(offset=o, len=n) for o, n in out]


def hosts_of(r, mutator, level, pool, per_level):
    """The hosts of a level in the order in which they are tried; a project never has two turns before the others had one."""
    by = collections.defaultdict(list)
    for f in sorted(pool, key=lambda f: f.meta["sha256"]):
        by[f.meta["project"]].append(f)
    if mutator == "string-plant" and level in MANY:
        return repeated(r, by, per_level)
    order = rounds(r, by)
    if mutator == "control" and level not in ("checksum-fix", "signature-strip"):
        # Half of the hosts carry a checksum, which most linkers leave at zero.
        order = list(order)
        order = interleave([f for f in order if f.checksum], [f for f in order if not f.checksum])
    return order


# Levels that few hosts can take: several plants a host, projects in turn.
MANY = ("unreferenced-literal", "literal+pointer", "code-padding")


def repeated(r, by, per_level):
    """Projects in turn, their files in turn, at most six times a file and a sixth of the level a project."""
    most = max(4, per_level // 6)
    files = {p: itertools.cycle(r.sample(by[p], len(by[p]))) for p in sorted(by)}
    turns = {p: min(6 * len(by[p]), 300) for p in by}
    made = collections.Counter()
    while turns:
        for p in r.sample(sorted(turns), len(turns)):
            f = next(files[p])
            before = getattr(f, "made", 0)
            yield f
            made[p] += getattr(f, "made", 0) - before
            turns[p] -= 1
            if made[p] >= most or not turns[p]:
                del turns[p]


def donors_of(r, level, f, rich):
    same = level.startswith("same")
    ok = [d for d in rich if d.meta["project"] != f.meta["project"] and ((d.linker == f.linker) if same else (major(d) != major(f)))]
    # Projects first, so that a large project is not every second donor.
    names = sorted({d.meta["project"] for d in ok})
    return [r.choice([d for d in ok if d.meta["project"] == p]) for p in r.sample(names, min(6, len(names)))]


def mutate_pe(a, files, seen, save):
    """Makes every level of the plan; `save` writes one file and its label."""
    rich = [f for f in files.values() if can_rich(f)]
    for mutator, level, cls, expect in build_plan():
        if a.only and mutator != a.only:
            continue
        r = random.Random("%d/%s/%s" % (a.seed, mutator, level))
        SENTENCES.restart(r)
        pool = rich if mutator.startswith("rich") else list(files.values())
        short = level if mutator == "control" else level.split("/")[-1]
        made = 0
        for f in hosts_of(r, mutator, level, pool, a.per_level):
            if made == a.per_level:
                break
            for donor in donors_of(r, level, f, rich) if mutator == "rich-transplant" else [None]:
                e = RUN[mutator](short, r, f, donor)
                if e is None:
                    continue
                state = finish(e, r, level)
                b = bytes(e.b)
                h = hashlib.sha256(b).hexdigest()
                if h in seen or not parses(b, f.nsec):
                    continue
                seen.add(h)
                seen_by = contradicted(f, level, e)
                save(b, dict(host=f.meta, donor=donor.meta if donor else None, mutator=mutator, level=level, format="pe", **{"class": cls if seen_by else "hidden"},
                             touched=merge(e.touched), checksum=state, host_vc_feature=bool(f.vcf), expect=list(expect) if seen_by else [], detail=e.detail))
                made += 1
                f.made = getattr(f, "made", 0) + 1
                break
        for f in pool:
            f.used, f.made = set(), 0
        print("%-16s %-34s %3d" % (mutator, level, made), file=sys.stderr)


def read_hosts(a):
    files = {}
    for line in open(os.path.join(a.corpus, "manifest.jsonl")):
        m = json.loads(line)
        if m["format"] != "pe" or m["size"] > a.max_host:
            continue
        try:
            f = Facts(open(os.path.join(a.corpus, m["path"]), "rb").read())
        except (pefile.PEFormatError, struct.error, IndexError):
            continue
        f.meta = {k: m[k] for k in ("path", "sha256", "project")}
        files[m["sha256"]] = f
    return files


def main():
    global SENTENCES
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("corpus")
    a.add_argument("out")
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--per-level", type=int, default=20)
    a.add_argument("--max-host", type=int, default=900_000, help="largest host in bytes")
    a.add_argument("--only", help="one mutator")
    a.add_argument("--sentences", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "sentences.tsv"))
    a.add_argument("--formats", default="pe,elf,macho")
    a = a.parse_args()
    SENTENCES = plant.Sentences(a.sentences)
    shutil.rmtree(os.path.join(a.out, "files"), ignore_errors=True)
    os.makedirs(os.path.join(a.out, "files"))
    labels = []

    def save(b, label):
        h = hashlib.sha256(b).hexdigest()
        p = "files/%s.bin" % h[:12]
        with open(os.path.join(a.out, p), "wb") as fh:
            fh.write(b)
        labels.append(dict(label, path=p, sha256=h, size=len(b)))

    if "pe" in a.formats.split(","):
        files = read_hosts(a)
        mutate_pe(a, files, set(files), save)
    for fmt in ("elf", "macho"):
        if fmt in a.formats.split(","):
            mutate_other.mutate(a, fmt, SENTENCES, set(), save)
    with open(os.path.join(a.out, "labels.jsonl"), "w", encoding="utf-8") as fh:
        for l in labels:
            fh.write(json.dumps(l, ensure_ascii=False, sort_keys=True) + "\n")
    print("mutants %d  hosts %d  MB %.0f" % (len(labels), len({l["host"]["sha256"] for l in labels}), sum(l["size"] for l in labels) / 1e6))


if __name__ == "__main__":
    main()
