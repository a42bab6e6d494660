#!/usr/bin/env python3
"""How long does a request take, and does that grow with the estate or with what it finds?

    cargo build --release && python3 benches/request.py 100000 1000000 [--folder DIR] [--keep] [--runs 3]

For each number of rows: makes tables of made-up people (CSV and JSON Lines, 50,000 rows a file at most; names as
unevenly frequent as people's are, telephone numbers, e-mail addresses, postcodes, references), with two
planted people who have 30 rows each whatever the size; indexes them; and searches for ten requests of
different kinds. Prints the index's time and size, and for each request the time of `habeas match --json`
by the clock (the least and the most of the runs) and of the processor, its peak memory without mapped files,
and where the time went (from `HABEAS_LOG=debug`, whose lines hold numbers only).

With `--keep` the folder stays, and what is there already is neither made nor indexed again. `--results DIR`
keeps what each request printed, so that two versions can be compared with `diff -r`; `--habeas FILE` names
another program. 10,000,000 rows take about 6 GB of disk.
"""
import argparse, bisect, itertools, json, os, random, re, shutil, subprocess, tempfile, threading, time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
ROWS_A_FILE = 50_000
# Each of the planted people has so many rows in an estate of any size.
PLANTED_ROWS = 30

SURNAMES = """Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White
Roberts Green Hall Wood Jackson Clarke Patel Khan Lewis James Phillips Mason Mitchell Rose Davis Rodgers Cox
Alexander Marsh Ali Hughes Edwards Turner Hill Moore Cooper Ward Morris King Harris Baker Lee Martin Allen Scott
Young Morgan Bell Carter Bennett Shaw Richardson Parker Collins Cook Murphy Kelly Murray Begum Gray Stevens""".split()
GIVEN = """David John Sarah Paul Susan Michael Andrew James Peter Margaret Mark Stephen Emma Richard Robert Karen
Christine Helen Thomas Daniel Christopher Matthew Mary Julie Claire Elizabeth Nicola Jennifer Joanne Alan Laura
Mohammed Jack Oliver Amelia Olivia Emily Charlotte Rebecca Lucy Hannah Simon Ian Kevin Gary Anthony Martin Philip
Linda Patricia Jacqueline Deborah Lisa Tracey Louise Amanda Angela Michelle Jane Ann Anne George Harry Joseph
William Samuel Benjamin Adam Luke Ryan Liam Nathan Aaron Callum Connor Jordan Kieran Fatima Aisha Priya Anjali
Wei Ming Olga Ivan Piotr Anna Katarzyna Marta Sofia Elena Maria Carlos Luis Ahmed Omar Yusuf Ibrahim Zainab Leila""".split()
STARTS = "Ash Bar Bex Cal Car Dun El Fen Gar Had Hol Kel Lan Mar Nor Os Pen Quil Rad Sel Tan Ul Ver Wal Yar Zel".split()
MIDDLES = ["", "a", "e", "i", "o", "er", "en", "ing", "le", "ber", "den", "for", "gar", "mon", "ster", "ton", "wen"]
ENDS = "bury by cliffe combe cote dale don field ford ham hurst ley low mere more ridge sell shaw stead thorpe ton wick wood worth".split()
STREETS = "Canal Street,Mill Lane,Station Road,Church Row,High Street,Park View,Victoria Road,Green Lane".split(",")
ITEMS = "kettle,lamp,winter coat,bicycle pump,desk,garden chair,tent,radio,blanket,clock".split(",")
NOTES = ["asked about the last delivery", "wants the invoice sent again", "moved house and gave the new address",
         "said the parcel was left in the rain", "asked to be called back in the afternoon", "cancelled the booking"]


class Names:
    """Names drawn as unevenly as they are in life: the n-th is about 1/n as frequent as the first."""

    def __init__(self, names, share_of_first, power):
        self.names = names
        weights = [1 / (n + 4) ** power for n in range(len(names))]
        # The first name has its share; the long tail shares the rest.
        scale = share_of_first / (weights[0] / sum(weights))
        self.sums = list(itertools.accumulate(w / sum(weights) * scale for w in weights))
        self.tail = 1.0 - self.sums[-1]

    def draw(self, x):
        at = bisect.bisect_left(self.sums, x)
        if at < len(self.names):
            return self.names[at]
        # What the weights leave goes to the rarer half, each alike.
        half = len(self.names) // 2
        return self.names[half + int((x - self.sums[-1]) / max(self.tail, 1e-9) * half) % half]


def surnames():
    made = sorted({s + m + e for s in STARTS for m in MIDDLES for e in ENDS} - set(SURNAMES))
    random.Random(7).shuffle(made)
    return SURNAMES + made


