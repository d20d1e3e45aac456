"""Make an edition: read what is published of each procedure for a quarter's last day, and keep it as it then is.

Figures are differences of the steps that the public is told (`collector.suppression`), those of the quarter's last day:
an edition made from anything else could be subtracted from the public figures down to a few people.
"""

import asyncio
from datetime import datetime
from hashlib import sha256

from collector.editions import (
    FORMAT,
    METHODOLOGY,
    Edition,
    EditionProcedure,
    Quarter,
    compared,
    line_of,
    written,
)
from collector.errors import BadRequest, Conflict
from collector.exports.signatures import SigningKey, sign, signing_keys
from collector.indicators import ENOUGH
from collector.schema import Procedure, day_of
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.editions import Heading, Kept
from collector.storage.rows import stamp
from collector.suppression import PUBLIC

LONGEST_REASON = 500


async def make(
    storage: Storage, quarter: Quarter, settings: Settings, *, now: datetime, by: str, reason: str | None = None
) -> Kept:
    """The quarter's edition; with a `reason`, one that corrects the last. Raises BadRequest or Conflict."""
    there = await storage.editions.of_quarter(quarter.name)
    _check(quarter, there, now, reason)
    before = await _comparable(storage, quarter)
    lines = await _lines(storage, quarter)
    number = there.heading.number + 1 if there else 1
    edition = Edition(
        format=FORMAT,
        name=quarter.name if number == 1 else f"{quarter.name}.{number}",
        quarter=quarter.name,
        from_day=quarter.first.isoformat(),
        to_day=quarter.last.isoformat(),
        made_at=stamp(now),
        made_by=settings.base_url,
        methodology=METHODOLOGY,
        least=ENOUGH,
        small=settings.small_number,
        corrects=there.heading.name if there else None,
        reason=reason,
        previous=before.name if before else None,
        procedures=compared(lines, before),
    )
    # Half a tenth of a second each, on purpose.
    keys = await asyncio.to_thread(signing_keys, settings.secret_keys)
    kept = _kept(edition, number, now, keys[0])
    await storage.editions.keep(kept.heading, kept.content, by=by)
    return kept


async def _comparable(storage: Storage, quarter: Quarter) -> Edition | None:
    """The edition before, if it was made by the same methodology: else a new formula would pass for a change."""
    before = await storage.editions.before(quarter.name)
    if before and not before.is_whole:
        raise Conflict(
            f"L'édition {before.heading.name} n'est plus celle qui a été faite : son contenu ne correspond pas à son "
            "empreinte. Restaurez-la d'une sauvegarde (« avis restore ») avant de faire la suivante."
        )
    return before.edition if before and before.edition.methodology == METHODOLOGY else None


async def _lines(storage: Storage, quarter: Quarter) -> list[EditionProcedure]:
    there = [one for one in await storage.catalogue.procedures() if one.state in PUBLIC]
    found = [await _line(storage, one, quarter) for one in sorted(there, key=lambda one: one.slug)]
    return [line for line in found if line is not None]


async def _line(storage: Storage, procedure: Procedure, quarter: Quarter) -> EditionProcedure | None:
    """None of a procedure that was made after the quarter, unless somebody rated it before."""
    figures = await storage.published.figures(procedure, quarter.first, quarter.last)
    if day_of(procedure.created_at) > quarter.last.isoformat() and figures.reviews == 0:
        return None
    return line_of(procedure, figures, await storage.criteria.on(procedure, quarter.last.isoformat()))


def _kept(edition: Edition, number: int, now: datetime, key: SigningKey) -> Kept:
    content = written(edition)
    heading = Heading(
        name=edition.name,
        quarter=edition.quarter,
        number=number,
        made_at=now,
        corrects=edition.corrects,
        reason=edition.reason,
        digest=sha256(content).hexdigest(),
        signature=sign(key, content),
        signed_with=key.public.kid,
        public_key=key.public.x,
    )
    return Kept(heading, content)


def _check(quarter: Quarter, there: Kept | None, now: datetime, reason: str | None) -> None:
    if day_of(now) <= quarter.last.isoformat():
        raise BadRequest(
            f"Le trimestre {quarter.name} n'est pas fini. Faites son édition à partir du lendemain du "
            f"{quarter.last.strftime('%d/%m/%Y')}."
        )
    if there and not reason:
        raise Conflict(
            f"L'édition {there.heading.name} est faite, et ne change plus. Pour en publier une correction : "
            f'avis edition --quarter {quarter.name} --correct "ce qui est corrigé, et pourquoi".'
        )
    if reason and not there:
        raise BadRequest(f"Il n'y a pas d'édition {quarter.name} à corriger. Retirez --correct pour la faire.")
    if reason and len(reason) > LONGEST_REASON:
        raise BadRequest(f"--correct : {LONGEST_REASON} caractères au plus.")
