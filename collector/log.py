"""Structured logs that cannot leak: only keys on a list may leave, so no address, text or token can slip in."""

import logging
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog

from collector.settings import Settings

ALLOWED = frozenset(
    {
        "address",  # where we listen, never who calls
        "cause",
        "event",
        "exception",
        "file",
        "hook",  # its number
        "letter",  # its number
        "level",
        "logger",
        "method",
        "migrations",
        "pid",
        "reviews",
        "route",
        "rows",
        "seconds",
        "status",
        "timestamp",
        "tries",
    }
)


def configure(settings: Settings) -> None:
    """JSON lines on standard error. Also silences loggers of libraries that would write addresses or queries."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _frames_only,
            _allow_listed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, settings.log_level.upper())),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Lines())),
        cache_logger_on_first_use=False,
    )
    for name in ("uvicorn.access", "httpx", "psycopg", "psycopg.pool"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


class _Lines:
    """Standard error. A line that cannot be written is lost: neither a full disk nor a closed terminal stops us."""

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.flush()


def _frames_only(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Where it happened, without the values: messages of exceptions quote what was sent."""
    if event.pop("exc_info", None):
        kind, _, trace = sys.exc_info()
        frames = []
        while trace is not None:
            code = trace.tb_frame.f_code
            frames.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        event["exception"] = [kind.__name__ if kind else "", *frames]
    return event


def _allow_listed(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: value for name, value in event.items() if name in ALLOWED}
