"""In how many ways is the same thing written? Each function returns a text and never the meaning."""

from . import names

DIGITS = "oh one two three four five six seven eight nine".split()
NEIGHBOURS = {"a": "sq", "e": "wr", "i": "uo", "o": "ip", "u": "yi", "r": "et", "s": "ad", "t": "ry", "n": "bm", "l": "k",
              "d": "sf", "c": "xv", "m": "n", "h": "gj", "k": "jl", "b": "vn", "p": "o", "g": "fh", "v": "cb", "y": "tu"}
CONFUSED = [("rn", "m"), ("m", "rn"), ("cl", "d"), ("d", "cl"), ("l", "1"), ("1", "l"), ("I", "l"), ("O", "0"), ("0", "O"),
            ("S", "5"), ("5", "S"), ("B", "8"), ("8", "B"), ("e", "c"), ("c", "e"), ("h", "b"), ("u", "ii"), ("w", "vv"),
            ("i", "l"), ("t", "f"), ("a", "o"), ("n", "ri"), ("g", "q"), ("Z", "2"), ("2", "Z"), ("6", "b"), (",", "."),
            ("y", "v"), ("6", "G"), ("fi", "h"), ("li", "h"), ("J", "I")]


def solid(phone):
    return phone.replace(" ", "")


def phone(dice, usual):
    """Another layout of a British number that is given as its owner writes it."""
    digits = solid(usual)
    return dice.choice([
        digits, f"+44 {usual[1:]}", f"+44{digits[1:]}", f"+44 (0){usual[1:]}", f"0044{digits[1:]}", f"44{digits[1:]}",
        f"{digits[:5]}-{digits[5:8]}-{digits[8:]}", f"{digits[:5]}.{digits[5:]}", f"{digits[:3]} {digits[3:7]} {digits[7:]}",
        f"({digits[:5]}) {digits[5:]}", f"{usual} ext 12" if not usual.startswith("07") else f"tel:{digits}",
    ])


def eaten(dice, usual):
    """What a spreadsheet makes of it: no zero, or so many digits of so large a number."""
    digits = solid(usual)[1:]
    return dice.choice([digits, digits, f"{digits}.0", f"{digits[0]}.{digits[1:9]}E+09"])


def spoken(dice, usual):
    words, digits, at = [], solid(usual), 0
    while at < len(digits):
        word = DIGITS[int(digits[at])]
        if at + 1 < len(digits) and digits[at] == digits[at + 1] and dice.random() < 0.7:
            words.append("double " + word)
            at += 2
        else:
            words.append("zero" if word == "oh" and dice.random() < 0.3 else word)
            at += 1
    return " ".join(words)


def date(dice, day, is_loud=False):
    """A birth date in some writing; `is_loud` means that a month's name stands in it."""
    ways = [f"{day.day} {day:%B %Y}", f"{day:%d-%b-%y}", f"{day.day}{ordinal(day.day)} {day:%B %Y}", f"{day:%d %b %Y}"]
    if not is_loud:
        ways += [f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}", f"{day:%d/%m/%y}", f"{day:%Y%m%d}"]
    return dice.choice(ways)


def ordinal(day):
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def postcode(dice, usual):
    return dice.choice([usual.replace(" ", ""), usual.lower(), usual.replace(" ", "").lower(), usual])


def street(dice, line):
    for long, short in (("Road", "Rd"), ("Street", "St"), ("Lane", "Ln"), ("Avenue", "Ave"), ("Close", "Cl")):
        if dice.random() < 0.6:
            line = line.replace(long, short)
    return line.upper() if dice.random() < 0.2 else line


def typo(dice, word):
    """One slip: two letters swapped, one lost, doubled or hit beside its key; never in the first letter."""
    if len(word) < 4:
        return word + word[-1]
    for _ in range(30):
        at = dice.randint(1, len(word) - 1)
        way = dice.randint(0, 3)
        if way == 0 and at + 1 < len(word):
            made = word[:at] + word[at + 1] + word[at] + word[at + 2:]
        elif way == 1:
            made = word[:at] + word[at + 1:]
        elif way == 2:
            made = word[:at] + word[at] + word[at:]
        else:
            made = word[:at] + dice.choice(NEIGHBOURS.get(word[at].lower(), "e")) + word[at + 1:]
        if made != word and names.fold(made) != names.fold(word):
            return made
    return word + "e"


