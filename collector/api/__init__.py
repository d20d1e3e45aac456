"""What programs do with a key, on the procedures of its service account."""

from litestar import Router
from litestar.di import Provide

from collector.api.bodies import LARGEST
from collector.api.door import access_of_request, only_with_a_key, procedure_of_request
from collector.api.figures import figures
from collector.api.forms import list_forms
from collector.api.improvements import (
    add_improvement,
    change_improvement,
    list_improvements,
    remove_improvement,
    show_improvement,
)
from collector.api.links import list_links, make_link, revoke_link, show_link
from collector.api.malfunctions import change_malfunction, list_malfunctions, show_malfunction
from collector.api.national import (
    national_health,
    national_services,
    national_statistics,
    national_statistics_by_address,
)
from collector.api.operations import bring_operations, read_operations
from collector.api.placements import (
    change_placement,
    create_placement,
    list_placements,
    read_snippets,
    show_placement,
)
from collector.api.procedure import change_procedure, show_procedure
from collector.api.procedures import list_procedures, read_reviews

routes = [
    Router(
        "/api/v1/procedures",
        route_handlers=[
            list_procedures,
            show_procedure,
            change_procedure,
            read_reviews,
            figures,
            bring_operations,
            read_operations,
            list_placements,
            create_placement,
            show_placement,
            change_placement,
            read_snippets,
            list_malfunctions,
            show_malfunction,
            change_malfunction,
            list_improvements,
            add_improvement,
            show_improvement,
            change_improvement,
            remove_improvement,
            list_links,
            show_link,
            make_link,
            revoke_link,
            list_forms,
        ],
        guards=[only_with_a_key],
        request_max_body_size=LARGEST,
        dependencies={
            "access": Provide(access_of_request, sync_to_thread=False),
            "procedure": Provide(procedure_of_request, sync_to_thread=False),
        },
    ),
    Router(
        "/api/open-api",
        route_handlers=[national_services, national_statistics, national_statistics_by_address],
        guards=[only_with_a_key],
        request_max_body_size=LARGEST,
        dependencies={"access": Provide(access_of_request, sync_to_thread=False)},
    ),
    Router("/api/open-api", route_handlers=[national_health]),
]
