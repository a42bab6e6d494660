"""Letters, forms, scans, notes, minutes: what is written in sentences."""

import shutil

from . import names, noise, write
from .estate import LOOSE, SPOKEN
from .tables import day

LETTERS = ["Your rent account is in arrears by £{n}. Please ring us within seven days.", "We wrote to you on {d} about the state of the shared hall.",
           "Thank you for your application. Your membership starts on {d}.", "We have looked into your complaint and do not uphold it.",
           "An engineer will call on {d} to inspect the boiler. Please be at home."]
VISITS = ["Front room cold, meter shows 14 degrees. Advised on grants.", "Did not answer the door. Left a card.", "Upset about the neighbour. Wants to move.",
          "Repairs done to a good standard. Signed off.", "Asked about a ramp. Referred to occupational therapy."]


def letter(estate, person):
    """A letter's lines, and what in them is the person's."""
    dice = estate.dice
    name, sign = estate.name(person, {"full": 50, "middle": 12, "initial": 22, "spelling": 8, "former_name": 8, "typo": 4})
    if sign[2] != "initial":
        name = f"{person.title} {name}"
    line, town, code, where = estate.home(person, 0.2)
    hello, hello_sign = estate.name(person, {"surname": 80, "given": 20})
    lines = [name, line, town, code, "", f"{day(dice):%d %B %Y}", ""]
    signs = [sign, hello_sign] + where
    if estate.chance(0.4):
        lines.append(f"Our ref: {person.customer}")
        signs.append(("customer", person.customer, "verbatim"))
    lines += [f"Dear {hello}", "", dice.choice(LETTERS).format(n=dice.randint(80, 900), d=f"{day(dice):%d %B}"), ""]
    if estate.chance(0.2):
        lines += [f"We hold your telephone number as {person.mobile}."]
        signs.append(("phone", noise.solid(person.mobile), "verbatim"))
    agent = dice.choice(estate.population.staff)
    return lines + ["Yours sincerely", "", agent.full, "Marlbeck Homes & Leisure, 1 Foundry Yard, Marlbeck", "0113 496 0990"], signs


def form(estate, person):
    """A form that was filled in by hand."""
    line, town, code, where = estate.home(person)
    name, sign = estate.name(person, {"full": 60, "middle": 20, "reversed": 20})
    born, born_sign = estate.born(person)
    lines = ["APPLICATION FOR MEMBERSHIP", "", f"Name: {name}", f"Date of birth: {born}", f"Address: {line}, {town}", f"Postcode: {code}"]
    signs = [sign, born_sign] + where
    if estate.chance(0.6):
        text, one = estate.phone(person)
        lines.append(f"Telephone: {text}")
        signs.append(one)
    if estate.chance(0.4):
        lines.append(f"E-mail: {person.emails[0]}")
        signs.append(("email", person.emails[0], "verbatim"))
    if estate.chance(0.3):
        lines.append(f"NHS number: {person.nhs[:3]} {person.nhs[3:6]} {person.nhs[6:]}")
        signs.append(("nhs", person.nhs, "verbatim"))
    return lines + ["", "I agree to the terms.", "Signed", f"Received by reception {day(estate.dice):%d/%m/%Y}"], signs


def letters(estate):
    dice = estate.dice
    for person in estate.people:
        for _ in range(dice.randint(1, 2) if person.is_busy else 1 if estate.chance(0.12) else 0):
            lines, signs = letter(estate, person)
            number = estate.next()
            ending = "docx" if estate.chance(0.3) else "txt"
            path = f"files/letters/{number % 12 + 1:02}/letter_{number:05}.{ending}"
            if ending == "docx":
                write.docx(estate.at(path), lines)
            else:
                write.text(estate.at(path), "\n".join(lines) + "\n")
            estate.due(path, 0, person, signs)
            if estate.chance(0.08):
                copy = f"files/backup/letter_{number:05}.{ending}"
                shutil.copyfile(estate.at(path), estate.at(copy))
                estate.due(copy, 0, person, signs)
        for _ in range(2 if person.is_busy else 1 if estate.chance(0.1) else 0):
            lines, signs = (letter if estate.chance(0.6) else form)(estate, person)
            path = f"scans/scan_{estate.next():06}.txt"
            rate = dice.uniform(0.02, 0.08)
            write.text(estate.at(path), noise.ocr(dice, "\n".join(lines) + "\n", rate))
            estate.due(path, 0, person, signs, is_ocr=True)


