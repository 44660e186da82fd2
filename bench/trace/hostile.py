#!/usr/bin/env python3
"""Runs `onus trace` on hostile inputs under limits and reports which of them it does not survive.

usage: hostile.py ONUS_BINARY [--keep FOLDER] [--seconds 10] [--mb 512] [--step N]

The inputs are made here: a program with 65,535 sections, resources that contain themselves, exports and relocations without end,
ZIP files with overlapping and with enormous entries, 2 GiB of one string (a sparse file), fat Mach-O files that contain themselves,
ELF tables beyond the end, and small programs cut off at every byte of their headers (every N-th with --step).
An input passes if the program ends within the limits with status 0, 1 or 2 and prints one JSON line per file or an error, never a panic.
The last line is JSON.  Exit status 1 if an input failed.
"""
import argparse, io, json, os, resource, shlex, shutil, struct, subprocess, sys, tempfile, time, zipfile

from peers import peak_mb


def pe(sections=1, count=None, resources=b"", machine=0x8664, relocations=b"", exports=b"", text=b"\xC3"):
    """A small PE32+ image with one data section that holds the given directories."""
    lf = 0x80
    body = bytearray(0x1000)
    for at, part in ((0, text), (0x200, resources), (0x600, exports), (0xA00, relocations)):
        body[at:at + len(part)] = part
    count = sections if count is None else count
    table_end = lf + 24 + 240 + 40 * sections
    raw = (table_end + 0x1FF) & ~0x1FF
    dirs = [(0, 0)] * 16
    if resources:
        dirs[2] = (0x1200, 0x400)
    if exports:
        dirs[0] = (0x1600, 0x400)
    if relocations:
        dirs[5] = (0x1A00, 0x400)
    head = bytearray(b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", lf)).ljust(lf, b"\0")
    head += b"PE\0\0" + struct.pack("<HHIIIHH", machine, count, 0x5E0BE100, 0, 0, 240, 0x22)
    head += struct.pack("<HBBIIIII", 0x20B, 14, 20, 0x1000, 0, 0, 0x1000, 0x1000)
    head += struct.pack("<QIIHHHHHHIIIIHHQQQQII", 0x140000000, 0x1000, 0x200, 6, 0, 0, 0, 6, 0, 0, 0x1000 * (sections + 1), raw, 0, 3, 0x160, 1 << 20, 1 << 12, 1 << 20, 1 << 12, 0, 16)
    for d in dirs:
        head += struct.pack("<II", *d)
    for k in range(sections):
        head += struct.pack("<8sIIIIIIHHI", b".s%05d" % (k % 100000), 0x1000, 0x1000 * (k + 1), 0x1000, raw, 0, 0, 0, 0, 0xE0000060)
    return bytes(head).ljust(raw, b"\0") + bytes(body)


def looping_resources():
    """A directory whose entries are all itself, at every level."""
    n = 60
    return struct.pack("<IIHHHH", 0, 0, 0, 0, 0, n) + b"".join(struct.pack("<II", k + 1, 0x80000000) for k in range(n))


def wide_resources():
    """65,535 entries that all lead to one leaf of the size of the address space."""
    return struct.pack("<IIHHHH", 0, 0, 0, 0, 0xFFFF, 0xFFFF) + struct.pack("<II", 16, 0x80000018) + struct.pack("<IIHHHH", 0, 0, 0, 0, 0xFFFF, 0xFFFF) + struct.pack("<IIII", 0x1200, 0xFFFFFFFF, 0, 0)


def endless_exports():
    return struct.pack("<IIHHIIIIIII", 0, 0, 0, 0, 0x1600, 1, 0xFFFFFFFF, 0xFFFFFFFF, 0x1600, 0x1600, 0x1600)


def endless_relocations():
    return struct.pack("<II", 0x1000, 0) + struct.pack("<II", 0x1000, 0xFFFFFFFF) + b"\xA0\x00" * 400


def overlapping_zip():
    """A ZIP whose central directory names one entry 20,000 times, each with the same bytes."""
    body = b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0, 0, 60000, 60000, 1, 0) + b"a" + b"\0" * 60000
    central, n = bytearray(), 20000
    for k in range(n):
        name = b"e%d.exe" % k
        central += b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 0, 0, 0, 0, 60000, 60000, len(name), 0, 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, n, n, len(central), len(body), 0)
    return body + bytes(central) + end


def bomb_zip():
    buf = io.BytesIO()
    with zipfile.ZipFile(buf, "w", zipfile.ZIP_DEFLATED) as z:
        for k in range(40):
            z.writestr("word/%d.xml" % k, bytes(50_000_000))
    return buf.getvalue()


