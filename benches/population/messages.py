"""Mail and chats: what is said to, by and about people, and what is said without naming them."""

import datetime
from email.utils import format_datetime

from . import names, noise, write
from .estate import LOOSE, SPOKEN
from .tables import day

SUBJECTS = ["Boiler still not working", "Rent statement", "Class booking", "Noise from next door", "Parking permit", "Complaint about the pool",
            "Refund please", "Change of address", "Damp in the bedroom", "Key fob"]
ASKED = ["The heating has been off since Sunday and I have a baby in the house.", "I was charged twice for the same class.",
         "Could somebody tell me when the permit will come?", "The people upstairs play music until three every night.",
         "I slipped by the pool and nobody wrote it down.", "There is black mould behind the wardrobe again.",
         "Please cancel my membership from next month.", "I asked for this in March and have heard nothing."]
ANSWERED = ["Thank you for getting in touch. I have passed this to the team.", "I am sorry to hear that. We will be round on Thursday between 9 and 12.",
            "I have refunded the amount and it should be with you in five days.", "We need a copy of the agreement before we can go on."]
INSIDE = ["Can you pick this one up please? Looks urgent to me.", "See below, third time this month. Who is on duty?",
          "Not sure what to tell them, any thoughts?", "Please log it and close the ticket when done."]
DONE = ["Done, contractor is booked for Tuesday.", "Rang, no answer, left a message.", "Closed. No further action.", "On it, will report back on Friday."]


class Post:
    """Mailboxes that fill up; each message is told when it is written where it will lie."""

    def __init__(self, estate):
        self.estate, self.boxes = estate, {}

    def put(self, box, when, heads, body, about):
        self.boxes.setdefault(box, []).append((when, heads, body, about))

    def close(self):
        for box, messages in self.boxes.items():
            messages.sort(key=lambda message: (message[0], message[1][0]))
            made = []
            for number, (when, heads, body, about) in enumerate(messages, 1):
                made.append((f"{when:%a %b %d %H:%M:%S %Y}", write.message(heads, body)))
                for person, signs, relation, via in about:
                    self.estate.due(f"mail/{box}.mbox ▸ {number}", 0, person, signs, relation, via)
            write.mbox(self.estate.at(f"mail/{box}.mbox"), made)


def signature(staff):
    return (f"\n\nKind regards\n{staff.full}\nResident Services\nMarlbeck Homes & Leisure\n0113 496 0990 | info@marlbeck.example")


def address(staff):
    return f"{names.fold(staff.given).replace(' ', '')}.{names.fold(staff.surname).replace(' ', '').replace(chr(39), '')}@marlbeck.example"


def heads(estate, when, sender, to, subject, reply=None, chain=(), cc=None):
    message = f"<{estate.next()}.{when:%Y%m%d%H%M}@marlbeck.example>"
    made = [("Message-ID", message), ("Date", format_datetime(when.replace(tzinfo=datetime.timezone.utc))),
            ("From", sender), ("To", to), ("Subject", subject)]
    if cc:
        made.append(("Cc", cc))
    if reply:
        made += [("In-Reply-To", reply), ("References", " ".join(chain))]
    return message, made


def quoted(when, who, text):
    return f"\n\nOn {when:%d %B %Y at %H:%M}, {who} wrote:\n" + "\n".join("> " + line for line in text.split("\n"))


