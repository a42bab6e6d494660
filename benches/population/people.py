"""Who lives here: families, twins, namesakes, fathers and sons, and what each is reached by."""

import datetime
from dataclasses import dataclass, field

from . import names


@dataclass
class Person:
    number: int
    given: str
    middle: str
    surname: str
    is_woman: bool
    where: str
    born: datetime.date
    former: str = ""          # an earlier surname
    nickname: str = ""
    emails: list = field(default_factory=list)
    mobile: str = ""
    landline: str = ""
    home: tuple = ()          # line, town, postcode
    old_home: tuple = ()
    nhs: str = ""
    nino: str = ""
    customer: str = ""
    username: str = ""
    ip: str = ""
    household: int = 0
    relations: dict = field(default_factory=dict)   # other's number -> what they are to this person
    is_busy: bool = False     # has something in every system

    @property
    def full(self):
        return f"{self.given} {self.surname}"

    @property
    def title(self):
        return "Ms" if self.is_woman and self.number % 3 == 0 else "Mrs" if self.is_woman else "Mr"


def relate(one, other, what, back=None):
    one.relations[other.number] = what
    other.relations[one.number] = back or what


class Population:
    """People with every identifier, in families; `requesters` are chosen so that each trap is met."""

    def __init__(self, dice, n_people, n_requesters):
        self.dice = dice
        self.people = []
        self.used = set()
        self.n_homes, self.n_people = 0, n_people
        while len(self.people) < n_people:
            self.household(n_people)
        self.namesakes()
        for person in self.people:
            self.dress(person)
        self.requesters = self.choose(n_requesters)

    # Families ---------------------------------------------------------------------------------

    def home(self):
        town, area = self.dice.choice(names.TOWNS)
        while True:
            line = f"{self.dice.randint(1, 140)} {self.dice.choice(names.STREETS)}"
            if self.dice.random() < 0.15:
                line = f"Flat {self.dice.randint(1, 24)}, {line}"
            letters = "ABDEFGHJLNPQRSTUWXYZ"
            postcode = (f"{area}{self.dice.randint(1, 28)} {self.dice.randint(1, 9)}"
                        f"{self.dice.choice(letters)}{self.dice.choice(letters)}")
            if (line, postcode) not in self.used:
                self.used.add((line, postcode))
                return line, town, postcode

    def add(self, where, is_woman, surname, home, born_years, household, given=None):
        first = datetime.date(born_years[0], 1, 1).toordinal()
        last = datetime.date(born_years[1], 12, 31).toordinal()
        given = given or names.given(self.dice, where, is_woman)
        middle = names.given(self.dice, where, is_woman) if self.dice.random() < 0.35 and where in (
            "british", "irish", "nigerian", "european") else ""
        person = Person(len(self.people), given, "" if middle == given else middle,
                        names.gendered(surname, where, is_woman), is_woman, where,
                        datetime.date.fromordinal(self.dice.randint(first, last)))
        person.home, person.household = home, household
        self.people.append(person)
        return person

    def household(self, n_people):
        dice, where = self.dice, names.community(self.dice)
        self.n_homes += 1
        here, home, surname = self.n_homes, self.home(), names.family(self.dice, where)
        landline = self.landline() if dice.random() < 0.6 else ""
        size = dice.choices(["one", "couple", "family", "twins", "father and son", "in-laws"], [38, 24, 22, 4, 4, 8])[0]
        members = []
        if size == "one":
            members.append(self.add(where, dice.random() < 0.5, surname, home, (1935, 2005), here))
        elif size == "twins":
            one = self.add(where, dice.random() < 0.5, surname, home, (1950, 2004), here)
            other = self.add(where, dice.random() < 0.5, surname, home, (1950, 2004), here)
            while other.given == one.given:
                other.given = names.given(dice, where, other.is_woman)
            # Some twins have one initial too: the hardest to tell apart.
            other.born = one.born
            relate(one, other, "twin")
            members += [one, other]
        elif size == "father and son":
            is_woman = dice.random() < 0.25
            old = self.add(where, is_woman, surname, home, (1940, 1968), here)
            young = self.add(where, is_woman, surname, home, (1970, 2004), here, given=old.given)
            relate(old, young, "child of that name", "parent of that name")
            members += [old, young]
        else:
            his = self.add(where, False, surname, home, (1940, 1996), here)
            hers = self.add(where, True, surname, home, (1940, 1996), here)
            maiden = names.gendered(names.family(dice, where), where, True)
            way = dice.random()
            if maiden != hers.surname:
                if way < 0.55:
                    hers.former = maiden
                elif way < 0.75:
                    hers.surname = maiden
                elif way < 0.9 and "-" not in maiden + surname and " " not in maiden + surname:
                    hers.former, hers.surname = maiden, f"{maiden}-{surname}"
            relate(his, hers, "partner")
            members += [his, hers]
            if size == "family":
                for _ in range(dice.randint(1, 2)):
                    child = self.add(where, dice.random() < 0.5, surname, home, (1992, 2006), here)
                    for member in members:
                        relate(member, child, "family")
                    members.append(child)
            if dice.random() < 0.25:
                shared = f"the{names.fold(surname).replace(' ', '')}s{dice.randint(1, 999)}@{dice.choice(names.MAIL_HOSTS)}"
                his.emails.append(shared)
                hers.emails.append(shared)
        for member in members:
            member.landline = landline

    def namesakes(self):
        """Beyond those that chance brings: strangers of the same full name, born on another day."""
        for person in self.dice.sample(self.people, max(4, len(self.people) // 25)):
            other = self.dice.choice(self.people)
            if other.relations or person.relations.get(other.number) or other is person:
                continue
            if person.is_woman == other.is_woman:
                other.given, other.surname, other.where = person.given, person.surname, person.where
                other.middle = "" if self.dice.random() < 0.6 else other.middle
                other.former = ""

    # Identifiers ------------------------------------------------------------------------------

    def unique(self, make):
        for _ in range(10_000):
            value = make()
            if value not in self.used:
                self.used.add(value)
                return value
        raise SystemExit("there are too many people for the numbers that may be made up")

    def landline(self):
        # Numbers for drama of six towns, and all of 01632, which is nobody's, for a larger population.
        areas = ["0113 496 0", "0114 496 0", "0191 498 0", "0161 496 0", "0115 496 0", "0121 496 0"]
        if self.dice.random() < 6000 / (6000 + 2 * self.n_people):
            return self.unique(lambda: self.dice.choice(areas) + f"{self.dice.randint(0, 999):03}")
        return self.unique(lambda: f"01632 {self.dice.randint(100000, 999999)}")

    def nhs(self):
        while True:
            front = f"999{self.dice.randint(0, 999999):06}"
            check = 11 - sum(int(digit) * (10 - at) for at, digit in enumerate(front)) % 11
            if check != 10:
                return front + str(check % 11)

    def dress(self, person):
        dice = self.dice
        person.mobile = self.unique(lambda: f"07700 {dice.randint(900000, 999999) if self.n_people < 50000 else dice.randint(100000, 999999)}")
        g = names.fold(person.given).replace(" ", "").replace("-", "").replace("'", "")
        s = names.fold(person.surname).replace(" ", "").replace("-", "").replace("'", "")
        yy, host = person.born.year % 100, dice.choice(names.MAIL_HOSTS)
        shapes = [f"{g}.{s}", f"{g}{s}{yy:02}", f"{g[0]}{s}", f"{g[0]}.{s}{dice.randint(1, 99)}", f"{s}.{g}",
                  f"{g}_{s}", f"{dice.choice(['moonlit', 'redkite', 'gardener', 'tango', 'biscuit', 'northbound'])}"
                  f"{dice.randint(10, 9999)}"]
        person.emails.insert(0, self.unique(lambda: f"{dice.choice(shapes)}{dice.choice(['', '', str(dice.randint(1, 99))])}@{host}"))
        if dice.random() < 0.35:
            old = names.fold(person.former).replace(" ", "").replace("-", "").replace("'", "") or s
            person.emails.append(self.unique(lambda: f"{g}{dice.choice(['.', '', '-'])}{old}{dice.randint(1, 999)}@{dice.choice(names.MAIL_HOSTS)}"))
        nick = names.NICKNAMES.get(person.given)
        if nick and dice.random() < 0.6:
            person.nickname = dice.choice(nick.split())
        if dice.random() < 0.25:
            person.old_home = self.home()
        person.nhs = self.unique(self.nhs)
        person.nino = self.unique(lambda: f"QQ{dice.randint(0, 999999):06}{dice.choice('ABCD')}")
        person.customer = self.unique(lambda: f"MB{dice.randint(10000, 99999) if self.n_people < 20000 else dice.randint(1000000, 9999999)}")
        person.username = self.unique(lambda: dice.choice(
            [f"{g[0]}{s}", f"{g}.{s[0]}", f"{g}{yy:02}", f"{s}{g[0]}{yy:02}", f"{g}{s}"])[:18] + dice.choice(["", str(dice.randint(1, 99))]))
        person.ip = self.unique(lambda: f"{dice.choice(['198.51', '203.0', '100.64', '192.0'])}.{dice.randint(0, 255)}.{dice.randint(1, 254)}")

    # Requesters -------------------------------------------------------------------------------

    def choose(self, n_requesters):
        """A third at random, the rest so that every trap has its share; what could be taken for them is busy too."""
        dice, people = self.dice, self.people
        by_name = {}
        for person in people:
            by_name.setdefault((names.fold(person.given), names.fold(person.surname)), []).append(person)
        strange = [p for p in people if any(ord(c) > 127 for c in p.full)]
        piles = [
            [p for group in by_name.values() if len({q.household for q in group}) > 1 for p in group],
            [p for p in people if "twin" in p.relations.values()],
            [p for p in people if any("of that name" in what for what in p.relations.values())],
            [p for p in people if p.former], [p for p in people if p.nickname], strange, [p for p in people if p.former and p.nickname],
            [p for p in people if "-" in p.surname or " " in p.surname or "'" in p.surname or p.surname.startswith("M")],
            people, people, people,
        ]
        chosen = {}
        turn = 0
        while len(chosen) < min(n_requesters, len(people)):
            pile = piles[turn % len(piles)]
            turn += 1
            if pile:
                person = dice.choice(pile)
                chosen[person.number] = person
        for person in chosen.values():
            person.is_busy = True
            for number in person.relations:
                people[number].is_busy = True
            for other in by_name[(names.fold(person.given), names.fold(person.surname))][:12]:
                other.is_busy = True
        return list(chosen.values())

    def kinship(self, person, other):
        """What is `other` to `person`, for somebody who asks why they were mixed up?"""
        if other.number in person.relations:
            return person.relations[other.number]
        same = names.fold(person.surname) == names.fold(other.surname)
        given = names.fold(person.given) == names.fold(other.given)
        if same and given:
            return "namesake"
        if same:
            return "same surname"
        if names.fold(person.former or "-") in (names.fold(other.surname), names.fold(other.former or "+")):
            return "same former name"
        return "same given name" if given else "stranger"
