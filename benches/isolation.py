#!/usr/bin/env python3
"""What does it cost to read each item in a process of its own?

    cargo build --release --workspace --examples && python3 benches/isolation.py

Reads the same files in turn in one process (`read_family`) and through a confined reader process, five
rounds, and compares the best of each in microseconds an item, by the clock: the golden fixtures; the
made-up clinic; and a thousand texts of one line, which show what a file costs that says nothing.
One thread each; the isolated way has one more process and may use a second core.
"""
import json, os, shutil, subprocess, sys, tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
BUILT = os.path.join(ROOT, "target", "release")
FIXTURES = os.path.join(ROOT, "crates", "habeas-document", "tests", "fixtures")


def measure(name, folder, rounds):
    said = subprocess.check_output(
        [os.path.join(BUILT, "examples", "isolation"), folder, str(rounds)],
        env={**os.environ, "HABEAS_READER": os.path.join(BUILT, "habeas")},
    )
    one = json.loads(said)
    here, isolated = one["here_us"], one["isolated_us"]
    print(f"{name:<22}{one['files']:>7}{one['items']:>7}{here:>12.0f}{isolated:>12.0f}{isolated - here:>9.0f}"
          f"{isolated / here:>8.2f}", flush=True)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"{'':<22}{'files':>7}{'items':>7}{'in-process':>12}{'isolated':>12}{'extra':>9}{'ratio':>8}   µs an item")
    with tempfile.TemporaryDirectory(prefix="habeas-bench-") as folder:
        made, golden, tiny = (os.path.join(folder, name) for name in ("made", "golden", "tiny"))
        subprocess.check_call([os.path.join(BUILT, "habeas"), "fixture", made, "--files", "2000"],
                              stdout=subprocess.DEVNULL)
        for one in os.scandir(made):  # what is no source
            if not one.is_dir():
                os.unlink(one.path)
            elif one.name == "requests":
                shutil.rmtree(one.path)
        os.makedirs(golden)
        for path, _, names in os.walk(FIXTURES):
            for name in names:
                if not name.endswith(".expected"):
                    target = os.path.join(golden, os.path.relpath(path, FIXTURES), name)
                    os.makedirs(os.path.dirname(target), exist_ok=True)
                    shutil.copyfile(os.path.join(path, name), target)
        os.makedirs(tiny)
        for number in range(1000):
            with open(os.path.join(tiny, f"{number}.txt"), "w") as file:
                file.write(f"Note {number}\n")
        measure("texts of one line", tiny, rounds)
        measure("made-up estate", made, rounds)
        measure("golden fixtures", golden, rounds)


main()
