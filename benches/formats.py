#!/usr/bin/env python3
"""How fast is each format read and indexed, beside `find` + `cat` and beside extraction alone?

    cargo build --release && python3 benches/formats.py 300

For each ending among the golden fixtures of `habeas-document`: makes that many copies (each with a
tail of its own where the format bears one, so that none is a duplicate of another; others are copied
once each), and runs in turn `find` + `cat`, `habeas read --json` (extraction in isolated processes)
and `habeas index` over them. Prints files and megabytes a second, and ratios of one run.
"""
import collections, os, subprocess, sys, tempfile, time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
HABEAS = os.path.join(ROOT, "target", "release", "habeas")
FIXTURES = os.path.join(ROOT, "crates", "habeas-document", "tests", "fixtures")

# A line of its own at the end makes these another file and leaves them what they are.
TAILED = {"txt", "csv", "tsv", "log", "eml", "mbox", "html", "md", "sql", "vcf", "ics", "jsonl"}
# Bytes after the end that readers of these ignore.
PADDED = {"pdf", "jpg", "png", "gif", "gz"}


def seconds(command):
    began, before = time.time(), os.times()
    code = subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert code in (0, 1), f"{command} ended with {code}"
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.time() - began, cpu


def main():
    n_copies = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seeds = collections.defaultdict(list)
    for path, _, names in os.walk(FIXTURES):
        for name in names:
            if not name.endswith(".expected"):
                seeds[name.rsplit(".", 1)[-1].lower()].append(os.path.join(path, name))
    print(f"{'ending':<9}{'files':>6}{'MB':>7}{'read f/s':>10}{'index f/s':>10}{'index MB/s':>11}"
          f"{'read/cat':>10}{'index/cat':>10}{'index/read':>11}")
    total = [0, 0, 0, 0, 0]
    with tempfile.TemporaryDirectory(prefix="habeas-bench-") as folder:
        for ending, files in sorted(seeds.items()):
            source = os.path.join(folder, "files", ending)
            os.makedirs(source)
            can_vary = ending in TAILED or ending in PADDED
            n_bytes = n_files = 0
            for number in range(n_copies if can_vary else len(files)):
                with open(files[number % len(files)], "rb") as file:
                    data = file.read()
                if ending in TAILED:
                    data += f"\nnumber {number}\n".encode()
                elif ending in PADDED:
                    data += b"\n" * (number // len(files))
                with open(os.path.join(source, f"{number}-{os.path.basename(files[number % len(files)])}"), "wb") as file:
                    file.write(data)
                n_bytes += len(data)
                n_files += 1
            home = os.path.join(folder, "home-" + ending)
            subprocess.check_call([HABEAS, "init", home, f"--source=all={source}"], stdout=subprocess.DEVNULL)
            # Recognition of text in pictures would be all that is measured.
            config = os.path.join(home, "habeas.toml")
            with open(config) as file:
                text = file.read()
            with open(config, "w") as file:
                file.write(text.replace("enabled = true", "enabled = false"))
            cat, _ = seconds(["sh", "-c", 'find "$1" -type f -print0 | xargs -0 cat', "sh", source])
            read, _ = seconds([HABEAS, "read", source, "--json", "--no-ocr"])
            index, _ = seconds([HABEAS, "--estate", home, "index"])
            megabytes = n_bytes / 1e6
            print(f"{ending:<9}{n_files:>6}{megabytes:>7.2f}{n_files / read:>10.0f}{n_files / index:>10.0f}"
                  f"{megabytes / index:>11.2f}{read / cat:>10.1f}{index / cat:>10.1f}{index / read:>11.2f}")
            for at, one in enumerate((n_files, megabytes, cat, read, index)):
                total[at] += one
    n_files, megabytes, cat, read, index = total
    print(f"{'all':<9}{n_files:>6}{megabytes:>7.2f}{n_files / read:>10.0f}{n_files / index:>10.0f}"
          f"{megabytes / index:>11.2f}{read / cat:>10.1f}{index / cat:>10.1f}{index / read:>11.2f}")


main()