class People:
    """A tenth as many people as rows; everything of a person follows from the number."""

    def __init__(self, n):
        self.n = n
        self.surnames = Names(surnames(), 0.0126, 0.72)
        self.given = Names(GIVEN, 0.03, 0.6)

    def person(self, number):
        dice = random.Random(number * 2_654_435_761 % 2**32)
        surname, given = self.surnames.draw(dice.random()), self.given.draw(dice.random())
        far = dice.randrange(10**9)
        born = f"{1935 + far % 70}-{1 + far // 70 % 12:02}-{1 + far // 840 % 28:02}"
        # 071 is kept for mobile telephones and, as far as we know, given to nobody.
        phone = f"071{number // 1_000_000 % 100:02} {number % 1_000_000:06}"
        letters = "ABDEFGHJLN"
        postcode = f"{letters[far % 10]}{1 + far // 10 % 29} {far // 290 % 10}{letters[far // 2900 % 10]}{letters[far // 29000 % 10]}"
        mail = f"{given}.{surname}{number % 9973}@mail{far % 7}.example.org".lower()
        return given, surname, born, phone, postcode, mail, f"CN-{number + 1_000_000:08}"


RARE = ("Thessaly", "Quarrendon", "1971-05-23", "07700 900417", "B12 1JQ", "t.quarrendon@example.org", "CN-00000417")
COMMON = ("Sarah", "Smith", "1984-03-03", "07700 900123", "B13 9QX", "sarahs84@example.org", "CN-00000123")


def row(table, number, person, dice):
    given, surname, born, phone, postcode, mail, reference = person
    day = f"2025-{1 + dice % 12:02}-{1 + dice // 12 % 28:02}"
    if table == 0:
        return f"{reference},{given},{surname},{mail},{phone},{born},{1 + dice % 80} {STREETS[dice % 8]},{postcode}\n"
    if table == 1:
        return f"OR-{number:09},{day},{given} {surname},{mail},{ITEMS[dice % 10]},{postcode},{dice % 9000 / 100:.2f}\n"
    if table == 2:
        return f"{day} {8 + dice % 11:02}:{dice % 60:02},{phone},{given[0]} {surname},{NOTES[dice % 6]}\n"
    text = f"{given} {surname} {NOTES[dice % 6]}, reference {reference}."
    return json.dumps({"ticket": number, "opened": day, "email": mail, "text": text}) + "\n"


HEADS = [
    ("customers", "csv", "customer_no,first_name,last_name,email,phone,date_of_birth,address,postcode\n"),
    ("orders", "csv", "order_no,order_date,customer_name,email,item,postcode,amount\n"),
    ("calls", "csv", "time,phone,caller,note\n"),
    ("tickets", "jsonl", ""),
]


