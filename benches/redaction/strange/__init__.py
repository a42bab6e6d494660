"""Strange PDFs, made here: each with what must stay readable and what must be gone."""

import json
import os

from .. import cast

MAKERS = []


def paper(name, twins=False):
    """Registers a maker `f(path, other) -> Made`; `twins` makes it twice, with a short and a long name."""

    def register(function):
        MAKERS.append((name, twins, function))
        return function

    return register


def make(folder, only=None, people=(cast.FELICITY, cast.SHORT, cast.LONG)):
    """Writes every paper with its sidecar; gives (file name, Made) by name, and what could not be made."""
    from . import broken, fonts, hidden, layout, marks, pictures  # noqa: F401  (they register themselves)

    os.makedirs(folder, exist_ok=True)
    made, failed = {}, {}
    plain, short, long = people
    for number, (name, twins, function) in enumerate(MAKERS, 1):
        cast.SHEET["n"] = number
        if only and not any(part in name for part in only):
            continue
        for suffix, other in [("", plain)] + ([(".a", short), (".b", long)] if twins else []):
            file = f"{name}{suffix}.pdf"
            try:
                holds = function(os.path.join(folder, file), other)
            except Exception as error:  # a library that is missing costs one paper, and is said
                failed[file] = f"{type(error).__name__}: {error}"
                continue
            made[file] = holds
            with open(os.path.join(folder, f"{name}{suffix}.json"), "w", encoding="utf-8") as side:
                json.dump(holds.__dict__, side, indent=1, ensure_ascii=False)
    return made, failed
