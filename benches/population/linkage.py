"""Habeas beside libraries that link clean records: on the rows of tables, and on the FEBRL sets."""

import datetime
import json
import os
import random
import re
import time

from . import habeas, libraries, names, write
from .score import ratio

TABLES = ("crm/contacts_", "crm/tenancy_export_", "bookings/", "payments/card_payments_")
COLUMNS = {"First name": "given", "Last name": "surname", "TENANT": "name", "Member": "name", "card_name": "name", "Date of birth": "dob",
           "D.O.B.": "dob", "Email": "email", "E-MAIL": "email", "customer_email": "email", "Mobile": "phone", "TEL": "phone", "Tel": "phone",
           "Postcode": "postcode", "PCODE": "postcode", "Customer ID": "ref", "Membership no.": "ref"}
TIERS = {"Habeas, certain": ("certain",), "Habeas, certain and probable": ("certain", "probable"),
         "Habeas, with possible": ("certain", "probable", "possible")}
DATES = ["%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d/%m/%y", "%Y%m%d", "%d %B %Y", "%d-%b-%y", "%d %b %Y"]


def tidy(record):
    """The fields as somebody who prepares data for a linkage would have them."""
    if "name" in record:
        name = re.sub(r"\(.*?\)|\b(mr|mrs|ms)\b\.?", " ", names.fold(record.pop("name"))).strip()
        if "," in name:
            surname, given = name.split(",", 1)
        else:
            *front, surname = name.split() or [""]
            given = " ".join(front)
        record["given"], record["surname"] = given, surname
    for field in ("given", "surname"):
        record[field] = re.sub(r"[^\w ]", " ", names.fold(record.get(field, ""))).strip()
    if record.get("dob"):
        record["dob"] = day(record["dob"])
    record["phone"] = re.sub(r"\D", "", record.get("phone", "").removesuffix(".0"))[-10:]
    record["postcode"] = record.get("postcode", "").replace(" ", "").upper()
    record["email"] = re.sub(r"\+.*@", "@", record.get("email", "").lower())
    return record


def day(text):
    text = re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", text)
    for form in DATES:
        try:
            found = datetime.datetime.strptime(text, form).date()
        except ValueError:
            continue
        # Two digits are of a year that has been.
        return found.replace(year=found.year - 100 if found.year > 2020 else found.year).isoformat()
    return ""


def rated(pairs, due, neutral=frozenset(), seconds=None):
    pairs = set(pairs) - neutral
    good = len(pairs & due)
    precision, recall = ratio(good, len(pairs)), ratio(good, len(due))
    f1 = round(2 * precision * recall / (precision + recall), 4) if precision and recall else None
    return {"precision": precision, "recall": recall, "f1": f1, "wrong": len(pairs - due), "seconds": seconds}


def beside(lines, left, right, due, neutral=frozenset()):
    """Adds what the libraries make of the same records."""
    for name, link in (("Splink, p >= 0.5", libraries.splink), ("recordlinkage, ECM", libraries.recordlinkage)):
        began = time.time()
        try:
            pairs = link(left, right)
        except ImportError as error:
            lines[name] = {"failed": f"is not installed: pip install splink recordlinkage ({error.name})"}
        except Exception as error:  # A library's own trouble is told, and ends nothing.
            lines[name] = {"failed": f"failed: {type(error).__name__}: {str(error)[:120]}"}
        else:
            lines[name] = rated(pairs, due, neutral, round(time.time() - began, 1))
    return lines


