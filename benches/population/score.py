"""How many of each requester's records were found, and whose were the others?"""

from collections import Counter, defaultdict

from . import names, requests

TIERS = ["certain", "probable", "possible"]
BINS = [-99, -5, -3, -1, 1, 3, 5, 8, 12, 16, 99]


class Truth:
    """The gold by place, and by requester."""

    def __init__(self, estate, made):
        self.people = {person.number: person for person in estate.people + estate.population.staff}
        self.population = estate.population
        self.staff = {(names.fold(one.given), names.fold(one.surname)) for one in estate.population.staff}
        # A file whose rows or messages are findings of their own, and every other file.
        self.records = {gold.path for gold in estate.gold if gold.unit}
        self.at = defaultdict(list)
        by_person = defaultdict(list)
        for gold in estate.gold:
            self.at[self.key_of(gold)].append(gold)
            by_person[gold.person].append(gold)
        self.cases = {}
        for one in made:
            own = by_person[one["person"].number]
            known = requests.reachable(one["stated"], own)
            due, neutral = {}, set()
            order = {name: at for at, name in enumerate(requests.CLASSES)}
            for gold in own:
                key = self.key_of(gold)
                name, support = requests.classify(gold, one["stated"], known)
                if gold.about == "maybe" or name == "unreachable":
                    neutral.add(key)
                elif key not in due or order[name] < order[due[key][0]]:
                    due[key] = (name, support, gold)
            self.cases[one["request"]["id"]] = {**one, "due": due, "neutral": neutral - set(due), "known": known}

    @staticmethod
    def key_of(gold):
        return gold.path, gold.unit, gold.sheet

    def key(self, finding):
        """The place that a finding of Habeas means; `None` if it is the heading of a chat."""
        path, place = f"{finding['source']}/{finding['path']}", finding["place"]
        if path not in self.records:
            return path, 0, ""
        return None if place["kind"] == "header" else (path, place["number"], place["sheet"] or "")

    def is_like_staff(self, case):
        """Does somebody who works here bear the requester's name, or their former one?"""
        person = case["person"]
        return any((names.fold(person.given), names.fold(surname)) in self.staff for surname in (person.surname, person.former))

    def whose(self, case, key):
        """What the person whom a wrong finding is about is to the requester, and what the place shows of them."""
        person, is_like_staff = case["person"], self.is_like_staff(case)
        found = [gold for gold in self.at.get(key, ()) if gold.about != "maybe"]
        if not found:
            return ("staff of that name" if is_like_staff else "nobody"), "nobody"
        near = ["twin", "parent of that name", "child of that name", "namesake", "partner", "family", "same surname", "same former name",
                "same given name", "stranger"]
        kin, gold = min(((self.population.kinship(person, self.people[gold.person]), gold) for gold in found), key=lambda pair: near.index(pair[0]))
        # Who works here signs what is about others.
        if is_like_staff and near.index(kin) > 5 or gold.person >= len(self.population.people) and kin == "namesake":
            kin = "staff of that name"
        known = {(kind, value) for kind, value, _ in gold.signs}
        return kin, requests.classify(gold, case["stated"], known)[0]


def judge(truth, findings):
    """Each finding as a row: (case, key, tier, bits, verdict, class, kin, finding); verdict is hit, wrong or neutral."""
    rows = []
    for name, case in truth.cases.items():
        seen = {}
        for finding in findings.get(name, ()):
            key = truth.key(finding)
            if key and (key not in seen or finding["score_bits"] > seen[key]["score_bits"]):
                seen[key] = finding
        for key, finding in seen.items():
            if key in case["due"]:
                verdict, label, kin = "hit", case["due"][key][0], "self"
            elif key in case["neutral"]:
                verdict, label, kin = "neutral", "", ""
            else:
                verdict = "wrong"
                kin, label = truth.whose(case, key)
            rows.append((name, key, finding["tier"], finding["score_bits"], verdict, label, kin, finding))
    return rows


def ratio(part, whole):
    return round(part / whole, 4) if whole else None


