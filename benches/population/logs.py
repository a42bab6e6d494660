"""Calls, recordings, doors and the web: what has a number or a time and no name."""

import datetime

from . import noise, write
from .estate import SPOKEN
from .tables import day, emit


def moment(estate, first=8, last=19):
    return datetime.datetime.combine(day(estate.dice), datetime.time(estate.dice.randint(first, last), estate.dice.randint(0, 59), estate.dice.randint(0, 59)))


def calls(estate):
    """The switchboard's list, recordings of some calls, and what agents noted."""
    dice, rows, noted = estate.dice, [], []
    for person in estate.people:
        for _ in range(dice.randint(2, 4) if person.is_busy else 1 if estate.chance(0.4) else 0):
            when, extension = moment(estate), str(dice.randint(3200, 3224))
            usual = person.landline if person.landline and estate.chance(0.2) else person.mobile
            text, sign = estate.phone(person, usual, machine=True)
            sign = ("phone", sign[1], "reformatted")
            stamp = f"{1704067200 + estate.next()}.{dice.randint(1, 99)}"
            pair = [text, extension] if estate.chance(0.7) else [extension, text]
            recording = ""
            if person.is_busy and estate.chance(0.35):
                recording = f"out-{extension}-{noise.solid(usual)}-{when:%Y%m%d-%H%M%S}-{stamp}.wav"
                path = f"phones/recordings/{when:%m}/{recording}"
                number = estate.next()
                write.wav(estate.at(path), number)
                estate.due(path, 0, person, [sign])
            rows.append(([f"{when:%Y-%m-%d %H:%M:%S}", *pair, dice.randint(5, 900), "ANSWERED", stamp, recording], [(person, [sign], "relates")]))
            if person.is_busy and estate.chance(0.5):
                # Written down a minute later, by the agent whose extension it was.
                name, name_sign = estate.name(person, SPOKEN)
                agent = estate.population.staff[int(extension) % len(estate.population.staff)]
                text = dice.choice(["wants a call back about the repair", "asked for opening times", "chasing refund", "reported a leak", "cancelled Thursday"])
                later = when + datetime.timedelta(minutes=dice.randint(0, 3))
                noted.append(([f"{later:%d/%m/%Y}", f"{later:%H:%M}", agent.full, name, text], [(person, [name_sign], "relates")]))
    for _ in range(len(estate.people) // 5):
        when = moment(estate)
        rows.append(([f"{when:%Y-%m-%d %H:%M:%S}", "01134960999", "3201", dice.randint(5, 300), "ANSWERED", f"{1704067200 + estate.next()}.1", ""], []))
    emit(estate, lambda n: f"phones/calls_2024_{n:02}.csv", ["calldate", "src", "dst", "billsec", "disposition", "uniqueid", "recordingfile"], rows, 2000)
    emit(estate, lambda n: f"phones/call_notes_{n:02}.csv", ["Date", "Time", "Agent", "Caller", "Note"], noted, 1000)


def doors(estate, visits):
    """A visitor's badge is issued within minutes of a booking: a time and a door."""
    dice, rows = estate.dice, []
    for when, person in visits:
        at = when + datetime.timedelta(seconds=dice.randint(-600, 240))
        rows.append((at, "visitor badge issued", person))
    for _ in range(len(estate.people)):
        rows.append((moment(estate, 6, 21), dice.choice(["staff badge", "door held", "door closed", "exit button"]), None))
    rows.sort(key=lambda row: row[0])
    path = "doors/events_2024.csv"
    write.table(estate.at(path), ["Time", "Door", "Event", "Badge"],
                [[f"{at:%d/%m/%Y %H:%M:%S}", dice.choice(["Main entrance", "Pool side"]), event, f"V{dice.randint(100, 199)}" if person else f"S{dice.randint(10, 40)}"]
                 for at, event, person in rows])
    for number, (_, _, person) in enumerate(rows, 2):
        if person:
            estate.due(path, number, person, [], via="time_window")


AGENTS = ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/121.0", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) Safari/604.1",
          "Mozilla/5.0 (Linux; Android 13) Chrome/120.0"]


def web(estate):
    """Visits: one line says who, and the lines around it come from the same address."""
    dice, lines = estate.dice, []
    def line(at, ip, request, person=None, signs=(), via="", agent=0):
        lines.append((at, f'{ip} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "{request} HTTP/1.1" 200 {dice.randint(300, 9000)} "-" "{AGENTS[agent]}"', person, signs, via))
    pages = ["/timetable", "/pool", "/repairs/new", "/rent", "/news/42", "/contact", "/classes/yoga"]
    for person in estate.people:
        for _ in range(dice.randint(1, 2) if person.is_busy else 1 if estate.chance(0.15) else 0):
            at, agent = moment(estate, 6, 22), dice.randint(0, 2)
            # Some sit in the library, behind an address that many share.
            ip = person.ip if estate.chance(0.85) else "192.0.2.77"
            ip_sign = ("ip", ip, "verbatim")
            before = dice.randint(0, 2)
            for turn in range(before + 1 + dice.randint(1, 3)):
                if turn == before:
                    way = dice.random()
                    if way < 0.5:
                        line(at, ip, f"POST /login?user={person.username}", person, [("username", person.username, "verbatim"), ip_sign], "", agent)
                    else:
                        mail = person.emails[0]
                        line(at, ip, f"GET /account?email={mail.replace('@', '%40')}", person, [("email", mail, "reformatted"), ip_sign], "", agent)
                else:
                    line(at, ip, f"GET {dice.choice(pages)}", person, [], "ip_window", agent)
                at += datetime.timedelta(seconds=dice.randint(5, 300))
        if estate.chance(0.08):
            # The address has gone to somebody else, months away, who does not say who they are.
            line(moment(estate, 0, 23), person.ip, f"GET {dice.choice(pages)}")
    for _ in range(len(estate.people)):
        line(moment(estate, 0, 23), f"198.18.{dice.randint(0, 255)}.{dice.randint(1, 254)}", f"GET {dice.choice(pages)}")
    lines.sort(key=lambda entry: entry[0])
    for number, start in enumerate(range(0, len(lines), 4000), 1):
        part, path = lines[start:start + 4000], f"web/access_{number:02}.log"
        write.text(estate.at(path), "\n".join(entry[1] for entry in part) + "\n")
        for at, (_, _, person, signs, via) in enumerate(part, 1):
            if person:
                estate.due(path, at, person, signs, via=via)
