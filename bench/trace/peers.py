#!/usr/bin/env python3
"""Times `onus trace` beside peers on the same files, in the same session, in turn.

usage: peers.py ONUS_BINARY CORPUS [--rounds 3] [--floss PATH] [--pefile-all] [--json FILE]

CORPUS   folder with files/
Whole corpus: onus, `strings -a`, with --pefile-all also pefile's full parse of every program for Windows (minutes).
20 small programs for Windows: onus, pefile (full parse, one process), FLOSS (--only static, one process a file).
One small file, from process start to result: the median of 30 runs.
Compare CPU seconds; wall clock is noisy on a shared machine.  The ratios stand at the end, and the last line is JSON.
"""
import argparse, collections, hashlib, json, os, shlex, shutil, signal, statistics, subprocess, sys, tempfile, time

PEFILE = "import pefile,sys\nfor p in sys.argv[1:]: pefile.PE(p).close()"


def measured(cmd, timeout, out=None):
    """Runs a command; returns its status (negative: signal, None: timed out), wall and CPU seconds, peak RSS in MB."""
    t = time.time()
    sink = open(out, "wb") if out else subprocess.DEVNULL
    err = tempfile.TemporaryFile()
    p = subprocess.Popen(cmd, stdout=sink, stderr=err, stdin=subprocess.DEVNULL, start_new_session=True)
    peak = 0
    while True:
        # ru_maxrss would include what the parent had before the exec, so the peak is read from /proc.
        peak = max(peak, peak_mb(p.pid))
        pid, status, ru = os.wait4(p.pid, os.WNOHANG)
        if pid:
            rc = os.waitstatus_to_exitcode(status)
            break
        if time.time() - t > timeout:
            os.killpg(p.pid, signal.SIGKILL)
            _, _, ru = os.wait4(p.pid, 0)
            rc = None
            break
        time.sleep(0.002 if time.time() - t < 2 else 0.02)
    p.returncode = 0 if rc is None else rc
    err.seek(0)
    tail = err.read()[-400:].decode("utf-8", "replace")
    err.close()
    if out:
        sink.close()
    return dict(rc=rc, wall=time.time() - t, cpu=ru.ru_utime + ru.ru_stime, rss=peak, stderr=tail)


def peak_mb(pid):
    """Largest resident set so far of one process, the given one or a child of it, in MB."""
    best = 0
    try:
        for line in open("/proc/%d/status" % pid):
            if line.startswith("VmHWM:"):
                best = int(line.split()[1]) / 1024
        for task in os.listdir("/proc/%d/task" % pid):
            for child in open("/proc/%d/task/%s/children" % (pid, task)).read().split():
                best = max(best, peak_mb(int(child)))
    except (OSError, ValueError):
        pass
    return best


def floss_beside(path=None):
    for p in (path, shutil.which("floss"), os.path.join(os.path.dirname(sys.executable), "floss")):
        if p and os.path.exists(p):
            return p
    return None


def small_programs(files, n=20):
    """The first n programs for Windows of 20 kB to 2 MB, in the order of the digest of their names."""
    small = sorted((f for f in files if 20_000 < os.path.getsize(f) < 2_000_000), key=lambda f: hashlib.sha256(os.path.basename(f).encode()).hexdigest())
    return [f for f in small if open(f, "rb").read(2) == b"MZ"][:n]


