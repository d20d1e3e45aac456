"""The types of the columns of an export, in DuckDB and Parquet.

A column of a newer service than this client is text until the client is brought up to date.
"""

from collections.abc import Sequence
from typing import get_args

from collector.exports.columns import columns_of
from collector.exports.parquet import TYPES
from collector.schema import Content

_KNOWN = {column.name: TYPES[column.type] for content in get_args(Content) for column in columns_of(content)}


def structure(columns: Sequence[str]) -> dict[str, str]:
    """Each column's name and type, in the order of the columns."""
    return {name: _KNOWN.get(name, "VARCHAR") for name in columns}
