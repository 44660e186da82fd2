#!/usr/bin/env python3
"""Scores `onus trace` on benign executables and on mutants made from them.

usage: score.py ONUS_BINARY CORPUS MUTANTS [--timeout S] [--rounds N] [--no-peers] [--list] [--json FILE]
       MUTANTS may be - for a corpus without mutants

CORPUS   folder with manifest.jsonl and files/ (the corpus builder makes it)
MUTANTS  folder with labels.jsonl and files/ (mutate.py)
ONUS_BINARY may be several words ("python3 reference.py"); it is called as  BINARY trace --format jsonl FOLDER

Rules
  A file is called *forged* when a test with strength hard is inconsistent, *edited* when only checksum-edited
  or soft tests are.  A test that is already inconsistent on the untouched host is no detection.
  A detection counts only if a locus of it overlaps a touched range; "hard" and "any" below are such located
  detections, "unlocated" are the ones that named the wrong place.  `right` = located by a test the label expects.
  Recall is given per mutator level with a 95 % interval resampled by project of the host.
  A file with no line in the output, or a line for another format, is a parser failure.
  Breaches of the contract (a finding without locus, explanation or benign causes, a locus outside the file) are counted.
  The last line is JSON.  Exit status 1 if the program crashed, hung or printed lines that are no JSON; else 0.

Peers run in the same session on the same files, in turn; see peers.py.
"""
import argparse, collections, hashlib, json, os, shlex, sys, tempfile

import tables
from peers import measured, speed
from tables import interval, rate, show

KINDS = ["rich_header", "rich_entry", "linker_version", "coff_time", "debug_time", "export_time", "resource_time", "repro_hash", "pdb_path", "resource_language",
         "version_language", "code_page", "string_language", "import_hash", "section_names", "compiler", "signature", "similarity_tlsh"]


def crashed(rc):
    """0 and 1 are the contract (1: findings), 2 is `not done`; a panic is 101, a signal negative."""
    return rc is not None and rc not in (0, 1, 2)


def run_folder(onus, folder, files, timeout, trouble):
    """{sha256: record} of a whole folder; where that fails, file by file."""
    tmp = tempfile.NamedTemporaryFile(delete=False)
    tmp.close()
    m = measured(onus + ["trace", "--format", "jsonl", folder], timeout, tmp.name)
    recs, bad = read_jsonl(tmp.name)
    m["digest"] = hashlib.sha256(open(tmp.name, "rb").read()).hexdigest()
    os.unlink(tmp.name)
    if m["rc"] is None or crashed(m["rc"]) or (m["rc"] == 2 and len(recs) < len(files)):
        print("folder run failed (status %s): %s; trying file by file" % (m["rc"], m["stderr"].strip()[-200:]), file=sys.stderr)
        trouble["folder_failures"] += 1
        for path, sha in files:
            if sha in recs and recs[sha]:
                continue
            tmp = tempfile.NamedTemporaryFile(delete=False)
            tmp.close()
            one = measured(onus + ["trace", "--format", "jsonl", path], min(60, timeout), tmp.name)
            got, b = read_jsonl(tmp.name)
            os.unlink(tmp.name)
            bad += b
            recs.update(got)
            if one["rc"] is None:
                trouble["timeouts"].append(path)
            elif crashed(one["rc"]):
                trouble["crashes"].append(path)
            if len(trouble["timeouts"]) + len(trouble["crashes"]) > 40:
                print("too many failures; stopping here", file=sys.stderr)
                break
    trouble["bad_lines"] += bad
    return recs, m


def read_jsonl(path):
    recs, bad = {}, 0
    for line in open(path, "rb"):
        if not line.strip():
            continue
        try:
            r = json.loads(line)
            recs[r["sha256"]] = r
        except (ValueError, KeyError, TypeError):
            bad += 1
    return recs, bad


