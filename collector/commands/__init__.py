"""What the commands share: settings, one opened database, and one way to answer people or programs."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import click
import msgspec
from typing_extensions import override

from collector.log import configure
from collector.schema import parse_day
from collector.settings import Settings, load
from collector.storage import Storage
from collector.storage.journal import COMMAND
from collector.storage.migrate import OutdatedSchema, migrate, missing

Result = TypeVar("Result")

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Une réponse par ligne, en JSON, pour les programmes."
)


def settings() -> Settings:
    return load(os.environ)


def with_storage(work: Callable[[Storage], Awaitable[Result]]) -> Result:
    """Run `work` on an opened database, migrating the embedded one first."""

    async def run() -> Result:
        here = settings()
        configure(here)
        if here.sqlite_path:
            migrate(here, COMMAND)
        elif missing(here):
            raise OutdatedSchema
        storage = Storage(here)
        await storage.open()
        try:
            return await work(storage)
        finally:
            await storage.close()

    return asyncio.run(run())


def answer(value: Any, text: str, as_json: bool) -> None:
    """One answer: its text for people, its JSON for programs."""
    click.echo(msgspec.json.encode(value).decode() if as_json else text)


def answers(values: Iterable[tuple[Any, str]], as_json: bool, nothing: str) -> None:
    """Several answers, one per line; `nothing` is what people read when there is none."""
    found = False
    for value, text in values:
        found = True
        answer(value, text, as_json)
    if not found and not as_json:
        click.echo(nothing)


def now() -> datetime:
    return datetime.now(UTC)


class Day(click.ParamType[str]):
    """A calendar day, YYYY-MM-DD."""

    name = "AAAA-MM-JJ"

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return parse_day(str(value)).isoformat()
        except ValueError:
            self.fail(f"« {value} » n'est pas une date. Attendu : AAAA-MM-JJ, par exemple 2026-03-31.", param, ctx)


_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "j": timedelta(days=1), "w": timedelta(weeks=1)}


class Duration(click.ParamType[timedelta]):
    """A length of time: 12h, 30d or 8w."""

    name = "durée"

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        number, unit = str(value)[:-1], str(value)[-1:]
        if unit not in _UNITS or not number.isdecimal() or not 0 < int(number) <= 10_000:
            self.fail(f"« {value} » n'est pas une durée. Exemples : 12h, 30d, 8w.", param, ctx)
        return int(number) * _UNITS[unit]
