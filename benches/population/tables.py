"""Customers, tenants, bookings, payments, jobs: what stands in rows."""

import datetime
import json

from . import noise, write
from .estate import CAREFUL, LOOSE

SWITCHBOARDS = ["0113 496 0999", "01632 960 998", "0114 496 0997"]
ROLE_MAIL = ["office@northfield-carers.example", "admissions@stoneclinic.example", "lettings@harcourt-agents.example"]


def day(dice, year=2024):
    return datetime.date(year, 1, 1) + datetime.timedelta(days=dice.randint(0, 364))


def chunks(rows, size):
    return [rows[at:at + size] for at in range(0, len(rows), size)]


def emit(estate, path_of, header, rows, size, delimiter=","):
    """Rows in files of `size`; each row comes with whom it is about: (person, signs, about)."""
    estate.dice.shuffle(rows)
    for number, part in enumerate(chunks(rows, size), 1):
        path = path_of(number)
        write.table(estate.at(path), header, [cells for cells, _ in part], delimiter)
        for at, (_, about) in enumerate(part, 2):
            for person, signs, relation in about:
                estate.due(path, at, person, signs, relation)


def partner(estate, person):
    for number, what in person.relations.items():
        if what == "partner":
            return estate.people[number]
    return None


def contacts(estate):
    """The customer list; some stand in it twice, with what was true once."""
    dice, rows = estate.dice, []
    for person in estate.people:
        for turn in range(2 if estate.chance(0.5 if person.is_busy else 0.1) else 1):
            if not person.is_busy and estate.chance(0.06):
                continue
            given, family, sign = estate.name_parts(person, CAREFUL if not turn else {**CAREFUL, "nickname": 15, "initial": 10})
            signs, cells = [sign], [person.title if estate.chance(0.7) else "", given, family]
            if not turn:
                cells.insert(0, person.customer)
                signs.append(("customer", person.customer, "verbatim"))
            else:
                cells.insert(0, f"MB{dice.randint(1000, 9999)}X")
            if estate.chance(0.72 if not turn else 0.4):
                text, sign = estate.born(person)
                if estate.chance(0.015):
                    text, sign = f"{person.born:%d/%m/}{person.born.year + dice.choice([-10, 1, 10])}", ("dob", "", "typo")
                cells.append(text)
                signs.append(sign)
            else:
                cells.append("")
            if estate.chance(0.7):
                text, sign = estate.email(person) if estate.chance(0.97) else (dice.choice(ROLE_MAIL), None)
                cells.append(text)
                signs += [sign] if sign else []
            else:
                cells.append("")
            if estate.chance(0.75):
                way = dice.random()
                text, sign = estate.phone(person)
                if way < 0.12:
                    text = noise.eaten(dice, person.mobile)
                    sign = ("phone", sign[1], "typo" if "E" in text else "reformatted")
                elif way < 0.15:
                    text, sign = dice.choice(SWITCHBOARDS), None
                cells.append(text)
                signs += [sign] if sign else []
            else:
                cells.append("")
            if person.landline and estate.chance(0.5):
                text, sign = estate.phone(person, person.landline)
                cells.append(text)
                signs.append(sign)
            else:
                cells.append("")
            line, town, code, where = estate.home(person, 0.15 if not turn else 0.6)
            cells += [line, town, code]
            signs += where
            about = [(person, signs, "relates")]
            other = partner(estate, person)
            if other and estate.chance(0.3):
                name, name_sign = estate.name(other, {"full": 60, "nickname": 30, "given": 10})
                text, sign = estate.phone(other)
                cells += [name, text]
                about.append((other, [name_sign, sign], "incidental"))
            else:
                cells += ["", ""]
            rows.append((cells + [f"{day(dice, 2022):%d/%m/%Y}"], about))
    emit(estate, lambda n: f"crm/contacts_{n:02}.csv",
         ["Customer ID", "Title", "First name", "Last name", "Date of birth", "Email", "Mobile", "Home phone", "Address",
          "Town", "Postcode", "Emergency contact", "Emergency phone", "Created"], rows, 1500)


