#!/usr/bin/env python3
"""Does a share that stops answering hold up anything but itself?

    cargo build --release && python3 benches/stall.py [read | open | readdir | all]...

Needs root, /dev/fuse, Debian's `fuse` and `libfuse2`, and `pip install fusepy`. Mounts a share of 60
files (FUSE) beside a healthy folder of 300, with `stall = "3 s"`:

    read      reading file 20 blocks for ever: only that file is `stalled`
    readdir   listing blocks for ever: the source is reported, nothing of it is gone, and it is read
              as soon as it answers again; then the same once more when it was read before
    open      as `read`, but opening file 20 blocks
    all       as `readdir`, but nothing of the share answers, not even what its root is

Without a name, `read` and `readdir`.

With `--direct` the kernel keeps nothing of the share, so that a process caught in a read cannot even
be killed. Every check is printed; the exit code is the number of those that do not hold. The variable
HABEAS names another program than target/release/habeas.
"""
import collections, errno, json, os, stat, subprocess, sys, tempfile, time

HABEAS = os.environ.get("HABEAS") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "target", "release", "habeas"
)
N_SHARE, N_HEALTHY, BLOCKED = 60, 300, "20.txt"
STALL_SECONDS, MOST_SECONDS = 3, 30


def serve(root, flag, operation, direct):
    """The share: `operation` blocks as long as the file `flag` is there."""
    import fuse

    texts = {f"{n}.txt": f"Share file {n} of the estate\n".encode() for n in range(N_SHARE)}

    class Share(fuse.Operations):
        def wait(self, which):
            while operation in (which, "all") and os.path.exists(flag):
                time.sleep(0.1)

        def getattr(self, path, handle=None):
            self.wait("getattr")
            if path == "/":
                return {"st_mode": stat.S_IFDIR | 0o755, "st_nlink": 2, "st_mtime": 1e9}
            if path[1:] not in texts:
                raise fuse.FuseOSError(errno.ENOENT)
            size = len(texts[path[1:]])
            return {"st_mode": stat.S_IFREG | 0o644, "st_nlink": 1, "st_size": size, "st_mtime": 1e9}

        def readdir(self, path, handle):
            self.wait("readdir")
            return [".", "..", *texts]

        def open(self, path, flags):
            if path[1:] == BLOCKED:
                self.wait("open")
            return 0

        def read(self, path, size, offset, handle):
            if path[1:] == BLOCKED:
                self.wait("read")
            return texts[path[1:]][offset:offset + size]

    more = {"direct_io": True} if direct else {}
    fuse.FUSE(Share(), root, foreground=True, ro=True, attr_timeout=0, entry_timeout=0, **more)