def nested_zip(depth=40):
    data = pe()
    for k in range(depth):
        buf = io.BytesIO()
        with zipfile.ZipFile(buf, "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("a.zip", data)
            z.writestr("b.zip", data)
        data = buf.getvalue()
        if len(data) > 2_000_000:
            break
    return data


def elf(phnum=1, shnum=0xFFFF, shoff=64, size=4096):
    ident = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    head = ident + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0x1000, 64, shoff, 0, 64, 56, phnum, 64, shnum, 1)
    return (head + struct.pack("<IIQQQQQQ", 1, 5, 0, 0, 0, 0xFFFFFFFFFFFFFFF0, 0xFFFFFFFFFFFFFFF0, 4096) * 8).ljust(size, b"\x03")


def elf_loop():
    """Section headers whose string table is themselves and whose notes never end."""
    head = bytearray(elf(shnum=200, shoff=512, size=512))
    sec = struct.pack("<IIQQQQIIQQ", 1, 7, 2, 0, 0, 0xFFFFFFFF, 0, 0, 0, 0)
    return bytes(head) + sec * 200


def macho(ncmds=0xFFFFFFFF, cmdsize=0):
    return struct.pack("<IIIIIIII", 0xFEEDFACF, 0x01000007, 3, 2, ncmds, 0xFFFFFFFF, 0, 0) + struct.pack("<II", 0x19, cmdsize) * 300


def fat_loop():
    """A fat file whose slices are all the whole file."""
    n = 19
    return (struct.pack(">II", 0xCAFEBABE, n) + struct.pack(">IIIII", 7, 3, 0, 4096, 0) * n).ljust(4096, b"\0")


