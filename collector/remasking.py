"""Mask everything that is stored again, after the rules have learnt to find more.

What an older release let through is overwritten like a word masked by hand. Texts are read and masked outside of any
transaction, and only those that change are written, in small ones, so that the service goes on. The same transaction
writes the cursor: a run that is killed anywhere goes on from there, and counts nothing twice.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from collector.privacy import Masked, mask
from collector.privacy.texts import texts_of, with_texts
from collector.privacy.version import rules
from collector.schema import Clock, Review
from collector.storage import Storage
from collector.storage.amend import Amended
from collector.storage.journal import Act
from collector.storage.remasked import Remasked
from collector.storage.reviews import Listed

BATCH = 200
# Between two batches citizens' reviews go first.
PAUSE = 0.01


class Remasking:
    """`by` is who asked for it, for the journal. Start it once the service runs the new rules too."""

    def __init__(self, storage: Storage, clock: Clock, by: str) -> None:
        self._storage = storage
        self._clock = clock
        self._by = by

    async def state(self, *, again: bool = False) -> Remasked:
        """Where a run with today's rules would begin: where the last one stopped, or at the first review."""
        known = None if again else await self._storage.remaskings.of(rules())
        run = known or Remasked(rules=rules(), started_at=self._clock())
        return msgspec.structs.replace(run, last=await self._storage.reviews.last_seq())

    async def run(self, run: Remasked, say: Callable[[int], None] = lambda _: None) -> Remasked:
        """Go on from `run` to the last review there was; `say` hears how far each batch has come."""
        begun, changed = run.seq, run.changed
        if begun < run.last:
            await self._start(run)
        while batch := await self._storage.reviews.with_text(after=run.seq, last=run.last, number=BATCH):
            done = await self._mask(batch, run)
            say(done.seq - run.seq)
            run = done
            await asyncio.sleep(PAUSE)
        say(run.last - run.seq)
        run = await self._mask_notes(run)
        run = msgspec.structs.replace(run, seq=run.last, ended_at=self._clock())
        await self._end(run, begun, changed)
        if run.changed > changed:
            await self._storage.scrub()
        return run

    async def _mask(self, batch: Sequence[Listed], run: Remasked) -> Remasked:
        masks = {text: mask(text) for each in batch for text in texts_of(each.review).values()}
        places = [(each.review.procedure_id, each.seq) for each in batch if _again(each.review, masks) != each.review]
        done: list[Remasked] = []

        async def note(connection: Any, amended: Sequence[Amended]) -> None:
            hidden = [_mask(text, masks) for each in amended for text in texts_of(each.before).values()]
            findings = [finding for masked in hidden for finding in masked.findings]
            done.append(
                msgspec.structs.replace(
                    run,
                    seq=batch[-1].seq,
                    reviews=run.reviews + len(batch),
                    changed=run.changed + sum(bool(masked.findings) for masked in hidden),
                    findings=Counter(run.findings) + Counter(finding.kind for finding in findings),
                    ended_at=None,
                )
            )
            await self._storage.remaskings.put(connection, done[0])

        await self._storage.amendments.amend(places, lambda review: _again(review, masks), along=note)
        return done[0]

    async def _mask_notes(self, run: Remasked) -> Remasked:
        """What colleagues wrote about reviews. Each run reads all of it: there is far less, and it needs no cursor."""
        after = 0
        while batch := await self._storage.remarks.notes_after(after, BATCH):
            after = batch[-1].id
            again = [(note, masked) for note in batch if (masked := mask(note.words)).text != note.words]
            if again:
                async with self._storage.engine.write() as connection:
                    done = [one for note, one in again if await self._storage.remarks.rewrite(connection, note, one)]
                kinds = Counter(finding.kind for masked in done for finding in masked.findings)
                run = msgspec.structs.replace(
                    run, changed=run.changed + len(done), findings=Counter(run.findings) + kinds
                )
            await asyncio.sleep(PAUSE)
        return run

    async def _end(self, run: Remasked, begun: int, changed: int) -> None:
        async with self._storage.engine.write() as connection:
            await self._storage.remaskings.put(connection, run)
            if run.seq > begun or run.changed > changed:
                await self._append(connection, "reviews.remask", run)

    async def _start(self, run: Remasked) -> None:
        async with self._storage.engine.write() as connection:
            await self._append(connection, "remask.start", run)

    async def _append(self, connection: Any, act: Act, run: Remasked) -> None:
        details = {"reviews": run.reviews, "changed": run.changed}
        await self._storage.journal.append(connection, by=self._by, act=act, subject=run.rules, details=details)


def _again(review: Review, masks: Mapping[str, Masked]) -> Review:
    return with_texts(review, {field: _mask(text, masks).text for field, text in texts_of(review).items()})


def _mask(text: str, masks: Mapping[str, Masked]) -> Masked:
    """A citizen may have written something else since the text was read."""
    return masks.get(text) or mask(text)
