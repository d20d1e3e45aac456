"""What right a form gives: to read or manage an organisation, or one procedure, among those the viewer keeps."""

from typing import get_args

from msgspec import Struct

from admin.posted import CHOOSE, Posted
from admin.rights import Viewer
from collector.schema import GivenRole, Organisation, Procedure
from collector.storage import Storage

LONGEST_NAME = 150
GIVEN_ROLES: tuple[GivenRole, ...] = get_args(GivenRole)


class Places(Struct, frozen=True):
    """Over what a viewer may give rights."""

    organisations: list[Organisation]
    procedures: list[Procedure]

    def find(self, code: str) -> Organisation | Procedure | None:
        """The one that a form names: `organisation/3` or `procedure/passeport`."""
        kind, _, name = code.partition("/")
        if kind == "organisation":
            return next((one for one in self.organisations if str(one.id) == name), None)
        return next((one for one in self.procedures if kind == "procedure" and one.slug == name), None)


async def places(storage: Storage, viewer: Viewer) -> Places:
    organisations = await storage.catalogue.organisations()
    procedures = await storage.catalogue.procedures()
    if viewer.is_administrator:
        return Places(organisations, procedures)
    mine = viewer.organisations
    return Places(
        [one for one in organisations if one.id in mine], [one for one in procedures if one.organisation_id in mine]
    )


async def place_in(
    form: Posted, storage: Storage, viewer: Viewer, known: Places, *, by: str
) -> Organisation | Procedure | None:
    """Over what the form wants a right. An administrator may name an organisation that has no procedure yet."""
    name = form.text("organisation", longest=LONGEST_NAME, required=False)
    ministry = form.text("ministry", longest=LONGEST_NAME, required=False)
    if name and viewer.is_administrator:
        return None if form.errors else await storage.catalogue.organisation(name, ministry or name, by=by)
    place = known.find(form["place"])
    if place is None:
        form.refuse("place", CHOOSE)
    return place
