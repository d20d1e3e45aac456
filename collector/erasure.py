"""Erase one review, for a reason that an owner has to give. It must not become a way to better figures.

What a citizen wrote goes, for any reason; what they ticked stays and counts, since without words it is about nobody.
Only a trial of the team's own, which never was an opinion, goes with its answers: within some days, because nobody can
tell later, and with its answers in the journal, where erasing the bad ones would show.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

import msgspec

from collector.privacy.by_hand import seen_in
from collector.privacy.texts import texts_of, without_texts
from collector.schema import Procedure, Review, moment_of
from collector.storage import Storage
from collector.storage.amend import Amended
from collector.storage.journal import Details

Why = Literal["personal", "unlawful", "citizen", "trial"]
WHYS: tuple[Why, ...] = get_args(Why)
TRIAL = timedelta(days=7)


def reasons_for(review: Review, now: datetime) -> tuple[Why, ...]:
    """Why this review may be erased now; none where nothing was written and it is too old to be a trial."""
    words: tuple[Why, ...] = ("personal", "unlawful", "citizen") if texts_of(review) else ()
    return (*words, "trial") if now - moment_of(review.minute) <= TRIAL else words


async def erase(
    storage: Storage, procedure: Procedure, seq: int, why: Why, *, looked_at: str, now: datetime, by: str
) -> bool:
    """For one of `reasons_for`. False when the review is no longer what was `looked_at`, or not there.

    The citizen's browser can no longer complete it: it would send the words again.
    """

    def change(review: Review) -> Review | None:
        if seen_in(review) != looked_at or why not in reasons_for(review, now):
            return review
        return None if why == "trial" else _wordless(review)

    async def along(connection: Any, amended: Sequence[Amended]) -> None:
        for one in amended:
            place = {"procedure_id": procedure.id, "capability": one.before.capability}
            await storage.engine.sql.delete_contacts(connection, [place])
            subject = f"{procedure.slug}/{one.before.public_id}"
            await storage.journal.append(
                connection, by=by, act="review.erase", subject=subject, details=_told(one.before, why)
            )

    if not await storage.amendments.amend([(procedure.id, seq)], change, along=along, close=True):
        return False
    await storage.scrub()
    return True


def _wordless(review: Review) -> Review:
    return msgspec.structs.replace(without_texts(review), page=None)


def _told(review: Review, why: Why) -> Details:
    return {"why": why, "answer": review.satisfaction or review.kind} if why == "trial" else {"why": why}
