"""What does each requester state, and by what can each of their findings be known?"""

import json
import random

# Each class with what it means, the easiest first.
CLASSES = {
    "verbatim": "a stated identifier as stated", "reformatted": "a stated identifier in another layout",
    "name_plus": "full name with stated birth date, postcode or address", "name_only": "full name alone",
    "reversed": "SURNAME, Given", "former_name": "given name and former surname",
    "spelling": "without accents, transliterated, or half of a double name", "typo": "a slip in name or number",
    "nickname": "nickname and surname", "initial": "initial and surname", "initials": "initials alone",
    "surname_only": "title and surname", "given_only": "given name or nickname alone", "ocr": "a poor scan",
    "spoken": "number in spoken digits", "username": "user name made from the name", "reference_only": "customer number that was not stated",
    "unstated_id": "address of mail, number or IP that was not stated", "address_only": "address or birth date alone",
    "thread": "in a conversation, without a name", "ip_window": "page view beside a login", "time_window": "a door beside a booking",
    "file_name": "named in the path alone", "unreachable": "nothing ties it to the requester (not counted in recall)",
}
UNIQUE = {"email", "phone", "customer", "nhs", "username", "ip"}


def solid(phone):
    return phone.replace(" ", "")


def state(population, seed):
    """For each requester: the request as JSON, and what is stated by kind."""
    dice = random.Random(f"requests {seed}")
    made = []
    for number, person in enumerate(population.requesters, 1):
        request, stated = {"id": f"POP-{number:04}", "received": "2025-03-03"}, {}
        middle = f" {person.middle}" if person.middle and dice.random() < 0.3 else ""
        request["name"] = f"{person.given}{middle} {person.surname}"
        is_bare = dice.random() < 0.05
        if not is_bare:
            if dice.random() < 0.8:
                request["email"] = person.emails[0]
                stated["email"] = {person.emails[0]}
            if dice.random() < 0.65 or "email" not in request:
                request["phone"] = person.mobile
                stated["phone"] = {solid(person.mobile)}
            if dice.random() < 0.6:
                request["born"] = person.born.isoformat()
                stated["dob"] = {person.born.isoformat()}
            if dice.random() < 0.65:
                line, town, postcode = person.home
                request["address"] = f"{line}, {town}, {postcode}"
                stated["address"], stated["postcode"] = {line}, {postcode}
            if person.former and dice.random() < 0.5:
                request["former_names"] = [f"{person.given} {person.former}"]
            if person.nickname and dice.random() < 0.35:
                request["known_as"] = [person.nickname]
            if dice.random() < 0.15:
                request["reference"] = person.customer
                stated["customer"] = {person.customer}
        made.append({"person": person, "request": request, "stated": stated})
    return made


def save(made, path):
    with open(path, "w", encoding="utf-8") as file:
        for one in made:
            file.write(json.dumps(one["request"], ensure_ascii=False) + "\n")


def reachable(stated, findings):
    """Every identifier that a chain of the person's own records ties to what is stated."""
    known = {(kind, value) for kind, values in stated.items() for value in values if kind in UNIQUE}
    grew = True
    while grew:
        grew = False
        for gold in findings:
            ids = {(kind, value) for kind, value, form in gold.signs if kind in UNIQUE and form != "typo"}
            is_named = any(kind == "name" and form in ("full", "reversed", "former_name", "nickname", "spelling", "typo")
                           for kind, _, form in gold.signs)
            if (ids & known or is_named) and not ids <= known:
                known |= ids
                grew = True
    return known


NAME_ORDER = ["full", "reversed", "former_name", "spelling", "nickname", "initial", "typo", "surname", "initials", "given"]
NAME_CLASS = {"surname": "surname_only", "given": "given_only"}


def classify(gold, stated, known):
    """(class, support): support is what stands beside it: id, home or birth, linked, or alone."""
    own = [form for kind, value, form in gold.signs if kind in UNIQUE and value in stated.get(kind, ())]
    linked = any((kind, value) in known for kind, value, form in gold.signs if kind in UNIQUE and form != "typo")
    weak = any(value in stated.get(kind, ()) for kind, value, _ in gold.signs if kind in ("dob", "postcode", "address"))
    support = "id" if own else "home/born" if weak else "linked" if linked else "alone"
    if gold.is_ocr:
        return "ocr", support
    if gold.via:
        return gold.via, support
    for form in ("verbatim", "reformatted", "spoken", "typo"):
        if form in own:
            return form, support
    forms = {form for kind, _, form in gold.signs if kind == "name"}
    # What a machine wrote of somebody's speech is known by both.
    if any(form == "spoken" for _, _, form in gold.signs) and not forms & {"full", "nickname"}:
        return "spoken", support
    best = next((form for form in NAME_ORDER if form in forms), None)
    if best == "full":
        return ("name_plus" if weak else "name_only"), support
    if best:
        return NAME_CLASS.get(best, best), support
    kinds = {kind for kind, value, _ in gold.signs if (kind, value) in known}
    if kinds == {"customer"}:
        return "reference_only", support
    if any(kind == "username" for kind, _, _ in gold.signs):
        return "username", support
    if kinds:
        return "unstated_id", support
    return ("address_only" if weak else "unreachable"), support
