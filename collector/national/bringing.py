"""Bring an export's opinions into a procedure: masked on the way, by the same write path as a citizen's click.

Nothing is charged to a limit or suspected, and nothing is written twice: who imports a file again, or one that goes on
from it, adds what is new.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from uuid import uuid4

import msgspec
from msgspec import Struct

from collector.errors import AvisError, ReviewClosed
from collector.national.file import Line
from collector.national.opinions import Opinion, Told, understood
from collector.privacy.anonymise import anonymise
from collector.schema import FormName, Placement, Procedure, Review, Target
from collector.storage import Storage
from collector.storage.batch import Write

BATCH = 500
MOST_TOLD = 1000
"""Beyond them errors are counted, not listed: a file of a million lines may be wrong in each."""


class Brought(Struct):
    """What became of the lines. `refused` are lines, `told` is what was said of them and of single cells."""

    imported: int = 0
    already: int = 0
    refused: int = 0
    untold: int = 0
    placements: list[str] = []
    told: list[Told] = []


class Bringing:
    """One import into one procedure."""

    def __init__(self, storage: Storage, procedure: Procedure, now: datetime, by: str, *, dry_run: bool) -> None:
        self._storage = storage
        self._procedure = procedure
        self._now = now
        self._by = by
        self._dry_run = dry_run
        self._places: dict[tuple[FormName, str], Placement] = {}
        self.brought = Brought()

    async def run(self, lines: Iterable[Line]) -> Brought:
        for place in await self._storage.catalogue.placements(self._procedure):
            self._places.setdefault((place.form, place.label), place)
        opinions = self._opinions(lines)
        try:
            while batch := list(islice(opinions, BATCH)):
                await self._bring(batch)
        finally:
            # What was written stays, even if the rest cannot be: so the journal says it either way.
            await self._note()
        return self.brought

    async def _bring(self, opinions: Sequence[Opinion]) -> None:
        if self._dry_run:
            self.brought.imported += len(opinions)
            return
        reviews = [await self._review(one) for one in opinions]
        while reviews:
            reviews = await self._write(reviews)

    async def _note(self) -> None:
        if self._dry_run or not self.brought.imported:
            return
        async with self._storage.engine.write() as connection:
            await self._storage.journal.append(
                connection,
                by=self._by,
                act="reviews.import",
                subject=self._procedure.slug,
                details={"imported": self.brought.imported, "already": self.brought.already},
            )

    def _opinions(self, lines: Iterable[Line]) -> Iterator[Opinion]:
        for line in lines:
            one = understood(line, self._now)
            self._tell(one.told)
            if one.opinion:
                yield one.opinion
            else:
                self.brought.refused += 1

    def _tell(self, told: Iterable[Told]) -> None:
        for each in told:
            if len(self.brought.told) < MOST_TOLD:
                self.brought.told.append(each)
            else:
                self.brought.untold += 1

    async def _review(self, opinion: Opinion) -> Review:
        target = Target(self._procedure, await self._place(opinion))
        review = anonymise(uuid4(), target, "fr", None, opinion.answers, opinion.at)
        return msgspec.structs.replace(review, capability=opinion.capability(self._procedure.slug))

    async def _place(self, opinion: Opinion) -> Placement:
        """The placement of that name and form, made if there is none."""
        wanted = (opinion.form, opinion.placement)
        if wanted not in self._places:
            made = await self._storage.catalogue.add_placement(
                self._procedure, channel="web", form=opinion.form, label=opinion.placement, now=self._now, by=self._by
            )
            self._places[wanted] = made
            self.brought.placements.append(opinion.placement)
        return self._places[wanted]

    async def _write(self, reviews: Sequence[Review]) -> list[Review]:
        """Gives what has to be written again, because somebody changed a procedure meanwhile."""
        place = next(iter(self._places.values()))
        _, directory = await self._storage.intake.target(place.key) or (None, 0)
        outcomes = await self._storage.intake.commit([Write(review, directory) for review in reviews])
        for outcome in outcomes:
            if outcome == "created":
                self.brought.imported += 1
            elif outcome == "enriched" or isinstance(outcome, ReviewClosed):
                self.brought.already += 1
            elif isinstance(outcome, AvisError):
                raise outcome
        return [review for review, outcome in zip(reviews, outcomes, strict=True) if outcome == "stale"]