def ocr(dice, text, rate):
    """The text as a poor scan reads: about `rate` of its letters wrong, words split and run together."""
    out, at = [], 0
    while at < len(text):
        if dice.random() < rate:
            fits = [(a, b) for a, b in CONFUSED if text.startswith(a, at)]
            if fits and dice.random() < 0.75:
                a, b = dice.choice(fits)
                out.append(b)
                at += len(a)
                continue
            c = text[at]
            way = dice.random()
            if c == " ":
                out.append("" if way < 0.6 else "  ")
            elif c == "\n":
                out.append("\n\n" if way < 0.3 else "\n")
            elif c.isalnum():
                out.append(c + " " if way < 0.4 else "" if way < 0.6 else c + dice.choice(".,'`") if way < 0.8 else "~")
            at += 1
            continue
        out.append(text[at])
        at += 1
    return "".join(out)


def initials(person, with_middle=True):
    parts = [person.given] + ([person.middle] if with_middle and person.middle else []) + [person.surname]
    return "".join(part[0].upper() for part in parts)


def parts(dice, person, form):
    """Given and family name in a form that keeps them in two columns."""
    given, family = person.given, person.surname
    if form == "middle" and person.middle:
        return f"{given} {person.middle}", family
    if form == "upper":
        return given.upper(), family.upper()
    if form == "lower":
        return given.lower(), family.lower()
    if form == "initial":
        return given[0], family
    if form == "nickname":
        return person.nickname, family
    if form == "former_name":
        return given, person.former
    if form == "typo":
        return (given, typo(dice, family)) if dice.random() < 0.6 else (typo(dice, given), family)
    if form == "spelling":
        return spelling(dice, person)
    return given, family


def name(dice, person, form):
    """The person's name in a form, as one text."""
    given, family = person.given, person.surname
    if form == "reversed":
        return dice.choice([f"{family.upper()}, {given}", f"{family}, {given}", f"{family.upper()} {given}",
                            f"{family}, {given} ({person.title})"])
    if form == "initial":
        m = person.middle[:1]
        return dice.choice([f"{given[0]} {family}", f"{given[0]}. {family}", f"{family.upper()} {given[0]}",
                            f"{given[0]}{m} {family}" if m else f"{person.title} {given[0]} {family}",
                            f"{family}, {given[0]}."])
    if form == "initials":
        return initials(person, dice.random() < 0.5)
    if form == "surname":
        return f"{person.title} {family}"
    if form == "given":
        return person.nickname if person.nickname and dice.random() < 0.3 else given
    return " ".join(parts(dice, person, form))


def has(person, form):
    """Can this person be written in that form?"""
    return {"nickname": bool(person.nickname), "former_name": bool(person.former), "middle": bool(person.middle),
            "spelling": has_spelling(person)}.get(form, True)


def has_spelling(person):
    return (names.plain(person.full) != person.full or person.given in names.SPELLINGS or person.surname in names.SPELLINGS
            or "'" in person.surname or "-" in person.full or " " in person.surname)


def spelling(dice, person):
    """The two names without accents or signs, in another transliteration or script, or with half of a double one."""
    given, family = person.given, person.surname
    pairs = [(names.plain(given), names.plain(family))]
    others = {word: names.SPELLINGS.get(word, "").split() for word in (given, family)}
    pairs += [(other, family) for other in others[given]] + [(given, other) for other in others[family]]
    pairs += [(g, f) for g in others[given] for f in others[family] if ord(g[0]) > 880 and ord(f[0]) > 880]
    if "'" in family:
        pairs += [(given, family.replace("'", sign)) for sign in ("’", "", " ")]
    if "-" in family:
        pairs += [(given, family.replace("-", " ")), (given, family.split("-")[0]), (given, family.split("-")[-1])]
    elif " " in family:
        first = family.split()[0]
        pairs += [(given, family.replace(" ", "-")), (given, first if len(first) > 3 else family.replace(" ", "")),
                  (given, family.split()[-1])]
    if "-" in given:
        pairs += [(given.replace("-", " "), family), (given.replace("-", ""), family)]
    return dice.choice([pair for pair in pairs if pair != (given, family)] or pairs)


def plain_path(person):
    """`Smith Jane`, as a folder is named."""
    return names.plain(f"{person.surname} {person.given}").replace("'", "").replace("/", "-")