def notes(estate):
    """A note of a visit or a call; some say whose it is in the name of the file alone."""
    dice = estate.dice
    for person in estate.people:
        if not (person.is_busy or estate.chance(0.06)):
            continue
        for _ in range(2 if person.is_busy else 1):
            number = estate.next()
            if estate.chance(0.2):
                path = f"files/cases/{noise.plain_path(person)} {number}/visit note.txt"
                write.text(estate.at(path), f"Visit {day(dice):%d/%m/%Y}\n\n{dice.choice(VISITS)}\n\n{dice.choice(estate.population.staff).full}\n")
                estate.due(path, 0, person, [], via="file_name")
                continue
            name, sign = estate.name(person, {**SPOKEN, "full": 20, "reversed": 8, "typo": 6})
            signs, where = [sign], ""
            if sign[2] in ("initials", "given") or estate.chance(0.3):
                line, _, code, found = estate.home(person)
                where, signs = f" ({line}, {code})", signs + found
            body = f"Visit {day(dice):%d/%m/%Y}: {name}{where}\n\n{dice.choice(VISITS)}"
            about = [(person, signs, "relates")]
            other = dice.choice(estate.people)
            if estate.chance(0.2):
                text, one = estate.name(other, {"full": 50, "surname": 50})
                body += f" Neighbour {text} was also there."
                about.append((other, [one], "relates"))
            path = f"files/notes/{number % 10}/note_{number:05}.txt"
            write.text(estate.at(path), body + f"\n\n{dice.choice(estate.population.staff).full}\n")
            for who, found, relation in about:
                estate.due(path, 0, who, found, relation)


def minutes(estate):
    dice, staff = estate.dice, estate.population.staff
    busy = [person for person in estate.people if person.is_busy]
    dice.shuffle(busy)
    for number in range(max(4, len(busy) // 5)):
        here = busy[number * 5:number * 5 + 5] + dice.sample(estate.people, 3)
        lines = [f"Minutes of the housing panel, {day(dice):%d %B %Y}", "", "Present: " + ", ".join(one.full for one in dice.sample(staff, 4)), ""]
        path = f"files/minutes/panel_{number + 1:03}.docx"
        for item, person in enumerate(dict((one.number, one) for one in here).values(), 1):
            name, sign = estate.name(person, SPOKEN)
            lines.append(f"{item}. {name}: " + dice.choice(["transfer agreed.", "arrears plan to be reviewed.", "complaint noted, reply due Friday.", "no decision, file incomplete."]))
            estate.due(path, 0, person, [sign])
        write.docx(estate.at(path), lines)
    # A forum to which many came: they are listed.
    for number in range(3):
        present = dice.sample(estate.people, 15) + dice.sample(busy, min(5, len(busy)))
        path = f"files/minutes/forum_{number + 1}.txt"
        write.text(estate.at(path), "Residents' forum\n\nPresent:\n" + "\n".join(one.full for one in present) + "\n\n1. The lift was discussed.\n")
        for person in dict((one.number, one) for one in present).values():
            estate.due(path, 0, person, [("name", "", "full")], "incidental")


def voicemails(estate):
    """What a machine made of what was said: no capitals, and digits in words."""
    dice = estate.dice
    for person in estate.people:
        if not ((person.is_busy and estate.chance(0.6)) or estate.chance(0.02)):
            continue
        name, sign = estate.name(person, {"full": 45, "nickname": 20, "surname": 15, "given": 20})
        number = noise.spoken(dice, person.mobile)
        text = dice.choice([
            f"hi it's {name} calling about the appointment can you ring me back on {number} thanks bye",
            f"hello my name is {name} um i live at {person.home[0]} the heating is off again my number is {number}",
            f"yeah this is {name} i had a missed call from you it's {number} cheers"])
        signs = [sign, ("phone", noise.solid(person.mobile), "spoken")]
        if person.home[0] in text:
            signs.append(("address", person.home[0], "verbatim"))
        path = f"phones/voicemail/vm_{estate.next():05}.txt"
        write.text(estate.at(path), (text.lower() if estate.chance(0.6) else text) + "\n")
        estate.due(path, 0, person, signs)


def bystanders(estate):
    """What is about nobody: policies, suppliers, newsletters, the staff's directory."""
    staff = estate.population.staff
    write.table(estate.at("files/staff/directory.csv"), ["Name", "Role", "Extension", "E-mail"],
                [[one.full, "Officer", 3200 + at, f"{names.fold(one.given)}.{names.fold(one.surname)}@marlbeck.example".replace(" ", "")]
                 for at, one in enumerate(staff)])
    for at, one in enumerate(staff, 2):
        estate.due("files/staff/directory.csv", at, one, [("name", "", "full")])
    for number in range(len(estate.people) // 20):
        words = estate.dice.sample(["Will", "May", "Page", "Bank", "Field", "Church Lane", "Rose Court", "Young people", "Long stay", "White goods",
                                    "Green bins", "Day rate", "Hall hire", "King Street", "Mark", "Grace period", "Price list", "Marsh Farm"], 6)
        write.text(estate.at(f"files/policies/policy_{number:03}.txt"),
                   f"Policy {number}\n\n{words[0]} residents note that {words[1].lower()} apply from 1 May. See {words[2]} 4 and {words[3]}.\n"
                   f"{words[4]} and {words[5]} are charged at the {words[0].lower()} rate. Ring 0113 496 0990.\n")
