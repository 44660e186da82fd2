#!/usr/bin/env python3
"""Weighs one made-up case with the program and with peer.py, and prints times, ratio and differences.

usage: beside.py ONUS [OBSERVATIONS HYPOTHESES]

Times are of the processor, so that other work on the machine hardly matters.
The program's time is that of the whole command: it reads the sheet, weighs it with all sets, and writes the assessment.
peer.py's time is that of the sums and single points alone; it computes no sets and no value of information.
Only the standard library (Python 3.11 or later).
"""
import json
import resource
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True
import peer  # noqa: E402

KINDS = ["rich_header", "code_overlap", "file_name", "ttp", "infrastructure", "victimology"]
RUNS = 7


def sheet(observations, hypotheses):
    text = 'onus = 1\n[case]\ntitle = "Bench"\nquestion = "Who?"\n'
    for h in range(hypotheses):
        text += f'[[hypothesis]]\nid = "h{h}"\ntitle = "Group {h}"\nlevel = "group"\n'
    for o in range(observations):
        text += f'[[source]]\nid = "s{o}"\ntitle = "Source"\nreliability = "B"\n'
        text += f'[[observation]]\nid = "o{o}"\nseen = "2018-02-09"\nsource = "s{o}"\nkind = "{KINDS[o % len(KINDS)]}"\n'
        text += f'value = "v{o}"\npoints_at = ["h{o * o % hypotheses}"]\ncredibility = {1 + o % 4}\n'
    return text


def main():
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    size = [int(number) for number in sys.argv[2:]] or [500, 30]
    onus = str(Path(sys.argv[1]).resolve())
    text = sheet(*size)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "case.toml").write_text(text)
        times = []
        for _ in range(RUNS):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            run = subprocess.run([onus, "assess", folder, "--format", "json"], capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    theirs = json.loads(run.stdout)
    policy, kinds = peer.load(HERE.parent / "weights")
    start = time.process_time()
    ours = peer.evaluate(policy, kinds, tomllib.loads(text))
    seconds = time.process_time() - start
    sets = theirs["minimum_forged_sets"] + theirs["minimum_withdrawn_sets"]
    proved = sum(s["proved_by"] == "full-model" for s in sets)
    print(f"{size[0]} observations, {size[1]} hypotheses")
    print(f"onus {min(times) * 1000:.1f} ms (least of {RUNS}), peer.py {seconds * 1000:.0f} ms, ratio {seconds / min(times):.0f}")
    print(f"sets {len(sets)}, proved in the full model {proved}")
    print(json.dumps(peer.compare(ours, theirs)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
