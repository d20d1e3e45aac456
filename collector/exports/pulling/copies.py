"""What every copy is, wherever it is kept."""

from typing import Any, Protocol

import msgspec

from collector.exports.signatures import PublicKey


class Page(msgspec.Struct):
    """A page as the service sends it."""

    content: str
    format: str
    procedures: list[str]
    from_day: str | None
    to_day: str | None
    columns: list[str]
    after: int
    count: int
    next: int
    more: bool
    rows: list[dict[str, Any]]

    @property
    def scope(self) -> tuple[Any, ...]:
        """What the link gives, whoever it was signed for: a renewed link continues the same copy."""
        return self.content, self.format, sorted(self.procedures), self.from_day, self.to_day

    @property
    def is_whole(self) -> bool:
        """Whether it replaces all that was there: rows without a name of their own are not told apart."""
        return "id" not in self.columns

    @property
    def present(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if not row.get("deleted")]

    @property
    def gone(self) -> list[str]:
        return [row["id"] for row in self.rows if row.get("deleted")]


class Pin(msgspec.Struct, frozen=True):
    """The key that answers are believed by. `anchor` names the first of the chain that led to it."""

    key: PublicKey
    anchor: str


class State(msgspec.Struct):
    """How far a copy has come, kept by the transaction that keeps the rows."""

    scope: str = ""
    cursor: int = 0
    pin: Pin | None = None


class Kept(msgspec.Struct, frozen=True):
    added: int
    updated: int
    deleted: int


class Copy(Protocol):
    """One copy, held by one run at a time."""

    def state(self) -> State: ...

    def scope_of(self, page: Page) -> str:
        """What has to be the same of all pages of this copy."""

    def keep(self, page: Page, state: State) -> Kept:
        """The rows of a page and the state that follows, in one transaction."""

    def finish(self, page: Page) -> str:
        """Bring up to date what people read, and say where it is."""

    def total(self, page: Page) -> int: ...