class Trial:
    """An estate with a healthy folder and a share."""

    def __init__(self, folder, operation, direct):
        self.n_failed = 0
        self.share, self.flag, self.home, healthy = (
            os.path.join(folder, name) for name in ("share", "flag", "home", "healthy")
        )
        for path in (self.share, healthy):
            os.mkdir(path)
        for n in range(N_HEALTHY):
            with open(os.path.join(healthy, f"{n}.txt"), "w") as file:
                file.write(f"Healthy file {n} of the estate\n")
        command = [sys.executable, __file__, "--serve", self.share, self.flag, operation, direct]
        self.server = subprocess.Popen(command)
        began = time.time()
        while not os.path.ismount(self.share):
            assert self.server.poll() is None and time.time() - began < 10, "the share is not mounted"
            time.sleep(0.05)
        sources = [f"--source=healthy={healthy}", f"--source=share={self.share}"]
        subprocess.check_call([HABEAS, "init", self.home, *sources], stdout=subprocess.DEVNULL)
        config = os.path.join(self.home, "habeas.toml")
        with open(config) as file:
            text = file.read()
        assert 'stall = "60 s"' in text
        with open(config, "w") as file:
            file.write(text.replace('stall = "60 s"', f'stall = "{STALL_SECONDS} s"'))
        self.answer(False)

    def answer(self, does):
        if not does:
            open(self.flag, "w").close()
        elif os.path.exists(self.flag):
            os.unlink(self.flag)

    def end(self):
        self.server.kill()  # the kernel then answers whoever waits
        self.server.wait()
        subprocess.call(["fusermount", "-u", "-z", self.share])

    def check(self, holds, claim, seen):
        self.n_failed += not holds
        print(f"  {'ok  ' if holds else 'FAIL'} {claim}: {seen}")

    def index(self, title):
        """One run: sums by source, the receipt, exceptions as (source, path): reason."""
        print(f" {title}")
        out, err = os.path.join(self.home, "out"), os.path.join(self.home, "err")
        command = [HABEAS, "--estate", self.home, "--json", "index"]
        began = time.time()
        run = subprocess.Popen(command, stdout=open(out, "w"), stderr=open(err, "w"))
        said = None
        while run.poll() is None and time.time() - began < MOST_SECONDS:
            if said is None and '"type":"index"' in open(out).read():
                said = time.time() - began
            time.sleep(0.05)
        ended = f"code {run.returncode} after {time.time() - began:.1f} s"
        self.check(run.returncode in (0, 1), f"ends within {MOST_SECONDS} s",
                   states(run.pid) if run.returncode is None else ended)
        if run.returncode is None:
            told = "never" if said is None else f"after {said:.1f} s"
            self.check(said is not None, "says what it read", told)
            run.kill()
            try:
                run.wait(2)
                self.check(True, "can be killed", "it was")
            except subprocess.TimeoutExpired:
                self.check(False, "can be killed", states(run.pid))
                self.answer(True)
                run.wait()
                self.answer(False)
        lines = [json.loads(line) for line in open(out)]
        if run.returncode == 2 or not lines:
            print("      it said:", open(err).read().strip()[-400:] or "nothing")
        sums = {one["data"]["source"]: one["data"]["items"] for one in lines if one["type"] == "source"}
        receipt = next((one["data"] for one in lines if one["type"] == "index"), {})
        status = subprocess.run(
            [HABEAS, "--estate", self.home, "--json", "status", "--exceptions"],
            capture_output=True, text=True,
        )
        rows = [json.loads(line)["data"] for line in status.stdout.splitlines()]
        exceptions = {(row["source"], row["path"]): row["exception"]["reason"] for row in rows}
        return collections.defaultdict(lambda: collections.defaultdict(int), sums), receipt, exceptions

    def expect(self, title, share, exceptions, **receipt):
        """One run: how many items of the share are read, exceptions, and lines of the receipt."""
        sums, said, found = self.index(title)
        healthy = sums["healthy"]
        self.check(healthy["read"] == healthy["listed"] == N_HEALTHY, "the healthy source is read whole",
                   dict(healthy))
        self.check(sums["share"]["read"] == share, f"{share} items of the share are read",
                   dict(sums["share"]))
        self.check(found == exceptions, f"exceptions are {exceptions}", found)
        for key, value in receipt.items():
            self.check(said.get(key) == value, f"{key} is {value}", said.get(key))


def states(pid):
    """What the threads of a process and its children are at."""
    found = []
    for one in [pid, *children(pid)]:
        for thread in os.listdir(f"/proc/{one}/task"):
            with open(f"/proc/{one}/task/{thread}/stat") as file:
                name, rest = file.read().split("(", 1)[1].rsplit(")", 1)
            found.append(f"{'' if one == pid else 'child '}{name} {rest.split()[0]}")
    return "still there: " + ", ".join(found)


def children(pid):
    found = []
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/children") as file:
            found += [int(one) for one in file.read().split()]
    return found


def read(trial):
    trial.expect("share: one file blocks", N_SHARE - 1, {("share", BLOCKED): "stalled"},
                 stalled=[], files_gone=0)
    trial.answer(True)
    trial.expect("share answers again", N_SHARE, {}, files_gone=0, files_read=1)


def readdir(trial):
    gone = {("share", "."): "stalled"}
    trial.expect("share: listing blocks", 0, gone, stalled=["share"], files_gone=0)
    trial.answer(True)
    trial.expect("share answers again", N_SHARE, {}, stalled=[], files_read=N_SHARE)
    trial.answer(False)
    trial.expect("listing blocks again", N_SHARE, gone, stalled=["share"], files_gone=0)
    trial.answer(True)
    trial.expect("share answers again", N_SHARE, {}, stalled=[], files_read=0)


def main():
    direct = "--direct" if "--direct" in sys.argv else ""
    modes = [one for one in sys.argv[1:] if one != "--direct"] or ["read", "readdir"]
    n_failed = 0
    for mode in modes:
        print(mode, direct)
        with tempfile.TemporaryDirectory(prefix="habeas-stall-", ignore_cleanup_errors=True) as folder:
            trial = Trial(folder, mode, direct)
            try:
                (read if mode in ("read", "open") else readdir)(trial)
            finally:
                trial.end()
            n_failed += trial.n_failed
    print(f"{n_failed} checks do not hold")
    return n_failed


if sys.argv[1:2] == ["--serve"]:
    serve(*sys.argv[2:5], direct=bool(sys.argv[5]))
else:
    sys.exit(main())
