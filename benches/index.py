#!/usr/bin/env python3
"""How long does `habeas index` take, and how much memory does it hold?

    cargo build --release && python3 benches/index.py 5000 50000

For each number makes an estate of that many files, reads it once with `find` and `cat`, indexes it,
and indexes it again unchanged beside a `find -printf`. Prints seconds, ratios and peak memory, sampled
ten times a second: what the command holds (RssAnon), what its readers hold, the most of both at one
time, and what the kernel calls resident at most (VmHWM), in which the pages of mapped files count that
nobody has to keep. The variable HABEAS names another program.
"""
import os, subprocess, sys, tempfile, threading, time

HABEAS = os.environ.get("HABEAS") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "target", "release", "habeas"
)


def children(pid):
    """The processes that a process started, and those they started, as they are now."""
    found = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children") as file:
                found += [int(child) for child in file.read().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return found + [one for child in found for one in children(child)]


def called(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def mib(pid, what):
    try:
        with open(f"/proc/{pid}/status") as file:
            for line in file:
                if line.startswith(what):
                    return int(line.split()[1]) / 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0.0


class Memory:
    """Peaks in MiB."""

    def __init__(self):
        self.own = self.others = self.both = self.resident = 0.0

    def look(self, pid):
        own, name = mib(pid, "RssAnon"), called(pid)
        # A child that has not become another program yet shows its parent's memory as its own.
        others = sum(mib(one, "RssAnon") for one in children(pid) if called(one) != name)
        self.own, self.others = max(self.own, own), max(self.others, others)
        self.both = max(self.both, own + others)
        self.resident = max(self.resident, mib(pid, "VmHWM"))


def run(command):
    """Seconds by the clock, seconds of processor, peak memory."""
    before = os.times()
    began = time.time()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    memory = Memory()

    def watch():
        while process.poll() is None:
            memory.look(process.pid)
            time.sleep(0.1)

    thread = threading.Thread(target=watch)
    thread.start()
    code = process.wait()
    thread.join()
    after = os.times()
    assert code in (0, 1), f"{command} ended with {code}"
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.time() - began, cpu, memory


def bench(n_files):
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
    print(f"{'':<14}{'s':>8}{'CPU s':>9}   MiB held: {'own':>6}{'readers':>9}{'both':>6}   VmHWM")
    for name, (seconds, cpu, memory) in (
        ("find + cat", cat), ("index", first), ("find -printf", find), ("index again", again)
    ):
        print(f"{name:<14}{seconds:>8.2f}{cpu:>9.2f}{memory.own:>19.0f}{memory.others:>9.0f}"
              f"{memory.both:>6.0f}{memory.resident:>8.0f}")
    print(f"index: {int(n_files) / first[0]:.0f} files/s, {megabytes / first[0]:.1f} MB/s")
    print(f"index again / find -printf: {again[0] / find[0]:.1f}")
    print(f"index on disk / sources: {index / megabytes:.2f}")



for n_files in sys.argv[1:] or ["20000"]:
    bench(n_files)