def ole_loop():
    """A compound file whose sector chain and directory tree lead to themselves."""
    head = bytearray(512)
    head[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIIII", head, 40, 0, 0xFFFFFFFF, 1, 0, 4096, 0, 0xFFFFFFFF, 0, 0, 0)
    for k in range(109):
        struct.pack_into("<I", head, 76 + 4 * k, 0)
    fat = struct.pack("<128I", *([0] * 128))
    entry = "Root".encode("utf-16le").ljust(64, b"\0") + struct.pack("<HBBIII", 10, 5, 1, 0, 0, 0) + bytes(36) + struct.pack("<IQ", 0, 0xFFFFFFFF)
    return bytes(head) + fat + entry.ljust(128, b"\0") * 4 + bytes(2048)


def pdf_loop():
    objs = b"".join(b"%d 0 obj\n<< /Kids [%d 0 R] /Parent %d 0 R /Length 99999999999 >>\nstream\nendobj\n" % (k, k, k) for k in range(1, 20000))
    return b"%PDF-1.7\n" + objs + b"trailer << /Root 1 0 R /Prev 9 >>\nstartxref\n9\n%%EOF"


def rtf_deep():
    return b"{\\rtf1" + b"{\\object" * 400_000


def made(folder):
    """Yields (name, path) of every single input."""
    plain = {
        "65535-sections": pe(65535), "section-count-beyond-end": pe(1, 65535), "resources-in-themselves": pe(resources=looping_resources()),
        "resources-wide": pe(resources=wide_resources()), "exports-without-end": pe(exports=endless_exports()), "relocations-without-end": pe(relocations=endless_relocations()),
        "all-at-once": pe(96, 65535, looping_resources(), 0x14C, endless_relocations(), endless_exports()),
        "zip-overlapping": overlapping_zip(), "zip-bomb": bomb_zip(), "zip-nested": nested_zip(), "pe-with-zip-overlapping": pe() + overlapping_zip(),
        "elf-many-sections": elf(), "elf-tables-beyond-end": elf(0xFFFF, 0xFFFF, 1 << 62), "elf-loop": elf_loop(), "macho-commands": macho(), "macho-commands-8": macho(300, 8),
        "fat-of-itself": fat_loop(), "ole-loop": ole_loop(), "pdf-loop": pdf_loop(), "rtf-deep": rtf_deep(),
        "text-all-languages": ("Привет мир, проверка связи. 中文字符测试文件。 שלום עולם טקסט " * 120_000).encode("utf-8"),
        "letters-utf-16": ("Проверка связи с сервером " * 200_000).encode("utf-16le"), "bytes-koi8": ("Проверка связи с сервером " * 400_000).encode("koi8-r"),
        "random-high-bytes": bytes((k * 7919 >> 3 & 0x7F) | 0x80 for k in range(6_000_000)), "pe-many-texts": pe() + b"\0".join(("Сообщение номер %d о работе" % k).encode("cp1251") for k in range(150_000)),
        "empty": b"", "one-byte": b"M", "mz": b"MZ",
    }
    for name, data in plain.items():
        p = os.path.join(folder, name + ".bin")
        with open(p, "wb") as fh:
            fh.write(data)
        yield name, p
    for name, head in (("2-gib-string", b"A"), ("2-gib-string-in-pe", pe())):
        p = os.path.join(folder, name + ".bin")
        with open(p, "wb") as fh:
            # NUL bytes of a hole make no string, so letters are written once a block and the rest of the file is a hole.
            fh.write(head + b"A" * (1 << 20))
            fh.truncate(2 << 30)
        yield name, p
    p = os.path.join(folder, "2-gib-letters.bin")
    with open(p, "wb") as fh:
        block = b"A" * (1 << 24)
        for _ in range(128):
            fh.write(block)
    yield "2-gib-letters", p
    os.unlink(p)


def cut(folder, step):
    """A folder with copies of small programs cut off at every byte of their headers."""
    os.makedirs(folder)
    seeds = {"pe": pe(2, resources=looping_resources(), exports=endless_exports(), relocations=endless_relocations())[:0x1400], "elf": elf_loop()[:1200], "macho": macho(4, 72)[:700],
             "fat": fat_loop()[:500], "ole": ole_loop()[:1500], "zip": nested_zip(2)[:600]}
    n = 0
    for name, data in seeds.items():
        for end in range(1, min(len(data), 1500), step):
            with open(os.path.join(folder, "%s-%05d.bin" % (name, end)), "wb") as fh:
                fh.write(data[:end])
            n += 1
    return n


def run(cmd, seconds, mb):
    """Runs under a limit of address space above the wanted resident size; returns what happened."""
    t = time.time()
    err = tempfile.TemporaryFile()
    out = tempfile.TemporaryFile()
    limit = lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    p = subprocess.Popen(cmd, stdout=out, stderr=err, stdin=subprocess.DEVNULL, preexec_fn=limit)
    peak, rc = 0.0, None
    while rc is None:
        peak = max(peak, peak_mb(p.pid))
        rc = p.poll()
        if rc is None and (time.time() - t > 3 * seconds or peak > 4 * mb):
            p.kill()
            p.wait()
            rc = "killed"
        time.sleep(0.003)
    took = time.time() - t
    out.seek(0)
    err.seek(0)
    lines = [l for l in out.read().splitlines() if l.strip()]
    tail = err.read()[-300:].decode("utf-8", "replace")
    bad = 0
    for l in lines:
        try:
            json.loads(l)
        except ValueError:
            bad += 1
    why = []
    if rc not in (0, 1, 2):
        why.append("status %s" % rc)
    if took > seconds:
        why.append("%.1f s" % took)
    if peak > mb:
        why.append("%.0f MB" % peak)
    if bad:
        why.append("%d lines are no JSON" % bad)
    if "panicked" in tail:
        why.append("panic")
    if not lines and rc != 2:
        why.append("neither line nor error")
    return dict(seconds=round(took, 2), mb=round(peak, 1), rc=rc, lines=len(lines), why=why, stderr=tail if why else "")


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("onus")
    a.add_argument("--keep", help="make the inputs here and leave them")
    a.add_argument("--seconds", type=float, default=10)
    a.add_argument("--mb", type=float, default=512)
    a.add_argument("--step", type=int, default=1)
    a = a.parse_args()
    onus = [a.onus] if os.path.exists(a.onus) else shlex.split(a.onus)
    folder = a.keep or tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    results = {}
    for name, path in made(folder):
        r = results[name] = run(onus + ["trace", "--format", "jsonl", path], a.seconds, a.mb)
        print("%-28s %6.2f s %7.1f MB  status %s  lines %d  %s" % (name, r["seconds"], r["mb"], r["rc"], r["lines"], "; ".join(r["why"]) or "ok"), flush=True)
        if r["stderr"]:
            print("    " + r["stderr"].strip().replace("\n", "\n    "))
    truncated = os.path.join(folder, "cut")
    shutil.rmtree(truncated, ignore_errors=True)
    n = cut(truncated, a.step)
    r = results["cut"] = run(onus + ["trace", "--format", "jsonl", truncated], a.seconds * 6, a.mb)
    if r["lines"] < n and not r["why"]:
        r["why"].append("%d files, %d lines" % (n, r["lines"]))
    print("%-28s %6.2f s %7.1f MB  status %s  lines %d of %d  %s" % ("cut at every byte", r["seconds"], r["mb"], r["rc"], r["lines"], n, "; ".join(r["why"]) or "ok"))
    if not a.keep:
        shutil.rmtree(folder)
    failed = sorted(k for k, v in results.items() if v["why"])
    print(json.dumps(dict(inputs=len(results), failed=failed, worst_seconds=max(v["seconds"] for k, v in results.items() if k != "cut"), worst_mb=max(v["mb"] for v in results.values()))))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
