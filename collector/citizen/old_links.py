"""Links of the national service go on working: an owner changes an address's host, and nothing else."""

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from collector.citizen.answers import ANYONE, PAGE
from collector.citizen.form import say
from collector.errors import AvisError, UnknownKey
from collector.old_links import PARAMETERS, chosen
from collector.storage import Storage


@get(
    ["/Demarches/{number:str}", "/Demarches/avis/{number:str}"],
    opt=ANYONE,
    exception_handlers={AvisError: say},
    media_type="text/html",
)
async def follow_old_link(
    request: Request[Any, Any, Any], number: FromPath[str], storage: NamedDependency[Storage]
) -> Response[None]:
    """To the form, in the language and the frame that were asked for."""
    asked = {name: value for name in PARAMETERS if (value := request.query_params.get(name)) is not None}
    known = []
    # A number of more figures is nobody's; and `int` would take other scripts' figures too.
    if number.isascii() and number.isdecimal() and len(number) < 10:
        known = await storage.old_links.known(int(number))
    led = chosen(asked, known)
    if led is None:
        raise UnknownKey
    kept = {"lang": request.query_params.get("lang") or request.query_params.get("locale")}
    if request.query_params.get("iframe") == "true":
        kept["embed"] = "1"
    query = urlencode({name: value for name, value in kept.items() if value})
    address = f"/avis/{led.key}{'?' if query else ''}{query}"
    return Response(None, status_code=302, headers={**PAGE, "Location": address})
