#!/usr/bin/env python3
"""How long does `habeas index` take, and how much memory does it hold?

    cargo build --release && python3 benches/index.py 20000

Makes an estate of that many files, reads it once with `find` and `cat`, indexes it, and indexes it
again unchanged beside a `find -printf`. Prints seconds, ratios and peak memory (the command and its
readers together, sampled ten times a second).
"""
import os, subprocess, sys, tempfile, threading, time

HABEAS = os.path.join(os.path.dirname(__file__), "..", "target", "release", "habeas")


def family(pid):
    """The process and its children, as they are now."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            children = [int(child) for child in file.read().split()]
    except FileNotFoundError:
        return []
    return [pid] + [one for child in children for one in family(child)]


def resident_mib(pid):
    total = 0
    for one in family(pid):
        try:
            with open(f"/proc/{one}/status") as file:
                for line in file:
                    if line.startswith("RssAnon"):
                        total += int(line.split()[1])
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total / 1024


def run(command):
    """Seconds by the clock, seconds of processor, peak memory in MiB."""
    before = os.times()
    began = time.time()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = [0.0]

    def watch():
        while process.poll() is None:
            peak[0] = max(peak[0], resident_mib(process.pid))
            time.sleep(0.1)

    thread = threading.Thread(target=watch)
    thread.start()
    code = process.wait()
    thread.join()
    after = os.times()
    assert code in (0, 1), f"{command} ended with {code}"
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.time() - began, cpu, peak[0]


def main():
    n_files = sys.argv[1] if len(sys.argv) > 1 else "20000"
    with tempfile.TemporaryDirectory(prefix="habeas-bench-") as folder:
        made, home = os.path.join(folder, "made"), os.path.join(folder, "home")
        subprocess.check_call([HABEAS, "fixture", made, "--files", n_files], stdout=subprocess.DEVNULL)
        sources = sorted(
            one.name for one in os.scandir(made) if one.is_dir() and one.name != "requests"
        )
        named = [f"--source={one}={os.path.join(made, one)}" for one in sources]
        subprocess.check_call([HABEAS, "init", home, *named], stdout=subprocess.DEVNULL)
        folders = [os.path.join(made, one) for one in sources]
        megabytes = sum(
            os.path.getsize(os.path.join(path, name))
            for one in folders for path, _, names in os.walk(one) for name in names
        ) / 1e6
        cat = run(["sh", "-c", 'find "$@" -type f -print0 | xargs -0 cat', "sh", *folders])
        first = run([HABEAS, "--estate", home, "index"])
        find = run(["find", *folders, "-printf", "%s %T@ %i %p\n"])
        again = run([HABEAS, "--estate", home, "index"])
        index = sum(
            os.path.getsize(os.path.join(path, name))
            for path, _, names in os.walk(os.path.join(home, "estate")) for name in names
        ) / 1e6
    print(f"{n_files} files, {megabytes:.0f} MB")
    for name, (seconds, cpu, peak) in (
        ("find + cat", cat), ("index", first), ("find -printf", find), ("index again", again)
    ):
        print(f"{name:<14} {seconds:8.2f} s  {cpu:8.2f} CPU s  {peak:6.0f} MiB at most")
    print(f"index: {int(n_files) / first[0]:.0f} files/s, {megabytes / first[0]:.1f} MB/s")
    print(f"index again / find -printf: {again[0] / find[0]:.1f}")
    print(f"index on disk / sources: {index / megabytes:.2f}")


main()