def tenants(estate):
    """The housing system writes in another style, and couples in one cell."""
    dice, rows, done = estate.dice, [], set()
    for person in estate.people:
        if person.number in done or not (person.is_busy or estate.chance(0.4)):
            continue
        done.add(person.number)
        other = partner(estate, person)
        line, town, code, where = estate.home(person, 0.1)
        if other and estate.chance(0.35):
            done.add(other.number)
            names = [f"{one.title} {one.given[0]} {one.surname}".upper() for one in (person, other)]
            rows.append(([f"T{estate.next():05}", " & ".join(names), "", noise.solid(person.landline), "",
                          f"{line}, {town}", code, f"{dice.randint(320, 990)}.00"],
                         [(one, [("name", "", "initial")] + where + ([("phone", noise.solid(one.landline), "reformatted")] if one.landline else []),
                           "relates") for one in (person, other)]))
            continue
        name, sign = estate.name(person, {"reversed": 70, "initial": 20, "typo": 5, "spelling": 8, "former_name": 6})
        signs, cells = [sign] + where, []
        born, sign = estate.born(person) if estate.chance(0.6) else ("", None)
        signs += [sign] if sign else []
        tel, sign = estate.phone(person, machine=True) if estate.chance(0.5) else ("", None)
        signs += [sign] if sign else []
        mail, sign = estate.email(person, 0.4) if estate.chance(0.4) else ("", None)
        signs += [sign] if sign else []
        rows.append(([f"T{estate.next():05}", name, born, tel, mail, f"{line}, {town}", code, f"{dice.randint(320, 990)}.00"],
                     [(person, signs, "relates")]))
    emit(estate, lambda n: f"crm/tenancy_export_{n:02}.csv",
         ["REF", "TENANT", "D.O.B.", "TEL", "E-MAIL", "ADDRESS", "PCODE", "RENT"], rows, 1000, ";")


def bookings(estate):
    """A workbook with a sheet a quarter; numbers in it have lost their zero. Some visits pass a door."""
    dice, sheets, visits = estate.dice, {f"Q{n}": [] for n in (1, 2, 3, 4)}, []
    sports = ["Aqua fit", "Yoga", "Badminton court", "Gym induction", "Physio room", "Pilates", "Swim lane"]
    for person in estate.people:
        for _ in range(dice.randint(2, 4) if person.is_busy else 1 if estate.chance(0.45) else 0):
            when = datetime.datetime.combine(day(dice), datetime.time(dice.randint(7, 20), dice.choice([0, 15, 30, 45])))
            name, sign = estate.name(person, LOOSE)
            signs, tel, number, note = [sign], "", "", ""
            if estate.chance(0.4):
                text, sign = estate.phone(person)
                signs.append(sign)
                tel = text
                if estate.chance(0.35):
                    tel = int(noise.solid(person.mobile)[1:])
                    signs[-1] = ("phone", sign[1], "reformatted")
            if estate.chance(0.3):
                number = person.customer
                signs.append(("customer", number, "verbatim"))
            if estate.chance(0.12):
                text, sign = estate.born(person)
                note, signs = f"dob {text}", signs + [sign]
            sheets[f"Q{(when.month + 2) // 3}"].append((
                [f"BK{estate.next():06}", f"{when:%d/%m/%Y}", f"{when:%H:%M}", dice.choice(sports), name, tel, number, note],
                (person, signs)))
            if person.is_busy and estate.chance(0.25):
                visits.append((when, person))
    header = ["Booking ref", "Date", "Time", "Activity", "Member", "Tel", "Membership no.", "Notes"]
    path = "bookings/activities_2024.xlsx"
    for name, rows in sheets.items():
        rows.sort(key=lambda row: (row[0][1][6:], row[0][1][3:5], row[0][1][:2], row[0][2]))
        for at, (_, (person, signs)) in enumerate(rows, 2):
            estate.due(path, at, person, signs, sheet=name)
    write.xlsx(estate.at(path), {name: [header] + [cells for cells, _ in rows] for name, rows in sheets.items()})
    return visits


def payments(estate):
    dice, cards, bank = estate.dice, [], []
    for person in estate.people:
        for _ in range(2 if person.is_busy else 1 if estate.chance(0.5) else 0):
            mail, sign = estate.email(person, 0.6)
            name = dice.choice([f"{person.given} {person.surname}", f"{person.title} {person.given[0]} {person.surname}".upper(),
                                f"{person.given[0]} {person.surname}".upper()])
            shown = ("name", "", "full" if person.given in name else "initial")
            text = f"Membership {person.customer}" if estate.chance(0.4) else dice.choice(["Class pass", "Court hire", "Day ticket"])
            signs = [shown, sign] + ([("customer", person.customer, "verbatim")] if person.customer in text else [])
            if estate.chance(0.25):
                mail, signs = "", [one for one in signs if one[0] != "email"]
            cards.append(([f"py_{estate.next():07}", f"{day(dice):%Y-%m-%d} {dice.randint(8, 21):02}:{dice.randint(0, 59):02}", f"{dice.randint(5, 60)}.00", "gbp", mail, name,
                           f"{dice.randint(0, 9999):04}", text], [(person, signs, "relates")]))
        if person.is_busy or estate.chance(0.25):
            way, short = dice.random(), f"{person.surname.upper()} {person.given[0]}"
            if way < 0.35:
                text, signs = f"FPI {short} {person.customer}", [("name", "", "initial"), ("customer", person.customer, "verbatim")]
            elif way < 0.6:
                text, signs = f"STO {short} RENT {person.home[0].upper()}", [("name", "", "initial"), ("address", person.home[0], "reformatted")]
            elif way < 0.8:
                text, signs = f"BGC {short}", [("name", "", "initial")]
            else:
                text, signs = f"DD {person.customer}", [("customer", person.customer, "verbatim")]
            bank.append(([f"{day(dice):%d/%m/%Y}", text.split()[0], text, f"{dice.randint(5, 900)}.00"], [(person, signs, "relates")]))
    emit(estate, lambda n: f"payments/card_payments_{n:02}.csv",
         ["id", "created", "amount", "currency", "customer_email", "card_name", "card_last4", "description"], cards, 2000)
    emit(estate, lambda n: f"payments/bank_statement_{n:02}.csv", ["Date", "Type", "Description", "Amount"], bank, 2000)


