"""What programs read with a key: the procedures of its service account, in full and not in public steps."""

from litestar import Router
from litestar.di import Provide

from collector.api.door import access_of_request, only_with_a_key
from collector.api.figures import figures
from collector.api.procedures import list_procedures, read_reviews

routes = [
    Router(
        "/api/v1/procedures",
        route_handlers=[list_procedures, read_reviews, figures],
        guards=[only_with_a_key],
        dependencies={"access": Provide(access_of_request, sync_to_thread=False)},
    )
]
