"""The estate as Habeas reads it, cut where findings are cut: rows, lines, messages, or whole files."""

import re
import subprocess

HEAD = re.compile(r"^== (.*) \([\w.+/-]+(?:; [^)]*)?\)$")
PLACE = re.compile(r'^-- (?:sheet "(.*)", )?(row|line|page|message|header|cell|body) (\d+)(?:, hidden.*)?$')


def units(habeas, sources, records):
    """Place to text, the places as in `score.Truth`; `records` are the files whose rows are places of their own."""
    made = {}
    for name, folder in sorted(sources.items()):
        said = subprocess.run([habeas, "read", "--no-ocr", folder], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        path = key = None
        for line in said.stdout.decode("utf-8").split("\n"):
            head, place = HEAD.match(line), PLACE.match(line)
            if head:
                path = name + "/" + head[1][len(folder):].lstrip("/")
                key = None
            elif place and path:
                if path not in records:
                    key = (path, 0, "")
                else:
                    key = None if place[2] == "header" else (path, int(place[3]), place[1] or "")
                if key:
                    made.setdefault(key, [])
            elif key and not line.startswith("!! "):
                made[key].append(line)
    return {key: "\n".join(lines) for key, lines in made.items()}
