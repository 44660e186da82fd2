"""Plants sentences of sentences.tsv into copies of executables, and makes the controls that look like it.

mutate.py calls `string_plant` and `localise`; both draw from a `Sentences`, which keeps languages, lengths and encodings in balance.
"""
import io, os, random, re, struct, zipfile

import numpy as np

# Legacy pages of a language, the usual one first.  Hindi has none that Windows ever used.
PAGES = {"ru": ["cp1251", "koi8-r", "cp866"], "uk": ["cp1251", "koi8-u"], "sr": ["cp1251", "iso8859-5"], "bg": ["cp1251"], "el": ["cp1253"], "he": ["cp1255"],
         "ar": ["cp1256"], "fa": ["cp1256"], "zh-Hans": ["gbk", "gb18030"], "zh-Hant": ["big5"], "ja": ["cp932", "euc-jp"], "ko": ["cp949"], "th": ["cp874"],
         "hi": [], "de": ["cp1252"], "es": ["cp1252"], "fr": ["cp1252"], "it": ["cp1252"], "pl": ["cp1250", "iso8859-2"], "cs": ["cp1250", "iso8859-2"], "tr": ["cp1254"]}
ENCODINGS = ("utf-16", "utf-8", "legacy", "wrong-page")
BANDS = ((12, 19), (20, 39), (40, 70))
# What a writer types where the page has no such letter or sign.
SUBSTITUTE = {"ی": "ي", "ک": "ك", "۲": "2", "…": "...", "«": '"', "»": '"', "—": "-", "’": "'", "ţ": "t"}


def band(text):
    return next("%d-%d" % b for b in BANDS if b[0] <= len(text) <= b[1])


def legacy(text, page):
    """The text in an old page: letters that the page lacks are replaced as a typist would, else by '?'."""
    out = bytearray()
    for c in text:
        for form in (c, SUBSTITUTE.get(c, "?")):
            try:
                out += form.encode(page)
                break
            except UnicodeEncodeError:
                continue
        else:
            out += b"?"
    return bytes(out)


def mojibake(data, as_windows):
    """Bytes of a legacy page, misread as a western page and stored as UTF-8."""
    chars = []
    for b in data:
        try:
            chars.append(bytes([b]).decode("cp1252" if as_windows else "latin1"))
        except UnicodeDecodeError:
            chars.append(chr(b))
    return "".join(chars).encode("utf-8")


class Sentences:
    """Draws (language, script, text) in rounds over languages and lengths, so that each counts alike."""

    def __init__(self, path):
        self.by, self.script = {}, {}
        for line in open(path, encoding="utf-8"):
            if line.startswith("#") or not line.strip():
                continue
            lang, script, text = line.rstrip("\n").split("\t")
            self.script[lang] = script
            self.by.setdefault((lang, band(text)), []).append(text)
        self.queue, self.count = [], 0

    def restart(self, r):
        """A new level begins; what it draws depends on its own seed alone."""
        self.queue, self.count = [], r.randrange(len(ENCODINGS))

    def draw(self, r, room=None):
        """One encoded text, as (bytes with terminator, detail); within `room` bytes if given, None if nothing fits."""
        for _ in range(3 if room is None else 12):
            if not self.queue:
                self.queue = r.sample(sorted(self.by), len(self.by))
            key = self.queue.pop()
            text = r.choice(self.by[key])
            data, detail = self.encode(r, key[0], text)
            if room is None or len(data) <= room:
                return data, detail
            self.queue.insert(0, key)
        return None

    def encode(self, r, lang, text, encoding=None, page=None):
        if encoding is None:
            encoding = ENCODINGS[self.count % len(ENCODINGS)]
            self.count += 1
        if not PAGES[lang] and encoding in ("legacy", "wrong-page"):
            encoding = r.choice(ENCODINGS[:2])
        if PAGES[lang]:
            page = page or (PAGES[lang][0] if r.random() < 0.7 else r.choice(PAGES[lang]))
        if encoding == "utf-16":
            data = text.encode("utf-16le") + b"\0\0"
        elif encoding == "utf-8":
            data = text.encode("utf-8") + b"\0"
        else:
            data = legacy(text, page)
            if encoding == "wrong-page":
                data = mojibake(data, r.random() < 0.5)
            data += b"\0"
        return data, dict(language=lang, script=self.script[lang], encoding=encoding, code_page=page if encoding in ("legacy", "wrong-page") else None, text=text, band=band(text))

    def fitted(self, r, lang, room, encoding, page):
        """Text of one language that fills `room` bytes but for a few, made of its sentences and of whole words of them."""
        texts = [t for (l, _), ts in sorted(self.by.items()) if l == lang for t in ts]
        spaced = lang not in ("zh-Hans", "zh-Hant", "ja", "th")
        out = ""
        for t in r.sample(texts, min(len(texts), 40)):
            joined = (out + (" " if out and spaced else "") + t)
            if len(self.raw(lang, joined, encoding, page)) <= room:
                out = joined
                continue
            for piece in (t.split(" ") if spaced else list(t)):
                joined = (out + (" " if out and spaced else "") + piece) if spaced else out + piece
                if len(self.raw(lang, joined, encoding, page)) > room:
                    return out
                out = joined
        return out

    def raw(self, lang, text, encoding, page):
        if encoding == "utf-16":
            return text.encode("utf-16le") + b"\0\0"
        if encoding == "utf-8":
            return text.encode("utf-8") + b"\0"
        return legacy(text, page) + b"\0"


