"""`…/{slug}/forms`: the versions of a procedure's satisfaction form, and which one citizens see."""

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from collector.api.described import described
from collector.api.door import HEADERS
from collector.schema import FormVersion, Procedure
from collector.storage import Storage


class FormVersions(msgspec.Struct, frozen=True):
    """The latest first: at most 100; a draft has no `published_at`. The national questionnaire, 1, is not listed."""

    shown: int
    versions: list[FormVersion]


# In the admin too these are for those who may change them: a draft is nobody else's yet.
@get("/{slug:str}/forms", **described("key-manager"))
async def list_forms(
    procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[FormVersions]:
    """What each version leaves out, and who published it."""
    shown, versions = await storage.forms.shown(procedure), await storage.forms.versions(procedure)
    return Response(FormVersions(shown, versions), headers=HEADERS)
