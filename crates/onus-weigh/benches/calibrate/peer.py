#!/usr/bin/env python3
"""The same two baselines in plain Python: TF-IDF cosine and naive Bayes by citations, timed.

usage: peer.py BENCHMARK.json REFERENCE.txt

Reads the text form of the reference data itself, takes what each item may see, ranks its candidates twice, and prints
one line of JSON: seconds for preparing and for ranking, and the first group of each item under either score. Standard
library only; written as one would write it, with dictionaries and no attempt at tricks.
"""
import collections
import json
import math
import sys
import time

DOCUMENTATION = {"cosine": 1.19, "citations": 0.435}
SCALE = {"cosine": 22.9, "citations": 0.387}


def read(path):
    """Releases by name; uses as (user, trace, report, first, last); attributions as campaign: [(group, first, last)]."""
    releases, reports, uses, attributed = {}, [""], [], collections.defaultdict(list)
    kind, user, campaign = {}, None, None
    for line in open(path, encoding="utf-8").read().split("\n")[1:]:
        field = line.split("\t")
        word = field[0]
        if word == "release":
            releases[field[1]] = len(releases)
        elif word == "campaign":
            campaign = field[1]
        elif word == "attributed":
            first, last = map(int, field[2].split("-"))
            attributed[campaign].append((field[1], first, last))
        elif word == "trace":
            kind[field[2]] = field[1]
        elif word == "report":
            reports.append(field[1])
        elif word == "by":
            user = field[1]
        elif word in kind and kind[word] in ("technique", "software"):
            first, last = map(int, field[2].split("-"))
            uses.append((user, word, reports[int(field[1])], first, last))
    return releases, uses, attributed


def documents(item, benchmark, releases, uses, attributed):
    """What each report says that each candidate used, as the item may see it."""
    training = item["training"]
    release, hidden = releases[training["release"]], set(training["hide_citations"])
    out = set(item["not_candidates"])
    candidates = [g for g in benchmark["candidate_sets"][training["release"]] if g not in out]
    wanted, campaigns = set(candidates), set(training["hide_campaigns"])
    found = collections.defaultdict(set)
    for user, trace, report, first, last in uses:
        if not first <= release <= last or report in hidden:
            continue
        if user[0] == "G":
            groups = [user]
        elif user in campaigns:
            continue
        else:
            groups = [g for g, first, last in attributed[user] if first <= release <= last]
        for group in groups:
            if group in wanted:
                found[group, report].add(trace)
    return sorted(candidates), found


class Profile:
    """Counts over the documents."""

    def __init__(self, candidates, found):
        self.candidates = candidates
        self.counts = {g: collections.Counter() for g in candidates}
        for (group, _), traces in found.items():
            self.counts[group].update(traces)
        self.claims = {g: sum(c.values()) for g, c in self.counts.items()}
        self.owners, self.documents = collections.Counter(), collections.Counter()
        for counts in self.counts.values():
            self.owners.update(counts.keys())
            self.documents.update(counts)
        self.documented = sum(1 for c in self.counts.values() if c)
        self.idf = {t: math.log((self.documented + 1) / (n + 0.5)) for t, n in self.owners.items()}
        self.norm = {g: math.sqrt(sum(self.idf[t] ** 2 for t in c)) for g, c in self.counts.items()}

    def rank(self, evidence):
        """The candidates, the likeliest first, by either score."""
        unknown = math.log((self.documented + 1) / 0.5)
        weight = {t: self.idf.get(t, unknown) ** 2 for t in evidence}
        length = math.sqrt(sum(weight.values()))
        new = sum(1 for t in evidence if t not in self.owners)
        total = sum(self.documents.values()) + 0.5 * (len(self.owners) + new)
        score = {"cosine": {}, "citations": {}}
        for group, counts in self.counts.items():
            prior = math.log(self.claims[group] + 0.5)
            shared = sum(weight[t] for t in evidence if t in counts)
            cosine = shared / (self.norm[group] * length + 1e-9)
            bayes = 0.0
            for trace in evidence:
                share = counts[trace] / (self.claims[group] + 1e-9)
                bayes += math.log(0.7 * share / ((self.documents[trace] + 0.5) / total) + 0.3)
            for name, value in (("cosine", cosine), ("citations", bayes)):
                score[name][group] = SCALE[name] * value + DOCUMENTATION[name] * prior
        return {name: sorted(values, key=lambda g: -values[g]) for name, values in score.items()}


def main(argv):
    if len(argv) != 2:
        sys.exit(__doc__)
    benchmark = json.load(open(argv[0], encoding="utf-8"))
    data = read(argv[1])
    preparing = ranking = 0.0
    first = {}
    for item in benchmark["items"]:
        evidence = sorted(set(item["evidence"]["techniques"]) | set(item["evidence"]["software"]))
        begin = time.perf_counter()
        profile = Profile(*documents(item, benchmark, *data))
        ready = time.perf_counter()
        ranked = profile.rank(evidence)
        ranking += time.perf_counter() - ready
        preparing += ready - begin
        first[item["item"]] = [ranked["cosine"][0], ranked["citations"][0]]
    print(json.dumps({"items": len(first), "preparing": preparing, "ranking": ranking, "first": first}))


if __name__ == "__main__":
    main(sys.argv[1:])