def literals(f):
    """ASCII literals of the data sections: (offset, length, whether anything in the file seems to refer to it)."""
    strs = {}
    for s in f.sections:
        if s["name"] not in (".rdata", ".data"):
            continue
        raw = bytes(f.b[s["raw"]:s["raw"] + min(s["rawsize"], s["vsize"])])
        for m in re.finditer(rb"(?<=\x00)[\x20-\x7e]{24,}\x00", raw):
            strs[s["va"] + m.start()] = (s["raw"] + m.start(), m.end() - m.start() - 1)
    if not strs:
        return []
    keys = np.sort(np.fromiter(strs, dtype=np.int64))
    ref = set()
    for s in f.sections:
        raw = bytes(f.b[s["raw"]:s["raw"] + s["rawsize"]])
        code = s["flags"] & 0x20000000
        for al in range(4 if code else 1):
            n = (len(raw) - al) // 4
            if n <= 0:
                continue
            v = np.frombuffer(raw, "<i4", n, al).astype(np.int64)
            pos = s["va"] + al + 4 * np.arange(n, dtype=np.int64)
            u = v & 0xFFFFFFFF
            for t in ([pos + 4 + v, pos + 5 + v, pos + 8 + v, v, u - f.image_base] if code else [u, u - f.image_base, u + 2]):
                ref.update(t[np.isin(t, keys)].tolist())
        if f.x64 and not code and len(raw) >= 8:
            q = np.frombuffer(raw, "<i8", len(raw) // 8) - f.image_base
            ref.update(q[np.isin(q, keys)].tolist())
    return [(strs[k][0], strs[k][1], k in ref) for k in sorted(strs)]


def cached_literals(f):
    if not hasattr(f, "literal_list"):
        f.literal_list = literals(f)
    return f.literal_list


def overwrite(e, f, r, o, n, data):
    """Writes the text over a literal and fills the rest as its neighbours would look: aligned ordinary literals, not zeros."""
    step = 8 if f.x64 else 4
    area = bytearray(data)
    area += bytes(-(o + len(area)) % step)
    near = [bytes(f.b[a:a + k]) for a, k, _ in cached_literals(f) if a != o and abs(a - o) < 0x4000]
    while near and n - len(area) >= 8:
        words = r.choice(near).split(b" ")
        piece, room = b"", n - len(area) - 1
        for w in words:
            if len(piece) + len(w) + 1 > room:
                break
            piece = piece + b" " + w if piece else w
        piece = piece or words[0][:room]
        area += piece + b"\0"
        area += bytes(-(o + len(area)) % step)
    e.put(o, bytes(area[:n]).ljust(n, b"\0"))


def ranges_of(b, value, least):
    """(offset, length) of runs of one byte value."""
    return [(m.start(), m.end() - m.start()) for m in re.finditer(b"%b{%d,}" % (re.escape(bytes([value])), least), b)]


def cave(e, f, data):
    for s in f.sections:
        end = s["raw"] + s["rawsize"]
        if s["name"] in (".rdata", ".data") and s["rawsize"] > s["vsize"] and s["rawsize"] - s["vsize"] > len(data) + 16:
            o = (s["raw"] + s["vsize"] + 15) & ~7
            if o + len(data) < end and not any(e.b[o - 8:end]):
                return o
    return None


def new_section(e, f, data):
    if f.headers_end + 40 > f.size_of_headers or any(e.b[f.headers_end:f.headers_end + 40]) or len(e.b) != f.image_end:
        return False
    last = max(f.sections, key=lambda s: s["va"])
    va = (last["va"] + max(last["vsize"], last["rawsize"]) + f.section_align - 1) // f.section_align * f.section_align
    raw = (len(e.b) + f.file_align - 1) // f.file_align * f.file_align
    size = (len(data) + f.file_align - 1) // f.file_align * f.file_align
    e.b += bytes(raw + size - len(e.b))
    e.put(raw, data)
    e.put(f.headers_end, struct.pack("<8sIIIIIIHHI", b".rsdata", len(data), va, size, raw, 0, 0, 0, 0, 0x40000040))
    e.put(f.lf + 6, struct.pack("<H", f.nsec + 1))
    e.put(f.opt + 56, struct.pack("<I", (va + len(data) + f.section_align - 1) // f.section_align * f.section_align))
    e.detail["text_at"] = [raw, len(data)]
    return True


def archive(r, members):
    """A plain ZIP, as a self-extractor carries it; the same draw gives the same bytes."""
    buf = io.BytesIO()
    with zipfile.ZipFile(buf, "w") as z:
        for name, body, how in members:
            z.writestr(zipfile.ZipInfo(name, (2019, 5, 1 + r.randrange(28), r.randrange(24), 0, 0)), body, how)
    return buf.getvalue()


def append(e, data, align=16):
    o = (len(e.b) + align - 1) // align * align
    e.b += bytes(o - len(e.b) + len(data))
    e.put(o, data)
    return o


def noise(r, n):
    return bytes(r.randrange(256) for _ in range(n))


def string_plant(level, r, f, e, sentences):
    """One planted text; returns the edit, or None where this host has no room for it."""
    if f.signed or f.dotnet or not f.sections:
        return None
    if level in ("unreferenced-literal", "literal+pointer"):
        return plant_literal(level, r, f, e, sentences)
    if level == "code-padding":
        return plant_code(r, f, e, sentences)
    room = f.size_of_headers - f.headers_end - 24 if level == "header-slack" else None
    if room is not None and (room < 32 or any(e.b[f.headers_end:f.size_of_headers])):
        return None
    drawn = sentences.draw(r, room)
    if not drawn:
        return None
    data, detail = drawn
    e.detail.update(detail)
    if level == "cave":
        o = cave(e, f, data)
        if o is None:
            return None
        e.put(o, data)
    elif level == "header-slack":
        o = (f.headers_end + 8 + r.randrange(room - len(data) + 8)) & ~7
        e.put(o, data)
    elif level == "overlay":
        o = append(e, data)
    elif level == "overlay-behind-container":
        append(e, archive(r, [("data/%d.bin" % k, noise(r, r.randrange(200, 900)), zipfile.ZIP_DEFLATED) for k in range(r.randrange(1, 4))]), 1)
        e.touched.clear()
        o = append(e, data)
    elif level == "new-section":
        return e if new_section(e, f, data) else None
    e.detail["text_at"] = [o, len(data)]
    return e


def plant_literal(level, r, f, e, sentences):
    used = getattr(f, "used", set())
    fit = [(o, n) for o, n, ref in cached_literals(f) if not ref and o not in used]
    if not fit:
        return None
    o, n = r.choice(fit)
    drawn = sentences.draw(r, n)
    if not drawn:
        return None
    data, detail = drawn
    old = bytes(f.b[o:o + n])
    over = "pdb path" if f.pdb and f.pdb[0] <= o < f.pdb[0] + f.pdb[1] else "type name" if old.startswith(b".?A") else "literal"
    e.detail.update(detail, referenced=False, text_at=[o, len(data)], over=over)
    overwrite(e, f, r, o, n, data)
    if level == "literal+pointer":
        at = pointer_slot(e, f)
        s = next(s for s in f.sections if s["raw"] <= o < s["raw"] + s["rawsize"])
        if at is None:
            return None
        va = f.image_base + s["va"] + o - s["raw"]
        e.put(at, struct.pack("<Q" if f.x64 else "<I", va))
        e.detail["pointer_at"] = at
    f.used = used | {o}
    return e


def pointer_slot(e, f):
    """An aligned empty cell behind the data of a section, which nobody reads."""
    for s in f.sections:
        if s["name"] in (".data", ".rdata") and s["rawsize"] > s["vsize"] + 24:
            o = (s["raw"] + s["vsize"] + 15) & ~7
            if o + 8 <= s["raw"] + s["rawsize"] and not any(e.b[o:o + 8]):
                return o
    return None


def plant_code(r, f, e, sentences):
    """Text in the padding between functions: CC, 90 or zero bytes inside the mapped part of an executable section."""
    slots = []
    for s in f.sections:
        if s["flags"] & 0x20000000:
            raw = bytes(f.b[s["raw"]:s["raw"] + min(s["rawsize"], s["vsize"])])
            for value in (0xCC, 0x90, 0):
                slots += [(s["raw"] + o, n) for o, n in ranges_of(raw, value, 18) if o and o + n < len(raw)]
    if not slots:
        return None
    o, n = max(slots, key=lambda x: (x[1], -x[0])) if r.random() < 0.5 else r.choice(slots)
    drawn = sentences.draw(r, n - 2)
    if not drawn:
        return None
    data, detail = drawn
    at = o + 1 + (o + 1) % 2
    if at + len(data) > o + n:
        return None
    e.put(at, data)
    e.detail.update(detail, text_at=[at, len(data)])
    return e


def localise(level, r, f, e, sentences):
    """A translated program: its own messages, all or a few, in one language and one encoding, whatever refers to them."""
    if f.signed or f.dotnet or not f.sections:
        return None
    fit = [(o, n) for o, n, _ in cached_literals(f) if b" " in f.b[o:o + n].strip()]
    want = {"all": len(fit), "three": 3, "one": 1}[level]
    if len(fit) < max(want, 1) or level == "all" and len(fit) < 4:
        return None
    lang = r.choice(sorted(PAGES))
    encoding = r.choice(["utf-16", "utf-8", "legacy"] if PAGES[lang] else ["utf-16", "utf-8"])
    page = PAGES[lang][0] if PAGES[lang] else None
    done = 0
    for o, n in sorted(r.sample(fit, want)):
        text = sentences.fitted(r, lang, n, encoding, page)
        if len(text) < 6:
            continue
        e.put(o, sentences.raw(lang, text, encoding, page).ljust(n, b"\0"))
        done += 1
    e.detail.update(language=lang, script=sentences.script[lang], encoding=encoding, code_page=page if encoding == "legacy" else None, messages=done)
    return e if done and (level == "all" or done == want) else None


LICENCE = (b"This program is distributed in the hope that it will be useful.\r\nPermission is granted to anybody to use this software for any purpose.\r\n")


def overlay_control(level, r, f, e, sentences):
    """What installers and self-extractors append: an archive with readable members, or a configuration in English."""
    if level == "overlay-archive":
        lang = r.choice(sorted(PAGES))
        text = "\r\n".join(t for (l, _), ts in sorted(sentences.by.items()) if l == lang for t in r.sample(ts, min(8, len(ts))))
        how = r.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
        append(e, archive(r, [("readme.txt", LICENCE, how), ("lang/%s.txt" % lang, text.encode("utf-8"), how), ("data.bin", noise(r, 500), zipfile.ZIP_STORED)]), 1)
        e.detail.update(language=lang, stored=how == zipfile.ZIP_STORED)
    else:
        append(e, b";!@Install@!UTF-8!\r\nTitle=\"Setup of example %d\"\r\nBeginPrompt=\"Do you want to install it now?\"\r\nRunProgram=\"setup.exe\"\r\n;!@InstallEnd@!\r\n7z\xbc\xaf\x27\x1c" % r.randrange(99) + noise(r, 700), 1)
    return e
