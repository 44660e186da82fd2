#!/usr/bin/env python3
"""Writes the tables of docs/trace.md from the results of score.py, peers.py and hostile.py.

usage: report.py DOCUMENT --score SCORE.json [--fresh FRESH.json] [--other OTHER.json] [--peers PEERS.json] [--hostile HOSTILE.json]

SCORE has the development set and copies of it, FRESH the fresh set and, if there are any, copies of that; OTHER the copies of ELF and Mach-O files.

The text between `<!-- NAME -->` and `<!-- end -->` is replaced; everything else stays.
"""
import argparse, json, re


def table(head, rows):
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head)] + ["| " + " | ".join(str(c) for c in r) + " |" for r in rows])


def span(x):
    return "%.2f to %.2f" % tuple(x)


def percent(x):
    return "%.2f %%" % (100 * x)


def totals(sets):
    rows = []
    for name, s in sets:
        for f in ("pe", "elf", "macho"):
            b = s["benign"].get(f)
            if b:
                rows.append([name, f, b["files"], b["projects"], percent(b["parsed"]), percent(b["hard"]), percent(b["projects_without_hard"]), percent(b["any"])])
        t = s["benign"].get("text_alarm")
        if t:
            rows.append([name, "text tests", t["files"], t["projects"], "", "", percent(1 - len(t["projects_alarmed"]) / max(t["projects"], 1)) + " (no text alarm)", percent(t["alarms"] / max(t["files"], 1))])
    return table(["set", "format", "files", "projects", "read", "called forged", "projects without a hard alarm", "any alarm"], rows)


def tests(sets):
    names = sorted({k for _, s in sets for k in s["benign"].get("tests", {})}, key=lambda k: ("pe elf macho".split().index(k.split("/")[0]), k))
    rows = []
    for k in names:
        row, strength = [k.split("/", 1)[1], k.split("/")[0]], set()
        for _, s in sets:
            t = s["benign"]["tests"].get(k)
            if not t:
                row.append("not run")
                continue
            strength |= set(t["strength"])
            hit = len(t["projects_alarmed"])
            row.append("%d of %d files, %d of %d projects%s" % (t["alarms"], t["files"], hit, t["projects"], "" if hit else "; bound %.0f %%" % (100 * min(1, 3 / t["projects"]))))
        row.insert(2, "/".join(sorted(strength)))
        rows.append(row)
    return table(["test", "format", "strength"] + [n for n, _ in sets], rows)


def levels(score):
    rows = []
    for k, v in score["levels"].items():
        mutator, level, cls = k.split("/")[0], "/".join(k.split("/")[1:-1]), k.split("/")[-1]
        rows.append([mutator, level, cls, v["n"], "%.3f (%s)" % (v["hard"], span(v["hard_interval"])), "%.3f (%s)" % (v["any"], span(v.get("any_interval", (0, 1)))), "%.3f" % v["hard_vc_feature"] if "hard_vc_feature" in v else ""])
    return table(["forgery", "level", "class", "n", "hard", "any", "hard, VC_FEATURE in the host"], rows)


def text(score, formats=None):
    rows = [(k, v) for k, v in score["text"].items() if not formats or k.split(",")[0] in formats]
    return table(["texts", "n", "found"], [[k, v["n"], "%.3f (%s)" % (v["recall"], span(v["interval"]))] for k, v in rows])


def controls(score):
    rows = []
    planted = score["text_controls"]
    for k, v in score["controls"].items():
        key = k.replace(": ", "/") if ": " in k else "pe/" + k
        p = planted.get(key, {})
        rows.append([k, v["n"], percent(v["forged"]), v["stale"], "" if v["edited_where_stale"] is None else percent(v["edited_where_stale"]), "%s (%s)" % (percent(p["called_planted"]), span(p["interval"])) if p else ""])
    return table(["harmless edit", "n", "called forged", "checksum stale", "of these called edited", "a text test speaks up"], rows)


def summary(score):
    return table(["figure", "value"], [[k.replace("_", " "), "%.3f" % v] for k, v in score["summary"].items() if v is not None])


def speed(peers):
    rows = [[k, v["cpu_s"], v["wall_s"], v["mb_per_cpu_s"], v["files_per_cpu_s"], v["peak_mb"]] for k, v in peers.items() if isinstance(v, dict) and "cpu_s" in v]
    one = peers.get("one file") or {}
    return table(["", "CPU s", "wall s", "MB a CPU s", "files a CPU s", "peak MB"], rows) + (
        "\n\nOne file of %d kB, from process start to result: median %.1f ms, fastest %.1f ms." % (one["bytes"] // 1000, one["median_ms"], one["fastest_ms"]) if one else "")


def hostile(h):
    return "%d inputs, %d failed%s; the slowest took %.1f s, the largest %.0f MB." % (h["inputs"], len(h["failed"]), ": " + ", ".join(h["failed"]) if h["failed"] else "", h["worst_seconds"], h["worst_mb"])


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("document")
    for name in ("score", "fresh", "other", "peers", "hostile"):
        a.add_argument("--" + name)
    a = a.parse_args()
    last = lambda p: json.loads(open(p, encoding="utf-8").read().strip().splitlines()[-1]) if p else None
    score, fresh, other, peers, bad = last(a.score), last(a.fresh), last(a.other), last(a.peers), last(a.hostile)
    sets = [(n, s) for n, s in (("development", score), ("fresh", fresh)) if s]
    parts = {}
    if sets:
        parts.update(benign=totals(sets), tests=tests(sets))
    if score:
        parts.update(levels=levels(score), text=text(score), controls=controls(score), summary=summary(score))
    if other:
        parts.update(other=levels(other) + "\n\n" + text(other, ("elf", "macho")), othercontrols=controls(other))
    if fresh and fresh["levels"]:
        parts.update(freshlevels=levels(fresh), freshtext=text(fresh), freshcontrols=controls(fresh), freshsummary=summary(fresh))
    if peers:
        parts["speed"] = speed(peers)
    if bad:
        parts["hostile"] = hostile(bad)
    doc = open(a.document, encoding="utf-8").read()
    for name, body in parts.items():
        doc = re.sub(r"(<!-- %s -->\n).*?(<!-- end -->)" % name, lambda m: m.group(1) + "\n" + body + "\n\n" + m.group(2), doc, flags=re.S)
    with open(a.document, "w", encoding="utf-8") as fh:
        fh.write(doc)


if __name__ == "__main__":
    main()