def speed(onus, files, folder, digest, rounds, timeout, peers, floss=None, pefile_all=False):
    """CPU seconds of the program and of its peers on the same files, in turn; `digest` is of an earlier output, if there is one."""
    if not rounds:
        return {}
    total = sum(os.path.getsize(f) for f in files) / 1e6
    runs, digests = collections.defaultdict(list), {digest} - {None}
    for f in files:
        with open(f, "rb") as fh:
            while fh.read(1 << 20):
                pass
    with tempfile.TemporaryDirectory() as d:
        names, out = os.path.join(d, "names"), os.path.join(d, "out")
        with open(names, "w") as fh:
            fh.write("\0".join(files))
        for _ in range(rounds):
            runs["onus"].append(measured(onus + ["trace", "--format", "jsonl", folder], timeout, out))
            digests.add(hashlib.sha256(open(out, "rb").read()).hexdigest())
            if shutil.which("strings"):
                runs["strings -a"].append(measured(["xargs", "-0", "-a", names, "strings", "-a"], timeout))
        pes = [f for f in files if open(f, "rb").read(2) == b"MZ"]
        if pefile_all:
            os.mkdir(os.path.join(d, "pe"))
            for f in pes:
                os.symlink(os.path.abspath(f), os.path.join(d, "pe", os.path.basename(f)))
            runs["pefile, all PE"].append(measured([sys.executable, "-c", PEFILE] + pes, timeout))
        small = small_programs(files)
        if peers and small:
            few = os.path.join(d, "few")
            os.mkdir(few)
            for f in small:
                shutil.copy(f, few)
            for _ in range(max(rounds, 5)):
                runs["onus, 20 files"].append(measured(onus + ["trace", "--format", "jsonl", few], timeout))
            if subprocess.run([sys.executable, "-c", "import pefile"], stderr=subprocess.DEVNULL).returncode == 0:
                runs["pefile, 20 files"].append(measured([sys.executable, "-c", PEFILE] + small, timeout))
            floss = floss_beside(floss)
            if floss:
                per = [measured([floss, "-q", "--only", "static", "--", f], 300) for f in small]
                runs["FLOSS static, 20 files"].append(dict(rc=0, wall=sum(m["wall"] for m in per), cpu=sum(m["cpu"] for m in per), rss=max(m["rss"] for m in per)))
    mb20 = sum(os.path.getsize(f) for f in small) / 1e6
    mbpe = sum(os.path.getsize(f) for f in pes) / 1e6
    print("\nSPEED  %d files, %.0f MB; the 20-file set is %.1f MB" % (len(files), total, mb20))
    print("  %-24s %8s %8s %10s %12s %10s" % ("", "CPU s", "wall s", "MB/CPU-s", "files/CPU-s", "peak MB"))
    out = {}
    for k, ms in runs.items():
        ms = [m for m in ms if m["rc"] is not None]
        if not ms:
            print("  %-24s timed out" % k)
            continue
        cpu, wall, rss = statistics.median(m["cpu"] for m in ms), min(m["wall"] for m in ms), max(m["rss"] for m in ms)
        mb, n = (mb20, len(small)) if "20 files" in k else (mbpe, len(pes)) if "all PE" in k else (total, len(files))
        out[k] = dict(cpu_s=round(cpu, 3), wall_s=round(wall, 3), mb_per_cpu_s=round(mb / max(cpu, 1e-3), 1), files_per_cpu_s=round(n / max(cpu, 1e-3), 1), peak_mb=round(rss, 1))
        print("  %-24s %8.2f %8.2f %10.1f %12.1f %10.1f" % (k, cpu, wall, mb / max(cpu, 1e-3), n / max(cpu, 1e-3), rss))
    out["deterministic"] = len(digests) == 1
    print("  the same bytes in every run: %s" % ("yes" if out["deterministic"] else "no"))
    return out


def latency(onus, files, runs=30):
    """Milliseconds from process start to result for one small program."""
    f = next(iter(small_programs([f for f in files if os.path.getsize(f) < 120_000], 1)), None)
    if not f:
        return {}
    took = []
    for _ in range(runs):
        t = time.perf_counter()
        subprocess.run(onus + ["trace", "--format", "jsonl", f], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        took.append(1000 * (time.perf_counter() - t))
    took.sort()
    print("  one file of %d kB: median %.1f ms, fastest %.1f ms, 90th percentile %.1f ms" % (os.path.getsize(f) // 1000, statistics.median(took), took[0], took[int(runs * 0.9)]))
    return dict(bytes=os.path.getsize(f), median_ms=round(statistics.median(took), 2), fastest_ms=round(took[0], 2), p90_ms=round(took[int(runs * 0.9)], 2))


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("onus")
    a.add_argument("corpus")
    a.add_argument("--rounds", type=int, default=3)
    a.add_argument("--timeout", type=int, default=1200)
    a.add_argument("--floss", help="path of the program, if it is not found by itself")
    a.add_argument("--pefile-all", action="store_true")
    a.add_argument("--json")
    a = a.parse_args()
    onus = [a.onus] if os.path.exists(a.onus) else shlex.split(a.onus)
    folder = os.path.join(a.corpus, "files")
    files = sorted(os.path.join(folder, f) for f in os.listdir(folder))
    s = speed(onus, files, folder, None, a.rounds, a.timeout, True, a.floss, a.pefile_all)
    s["one file"] = latency(onus, files)
    ratio = lambda k, x, y: print("  %-52s %8.2f" % (k, x / y)) if y else None
    print("RATIOS")
    if "strings -a" in s:
        ratio("wall clock, onus : strings -a (at most 1)", s["onus"]["wall_s"], s["strings -a"]["wall_s"])
        ratio("CPU, onus : strings -a", s["onus"]["cpu_s"], s["strings -a"]["cpu_s"])
    if "pefile, all PE" in s:
        ratio("MB per CPU-second, onus (all) : pefile (all PE)", s["onus"]["mb_per_cpu_s"], s["pefile, all PE"]["mb_per_cpu_s"])
    if "pefile, 20 files" in s:
        ratio("CPU on 20 files, pefile : onus (at least 20)", s["pefile, 20 files"]["cpu_s"], s["onus, 20 files"]["cpu_s"])
    if "FLOSS static, 20 files" in s:
        ratio("CPU on 20 files, FLOSS static : onus (at least 100)", s["FLOSS static, 20 files"]["cpu_s"], s["onus, 20 files"]["cpu_s"])
    line = json.dumps(s)
    print(line)
    if a.json:
        with open(a.json, "w") as fh:
            fh.write(line + "\n")


if __name__ == "__main__":
    main()