def violations(r, size):
    """Breaches of the output contract in one record."""
    out = []
    for o in r.get("observations", []):
        l = o.get("locus") or {}
        if not isinstance(l.get("offset"), int) or not isinstance(l.get("len"), int):
            out.append("observation without locus: %s" % o.get("kind"))
        elif l["offset"] < 0 or l["len"] < 0 or l["offset"] + l["len"] > size:
            out.append("locus outside the file: %s" % o.get("kind"))
        if o.get("forge_cost") not in (None, "F0", "F1", "F2", "F3", "F4"):
            out.append("forge_cost %r" % o.get("forge_cost"))
    for t in r.get("tests", []):
        i = t.get("id")
        if t.get("result") not in ("consistent", "inconsistent", "not_run") or t.get("strength") not in ("hard", "soft"):
            out.append("test result or strength: %s" % i)
        if t.get("result") == "inconsistent":
            if not t.get("loci"):
                out.append("finding without locus: %s" % i)
            if not t.get("explain"):
                out.append("finding without explanation: %s" % i)
            if not t.get("benign_causes"):
                out.append("finding without benign causes: %s" % i)
            for l in t.get("loci", []):
                if not 0 <= l.get("offset", -1) <= size or l.get("offset", 0) + l.get("len", 0) > size:
                    out.append("locus outside the file: %s" % i)
    return out


def findings(r):
    """{test id: (strength, loci)} of the inconsistent tests."""
    out = {}
    for t in (r or {}).get("tests", []):
        if t.get("result") == "inconsistent":
            loci = [(l.get("offset", 0), l.get("len", 0)) for l in t.get("loci") or []]
            strength = "hard" if t.get("strength") == "hard" and t.get("id") != "checksum-edited" else "soft"
            if t["id"] in out:
                strength = "hard" if "hard" in (strength, out[t["id"]][0]) else "soft"
                loci = loci + out[t["id"]][1]
            out[t["id"]] = (strength, loci)
    return out


def overlaps(loci, touched):
    return any(o < x["offset"] + x["len"] and x["offset"] < o + max(n, 1) for o, n in loci for x in touched)


def benign(corpus, recs, trouble, list_all):
    out, rows = {}, []
    causes, contract, parser = collections.Counter(), collections.Counter(), collections.Counter()
    for m in corpus:
        r = recs.get(m["sha256"])
        ok = bool(r) and r.get("format") == m["format"] and bool(r.get("observations"))
        parser[m["format"], ok] += 1
        if list_all and not ok:
            print("parser failure: %s (%s)" % (m["path"], r.get("format") if r else "no line"))
        if r:
            for v in violations(r, m["size"]):
                contract[v] += 1
        fi = findings(r)
        hard = sorted(k for k, v in fi.items() if v[0] == "hard")
        for k in hard:
            causes["%s/%s" % (k, m["project"])] += 1
        if hard and list_all:
            print("benign, called forged: %s %s" % (m["path"], " ".join(hard)))
        rows.append(dict(project=m["project"], format=m["format"], hard=bool(hard), soft=bool(fi), edited="checksum-edited" in fi))
    print("\nBENIGN  %d files" % len(rows))
    for f in ("pe", "elf", "macho"):
        s = [r for r in rows if r["format"] == f]
        if not s:
            continue
        projects = sorted({r["project"] for r in s})
        clean = sum(not any(r["hard"] for r in s if r["project"] == p) for p in projects) / len(projects)
        lo, hi = interval(s, "hard")
        ps = parser[f, True] / (parser[f, True] + parser[f, False])
        out[f] = dict(files=len(s), parsed=ps, hard=rate(s, "hard"), hard_interval=[lo, hi], any=rate(s, "soft"), edited=rate(s, "edited"), projects=len(projects), projects_without_hard=clean)
        print("  %-6s files %4d  parsed %.3f  called forged %.4f [%.4f, %.4f]  any alarm %.3f  projects %d, without a hard alarm %.3f" % (f, len(s), ps, rate(s, "hard"), lo, hi, rate(s, "soft"), len(projects), clean))
    pes = [recs[m["sha256"]] for m in corpus if m["format"] == "pe" and m["sha256"] in recs]
    if pes:
        have = collections.Counter(k for r in pes for k in {o.get("kind") for o in r.get("observations", [])})
        out["observation_kinds"] = {k: have[k] / len(pes) for k in KINDS}
        print("  share of PE files with an observation of a kind: " + ", ".join("%s %.2f" % (k, have[k] / len(pes)) for k in KINDS))
        strange = sorted(set(have) - set(KINDS))
        if strange:
            print("  other kinds: " + ", ".join(strange))
    if causes:
        print("  hard alarms by test and project: " + ", ".join("%s %d" % x for x in causes.most_common(12)))
    out["tests"] = tables.print_per_test(corpus, recs)
    text = [dict(project=m["project"], hit=any(k.startswith(tables.TEXT) for k in findings(recs.get(m["sha256"])))) for m in corpus]
    lo, hi = interval(text, "hit")
    out["text_alarm"] = dict(files=len(text), alarms=sum(r["hit"] for r in text), projects=len({r["project"] for r in text}), projects_alarmed=sorted({r["project"] for r in text if r["hit"]}))
    print("  text alarms: %d of %d files [%.4f, %.4f], in projects: %s" % (out["text_alarm"]["alarms"], len(text), lo, hi, " ".join(out["text_alarm"]["projects_alarmed"]) or "none"))
    if list_all:
        for m in corpus:
            for k in sorted(findings(recs.get(m["sha256"]))):
                if k.startswith(tables.TEXT):
                    print("benign, text alarm: %s %s" % (m["path"], k))
    if contract:
        print("  contract broken: " + ", ".join("%s x%d" % x for x in contract.most_common(12)))
    trouble["contract"] = sum(contract.values())
    return out