def thread(estate, post, person):
    dice, staff = estate.dice, estate.population.staff
    box = dice.choice(["repairs", "info", "leisure", "accounts"])
    agent, colleague = dice.sample(staff, 2)
    when = datetime.datetime.combine(day(dice), datetime.time(dice.randint(7, 19), dice.randint(0, 59)))
    subject, role = dice.choice(SUBJECTS), f"Marlbeck <{box}@marlbeck.example>"
    mail, mail_sign = estate.email(person, 0.6)
    way = dice.random()
    if way < 0.7:
        shown, sign = estate.name(person, {"full": 60, "nickname": 15, "spelling": 10, "lower": 5, "former_name": 5, "reversed": 5})
        sender, signs = f"{write.word(shown)} <{mail}>", [sign, mail_sign]
    else:
        sender, signs = mail, [mail_sign]
    close, close_sign = estate.name(person, {"full": 40, "given": 35, "nickname": 15, "initials": 5, "initial": 5})
    signs.append(close_sign)
    body = f"Hello\n\n{dice.choice(ASKED)}"
    if estate.chance(0.3):
        line, town, code, where = estate.home(person)
        body += f"\nMy address is {line}, {town}, {code}."
        signs += where
    if estate.chance(0.25):
        text, one = estate.phone(person)
        body += f"\nYou can reach me on {text}."
        signs.append(one)
    body += f"\n\nThanks\n{close}"
    first, made = heads(estate, when, sender, role, subject)
    post.put(box, when, made, body, [(person, signs, "relates", "")])

    # An answer that greets them; some quote what was asked.
    later = when + datetime.timedelta(hours=dice.randint(1, 50))
    hello, hello_sign = estate.name(person, {"surname": 55, "given": 35, "full": 10})
    answer = f"Dear {hello}\n\n{dice.choice(ANSWERED)}{signature(agent)}"
    about = [hello_sign, mail_sign]
    if estate.chance(0.5):
        answer += quoted(when, sender.replace('"', ""), body)
        about += signs
    second, made = heads(estate, later, f"{write.word(agent.full)} <{address(agent)}>", sender, "RE: " + subject, first, [first])
    post.put(box, later, made, answer, [(person, about, "relates", "")])

    # Then it is talked about inside, and neither message names anybody.
    if estate.chance(0.6):
        inside = later + datetime.timedelta(hours=dice.randint(1, 20))
        third, made = heads(estate, inside, f"{write.word(agent.full)} <{address(agent)}>", f"{write.word(colleague.full)} <{address(colleague)}>",
                            "FW: " + subject, second, [first, second])
        post.put(box, inside, made, dice.choice(INSIDE) + signature(agent), [(person, [], "relates", "thread")])
        if estate.chance(0.6):
            last = inside + datetime.timedelta(hours=dice.randint(1, 20))
            _, made = heads(estate, last, f"{write.word(colleague.full)} <{address(colleague)}>", f"{write.word(agent.full)} <{address(agent)}>",
                            "RE: FW: " + subject, third, [first, second, third])
            post.put(box, last, made, dice.choice(DONE) + signature(colleague), [(person, [], "relates", "thread")])


def about_them(estate, post, person):
    """Staff write to each other about somebody, in few words."""
    dice = estate.dice
    agent, colleague = dice.sample(estate.population.staff, 2)
    when = datetime.datetime.combine(day(dice), datetime.time(dice.randint(8, 17), dice.randint(0, 59)))
    name, sign = estate.name(person, {**SPOKEN, "full": 25})
    signs, extra = [sign], ""
    if sign[2] in ("given", "initials") or estate.chance(0.3):
        line, _, _, where = estate.home(person)
        extra, signs = f" at {line}", signs + where[:1]
    text = dice.choice([f"{name}{extra} rang again about the damp, can you call back?", f"Has anyone spoken to {name}{extra}? The file is empty.",
                        f"I visited {name}{extra} this morning. All fine, but the neighbour was shouting.",
                        f"{name}{extra} owes two months and says the payment was made."])
    _, made = heads(estate, when, f"{write.word(agent.full)} <{address(agent)}>", f"{write.word(colleague.full)} <{address(colleague)}>",
                    dice.choice(["Quick one", "Callback", "FYI", "Visit", "Arrears"]))
    post.put("staff_" + names.fold(agent.surname).replace(" ", "_").replace("'", ""), when, made, text + signature(agent),
             [(person, signs, "relates", "")])