def make(folder, n_rows):
    """Files of rows; a row in `n_rows / 30` is a planted person's."""
    os.makedirs(folder)
    people = People(max(1, n_rows // 10))
    rare = {i * n_rows // PLANTED_ROWS + 11 for i in range(PLANTED_ROWS)}
    common = {i * n_rows // PLANTED_ROWS + 12 for i in range(PLANTED_ROWS)}
    dice = random.Random(n_rows)
    n_a_file = min(ROWS_A_FILE, max(1, n_rows // 20))
    for start in range(0, n_rows, n_a_file):
        table = start // n_a_file % len(HEADS)
        name, ending, head = HEADS[table]
        with open(os.path.join(folder, f"{name}-{start // n_a_file:04}.{ending}"), "w") as file:
            file.write(head)
            for number in range(start, min(start + n_a_file, n_rows)):
                planted = RARE if number in rare else COMMON if number in common else None
                person = planted or people.person(int(dice.random() * people.n))
                file.write(row(table, number, person, int(dice.random() * 1e6)))


# What each is for, and what the request states.
REQUESTS = [
    ("rare name, phone", ["--name", "Thessaly Quarrendon", "--phone", "07700 900417"]),
    ("rare name alone", ["--name", "Thessaly Quarrendon"]),
    ("common name, all that is known", ["--name", "Sarah Smith", "--born", "1984-03-03", "--phone", "07700 900123",
                                        "--email", "sarahs84@example.org", "--address", "14 Canal Street, B13 9QX"]),
    ("common name, phone", ["--name", "Sarah Smith", "--phone", "07700 900123"]),
    ("common name alone", ["--name", "Sarah Smith"]),
    ("commonest surname, rare given name", ["--name", "Thessaly Smith", "--phone", "07700 900417"]),
    ("two common surnames", ["--name", "Sarah Jones", "--former", "Sarah Smith", "--born", "1984-03-03"]),
    ("surname of middling frequency", ["--name", "Emma Begum", "--email", "emma.begum@example.org"]),
    ("e-mail alone", ["--name", "x", "--email", "t.quarrendon@example.org"]),
    ("reference alone", ["--name", "x", "--reference", "CN-00000417"]),
]


def size_bytes(folder):
    return sum(os.path.getsize(os.path.join(path, one)) for path, _, names in os.walk(folder) for one in names)


def resident_mib(pid):
    """Memory of its own, without mapped files."""
    try:
        with open(f"/proc/{pid}/status") as file:
            return max((int(line.split()[1]) / 1024 for line in file if line.startswith("RssAnon")), default=0)
    except (FileNotFoundError, ProcessLookupError):
        return 0


def run(command, stdout, log=None):
    """Seconds by the clock, of the processor, and peak memory in MiB (sampled), of one command."""
    errors = tempfile.TemporaryFile("w+")
    environment = dict(os.environ, HABEAS_LOG=log or "warn")
    began = time.time()
    process = subprocess.Popen(command, stdout=stdout, stderr=errors, env=environment)
    peak, is_over = [0.0], threading.Event()

    def watch():
        while not is_over.wait(0.01):
            peak[0] = max(peak[0], resident_mib(process.pid))

    thread = threading.Thread(target=watch)
    thread.start()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.time() - began
    is_over.set()
    thread.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    errors.seek(0)
    said = errors.read()
    assert process.returncode in (0, 1), f"{command} ended with {process.returncode}: {said[-2000:]}"
    return seconds, used.ru_utime + used.ru_stime, peak[0], said


def numbers(said):
    """The figures of the log's lines, by name; ones that come again are added."""
    found = {}
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said)
    for name, value in re.findall(r"\b([a-z]+_ms|n_[a-z_]+)=([0-9.]+)", plain):
        found[name] = found.get(name, 0) + float(value)
    return found


def estate(habeas, folder, n_rows):
    """Makes and indexes an estate, unless it is there."""
    home, files = os.path.join(folder, f"home-{n_rows}"), os.path.join(folder, f"files-{n_rows}")
    told = os.path.join(folder, f"index-{n_rows}.json")
    if not os.path.exists(told):
        for old in (home, files):
            shutil.rmtree(old, ignore_errors=True)
        make(files, n_rows)
        subprocess.check_call([habeas, "init", home, f"--source=tables={files}"], stdout=subprocess.DEVNULL)
        seconds, cpu, peak, _ = run([habeas, "--estate", home, "index"], subprocess.DEVNULL)
        index = {"seconds": seconds, "cpu": cpu, "peak_mib": peak, "sources_mb": size_bytes(files) / 1e6,
                 "index_mb": size_bytes(os.path.join(home, "estate")) / 1e6, "load": os.getloadavg()[1]}
        with open(told, "w") as file:
            json.dump(index, file)
    shutil.rmtree(os.path.join(home, "cases"), ignore_errors=True)
    with open(told) as file:
        return home, json.load(file)


def search(habeas, first, home, stated, n_runs, result):
    said = subprocess.run([habeas, "--estate", home, "--json", "open", "--received", "2026-11-02", *stated],
                          check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    case = re.search(r"SAR-\d+-\d+", said)[0]
    runs = []
    for _ in range(n_runs):
        with open(result, "w") as file:
            runs.append(run([*first, habeas, "--estate", home, "--json", "match", case], file, "debug"))
    record = next(os.path.join(path, "search.json") for path, _, names in os.walk(os.path.join(home, "cases"))
                  if case in path and "search.json" in names)
    with open(record) as file:
        record = json.load(file)
    return runs, record


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("rows", nargs="*", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--habeas", default=os.path.join(ROOT, "target", "release", "habeas"))
    parser.add_argument("--folder")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--only", help="requests whose description has these words")
    parser.add_argument("--results")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--index-only", action="store_true")
    parser.add_argument("--first", action="store_true", help="searches go before all else on the machine (root)")
    chosen = parser.parse_args()
    first = ["chrt", "-f", "10"] if chosen.first else []
    folder = chosen.folder or tempfile.mkdtemp(prefix="habeas-bench-")
    os.makedirs(folder, exist_ok=True)
    try:
        for n_rows in chosen.rows:
            home, index = estate(chosen.habeas, folder, n_rows)
            print(f"\n{n_rows:,} rows, {index['sources_mb']:.0f} MB; indexed in {index['seconds']:.0f} s "
                  f"({index['cpu']:.0f} CPU s, load {index['load']:.1f}), {index['index_mb']:.0f} MB on disk")
            if chosen.index_only:
                continue
            print(f"{'request':<36}{'s':>13}{'CPU s':>7}{'MiB':>6}{'brought':>9}{'found':>7}{'open':>6}{'look':>6}"
                  f"{'fetch':>7}{'weigh':>7}  ms")
            results = os.path.join(chosen.results or folder, f"results-{n_rows}")
            os.makedirs(results, exist_ok=True)
            for at, (what, stated) in enumerate(REQUESTS):
                if chosen.only and chosen.only not in what:
                    continue
                runs, record = search(chosen.habeas, first, home, stated, chosen.runs, os.path.join(results, f"{at}.jsonl"))
                best = min(runs)
                told = numbers(best[3])
                n_found = sum(record["tiers"].values())
                times = f"{best[0]:.2f} - {max(runs)[0]:.2f}"
                split = [told.get(f"{name}_ms", float("nan")) for name in ("open", "lookup", "fetch", "weigh")]
                print(f"{what:<36}{times:>13}{best[1]:>7.2f}{best[2]:>6.0f}{record['n_candidates']:>9,}{n_found:>7,}"
                      f"{split[0]:>6.0f}{split[1]:>6.0f}{split[2]:>7.0f}{split[3]:>7.0f}", flush=True)
    finally:
        if not chosen.keep:
            shutil.rmtree(folder)


main()
