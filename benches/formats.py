#!/usr/bin/env python3
"""How fast is each format read and indexed, beside `find` + `cat` and beside extraction alone?

    cargo build --release && python3 benches/formats.py 300

For each ending among the golden fixtures of `habeas-document`: makes that many copies, every one a file
of its own (`vary.py` says how), and runs in turn `find` + `cat`, `habeas read --json` (extraction in
isolated processes) and `habeas index` over them, without recognition of text in pictures. Prints files and
megabytes a second, ratios of one run, and how many copies read as their fixture does: the same members,
media types and exceptions. Endings after the number restrict it to these.

A star marks endings of which some copies differ in their bytes and not in what is packed in them, so that
`index` finds the members known. Endings of which no distinct copies can be made are named at the end.
The variable HABEAS names another program.
"""
import collections, json, os, subprocess, sys, tempfile, time

from vary import PACKED, vary

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
HABEAS = os.environ.get("HABEAS") or os.path.join(ROOT, "target", "release", "habeas")
FIXTURES = os.path.join(ROOT, "crates", "habeas-document", "tests", "fixtures")
# Memo files without which a table cannot be read.
BESIDE = {"dbf": {"NOTES.DBF": "NOTES.DBT", "VISITS.DBF": "VISITS.FPT"}}


def seconds(command, stdout=subprocess.DEVNULL):
    began = time.time()
    code = subprocess.call(command, stdout=stdout, stderr=subprocess.DEVNULL)
    assert code in (0, 1), f"{command} ended with {code}"
    return time.time() - began


def seeds():
    found = collections.defaultdict(list)
    for path, _, names in os.walk(FIXTURES):
        for name in names:
            if not name.endswith(".expected"):
                ending = name.rsplit(".", 1)[-1].lower() if "." in name else "none"
                found[ending].append(os.path.join(path, name))
    return {ending: sorted(files) for ending, files in found.items()}


def make(ending, files, source, n_copies):
    """Writes the copies, each in a folder of its own so that it keeps its name: number of files and of
    bytes, and whether any is only packed anew. None if no copies can be told apart."""
    bearing = []
    for path in files:
        with open(path, "rb") as file:
            data = file.read()
        if vary(os.path.basename(path), data, 1) is not None:
            bearing.append((path, data))
    if not bearing:
        return None
    n_bytes, is_packed = 0, False
    for number in range(n_copies):
        path, data = bearing[number % len(bearing)]
        name = os.path.basename(path)
        made, how = vary(name, data, number // len(bearing))
        is_packed = is_packed or how == PACKED
        folder = os.path.join(source, str(number))
        os.makedirs(folder)
        memo = BESIDE.get(ending, {}).get(name)
        if memo:
            with open(os.path.join(os.path.dirname(path), memo), "rb") as file:
                beside = file.read()
            with open(os.path.join(folder, memo), "wb") as file:
                file.write(beside)
        with open(os.path.join(folder, name), "wb") as file:
            file.write(made)
        n_bytes += len(made)
    return len(bearing), n_copies, n_bytes, is_packed


def same(told, source, n_seeds):
    """How many copies read as their fixture does."""
    shapes = collections.defaultdict(list)
    with open(told) as file:
        for line in file:
            one = json.loads(line)
            number, rest = os.path.relpath(one["path"], source).split("/", 1)
            if rest.endswith("number.txt"):
                continue  # what makes the copy another one
            error = one["error"] and one["error"].split(":")[0]
            shapes[int(number)].append((rest, one["media_type"], error, one["partial"]))
    return sum(shape == shapes[number % n_seeds] for number, shape in shapes.items())


def main():
    n_copies = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    wanted = sys.argv[2:]
    print(f"{'ending':<9}{'files':>6}{'as seed':>8}{'MB':>7}{'read f/s':>10}{'MB/s':>7}{'index f/s':>10}{'MB/s':>7}"
          f"{'read/cat':>10}{'index/cat':>10}{'index/read':>11}")
    total, left = [0, 0, 0, 0, 0, 0], []
    with tempfile.TemporaryDirectory(prefix="habeas-bench-") as folder:
        for ending, files in sorted(seeds().items()):
            if wanted and ending not in wanted:
                continue
            source, told = os.path.join(folder, "files", ending), os.path.join(folder, "told")
            made = make(ending, files, source, n_copies)
            if made is None:
                left.append(ending)
                continue
            n_seeds, n_files, n_bytes, is_packed = made
            home = os.path.join(folder, "home-" + ending)
            subprocess.check_call([HABEAS, "init", home, f"--source=all={source}"], stdout=subprocess.DEVNULL)
            # Recognition of text in pictures would be all that is measured.
            config = os.path.join(home, "habeas.toml")
            with open(config) as file:
                text = file.read()
            with open(config, "w") as file:
                file.write(text.replace("enabled = true", "enabled = false"))
            cat = seconds(["sh", "-c", 'find "$1" -type f -print0 | xargs -0 cat', "sh", source])
            with open(told, "w") as out:
                read = seconds([HABEAS, "read", source, "--json", "--no-ocr"], out)
            index = seconds([HABEAS, "--estate", home, "index"])
            show(ending + "*" * is_packed, (n_files, same(told, source, n_seeds), n_bytes / 1e6, cat, read, index))
            for at, one in enumerate((n_files, same(told, source, n_seeds), n_bytes / 1e6, cat, read, index)):
                total[at] += one
    show("all", total)
    print("no distinct copies:", ", ".join(left) or "none")


def show(ending, row):
    n_files, n_same, megabytes, cat, read, index = row
    print(f"{ending:<9}{n_files:>6}{n_same:>8}{megabytes:>7.2f}{n_files / read:>10.0f}{megabytes / read:>7.2f}"
          f"{n_files / index:>10.0f}{megabytes / index:>7.2f}{read / cat:>10.1f}{index / cat:>10.1f}"
          f"{index / read:>11.2f}", flush=True)


if __name__ == "__main__":
    main()