def measure(truth, findings):
    """Every figure of one run, as plain data."""
    rows = judge(truth, findings)
    shown = [row for row in rows if row[2] in TIERS and row[4] != "neutral"]
    n_due = sum(len(case["due"]) for case in truth.cases.values())
    out = {"due": n_due, "requests": len(truth.cases)}
    hits = [row for row in shown if row[4] == "hit"]
    out["recall"], out["precision"] = ratio(len(hits), n_due), ratio(len(hits), len(shown))
    out["tiers"] = {}
    for tier in TIERS:
        mine = [row for row in shown if row[2] == tier]
        good = sum(row[4] == "hit" for row in mine)
        wrong = {row[0] for row in mine if row[4] == "wrong"}
        out["tiers"][tier] = {"findings": len(mine), "precision": ratio(good, len(mine)), "recall": ratio(good, n_due),
                              "requests_with_wrong": len(wrong)}
    # Whoever signs every second message floods the search for a namesake; here are the figures without such requesters.
    plain = [row for row in shown if not truth.is_like_staff(truth.cases[row[0]])]
    out["without_staff_names"] = {
        "requests": sum(not truth.is_like_staff(case) for case in truth.cases.values()),
        **{tier: ratio(sum(row[4] == "hit" for row in plain if row[2] == tier), sum(row[2] == tier for row in plain)) for tier in TIERS}}
    spurned = [row for row in rows if row[2] == "namesake" and row[4] != "neutral"]
    out["namesake_tier"] = {"findings": len(spurned), "own_among_them": sum(row[4] == "hit" for row in spurned)}
    due = Counter(label for case in truth.cases.values() for label, _, _ in case["due"].values())
    beside = Counter((label, support) for case in truth.cases.values() for label, support, _ in case["due"].values())
    out["classes"] = {}
    for label in requests.CLASSES:
        mine = [row for row in shown if row[5] == label]
        good = [row for row in mine if row[4] == "hit"]
        if not due[label] and not mine:
            continue
        tiers = Counter(row[2] for row in good)
        sure = [row for row in mine if row[2] != "possible"]
        out["classes"][label] = {
            "due": due[label], "recall": ratio(len(good), due[label]), "precision": ratio(len(good), len(mine)),
            **{tier: ratio(tiers[tier], due[label]) for tier in TIERS},
            "precision_certain_probable": ratio(sum(row[4] == "hit" for row in sure), len(sure)),
            "support": {support: [beside[label, support], sum(1 for row in good if truth.cases[row[0]]["due"][row[1]][1] == support)]
                        for support in ("id", "home/born", "linked", "alone") if beside[label, support]},
        }
    wrong = [row for row in shown if row[4] == "wrong"]
    kin = Counter((row[6], row[2]) for row in wrong)
    out["wrong"] = {name: {tier: kin[name, tier] for tier in TIERS} for name in sorted({row[6] for row in wrong})}
    pairs = Counter((truth.cases[row[0]]["due"][row[1]][2].about, row[7].get("about", "relates")) for row in hits)
    out["about"] = {f"{true} said {said}": number for (true, said), number in sorted(pairs.items())}
    out["reading"] = reading([(row[3], row[4] == "hit") for row in shown], n_due)
    out["r_precision"] = r_precision(truth, shown)
    out["calibration"] = calibration(shown)
    return out, rows


def reading(ranked, n_due):
    """How many items are read, best first, until so many of those that are due are found."""
    ranked = sorted(ranked, key=lambda row: -row[0])
    found, at = 0, {}
    for n_read, (_, is_hit) in enumerate(ranked, 1):
        found += is_hit
        for level in (0.5, 0.8, 0.9, 0.95, 0.99):
            if level not in at and found >= level * n_due:
                at[level] = n_read
    return {"items": {str(level): at.get(level) for level in (0.5, 0.8, 0.9, 0.95, 0.99)}, "all": len(ranked), "most": ratio(found, n_due)}


def r_precision(truth, shown):
    """Recall when only as many items are read as are relevant, over all requests; ties count as read in any order."""
    by_case = defaultdict(list)
    for row in shown:
        by_case[row[0]].append((row[3], row[4] == "hit"))
    got = total = 0
    for name, case in truth.cases.items():
        left = n_due = len(case["due"])
        total += n_due
        groups = defaultdict(list)
        for bits, is_hit in by_case[name]:
            groups[bits].append(is_hit)
        for bits in sorted(groups, reverse=True):
            take = min(left, len(groups[bits]))
            got += sum(groups[bits]) * take / len(groups[bits])
            left -= take
    return ratio(got, total)


def calibration(shown):
    out = []
    for low, high in zip(BINS, BINS[1:]):
        mine = [row[4] == "hit" for row in shown if low <= row[3] < high]
        if mine:
            middle = max(-6, min(18, (max(low, -7) + min(high, 20)) / 2))
            out.append({"from": low, "to": high, "findings": len(mine), "observed": ratio(sum(mine), len(mine)),
                        "claimed": round(2 ** middle / (1 + 2 ** middle), 3)})
    return out
