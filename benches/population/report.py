"""The figures as tables that fit a terminal."""


def share(value):
    return "    –" if value is None else f"{value:5.3f}"


def row(cells, widths):
    return "  ".join(str(cell).ljust(width) if at == 0 else str(cell).rjust(width) for at, (cell, width) in enumerate(zip(cells, widths))).rstrip()


def table(title, header, rows):
    rows = [[str(cell) for cell in cells] for cells in rows]
    widths = [max(len(line[at]) for line in [header, *rows]) for at in range(len(header))]
    print(f"\n{title}\n{row(header, widths)}")
    for cells in rows:
        print(row(cells, widths))


def people(figures):
    reading_of = lambda line: " ".join(str(line["items"][level] or "–") for level in ("0.5", "0.8", "0.9", "0.95", "0.99"))
    print(f"{figures['due']} places are due to {figures['requests']} requesters")
    table("By tier", ["tier", "findings", "precision", "recall", "requests with a wrong person"],
          [[tier, line["findings"], share(line["precision"]), share(line["recall"]), line["requests_with_wrong"]] for tier, line in figures["tiers"].items()])
    plain = figures["without_staff_names"]
    print(f"without requesters who bear the name of somebody who works here ({plain['requests']} are left): precision "
          + ", ".join(f"{tier} {share(plain[tier]).strip()}" for tier in ("certain", "probable", "possible")))
    spurned = figures["namesake_tier"]
    print(f"namesake: {spurned['findings']} set aside, {spurned['own_among_them']} of them are the requester's own")
    table("By class", ["class", "due", "recall", "precision", "certain", "probable", "possible", "precision c+p", "found/due: id", "home/born", "linked", "alone"],
          [[name, line["due"], share(line["recall"]), share(line["precision"]), *(share(line[tier]) for tier in ("certain", "probable", "possible")),
            share(line["precision_certain_probable"]),
            *("{1}/{0}".format(*line["support"][kind]) if kind in line["support"] else "" for kind in ("id", "home/born", "linked", "alone"))]
           for name, line in figures["classes"].items()])
    table("Wrong findings are of", ["", "certain", "probable", "possible"], [[name, *line.values()] for name, line in figures["wrong"].items()])
    table("What a score is worth", ["bits", "findings", "observed precision", "2^S/(1+2^S)"],
          [[f"{line['from']} to {line['to']}", line["findings"], share(line["observed"]), share(line["claimed"])] for line in figures["calibration"]])
    ways = {"Habeas": figures, **{f"keyword, {name}": line for name, line in figures.get("keyword", {}).items()}}
    table("Against a search for words (items to read over all requests, best first, for so much recall)",
          ["way", "recall", "precision", "R-precision", "for .5 .8 .9 .95 .99", "of all"],
          [[name, share(line["recall"]), share(line["precision"]), share(line["r_precision"]), reading_of(line["reading"]), line["reading"]["all"]]
           for name, line in ways.items()])
    print("about, gold said Habeas: " + ", ".join(f"{name}: {number}" for name, number in figures["about"].items()))


def linkage(title, lines):
    table(title, ["way", "precision", "recall", "F1", "wrong", "seconds"],
          [[name, share(line.get("precision")), share(line.get("recall")), share(line.get("f1")), line.get("wrong", ""), line.get("seconds", "")]
           if "failed" not in line else [name, line["failed"], "", "", "", ""] for name, line in lines.items()])


def sizes(lines):
    table("Time and memory by size", ["people", "files", "places", "requests", "make s", "index s", "match s", "match CPU s", "match s/request", "match MiB", "index MiB"],
          [[line["people"], line["files"], line["places"], line["requests"], line["make"]["seconds"], line["index"]["seconds"], line["match"]["seconds"],
            line["match"]["cpu"], round(line["match"]["seconds"] / line["requests"], 3), line["match"]["mib"], line["index"]["mib"]] for line in lines])
