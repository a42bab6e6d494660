"""The people of the made-up estate, each with every form in which they are named."""

import datetime
import random
from dataclasses import dataclass, field


@dataclass
class Somebody:
    id: str
    given: str
    surname: str
    role: str  # requester, namesake, relative, directory, outsider, staff, health
    nick: str = ""
    title: str = "Ms"
    domain: str = "example.org"
    cased: bool = False
    facts: dict = field(default_factory=dict)

    @property
    def name(self):
        return f"{self.given} {self.surname}"


CAST = [
    ("hv", "Harriet", "Vale", "requester", "Hattie", "Ms"),
    ("ns", "Harriet", "Vale", "namesake", "", "Mrs"),
    ("pv", "Peter", "Vale", "relative", "Pete", "Mr"),
    ("mv", "Maisie", "Vale", "relative", "", "Miss"),
    ("th", "Tobias", "Hartwell", "directory", "Toby", "Mr"),
    ("fg", "Felicity", "Griffiths", "directory", "Fliss", "Mrs"),
    ("od", "Siobh\u00e1n", "O\u2019Dowd", "directory", "", "Ms"),
    ("oa", "Oluwaseun", "Ad\u00e9bay\u00f2", "directory", "Seun", "Mr"),
    ("bf", "Bartholomew", "Featherstonehaugh-Smythe", "directory", "Barty", "Mr"),
    ("jm", "J\u00fcrgen", "M\u00fc\u00dfig", "directory", "", "Herr"),
    ("wr", "Will", "Reading", "directory", "", "Mr"),
    ("kz", "Krystyna", "Zajac", "outsider", "", "Mrs"),
    ("dp", "Deepika", "Ranganathan", "outsider", "Dee", "Ms"),
    ("lx", "Lxi", "Quo", "outsider", "", "Mr"),
    ("ro", "Rose", "Tanqueray", "outsider", "", "Mrs"),
    ("gb", "Gareth", "Blenkinsop", "outsider", "Gaz", "Mr"),
    ("mo", "Mohammed", "al-Rashid", "outsider", "Mo", "Mr"),
    ("s1", "Imogen", "Castellane", "staff", "Immy", "Ms"),
    ("s2", "Declan", "Wrigglesworth", "staff", "", "Mr"),
    ("h1", "Anil", "Prakashan", "health", "", "Dr"),
    ("h2", "Beth", "Calloway", "health", "", "Nurse"),
]
STREETS = ["Weir Lane", "Tanyard Row", "Cobbler's Close", "Ferry Bank", "Mill Causeway", "Quarry Hill", "Saddler Street"]


def nhs(rng):
    """A number of the test range 999 with its check digit."""
    while True:
        digits = [9, 9, 9] + [rng.randrange(10) for _ in range(6)]
        check = 11 - sum(d * w for d, w in zip(digits, range(10, 1, -1))) % 11
        if check != 10:
            return "".join(map(str, digits + [0 if check == 11 else check]))


def people(seed):
    rng = random.Random(seed)
    out = {}
    for n, (key, given, surname, role, nick, title) in enumerate(CAST):
        one = Somebody(key, given, surname, role, nick, title, "marlbeck.example" if role in ("staff", "health") else "example.org", given in ("Will", "Rose", "Mo"))
        born = datetime.date(1950, 1, 1) + datetime.timedelta(days=rng.randrange(20000))
        plain = f"{given}.{surname}".lower().translate(str.maketrans("\u00e1\u00e9\u00f2\u00fc\u2019", "aeou'")).replace("'", "").replace("\u00df", "ss")
        one.facts = {"email": f"{plain if role != 'namesake' else 'h.vale.1960'}@{one.domain}", "phone": f"07700900{100 + n * 37:03d}"[:11], "house": f"{3 + n * 2} {rng.choice(STREETS)}",
                     "postcode": f"BS{1 + n % 9} {n % 9 + 1}{rng.choice('ABDEFGHJLN')}{rng.choice('PQRSTUW')}", "nhs": nhs(rng), "born": born.isoformat(),
                     "ref": f"T-{40000 + n * 731}", "handle": f"@{given.lower()[:4]}_{surname.lower()[:5]}{n}".replace("\u2019", "")}
        out[key] = one
    # A joint home: the husband's address is the requester's.
    for key in ("pv", "mv"):
        out[key].facts["house"], out[key].facts["postcode"] = out["hv"].facts["house"], out["hv"].facts["postcode"]
    return out


def forms(one, kind, rng):
    """The string for one way of naming somebody."""
    given, surname, facts = one.given, one.surname, one.facts
    if kind == "phone":
        raw = facts["phone"]
        return rng.choice([f"{raw[:5]} {raw[5:]}", f"{raw[:5]} {raw[5:8]} {raw[8:]}", f"+44 {raw[1:5]} {raw[5:]}", raw, f"({raw[:5]}) {raw[5:]}", f"{raw[:5]}-{raw[5:]}"])
    if kind == "born":
        day = datetime.date.fromisoformat(facts["born"])
        return rng.choice([day.strftime("%d/%m/%Y"), f"{day.day} {day:%B %Y}", day.isoformat(), f"{day:%d.%m.%Y}"])
    if kind == "nhs":
        raw = facts["nhs"]
        return rng.choice([raw, f"{raw[:3]} {raw[3:6]} {raw[6:]}"])
    if kind == "postcode":
        return rng.choice([facts["postcode"], facts["postcode"].replace(" ", ""), facts["postcode"].lower()])
    if kind in facts:
        return facts[kind]
    return {"full": one.name, "surname": surname, "given": given, "nick": one.nick or given, "initials": f"{given[0]}.{surname[0]}.", "titled": f"{one.title} {surname}",
            "reversed": f"{surname.upper()}, {given}", "lower": given.lower(), "lowerfull": one.name.lower(), "initial": f"{given[0]}. {surname}", "upper": one.name.upper(),
            "user": (given[0] + surname).lower().replace("\u2019", "")}[kind]


class Named:
    """Stands in a template: `{th:full}` gives the string and notes that it was planted."""

    def __init__(self, one, document, rng):
        self.one, self.document, self.rng = one, document, rng

    def __format__(self, kind):
        string = forms(self.one, kind or "full", self.rng)
        self.document.planted.append({"document": self.document.name, "whose": self.one.id, "role": self.one.role, "class": kind or "full", "string": string, "cased": self.one.cased})
        return string
