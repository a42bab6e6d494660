"""Runs Habeas from a folder of documents to a verified bundle, as a person would."""

import csv
import os
import re
import subprocess
import time

FILLED = {"name": '"Marlbeck Housing"', "address": '["1 Example Row", "Marlbeck"]', "email": '"dpo@marlbeck.example"', "phone": '"020 7946 0000"',
          "complaints": '"dpo@marlbeck.example"', "recipients": '["nobody else"]', "retention": '"six years"', "domains": '["marlbeck.example"]'}


class Run:
    """One estate with one case: where things are, how long each step took, what each step said."""

    def __init__(self, habeas, folder, sources, requester, home="home"):
        self.habeas, self.home = os.path.abspath(habeas), os.path.join(folder, home)
        self.took, self.said, self.codes = {}, {}, {}
        self("init", "init", self.home, *[f"--source={name}={path}" for name, path in sorted(sources.items())])
        self.fill()
        self("index", "index")
        self("open", "open", "--received", "2026-03-02", *requester)
        cases = os.path.join(self.home, "cases")
        if not os.path.isdir(cases) or not os.listdir(cases):
            raise SystemExit(f"no case was opened: {self.said['open']}")
        self.case = sorted(os.listdir(cases))[0]
        self.folder = os.path.join(cases, self.case)
        self("match", "match", self.case)
        self("decide", "decide", self.case, "--suggested")
        # Nobody is here to review what is possible; giving it out is the harder test.
        self("possible", "decide", self.case, "--tier", "possible", "--verdict", "disclose", "--reason", "bench")
        self("bundle", "bundle", self.case, "--date", "2026-03-20")
        self.bundle = os.path.join(self.folder, "bundle")
        self("verify", "verify", self.bundle)

    def __call__(self, step, command, *more):
        began = time.time()
        there = [] if command == "init" else ["--estate", self.home]
        try:
            done = subprocess.run([self.habeas, command, *more, *there], capture_output=True, text=True, errors="replace", timeout=1800)
            self.codes[step], self.said[step] = done.returncode, done.stdout[-20000:] + done.stderr[-2000:]
        except subprocess.TimeoutExpired:
            self.codes[step], self.said[step] = None, "did not end within 30 minutes"
        self.took[step] = round(time.time() - began, 2)

    def fill(self):
        path = os.path.join(self.home, "habeas.toml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for key, value in FILLED.items():
            text = re.sub(rf'(?m)^{key} = (""|\[\])$', f"{key} = {value}", text)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    @property
    def made_bundle(self):
        return os.path.isfile(os.path.join(self.bundle, "03_Schedule-of-documents.csv"))

    def schedule(self):
        """Every row of the schedule: exhibits given, and what was not."""
        if not self.made_bundle:
            return []
        with open(os.path.join(self.bundle, "03_Schedule-of-documents.csv"), encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def pages(self):
        return sum(int(row["pages"] or 0) for row in self.schedule() if (row["pages"] or "").isdigit())

    def files(self):
        """Every file of the bundle, by its path within it."""
        out = {}
        for path, _, names in os.walk(self.bundle):
            for name in sorted(names):
                full = os.path.join(path, name)
                out[os.path.relpath(full, self.bundle)] = full
        return dict(sorted(out.items()))
