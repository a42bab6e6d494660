"""The estate on disk with its gold: what stands where, about whom, and in which form."""

import json
import os
import random
from dataclasses import asdict, dataclass

from . import noise, write

# How often a name is written in a form, where somebody types it with care and where they do not.
CAREFUL = {"full": 60, "middle": 8, "upper": 4, "typo": 8, "spelling": 18, "former_name": 18}
LOOSE = {"full": 22, "lower": 6, "reversed": 18, "initial": 14, "nickname": 24, "typo": 12, "spelling": 20, "former_name": 24}
SPOKEN = {"full": 15, "surname": 30, "initial": 12, "nickname": 14, "given": 16, "initials": 13}
AS_FULL = {"middle": "full", "upper": "full", "lower": "full"}


@dataclass
class Gold:
    """One finding that is due: a record or a whole file about a person."""
    path: str            # source/path as Habeas writes it
    unit: int            # row, line or message; 0: the whole file
    sheet: str
    person: int
    about: str           # relates, incidental; or maybe, which counts neither way
    signs: list          # (kind, value, form)
    via: str = ""        # thread, ip_window, time_window, file_name: what ties it when nothing in it does
    is_ocr: bool = False


class Estate:
    def __init__(self, root, population, seed):
        self.root, self.population, self.people = root, population, population.people
        self.dice = random.Random(f"estate {seed}")
        self.gold = []
        self.sources = set()
        self.homes = {0: []}
        for person in self.people:
            self.homes.setdefault(person.household, []).append(person.number)
        self.number = 0

    # Writing ----------------------------------------------------------------------------------

    def at(self, path):
        """Where `path` is on disk; its first folder is a source."""
        self.sources.add(path.split("/")[0])
        write.folder(self.root, os.path.dirname(path))
        return os.path.join(self.root, path)

    def next(self):
        self.number += 1
        return self.number

    def due(self, path, unit, person, signs, about="relates", via="", sheet="", is_ocr=False):
        self.gold.append(Gold(path, unit, sheet, person.number, about, list(signs), via, is_ocr))
        self.maybe_family(path, unit, person, signs, sheet)

    def maybe_family(self, path, unit, person, signs, sheet):
        """What a household shares is anybody's of the house, where nothing else is said."""
        ids = [(kind, value) for kind, value, _ in signs]
        if not ids or any(kind == "name" for kind, _ in ids):
            return
        for number in self.homes[person.household]:
            other = self.people[number]
            shared = {("phone", noise.solid(other.landline)), ("address", other.home[0]), ("postcode", other.home[2])}
            shared |= {("email", mail) for mail in other.emails}
            if other is not person and set(ids) <= shared:
                self.gold.append(Gold(path, unit, sheet, number, "maybe", []))

    def save(self, path):
        with open(path, "w", encoding="utf-8") as file:
            for line in self.gold:
                file.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")

    # Saying -----------------------------------------------------------------------------------

    def form(self, person, weights):
        fit = {form: weight for form, weight in weights.items() if noise.has(person, form)}
        return self.dice.choices(list(fit), list(fit.values()))[0]

    def name(self, person, weights):
        """The name in some form, and its sign."""
        form = self.form(person, weights)
        return noise.name(self.dice, person, form), ("name", "", AS_FULL.get(form, form))

    def name_parts(self, person, weights):
        form = self.form(person, weights)
        given, family = noise.parts(self.dice, person, form)
        return given, family, ("name", "", AS_FULL.get(form, form))

    def chance(self, share):
        return self.dice.random() < share

    def phone(self, person, usual=None, machine=False):
        usual = usual or person.mobile
        if machine:
            way = self.dice.random()
            digits = noise.solid(usual)
            text = digits if way < 0.5 else "+44" + digits[1:] if way < 0.8 else "0044" + digits[1:]
        elif self.chance(0.4):
            return usual, ("phone", noise.solid(usual), "verbatim")
        else:
            text = noise.phone(self.dice, usual)
        return text, ("phone", noise.solid(usual), "verbatim" if text == usual else "reformatted")

    def email(self, person, first=0.75):
        value = person.emails[0] if self.chance(first) else self.dice.choice(person.emails)
        text = value if self.chance(0.8) else self.dice.choice([value.upper(), value.title(), value.replace("@", "+news@")])
        return text, ("email", value, "verbatim" if text == value else "reformatted")

    def born(self, person, loud=False):
        text = noise.date(self.dice, person.born, loud)
        return text, ("dob", person.born.isoformat(), "verbatim" if text == f"{person.born:%d/%m/%Y}" else "reformatted")

    def home(self, person, old=0.0):
        """Address line, town, postcode, and their signs."""
        line, town, code = person.old_home if person.old_home and self.chance(old) else person.home
        shown_line, shown_code = noise.street(self.dice, line), noise.postcode(self.dice, code)
        signs = [("address", line, "verbatim" if shown_line == line else "reformatted"),
                 ("postcode", code, "verbatim" if shown_code == code else "reformatted")]
        return shown_line, town, shown_code, signs
