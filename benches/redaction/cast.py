"""Who stands in the made-up documents: one requester, and other people with names of every length."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Person:
    given: str
    surname: str
    phone: str
    born: str = "1971-09-14"
    domain: str = "example.org"

    @property
    def name(self):
        return f"{self.given} {self.surname}"

    @property
    def email(self):
        return f"{self.given}.{self.surname}@{self.domain}".lower().replace("'", "")

    @property
    def initials(self):
        return f"{self.given[0]}.{self.surname[0]}."

    def words(self):
        """The strings by which this person is known."""
        return [self.name, self.surname, self.given, self.email, self.phone]


AMARA = Person("Amara", "Lind", "07700 900123", "1984-04-03")
REFERENCE = "MB-20417"
FELICITY = Person("Felicity", "Griffiths", "07700 900461")
TOBIAS = Person("Tobias", "Hartwell", "07700 900582")
# The twins: two documents that differ in nothing but one person's name.
SHORT = Person("Zoe", "Fyx", "07700 900777")
LONG = Person("Bartholomew", "Featherstonehaugh-Smythe", "07700 900777")


@dataclass
class Made:
    """What a document holds: what must stay, what must be gone."""

    requester: list = field(default_factory=list)
    secrets: list = field(default_factory=list)
    notes: str = ""


WORDS = "upper lower middle yellow broken heavy narrow wooden metal empty locked spare".split()
# Differs from paper to paper, so that none is taken for a copy of another.
SHEET = {"n": 0}


def letter(other, second=TOBIAS):
    """A letter in paragraphs, to the requester, about her and two others."""
    return [
        f"Dear {AMARA.name},",
        f"This is sheet {SHEET['n']} of your file in the {WORDS[SHEET['n'] % 12]} {WORDS[SHEET['n'] // 12 % 12]} drawer.",
        f"Your tenancy {REFERENCE}. Your neighbour {other.name} told us on 4 February 2025 that water was coming "
        "through the ceiling, and that your boiler had failed in January. We sent a plumber on the next day.",
        f"On 6 February {other.surname} wrote again from {other.email} and said that {AMARA.name} had been very "
        f"helpful. You can reach {other.given} on {other.phone} in the evening. {second.name} of the flat above "
        "says that the noise has stopped since the repair was made.",
        f"Please quote {REFERENCE} when you write. We have your address as {AMARA.email} and your telephone number "
        f"as {AMARA.phone}. The repair cost 214.50 pounds and is covered by the insurance of the house.",
        "Yours sincerely, the housing team",
    ]


def stays():
    return [AMARA.name, REFERENCE, AMARA.email, "The repair cost 214.50 pounds", "water was coming through the ceiling"]


def gone(other, second=TOBIAS):
    return [other.name, other.surname, other.email, other.phone, second.name]