def mutants(labels, recs, hosts, trouble, list_all):
    levels, order = {}, []
    for l in labels:
        r = recs.get(l["sha256"])
        base, fi = findings(hosts.get(l["host"]["sha256"])), findings(r)
        # New: not inconsistent before, or harder than before.
        new = {k: v for k, v in fi.items() if k not in base or (v[0] == "hard" and base[k][0] == "soft")}
        located = {k: v for k, v in new.items() if overlaps(v[1], l["touched"])}
        row = dict(project=l["host"]["project"], hard=any(v[0] == "hard" for v in located.values()), any=bool(located), right=any(k in l["expect"] for k in located),
                   hard_any_place=any(v[0] == "hard" for v in new.values()), edited="checksum-edited" in fi, parsed=bool(r) and r.get("format") == l.get("format", "pe"),
                   vc=l["host_vc_feature"], checksum=l["checksum"], cls=l["class"], tests=sorted(new), located=sorted(located), label=l)
        k = (l["mutator"], l["level"] if l.get("format", "pe") == "pe" else "%s: %s" % (l["format"], l["level"]))
        if k not in levels:
            order.append(k)
        levels.setdefault(k, []).append(row)
        for v in violations(r, l["size"]) if r else []:
            trouble["contract"] += 1
    out = {}
    print("\nMUTANTS  %d files; located detections" % len(labels))
    print("  %-16s %-34s %-7s %4s  %5s %-15s %5s %-15s %5s  %s" % ("mutator", "level", "class", "n", "hard", "[95 %]", "any", "[95 %]", "right", "tests that fired"))
    for k in order:
        for cls in ("forged", "lead", "hidden"):
            s = [r for r in levels[k] if r["cls"] == cls]
            if not s:
                continue
            lo, hi = interval(s, "hard")
            alo, ahi = interval(s, "any")
            c = collections.Counter(t for r in s for t in r["tests"])
            print("  %-16s %-34s %-7s %4d  %.3f [%.3f, %.3f]  %.3f [%.3f, %.3f]  %.3f  %s" % (k[0], k[1], cls, len(s), rate(s, "hard"), lo, hi, rate(s, "any"), alo, ahi, rate(s, "right"), " ".join("%s:%d" % x for x in c.most_common(4))))
            out["%s/%s/%s" % (k[0], k[1], cls)] = dict(n=len(s), hard=rate(s, "hard"), hard_interval=[lo, hi], any=rate(s, "any"), any_interval=[alo, ahi], right=rate(s, "right"), hard_any_place=rate(s, "hard_any_place"))
            v = [r for r in s if r["vc"]]
            if k[0].startswith("rich-t") and v and len(v) < len(s):
                print("  %-16s %-34s %-7s %4d  %.3f" % ("", "  of which VC_FEATURE in the host", "", len(v), rate(v, "hard")))
                out["%s/%s/%s" % (k[0], k[1], cls)]["hard_vc_feature"] = rate(v, "hard")
    flat = [r for k in order for r in levels[k]]
    con = [r for r in flat if r["cls"] == "control"]
    print("\nCONTROLS  harmless edits, which must not be called forged")
    ctl = {}
    for k in order:
        s = [r for r in levels[k] if r["cls"] == "control"]
        if not s:
            continue
        stale = [r for r in s if r["checksum"] == "stale"]
        c = collections.Counter(t for r in s for t in r["tests"])
        ctl[k[1]] = dict(n=len(s), forged=rate(s, "hard_any_place"), stale=len(stale), edited_where_stale=rate(stale, "edited"))
        print("  %-34s n %3d  called forged %.3f  checksum stale %2d, of these called edited %s  %s" % (k[1], len(s), rate(s, "hard_any_place"), len(stale), show(rate(stale, "edited")), " ".join("%s:%d" % x for x in c.most_common(4))))
        if list_all:
            for r in s:
                if r["hard_any_place"]:
                    print("      control called forged: %s of %s: %s" % (r["label"]["path"], r["label"]["host"]["path"], " ".join(r["tests"])))
    stale = [r for r in flat if r["checksum"] == "stale"]
    fixed = [r for r in flat if r["checksum"] in ("repaired", "zero")]
    agg = lambda m, cls: [r for r in flat if r["cls"] == cls and (m is None or r["label"]["mutator"] == m)]
    sub = lambda pre, mut="rich-transplant": [r for r in flat if r["label"]["mutator"] == mut and r["label"]["level"].startswith(pre)]
    bars = dict(
        other_generation_linker_patched=rate(sub("other-generation/linker-patched"), "hard"),
        same_release_raw=rate(sub("same-release/raw"), "hard"),
        vc_feature_hosts=rate([r for r in sub("") if r["vc"] and not r["label"]["level"].endswith("feature-repaired")], "hard"),
        forged_all=rate(agg(None, "forged"), "hard"), lead_all=rate(agg(None, "lead"), "any"), hidden_all=rate(agg(None, "hidden"), "any"),
        control_called_forged=rate(con, "hard_any_place"), control_stale_called_edited=rate([r for r in con if r["checksum"] == "stale"], "edited"),
        stale_checksum_seen=rate(stale, "edited"), right_checksum_called_edited=rate(fixed, "edited"), mutants_parsed=rate(flat, "parsed"))
    bars["hard_findings_located"] = located_share(flat)
    found = [r for r in flat if r["cls"] != "control" and set(r["tests"]) - {"checksum-edited"}]
    bars["findings_located"] = rate(found, "any")
    for f in ("pe", "elf", "macho"):
        s = [r for r in flat if r["label"].get("format", "pe") == f]
        if s:
            bars["mutants_parsed_" + f] = rate(s, "parsed")
            bars["forged_%s" % f] = rate([r for r in s if r["cls"] == "forged"], "hard")
            bars["control_called_forged_%s" % f] = rate([r for r in s if r["cls"] == "control"], "hard_any_place")
    text = tables.planted_text(flat)
    text_controls = tables.text_controls(flat)
    print("\nSUMMARY")
    for k in bars:
        print("  %-34s %s" % (k, show(bars[k])))
    return out, ctl, bars, text, text_controls


