"""The whole made-up organisation, from a seed."""

import datetime
import random

from . import logs, messages, names, papers, tables
from .estate import Estate
from .people import Person, Population


def staff(dice, population, n_staff=25):
    """Who works there. Two bear a requester's name, the others nobody's."""
    made = []
    taken = {(names.fold(one.given), names.fold(one.surname)) for one in population.people}
    for number in range(n_staff):
        is_woman = dice.random() < 0.5
        where = names.community(dice)
        given, surname = names.given(dice, where, is_woman), names.family(dice, where)
        while (names.fold(given), names.fold(surname)) in taken:
            given, surname = names.given(dice, where, is_woman), names.family(dice, where)
        one = Person(len(population.people) + number, given, "", surname, is_woman, where,
                     datetime.date(1980, 1, 1))
        if number < 2 and population.requesters:
            like = dice.choice(population.requesters)
            one.given, one.surname, one.is_woman, one.where = like.given, like.surname, like.is_woman, like.where
        made.append(one)
    return made


def make(root, n_people, n_requesters, seed):
    """Writes the estate below `root`, a folder a source, and returns it with its gold."""
    dice = random.Random(f"people {seed}")
    population = Population(dice, n_people, n_requesters)
    population.staff = staff(dice, population)
    estate = Estate(root, population, seed)
    tables.contacts(estate)
    tables.tenants(estate)
    visits = tables.bookings(estate)
    tables.payments(estate)
    tables.jobs(estate)
    tables.accounts(estate)
    messages.mail(estate)
    messages.chats(estate)
    papers.letters(estate)
    papers.notes(estate)
    papers.minutes(estate)
    papers.voicemails(estate)
    papers.bystanders(estate)
    logs.calls(estate)
    logs.doors(estate, visits)
    logs.web(estate)
    return estate
