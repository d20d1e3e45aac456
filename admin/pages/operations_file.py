"""Daily numbers as a file that can be imported again."""

from collections.abc import Sequence
from decimal import Decimal

from collector.exports.formats import csv_lines, head
from collector.operations.days import HUNDREDTHS, OperationsDay
from collector.operations.rows import COLUMNS


def file_of(slug: str, days: Sequence[OperationsDay]) -> bytes:
    rows = [[slug, one.day, one.channel, one.started, one.completed, _delay(one.delay)] for one in days]
    return head(COLUMNS) + csv_lines(rows)


def _delay(hundredths: int | None) -> str:
    return "" if hundredths is None else str(Decimal(hundredths) / HUNDREDTHS)
