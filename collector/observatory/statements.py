"""What the observatory says of itself: how its figures are made, and who can use its pages."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from collector.differences import ENOUGH as ENOUGH_TO_COMPARE
from collector.indicators import ENOUGH
from collector.observatory.rendering import ANYONE, page
from collector.settings import Settings


@get("/observatoire/methodologie", opt=ANYONE, sync_to_thread=False)
def show_methodology(request: Request[Any, Any, Any], settings: NamedDependency[Settings]) -> Response[bytes]:
    return page(
        request,
        "methodology",
        enough=ENOUGH,
        enough_to_compare=ENOUGH_TO_COMPARE,
        least=settings.small_number,
        contact=settings.privacy_contact,
    )


@get("/observatoire/accessibilite", opt=ANYONE, sync_to_thread=False)
def show_accessibility(request: Request[Any, Any, Any], settings: NamedDependency[Settings]) -> Response[bytes]:
    return page(request, "accessibility", contact=settings.privacy_contact)