def jobs(estate):
    """Repairs and rent: a customer number and nothing else."""
    dice, rows = estate.dice, []
    work = ["boiler no hot water", "leak under sink", "front door sticking", "extractor fan noisy", "radiator cold", "gutter blocked"]
    for person in estate.people:
        for _ in range(2 if person.is_busy else 1 if estate.chance(0.3) else 0):
            rows.append(([f"J{estate.next():06}", person.customer, dice.choice(["P1", "P2", "P3"]), dice.choice(work), f"{day(dice):%Y-%m-%d}"],
                         [(person, [("customer", person.customer, "verbatim")], "relates")]))
    emit(estate, lambda n: f"crm/repair_jobs_{n:02}.csv", ["Job", "Customer ID", "Priority", "Fault", "Raised"], rows, 2000)


def accounts(estate):
    """The app's users, what they wrote in its forum, and a survey."""
    dice, posts, surveys, lines, events = estate.dice, [], [], [], []
    said = ["Is the pool open on bank holidays?", "Parking was full again", "Thanks for fixing the lights", "Showers cold this morning",
            "Any news on the new timetable?", "Lost a blue water bottle", "Loved the new instructor"]
    for person in estate.people:
        if not (person.is_busy or estate.chance(0.3)):
            continue
        user = {"username": person.username, "joined": f"{day(dice, 2023):%Y-%m-%d}", "ip": person.ip}
        signs = [("username", person.username, "verbatim"), ("ip", person.ip, "verbatim")]
        if estate.chance(0.55):
            user["email"], sign = estate.email(person)
            signs.append(sign)
        if estate.chance(0.5):
            user["display_name"], form = (f"{person.given} {person.surname[0]}.", "given") if estate.chance(0.6) else (person.full, "full")
            signs.append(("name", "", form))
        lines.append((user, person, signs))
        for _ in range(2 if person.is_busy else 1 if estate.chance(0.2) else 0):
            posts.append(([estate.next(), person.username, f"{day(dice):%Y-%m-%d}", dice.choice(said)],
                          [(person, [("username", person.username, "verbatim")], "relates")]))
        if estate.chance(0.4):
            surveys.append(([f"{day(dice):%d/%m/%Y}", person.ip, person.given, dice.randint(1, 10), dice.choice(said)],
                            [(person, [("ip", person.ip, "verbatim"), ("name", "", "given")], "relates")]))
        for _ in range(2 if person.is_busy else 1):
            mail, sign = estate.email(person)
            events.append(({"ts": f"{day(dice)}T{dice.randint(6, 22):02}:{dice.randint(0, 59):02}:00Z", "email": mail,
                            "event": dice.choice(["delivered", "open", "click", "unsubscribe"]), "campaign": "spring-2024"}, person, [sign]))
    json_lines(estate, "exports/app_users.jsonl", lines)
    json_lines(estate, "exports/newsletter_events.jsonl", events)
    emit(estate, lambda n: f"exports/forum_posts_{n:02}.csv", ["post", "username", "posted", "text"], posts, 2000)
    emit(estate, lambda n: f"exports/survey_{n:02}.csv", ["Submitted", "IP address", "First name", "Score", "Comment"], surveys, 2000)


def json_lines(estate, path, lines):
    estate.dice.shuffle(lines)
    write.text(estate.at(path), "".join(json.dumps(line, ensure_ascii=False) + "\n" for line, _, _ in lines))
    for at, (_, person, signs) in enumerate(lines, 1):
        estate.due(path, at, person, signs)
