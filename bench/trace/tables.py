"""Tables of score.py beyond its totals: alarms per test on benign files, planted text by placement, script and length, localised controls."""
import collections, random

TEXT = ("string-", "text-")
GROUPS = {"latin": "latin", "cyrillic": "cyrillic", "greek": "greek", "hebrew": "hebrew", "arabic": "arabic", "han": "han", "kana": "han, kana, hangul", "hangul": "han, kana, hangul"}


def interval(rows, key):
    """95 % bootstrap interval of a mean, resampling projects; the rule of three over projects where all rows agree."""
    by = collections.defaultdict(list)
    for r in rows:
        by[r["project"]].append(r[key])
    names, rnd, out = sorted(by), random.Random(5), []
    if not names:
        return (0.0, 1.0)
    mean = sum(r[key] for r in rows) / len(rows)
    if mean in (0, 1):
        return (max(0.0, 1 - 3 / len(names)), 1.0) if mean else (0.0, min(1.0, 3 / len(names)))
    for _ in range(500):
        s = [v for _ in names for v in by[rnd.choice(names)]]
        out.append(sum(s) / len(s))
    out.sort()
    return out[12], out[487]


def rate(rows, key):
    return sum(r[key] for r in rows) / len(rows) if rows else None


def show(x):
    return "  -  " if x is None else "%.3f" % x


def per_test(corpus, recs):
    """{test: files run, alarms, projects run, projects with an alarm, strength}; a test that is listed as consistent or inconsistent was run."""
    out = {}
    for m in corpus:
        here = {}
        for t in (recs.get(m["sha256"]) or {}).get("tests", []):
            if t.get("result") in ("consistent", "inconsistent"):
                old = here.get(t["id"], (False, "soft"))
                hit = t["result"] == "inconsistent"
                here[t["id"]] = (old[0] or hit, t.get("strength") if hit or not old[0] else old[1])
        for k, (hit, strength) in here.items():
            o = out.setdefault((m["format"], k), dict(files=0, alarms=0, run=set(), hit=set(), strength=set()))
            o["files"] += 1
            o["alarms"] += hit
            o["run"].add(m["project"])
            o["strength"].add(strength)
            if hit:
                o["hit"].add(m["project"])
    return out


def print_per_test(corpus, recs):
    table, out = per_test(corpus, recs), {}
    if not table:
        return out
    print("  alarms by test: inconsistent/run, files and projects; the bound of a test without alarm is three divided by its projects")
    for (f, k), o in sorted(table.items()):
        p, n = len(o["hit"]), len(o["run"])
        print("    %-6s %-34s %-10s files %4d/%-5d projects %3d/%-4d %s" % (f, k, "/".join(sorted(s for s in o["strength"] if s)), o["alarms"], o["files"], p, n, "" if p else "bound %.3f" % min(1, 3 / n)))
        out["%s/%s" % (f, k)] = dict(files=o["files"], alarms=o["alarms"], projects=n, projects_alarmed=sorted(o["hit"]), strength=sorted(s for s in o["strength"] if s))
    return out


def text_rows(flat):
    """The planted texts, as rows with `found`: a located finding of a text test."""
    out = []
    for r in flat:
        d = r["label"].get("detail") or {}
        if r["cls"] == "control" or "text" not in d:
            continue
        length = len(d["text"])
        script = d.get("script") or d.get("language", "?")
        out.append(dict(project=r["project"], found=any(t.startswith(TEXT) for t in r["located"]), level=r["label"]["level"], cls=r["cls"], format=r["label"].get("format", "pe"),
                        script=script, latin=script in ("latin", "de", "es"), language=d.get("language"), encoding=d.get("encoding"), over=d.get("over"),
                        band="12-19" if length < 20 else "20-39" if length < 40 else "40-70"))
    return out


def line(name, rows, out):
    if rows:
        lo, hi = interval(rows, "found")
        print("    %-34s %4d in %2d projects  %.3f [%.3f, %.3f]" % (name, len(rows), len({r["project"] for r in rows}), rate(rows, "found"), lo, hi))
        out[name] = dict(n=len(rows), recall=round(rate(rows, "found"), 4), interval=[round(lo, 4), round(hi, 4)])


def planted_text(flat):
    rows, out = text_rows(flat), {}
    if not rows:
        return out
    print("\nPLANTED TEXT  found by a located string-* or text-* test; those with a pointer to them are shown, not counted in the totals")
    known = [r for r in rows if r["cls"] != "hidden"]
    for f in ("pe", "elf", "macho"):
        mine = [r for r in known if r["format"] == f]
        if not mine:
            continue
        line("%s, all" % f, mine, out)
        line("%s, other scripts than Latin" % f, [r for r in mine if not r["latin"]], out)
        line("%s, Latin" % f, [r for r in mine if r["latin"]], out)
        for lv in sorted({r["level"] for r in rows if r["format"] == f}):
            line("%s, %s" % (f, lv), [r for r in rows if r["format"] == f and r["level"] == lv], out)
    for lat in (False, True):
        for b in ("12-19", "20-39", "40-70"):
            line("%s, %s" % ("Latin" if lat else "other scripts", b), [r for r in known if r["latin"] == lat and r["band"] == b], out)
    for what in ("encoding", "script", "language", "over"):
        for v in sorted({r[what] for r in known if r[what]}):
            line("%s %s" % (what, v), [r for r in known if r[what] == v], out)
    return out


def text_controls(flat):
    """Controls in which text was changed or appended: share in which a text test speaks up."""
    out = {}
    rows = [dict(project=r["project"], planted=any(t.startswith(TEXT) for t in r["tests"]), level=r["label"]["level"], format=r["label"].get("format", "pe"))
            for r in flat if r["cls"] == "control"]
    print("\nCONTROLS  share in which a text test speaks up")
    for f, lv in sorted({(r["format"], r["level"]) for r in rows}):
        s = [r for r in rows if r["level"] == lv and r["format"] == f]
        lo, hi = interval(s, "planted")
        if any(r["planted"] for r in s) or "locali" in lv or "overlay" in lv:
            print("    %-6s %-34s %4d in %2d projects  %.3f [%.3f, %.3f]" % (f, lv, len(s), len({r["project"] for r in s}), rate(s, "planted"), lo, hi))
        out["%s/%s" % (f, lv)] = dict(n=len(s), called_planted=round(rate(s, "planted"), 4), interval=[round(lo, 4), round(hi, 4)])
    return out
