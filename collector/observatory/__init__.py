"""What everybody may see: the figures of public procedures, as pages, as files and for programs."""

from typing import Any

from litestar import Router

from collector.errors import AvisError
from collector.observatory import editions, indicators, ministries, pages, procedure, statements
from collector.observatory.rendering import crashed, refused

routes: list[Any] = [
    indicators.public_indicators,
    Router(
        "/",
        route_handlers=[
            pages.show_table,
            pages.table_as_csv,
            pages.table_as_json,
            pages.serve_style,
            ministries.show_ministries,
            ministries.ministries_as_csv,
            ministries.ministries_as_json,
            editions.list_editions,
            editions.editions_feed,
            editions.show_edition,
            statements.show_methodology,
            statements.show_accessibility,
            procedure.show_procedure,
            procedure.months_as_csv,
        ],
        exception_handlers={AvisError: refused, Exception: crashed},
        include_in_schema=False,
    ),
]