def circular(estate, post, people):
    """One letter to many: they are copied in."""
    dice = estate.dice
    agent = dice.choice(estate.population.staff)
    when = datetime.datetime.combine(day(dice), datetime.time(10, 0))
    to, about = [], []
    for person in people:
        to.append(f"{write.word(person.full)} <{person.emails[0]}>")
        about.append((person, [("name", "", "full"), ("email", person.emails[0], "verbatim")], "incidental", ""))
    _, made = heads(estate, when, f"{write.word(agent.full)} <{address(agent)}>", "residents@marlbeck.example", "Residents' barbecue",
                    cc=",\n ".join(to))
    post.put("info", when, made, "Dear all\n\nThe barbecue is on the green at noon. Bring a chair." + signature(agent), about)


def mail(estate):
    post = Post(estate)
    for person in estate.people:
        for _ in range(estate.dice.randint(1, 3) if person.is_busy else 1 if estate.chance(0.2) else 0):
            thread(estate, post, person)
        if person.is_busy or estate.chance(0.12):
            about_them(estate, post, person)
    for _ in range(max(3, len(estate.people) // 200)):
        circular(estate, post, estate.dice.sample(estate.people, 14))
    post.close()


def chats(estate):
    """A chat with one person, saved by a member of staff, and the team's own."""
    dice = estate.dice
    for person in estate.people:
        if not ((person.is_busy and estate.chance(0.45)) or estate.chance(0.02)):
            continue
        contact, sign = estate.name(person, {"full": 45, "given": 15, "nickname": 20, "initial": 5})
        if estate.chance(0.25):
            contact = "+44 " + person.mobile[1:]
            sign = ("phone", noise.solid(person.mobile), "reformatted")
        agent = dice.choice(estate.population.staff)
        path = f"chat/WhatsApp Chat with {contact.replace('/', '-')} {estate.next()}.txt"
        when = datetime.datetime.combine(day(dice), datetime.time(dice.randint(8, 19), dice.randint(0, 40)))
        lines = []
        for turn in range(dice.randint(4, 9)):
            is_theirs = turn == 0 or estate.chance(0.5)
            text = dice.choice(["Hi is anyone about?", "Still no hot water", "ok thanks", "what time tomorrow?", "I will be in until 4"] if is_theirs else
                               ["Hi, yes how can I help?", "Leave it with me", "Engineer is on the way", "Can you send a photo?", "All booked in"])
            lines.append(f"{when:%d/%m/%Y, %H:%M} - {contact if is_theirs else agent.full}: {text}")
            when += datetime.timedelta(minutes=dice.randint(1, 30))
            estate.due(path, len(lines), person, [sign] if is_theirs else [], via="" if is_theirs else "thread")
        write.text(estate.at(path), "\n".join(lines) + "\n")
    busy = [person for person in estate.people if person.is_busy]
    for team in ("Site Team", "Reception", "Repairs crew"):
        path, lines = f"chat/WhatsApp Chat with {team}.txt", []
        when = datetime.datetime(2024, 1, 8, 8, 0)
        for person in dice.sample(busy, max(1, len(busy) * 2 // 3)) + dice.sample(estate.people, min(60, len(estate.people))):
            agent = dice.choice(estate.population.staff)
            name, sign = estate.name(person, {**SPOKEN, "lower": 10})
            where, signs = "", [sign]
            if sign[2] in ("given", "initials") or estate.chance(0.35):
                line = person.home[0].split(", ")[-1]
                where = f" at {line.lower()}"
                signs.append(("address", person.home[0], "reformatted"))
            text = dice.choice([f"{name}{where} is in reception, anyone free?", f"no answer from {name}{where}, trying again pm",
                                f"can someone ring {name}{where} back", f"{name}{where} says the fob stopped working"])
            lines.append(f"{when:%d/%m/%Y, %H:%M} - {agent.full}: {text}")
            estate.due(path, len(lines), person, signs)
            if estate.chance(0.4):
                when += datetime.timedelta(minutes=2)
                lines.append(f"{when:%d/%m/%Y, %H:%M} - {dice.choice(estate.population.staff).full}: {dice.choice(['will do', 'on it', '👍', 'two minutes'])}")
            when += datetime.timedelta(minutes=dice.randint(20, 900))
        write.text(estate.at(path), "\n".join(lines) + "\n")
