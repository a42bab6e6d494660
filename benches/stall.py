#!/usr/bin/env python3
"""Does a share that stops answering hold up anything but itself?

    cargo build --release && python3 benches/stall.py [read | open | readdir | all | dies | commands]...

Needs root, /dev/fuse, Debian's `fuse` and `libfuse2`, and `pip install fusepy`. Mounts a share of 60
files (FUSE) beside a healthy folder of 300, with `stall = "3 s"`:

    read      reading file 20 blocks for ever: only that file is `stalled`
    readdir   listing blocks for ever: the source is reported, nothing of it is gone, and it is read
              as soon as it answers again; then the same once more when it was read before
    open      as `read`, but opening file 20 blocks
    all       as `readdir`, but nothing of the share answers, not even what its root is
    dies      the share's server stands still when a third of its files were opened: from then on
              nothing is answered, not even who closes a file
    commands  as `all`, for `habeas check`, `doctor`, `status` and `read SHARE`; the last of them waits
              a minute, which no configuration shortens

Without a name, all of them.

With `--direct` the kernel keeps nothing of the share, so that a process caught in a read cannot even
be killed. Whoever runs a command reads its output through pipes, to their end: a process that is left
behind must not hold them. Every check is printed; the exit code is the number of those that do not hold. The variable
HABEAS names another program than target/release/habeas.
"""
import collections, errno, json, os, signal, stat, subprocess, sys, tempfile, threading, time

HABEAS = os.environ.get("HABEAS") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "target", "release", "habeas"
)
N_SHARE, N_HEALTHY, BLOCKED = 60, 300, "20.txt"
STALL_SECONDS, MOST_SECONDS = 3, 30


def serve(root, flag, operation, direct):
    """The share: `operation` blocks as long as the file `flag` is there."""
    import fuse

    opened = set()
    texts = {f"{n}.txt": f"Share file {n} of the estate\n".encode() for n in range(N_SHARE)}

    class Share(fuse.Operations):
        def wait(self, which):
            while operation in (which, "all", "commands") and os.path.exists(flag):
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
            opened.add(path)
            if operation == "dies" and len(opened) == N_SHARE // 3 and os.path.exists(flag):
                os.kill(os.getpid(), signal.SIGSTOP)
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
            path = os.path.join(healthy, f"{n}.txt")
            with open(path, "w") as file:
                file.write(f"Healthy file {n} of the estate\n")
            os.utime(path, (1e9, 1e9))  # what is new would be looked at twice
        command = [sys.executable, os.path.abspath(__file__), "--serve", self.share, self.flag, operation, direct]
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
            self.server.send_signal(signal.SIGCONT)

    def end(self):
        self.server.kill()  # the kernel then answers whoever waits
        self.server.wait()
        subprocess.call(["fusermount", "-u", "-z", self.share])

    def check(self, holds, claim, seen):
        self.n_failed += not holds
        print(f"  {'ok  ' if holds else 'FAIL'} {claim}: {seen}")

    def run(self, arguments, most=MOST_SECONDS):
        """Runs a command and reads its output to its end. The code is `None` if it does not end."""
        command = [HABEAS, "--estate", self.home, *arguments]
        began, said, texts = time.time(), [], {}
        run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

        def hear(pipe, name):
            texts[name] = ""
            for line in pipe:
                said.append(time.time() - began)
                texts[name] += line

        ears = [threading.Thread(target=hear, args=one, daemon=True)
                for one in ((run.stdout, "out"), (run.stderr, "err"))]
        for ear in ears:
            ear.start()
        while run.poll() is None and time.time() - began < most:
            time.sleep(0.05)
        code = run.returncode
        ended = f"code {code} after {time.time() - began:.1f} s"
        self.check(code in (0, 1), f"ends within {most} s", states(run.pid) if code is None else ended)
        if code is None:
            run.kill()
            try:
                run.wait(2)
                self.check(True, "can be killed", "it was")
            except subprocess.TimeoutExpired:
                self.check(False, "can be killed", states(run.pid))
                self.answer(True)
                run.wait()
                self.answer(False)
        for ear in ears:
            ear.join(2)
        self.check(not any(ear.is_alive() for ear in ears), "its pipes come to their end",
                   f"{time.time() - began:.1f} s")
        return code, texts["out"], texts["err"], f"after {said[-1]:.1f} s" if said else None

    def index(self, title):
        """One run: sums by source, the receipt, exceptions as (source, path): reason."""
        print(f" {title}")
        code, out, err, said = self.run(["--json", "index"])
        if code is None:
            self.check(said is not None, "says what it read", said or "never")
        lines = [json.loads(line) for line in out.splitlines()]
        if code == 2 or not lines:
            print("      it said:", err.strip()[-400:] or "nothing")
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


def dies(trial):
    sums, said, found = trial.index("share: its server stands still")
    healthy, share = sums["healthy"], sums["share"]
    trial.check(healthy["read"] == healthy["listed"] == N_HEALTHY, "the healthy source is read whole",
                dict(healthy))
    trial.check(share["listed"] == N_SHARE and 0 < share["read"] < N_SHARE, "a part of the share is read",
                dict(share))
    trial.check(set(found.values()) == {"stalled"} and len(found) == N_SHARE - share["read"],
                "the rest is stalled", collections.Counter(found.values()))
    trial.answer(True)
    trial.expect("share answers again", N_SHARE, {}, files_gone=0, files_read=N_SHARE - share["read"])


def commands(trial):
    trial.answer(True)
    trial.expect("share answers", N_SHARE, {}, stalled=[])
    trial.answer(False)
    for arguments, word, most in (
        (["check"], "COULD NOT BE COUNTED", MOST_SECONDS),
        (["doctor"], "cannot be looked at", MOST_SECONDS),
        (["status"], "", MOST_SECONDS),
        (["read", trial.share], "stalled", 90),
    ):
        print(f" share: nothing answers: habeas {arguments[0]}")
        code, out, err, _ = trial.run(arguments, most)
        trial.check(word in out + err, f"says `{word}`", code)
    trial.answer(True)
    print(" share answers: habeas check")
    code, out, _, _ = trial.run(["check"])
    trial.check(code == 0 and "everything adds up" in out, "everything adds up", code)


def main():
    direct = "--direct" if "--direct" in sys.argv else ""
    modes = [one for one in sys.argv[1:] if one != "--direct"] or list(TRIALS)
    n_failed = 0
    for mode in modes:
        print(mode, direct)
        with tempfile.TemporaryDirectory(prefix="habeas-stall-", ignore_cleanup_errors=True) as folder:
            trial = Trial(folder, mode, direct)
            try:
                TRIALS[mode](trial)
            finally:
                trial.end()
            n_failed += trial.n_failed
    print(f"{n_failed} checks do not hold")
    return n_failed


TRIALS = {"read": read, "open": read, "readdir": readdir, "all": readdir, "dies": dies, "commands": commands}

if sys.argv[1:2] == ["--serve"]:
    serve(*sys.argv[2:5], direct=bool(sys.argv[5]))
else:
    sys.exit(main())
