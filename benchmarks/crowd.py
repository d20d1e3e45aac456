"""Millions of opinions, as a formula: what the n-th of them says, where and when, without keeping any of them.

A few procedures have most of them, as in life; they come in the order of time over the last year, from a fixed seed.
What is said and where is drawn once, into two lists whose lengths are prime: the n-th opinion takes the n-th of each,
from the beginning again and again, so that everything is said everywhere. A database can do that by itself
(`benchmarks/bulk.py`), which is how millions get into it in seconds.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from uuid import UUID

from msgspec import Struct

from benchmarks.people import comment
from collector.fulltext import indexed, stem
from collector.indicators import COUNTS, count_of
from collector.privacy.anonymise import anonymise
from collector.schema import DESKS, Placement, Review, SatisfactionAnswers, Target, day_of, minute_of
from collector.storage import Storage

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAYS = 365
PROCEDURES = 100
VOICES, SPOTS = 4_001, 10_007
"""Different opinions, and different ways to be somewhere: both prime. Each pair comes once in forty million."""
RARE, RARES = "coquecigrue", 100
"""A word that so many opinions hold, however many there are, all of them about the largest procedure."""
LANGUAGES = ("fr", "fr", "fr", "fr", "fr", "fr", "fr", "fr", "en", "ar")
OPEN, LONG = 6 * 60, 16 * 60
"""People answer from six in the morning for sixteen hours (UTC), so that the day in Paris is the same."""


class Spot(Struct, frozen=True):
    procedure_id: int
    placement_id: int
    lang: str


class Day(Struct, frozen=True):
    """The opinions `first` … `last` came on this day, from this minute on."""

    first: int
    last: int
    day: str
    minute: int


async def places(storage: Storage) -> list[list[Placement]]:
    """Procedures with a placement on the web and one at a counter each, the largest first."""
    made = []
    for n in range(PROCEDURES):
        procedure, web = await storage.catalogue.add_procedure(
            title=f"Démarche {n}", slug=f"demarche-{n}", organisation="Mesure", ministry="Mesure",
            audiences=["individuals"], origins=[], now=NOW,
        )  # fmt: skip
        counter = await storage.catalogue.add_placement(
            procedure, channel="counter", form="satisfaction", label="Guichet", now=NOW, contact=False
        )
        made.append([web, counter])
    return made


class Crowd:
    """`number` opinions, from the first. Each `every`-th is the one with the rare word: voice 0 at spot 0."""

    def __init__(self, target: Target, where: Sequence[Sequence[Placement]], number: int) -> None:
        chance = random.Random(3)
        self.number = number
        self.every = max(1, number // RARES)
        said = [_answers(chance) for _ in range(VOICES)]
        rare = SatisfactionAnswers("good", verbatim=f"Une {RARE} dans le formulaire")
        self.voices: list[Review] = [
            anonymise(UUID(int=chance.getrandbits(128), version=4), target, "fr", "/fin", each, NOW)
            for each in (rare, *said)
        ]
        # The n-th procedure has a share of 1/n.
        shares = list(accumulate(1 / n for n in range(1, len(where) + 1)))
        drawn = chance.choices(where, cum_weights=shares, k=SPOTS)
        self.spots = [_spot(where[0][0], "fr")]
        self.spots += [_spot(at[chance.random() < 0.3], chance.choice(LANGUAGES)) for at in drawn]

    def heard(self, n: int) -> tuple[int, int]:
        """Which voice the n-th is, and at which spot: `bulk.py` says the same in SQL."""
        return (n % VOICES + 1, n % SPOTS + 1) if n % self.every else (0, 0)

    def days(self) -> Iterator[Day]:
        for n in range(DAYS):
            noon = NOW - timedelta(days=DAYS - 1 - n)
            first, last = n * self.number // DAYS + 1, (n + 1) * self.number // DAYS
            yield Day(first, last, day_of(noon), minute_of(noon) - 12 * 60 + OPEN)

    def sums(self) -> Iterator[tuple[int | str, ...]]:
        """The rows of `day_count` for all that was given."""
        counts = [_nonzero(count_of(each)) for each in self.voices]
        version = self.voices[0].form_version
        for each in self.days():
            groups: defaultdict[Spot, list[int]] = defaultdict(lambda: [0] * len(COUNTS))
            for (voice, at), times in Counter(map(self.heard, range(each.first, each.last + 1))).items():
                total = groups[self.spots[at]]
                for column, number in counts[voice]:
                    total[column] += times * number
            for spot, total in groups.items():
                yield (spot.procedure_id, each.day, spot.placement_id, version, spot.lang, *total)

    def words(self) -> Iterator[tuple[int, str, str]]:
        """What each voice can be found by: its number, a word, the word's stem."""
        for n, voice in enumerate(self.voices):
            yield from ((n, word, stem(word)) for word in sorted(indexed(voice.verbatim)))


def _spot(placement: Placement, lang: str) -> Spot:
    return Spot(placement.procedure_id, placement.id, lang)


def _nonzero(counts: Mapping[str, int]) -> list[tuple[int, int]]:
    return [(at, counts[name]) for at, name in enumerate(COUNTS) if counts.get(name)]


def _answers(chance: random.Random) -> SatisfactionAnswers:
    answers = SatisfactionAnswers(chance.choices(("good", "medium", "bad"), (60, 25, 15))[0])
    if chance.random() < 0.7:
        answers.comprehension = chance.choices(range(1, 6), (1, 1, 2, 4, 4))[0]
        desk = chance.choice(DESKS)
        answers.contact_tried = ["none"] if chance.random() < 0.6 else [desk]
        if desk in answers.contact_tried:
            answers.contact_reached = {desk: chance.random() < 0.7}
    if chance.random() < 0.4:
        answers.verbatim = comment(chance)
    return answers
