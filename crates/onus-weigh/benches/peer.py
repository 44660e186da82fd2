#!/usr/bin/env python3
"""The model of docs/spec/assessment.md once more, written down plainly, to check and to time the other one against.

usage: peer.py WEIGHTS SHEET [ASSESSMENT]

WEIGHTS is the folder `weights/`, SHEET a case sheet, ASSESSMENT what `onus assess --format json` said of it.
Prints the numbers as JSON, or, given an assessment, the largest differences from it; exit status 1 if one is too large.
Only the standard library (Python 3.11 or later). Dates are not looked at: the case is weighed with all that is on file.
"""
import json
import math
import sys
import time
import tomllib
from pathlib import Path


def load(weights):
    folder = Path(weights)
    policy = tomllib.loads((folder / "policy.toml").read_text())
    kinds = {p.stem: tomllib.loads(p.read_text()) for p in sorted((folder / "kinds").glob("*.toml"))}
    return policy, kinds


def db(x):
    return 10 * math.log10(x)


def direction(o):
    return o["kind"], frozenset(o.get("points_at", [])), frozenset(o.get("points_away", []))


def reach(sheet):
    cites = {s["id"]: set(s.get("cites", [])) for s in sheet["source"]}
    grown = True
    while grown:
        grown = False
        for one in cites.values():
            more = set().union(*(cites[other] for other in one)) - one if one else set()
            if more:
                one |= more
                grown = True
    return cites


def last_day(seen):
    return (seen + "-99-99")[:10]


def repeats(sheet):
    """by observation: the original that it repeats, directly; rings are broken by precedence"""
    cites, out = reach(sheet), {}
    items = sheet.get("observation", [])

    def copies(a, b):
        if a["id"] == b["id"]:
            return False
        if b["id"] in a.get("relies_on", []):
            return True
        if a["source"] == b["source"]:
            return False
        if "root" in a:
            return a["root"] != a["source"] and a["root"] == b["source"]
        return b["source"] in cites[a["source"]]

    def first(o):
        return last_day(o["seen"]), o["id"]
    by_direction = {}
    for o in items:
        by_direction.setdefault(direction(o), []).append(o)
    for a in items:
        found = [b for b in by_direction[direction(a)]
                 if copies(a, b) and (first(a) > first(b) or not copies(b, a))]
        if found:
            out[a["id"]] = min(found, key=first)["id"]
    for one in list(out):
        seen, at = [one], out[one]
        while at in out and at not in seen:
            seen.append(at)
            at = out[at]
        out[one] = at
    return out


