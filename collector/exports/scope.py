"""Whom an export is about."""

from operator import attrgetter
from typing import Any

from msgspec import Struct

from collector.exports.links import EVERY_PROCEDURE, Grant
from collector.schema import Placement, Procedure
from collector.storage import Storage

Cells = dict[str, Any]
"""A row, by column."""


class Scope(Struct, frozen=True):
    """The procedures of a grant and their placements, by number."""

    procedures: dict[int, Procedure]
    placements: dict[int, Placement]


async def scope_of(grant: Grant, storage: Storage) -> Scope:
    """By slug. Procedures that were created after a link for all of them are part of it; archived ones stay."""
    procedures = [
        procedure
        for procedure in sorted(await storage.catalogue.procedures(), key=attrgetter("slug"))
        if grant.procedures == EVERY_PROCEDURE or procedure.slug in grant.procedures
    ]
    placements = [placement for procedure in procedures for placement in await storage.catalogue.placements(procedure)]
    return Scope({each.id: each for each in procedures}, {each.id: each for each in placements})