def structured(truth, rows, texts):
    """Requests against rows: what Habeas and the libraries tie together."""
    keys = [key for key in texts if key[0].startswith(TABLES) and key[1] > 1]
    held, numbers = [], {key: number for number, key in enumerate(keys)}
    for key in keys:
        record = {"id": f"r{numbers[key]}"}
        for line in texts[key].split("\n"):
            label, _, value = line.partition(": ")
            if label in COLUMNS:
                record[COLUMNS[label]] = value
        held.append(tidy(record))
    asked, due, neutral = [], set(), set()
    for name, case in truth.cases.items():
        request = case["request"]
        asked.append(tidy({"id": name, "given": case["person"].given, "surname": case["person"].surname, "dob": request.get("born", ""),
                           "email": request.get("email", ""), "phone": request.get("phone", ""), "ref": request.get("reference", ""),
                           "postcode": request["address"].rsplit(", ", 1)[1] if "address" in request else ""}))
        for key, (_, _, gold) in case["due"].items():
            if key in numbers:
                (due if gold.about == "relates" else neutral).add((name, f"r{numbers[key]}"))
        neutral |= {(name, f"r{numbers[key]}") for key in case["neutral"] if key in numbers}
    lines = {}
    for title, tiers in TIERS.items():
        pairs = {(row[0], f"r{numbers[row[1]]}") for row in rows if row[1] in numbers and row[2] in tiers}
        lines[title] = rated(pairs, due, neutral)
    return beside(lines, asked, held, due, neutral)


def febrl(program, folder, seed, n_asked=200):
    """The four sets, each with a sample of its duplicates as requests; what is due is every other record of that person."""
    try:
        from recordlinkage import datasets
    except ImportError:
        return {"1 to 4": {"recordlinkage": {"failed": "is not installed, and brings the sets: pip install recordlinkage"}}}
    sets = {}
    for number in (1, 2, 3):
        sets[str(number)] = getattr(datasets, f"load_febrl{number}")()
    import pandas
    sets["4"] = pandas.concat(datasets.load_febrl4())
    return {name: febrl_set(program, os.path.join(folder, f"febrl{name}"), frame, seed, n_asked) for name, frame in sets.items()}


def febrl_set(program, folder, frame, seed, n_asked):
    dice = random.Random(f"febrl {seed}")
    records = {identity: {column: "" if value != value or value is None else str(value) for column, value in line.items()}
               for identity, line in frame.to_dict("index").items()}
    copies = sorted(identity for identity in records if "-dup-" in identity)
    chosen = set(dice.sample(copies, min(n_asked, len(copies))))
    held = [identity for identity in records if identity not in chosen]
    dice.shuffle(held)
    columns = list(frame.columns)
    write.table(os.path.join(write.folder(folder, "estate"), "people.csv"), columns, [[records[identity][column] for column in columns] for identity in held])
    lines, due = [], set()
    rows = {identity: str(at) for at, identity in enumerate(held, 2)}
    for identity in sorted(chosen):
        record = records[identity]
        street = " ".join(filter(None, (record["street_number"], record["address_1"])))
        address = ", ".join(filter(None, (street, record["address_2"], record["suburb"], record["postcode"])))
        request = {"id": identity, "received": "2025-03-03", "address": address, "reference": record["soc_sec_id"],
                   "name": f"{record['given_name']} {record['surname']}".strip(), "born": day(record["date_of_birth"])}
        lines.append({key: value for key, value in request.items() if value})
        entity = identity.split("-")[1]
        due |= {(identity, rows[other]) for other in held if other.split("-")[1] == entity}
    asked = os.path.join(folder, "requests.jsonl")
    write.text(asked, "".join(json.dumps(line) + "\n" for line in lines))
    home = os.path.join(folder, "home")
    began = time.time()
    habeas.prepare(program, {"people": os.path.join(folder, "estate")}, home)
    findings, _ = habeas.search(program, home, asked, folder)
    seconds = round(time.time() - began, 1)
    made = {}
    for title, tiers in TIERS.items():
        pairs = {(name, str(finding["place"]["number"])) for name, found in findings.items() for finding in found if finding["tier"] in tiers}
        made[title] = rated(pairs, due, seconds=seconds)
    def record_of(identity, name):
        record = records[identity]
        return {"id": name, "given": record["given_name"], "surname": record["surname"], "dob": day(record["date_of_birth"]),
                "postcode": record["postcode"], "ref": record["soc_sec_id"], "street": record["address_1"]}
    return beside(made, [record_of(identity, identity) for identity in sorted(chosen)],
                  [record_of(identity, rows[identity]) for identity in held], due)