def located_share(flat):
    """Of the mutants with a new hard finding, the share where one names a touched range."""
    found = [r for r in flat if r["cls"] != "control" and r["hard_any_place"]]
    return rate(found, "hard")


def facts(corpus, recs, folder):
    """Compares some observations with pefile's reading, where pefile is installed."""
    try:
        import pefile
    except ImportError:
        return {}
    c = collections.Counter()
    for m in [m for m in corpus if m["format"] == "pe" and m["size"] < 1_500_000]:
        r = recs.get(m["sha256"])
        if not r:
            continue
        pe = pefile.PE(os.path.join(folder, m["path"]), fast_load=True)
        pe.parse_data_directories(directories=[1, 13])
        got = collections.defaultdict(list)
        for o in r.get("observations", []):
            got[o.get("kind")].append(o)
        rich = b"Rich" in pe.__data__[0x40:pe.DOS_HEADER.e_lfanew]
        c["rich_header", "right" if bool(got["rich_header"]) == rich else "wrong"] += 1
        text = json.dumps([o.get("value") for o in got["import_hash"]]).lower()
        if pe.get_imphash() and got["import_hash"]:
            c["import_hash", "right" if pe.get_imphash() in text else "wrong"] += 1
        if got["coff_time"]:
            o = got["coff_time"][0]["locus"]["offset"]
            c["coff_time offset", "right" if o == pe.DOS_HEADER.e_lfanew + 8 else "wrong"] += 1
        pe.close()
    out = {}
    for k in sorted({k for k, _ in c}):
        out[k] = c[k, "right"] / (c[k, "right"] + c[k, "wrong"])
        print("  agrees with pefile: %-18s %.3f of %d" % (k, out[k], c[k, "right"] + c[k, "wrong"]))
    return out


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("onus")
    a.add_argument("corpus")
    a.add_argument("mutants")
    a.add_argument("--timeout", type=int, default=1200, help="seconds for a folder")
    a.add_argument("--rounds", type=int, default=2, help="timed rounds")
    a.add_argument("--no-peers", action="store_true")
    a.add_argument("--no-facts", action="store_true", help="do not compare with pefile, which takes minutes")
    a.add_argument("--json", help="write the last line to this file as well")
    a.add_argument("--list", action="store_true", help="name every false alarm and parser failure")
    a = a.parse_args()
    onus = [a.onus] if os.path.exists(a.onus) else shlex.split(a.onus)
    load = lambda p: [json.loads(l) for l in open(p, encoding="utf-8")]
    corpus, labels = load(os.path.join(a.corpus, "manifest.jsonl")), [] if a.mutants == "-" else load(os.path.join(a.mutants, "labels.jsonl"))
    trouble = dict(crashes=[], timeouts=[], bad_lines=0, contract=0, folder_failures=0)
    files = [(os.path.join(a.corpus, m["path"]), m["sha256"]) for m in corpus]
    recs, first = run_folder(onus, os.path.join(a.corpus, "files"), files, a.timeout, trouble)
    mrecs, _ = ({}, None) if not labels else run_folder(onus, os.path.join(a.mutants, "files"), [(os.path.join(a.mutants, l["path"]), l["sha256"]) for l in labels], a.timeout, trouble)
    b = benign(corpus, recs, trouble, a.list)
    f = {} if a.no_facts else facts(corpus, recs, a.corpus)
    lv, ctl, bars, text, text_ctl = mutants(labels, mrecs, recs, trouble, a.list)
    s = speed(onus, [p for p, _ in files], os.path.join(a.corpus, "files"), first["digest"], a.rounds, a.timeout, not a.no_peers)
    print("\ncrashes %d  timeouts %d  unreadable lines %d  contract breaches %d" % (len(trouble["crashes"]), len(trouble["timeouts"]), trouble["bad_lines"], trouble["contract"]))
    for p in (trouble["crashes"] + trouble["timeouts"])[:10]:
        print("  " + p)
    bad = bool(trouble["crashes"] or trouble["timeouts"] or trouble["bad_lines"] or trouble["folder_failures"])
    result = json.dumps(dict(benign=b, agreement=f, levels=lv, controls=ctl, text=text, text_controls=text_ctl, summary=bars, speed=s, crashes=len(trouble["crashes"]), timeouts=len(trouble["timeouts"]),
                          bad_lines=trouble["bad_lines"], contract_breaches=trouble["contract"], folder_failures=trouble["folder_failures"]))
    print(result)
    if a.json:
        with open(a.json, "w") as fh:
            fh.write(result + "\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
