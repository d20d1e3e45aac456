"""`from` and `to`: the days that a question is about, both included."""

from typing import Annotated

from litestar.params import QueryParameter

from collector.errors import BadRequest
from collector.schema import parse_day

FromDay = Annotated[str | None, QueryParameter(name="from", description="First day, YYYY-MM-DD, in Paris.")]
ToDay = Annotated[str | None, QueryParameter(name="to", description="Last day, included.")]


def check_days(from_day: str | None, to_day: str | None) -> None:
    """Raises BadRequest."""
    try:
        days = [parse_day(day).isoformat() == day for day in (from_day, to_day) if day is not None]
    except ValueError:
        days = [False]
    if not all(days):
        raise BadRequest("Les dates s'écrivent AAAA-MM-JJ.")
    if from_day and to_day and from_day > to_day:
        raise BadRequest("La date de début est après la date de fin.")