def evaluate(policy, kinds, sheet):
    ids = [h["id"] for h in sheet.get("hypothesis", [])] + ["other"]
    named = ids[:-1]
    sources = {s["id"]: s for s in sheet["source"]}
    items = {o["id"]: o for o in sheet.get("observation", [])}
    copy = repeats(sheet)
    gone = {r["observation"] for r in sheet.get("retraction", [])}
    grown = True
    while grown:
        leaning = {i for i, o in items.items() if i not in gone
                   and (set(o.get("relies_on", [])) & gone or copy.get(i) in gone)}
        grown, gone = bool(leaning), gone | leaning
    cap = policy["reference_actors"] + 2

    def reliability(source):
        return policy["reliability"][sources[source].get("reliability", "F")]

    def channel(o):
        share = reliability(o["source"])
        odds = share / (1 - share) * policy["credibility_odds"][str(o.get("credibility", 6))]
        return odds / (1 + odds)

    def worth(o):
        """probability by hypothesis and whoever did it, or none"""
        if o["id"] in gone or o["id"] in copy:
            return None
        if "likelihood" in o:
            other = o["likelihood"]["other"]
            p = {h: o["likelihood"].get(h, other) for h in ids}
            return (p, other) if len(set(p.values())) > 1 else None
        at, away = o.get("points_at", []), o.get("points_away", [])
        r = channel(o)
        if not (at or away) or o["kind"] not in kinds or r <= 0:
            return None
        k = kinds[o["kind"]]
        pi = k["another_actor"]
        ratio = min((k["same_actor"] / pi) ** policy["likeness"][o.get("match", "close")], cap)
        seen = r * ratio + 1 - r
        if seen == 1:
            return None
        return {h: pi * seen if h in at else pi / seen if h in away else pi for h in ids}, pi

    def root(o):
        while o["id"] in copy:
            o = items[copy[o["id"]]]
        return o.get("root", o["source"])

    groups = {}
    for o in items.values():
        if worth(o):
            block = o.get("block")
            key = ("b", block) if block else ("s", o["id"]) if "likelihood" in o else ("r", root(o), direction(o))
            groups.setdefault(key, []).append(o)

    def test(t, o):
        k = kinds.get(o["kind"])
        f, d = t.get("false_alarm"), t.get("detection")
        if k and (f is None or d is None):
            right = reliability(t["source"])
            planted = policy["delta"] * policy["planting_rate"][k["forge_cost"]]
            overall = (1 - planted) * k["test"]["false_alarm"] + planted * k["test"]["detection"]
            f = right * k["test"]["false_alarm"] + (1 - right) * overall if f is None else f
            d = right * k["test"]["detection"] + (1 - right) * overall if d is None else d
        if f is None or d is None or t["result"] == "not-run":
            return 1.0, 1.0
        return (1 - f, 1 - d) if t["result"] == "consistent" else (f, d)

    units = []
    for members in groups.values():
        def span(o):
            p = worth(o)[0].values()
            return max(p) / min(p)
        best = min(members, key=lambda o: (-math.log(span(o)), last_day(o["seen"]), o["value"], o["id"]))
        belongs = {o["id"] for o in members}
        belongs |= {i for i, original in copy.items() if original in belongs and i not in gone}
        genuine = planted = 1.0
        by_source = {}
        for t in sheet.get("test", []):
            if t["observation"] in belongs:
                by_source.setdefault(t["source"], []).append(test(t, items[t["observation"]]))
        for results in by_source.values():
            f, d = max(results, key=lambda fd: abs(math.log(fd[1] / fd[0])))
            genuine, planted = genuine * f, planted * d
        k = kinds.get(best["kind"])
        rho = policy["planting_rate"][k["forge_cost"] if k else "F0"]
        p, pi = worth(best)
        units.append({"members": sorted(belongs & {o["id"] for o in members}), "p": p, "pi": pi, "rho": rho,
                      "genuine": genuine, "planted": planted})
    searched = {}
    for row in sheet.get("searched", []):
        searched[row["kind"]] = max(row["detection"], searched.get(row["kind"], 0))
    for kind, d in searched.items():
        found = any(o["kind"] == kind and i not in gone and i not in copy
                    and channel(o) > 0
                    for i, o in items.items())
        if not found and kind in kinds and kinds[kind]["same_actor"] > kinds[kind]["another_actor"]:
            other = 1 - d * kinds[kind]["another_actor"]
            p = {h: 1 - d * kinds[kind]["same_actor"] for h in named} | {"other": other}
            units.append({"members": [], "p": p, "pi": other, "rho": 0.0, "genuine": 1.0, "planted": 1.0})

    eps, delta = policy["imperfect_imitation"], policy["delta"]
    # Divided by the background, so that long products stay within range.
    for u in units:
        u["G"] = {a: u["p"][a] / u["pi"] * u["genuine"] for a in ids}
        u["Q"] = {t: ((1 - eps) * u["p"][t] / u["pi"] + eps) * u["planted"] for t in named}

    def both(u, a, t):
        return math.log((1 - u["rho"]) * u["G"][a] + u["rho"] * u["Q"][t])

    def sums():
        """by actor: logarithm of the product in the open, and by target of the one framing it"""
        return {a: (math.fsum(math.log(u["G"][a]) for u in units),
                    {t: math.fsum(both(u, a, t) for u in units) for t in named if t != a}) for a in ids}

    def without(every, u):
        return {a: (honest - math.log(u["G"][a]), {t: x - both(u, a, t) for t, x in framing.items()})
                for a, (honest, framing) in every.items()}

    def ln(sums):
        out = {}
        for a, (honest, framing) in sums.items():
            parts = [math.log(1 - delta) + honest] + [math.log(delta / len(framing)) + x for x in framing.values()]
            if not framing:
                parts = [honest]
            top = max(parts)
            out[a] = top + math.log(math.fsum(math.exp(x - top) for x in parts))
        return out
    every = sums()
    total = ln(every)
    top = max(total.values())
    evidence = math.fsum(math.exp(x - top) for x in total.values())
    posterior = {a: math.exp(x - top) / evidence for a, x in total.items()}

    def next_to(total, a):
        rest = [x for b, x in total.items() if b != a]
        return 10 * (total[a] - max(rest)) / math.log(10) if rest else 0.0
    weight = {a: next_to(total, a) for a in ids}
    leader = next((a for a in ids if weight[a] > 1e-9), None)
    planted = {}
    for u in units:
        mass = 0.0
        for a, (_, framing) in every.items():
            for t, x in framing.items():
                share = math.exp(x - top) * delta / len(framing) / evidence
                mass += share * u["rho"] * u["Q"][t] / math.exp(both(u, a, t))
        planted |= {i: mass for i in u["members"]}
    points = []
    if leader:
        level = policy["single_point_db"] if weight[leader] >= policy["single_point_db"] else 0.0005
        for u in units:
            if u["members"] and next_to(ln(without(every, u)), leader) < level:
                points += u["members"]
    return {"leading": leader, "posterior": posterior, "weight_db": weight, "planted": planted, "single_points": sorted(points)}


def compare(ours, theirs):
    """the largest differences from an assessment, by what"""
    posterior = max(abs(h["posterior"]["flat"] - ours["posterior"][h["id"]]) for h in theirs["hypotheses"])
    weight = max(abs(h["weight_mdb_over_next"] / 1000 - ours["weight_db"][h["id"]]) for h in theirs["hypotheses"])
    planted = [abs(o["planted_probability"] - ours["planted"].get(o["id"], -1))
               for o in theirs["observations"] if o["planted_probability"] is not None]
    return {"posterior": posterior, "weight_db": weight, "planted": max(planted, default=0.0),
            "leading": ours["leading"] == theirs["leading"],
            "single_points": sorted(theirs["single_points_of_failure"]) == ours["single_points"]}


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    policy, kinds = load(sys.argv[1])
    sheet = tomllib.loads(Path(sys.argv[2]).read_text())
    start = time.perf_counter()
    ours = evaluate(policy, kinds, sheet)
    seconds = time.perf_counter() - start
    if len(sys.argv) == 3:
        print(json.dumps(ours | {"seconds": seconds}))
        return 0
    found = compare(ours, json.loads(Path(sys.argv[3]).read_text()))
    print(json.dumps(found | {"seconds": seconds}))
    near = found["posterior"] < 1e-9 and found["planted"] < 1e-9 and found["weight_db"] < 0.000501
    return 0 if near and found["leading"] and found["single_points"] else 1


if __name__ == "__main__":
    sys.exit(main())
