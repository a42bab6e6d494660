"""Two record-linkage libraries on two lists of records, used as their own guides say.

A record has `id` and any of: given, surname, dob (ISO), postcode, email, phone, ref, street. Each function gives the
pairs of identities that it links, and raises ImportError where the library is not there.
"""

# How each field is compared by recordlinkage: by likeness, or exactly.
LIKE = {"given": 0.85, "surname": 0.85, "street": 0.85, "email": 0.92}


def fields_of(left, right):
    return [field for field in ("given", "surname", "dob", "postcode", "email", "phone", "ref", "street")
            if any(record.get(field) for record in left) and any(record.get(field) for record in right)]


def frames(left, right, fields):
    import pandas
    return [pandas.DataFrame([{"id": record["id"], **{field: record.get(field) or None for field in fields}} for record in records])
            for records in (left, right)]


def splink(left, right):
    """Pairs with a probability of one half or more, after training without labels."""
    import logging
    import warnings

    import splink.comparison_library as library
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    fields = fields_of(left, right)
    compare = {
        "given": lambda: library.JaroWinklerAtThresholds("given", [0.92, 0.8]), "surname": lambda: library.JaroWinklerAtThresholds("surname", [0.92, 0.8]),
        "dob": lambda: library.DamerauLevenshteinAtThresholds("dob", [1, 2]), "postcode": lambda: library.LevenshteinAtThresholds("postcode", [1]),
        "email": lambda: library.JaroWinklerAtThresholds("email", [0.92]), "phone": lambda: library.LevenshteinAtThresholds("phone", [1]),
        "ref": lambda: library.LevenshteinAtThresholds("ref", [1]), "street": lambda: library.JaroWinklerAtThresholds("street", [0.88]),
    }
    comparisons = []
    for field in fields:
        comparison = compare[field]()
        # A rare name says more than a common one.
        comparisons.append(comparison.configure(term_frequency_adjustments=True) if field in ("given", "surname", "postcode", "street") else comparison)
    exact = [field for field in fields if field not in ("given", "surname")]
    rules = [block_on("given", "surname"), *(block_on(field) for field in exact)]
    rules += [block_on("surname"), block_on("substr(given,1,3)", "substr(surname,1,3)")]
    database = DuckDBAPI()
    tables = [database.register(frame.rename(columns={"id": "unique_id"}), dataset_display_name=name)
              for frame, name in zip(frames(left, right, fields), ("asked", "held"))]
    settings = SettingsCreator(link_type="link_and_dedupe", comparisons=comparisons, blocking_rules_to_generate_predictions=rules)
    linker = Linker(tables, settings, log_level=None)
    sure = [block_on("given", "surname", field) for field in exact[:2]] + [block_on(field) for field in exact if field in ("email", "phone", "ref")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("given", "surname"), *(block_on(field) for field in exact[:2])):
        linker.training.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=1.0)
    found = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    pairs = set()
    for a, b, one, other in zip(found["unique_id_l"], found["unique_id_r"], found["source_dataset_l"], found["source_dataset_r"]):
        if one != other:
            pairs.add((a, b) if one == "asked" else (b, a))
    return pairs


def recordlinkage(left, right):
    """Pairs that the unsupervised classifier (ECM) takes for matches."""
    import warnings

    import recordlinkage as library
    warnings.simplefilter("ignore")
    fields = fields_of(left, right)
    asked, held = (frame.set_index("id") for frame in frames(left, right, fields))
    index = library.Index()
    # A family name on its own would bring ten strangers to one match, and the classifier would then take them for the rule.
    index.block(["given", "surname"])
    for field in fields:
        if field not in ("given", "surname"):
            index.block(field)
    pairs = index.index(asked, held)
    compare = library.Compare()
    for field in fields:
        if field in LIKE:
            compare.string(field, field, method="jarowinkler", threshold=LIKE[field], label=field)
        else:
            compare.exact(field, field, label=field)
    features = compare.compute(pairs, asked, held)
    links = library.ECMClassifier(binarize=0.5).fit_predict(features)
    return set(links)
