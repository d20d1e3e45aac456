"""How often each word and each theme is said, by month and by satisfaction: sums kept as comments come and go.

The index of words counts a comment when it comes to it (`count`), apart from what citizens wait for; whatever takes
words out of the index takes them out of the sums in the same transaction (`forget`), so that no word that was masked is
left in them. `said` holds as what each comment is counted: one that is read again is moved by the difference, so that
sums are those of the comments that are indexed and count, always.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from collector.fulltext import indexed, stem
from collector.privacy.page import PLACEHOLDER
from collector.schema import Procedure, Review
from collector.storage.engine import Engine, Row, listed
from collector.storage.many import inserted
from collector.storage.rows import text_of
from collector.themes import themes_of

LEAST = 3
"""Comments that say a word before anybody is shown that they do: a rare word may be about one person."""
CANDIDATES = 400
"""Words of each month that are looked at, the most said first: the same cost however much was ever said."""

Spoken = frozenset[tuple[str, str]]
"""What a comment counts for: kinds ('all', 'theme', 'word') with what is said; of words their stems."""
_Key = tuple[int, str, str, str]
_KEY = ("procedure_id", "month", "kind", "said")
_SUMS = ("reviews", "bad", "medium", "good")
_ADD = inserted(
    "said_count",
    (*_KEY, *_SUMS),
    f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {', '.join(f'{n} = said_count.{n} + excluded.{n}' for n in _SUMS)}",
)
_REMEMBER = inserted(
    "said",
    ("procedure_id", "seq", "satisfaction"),
    "ON CONFLICT (procedure_id, seq) DO UPDATE SET satisfaction = excluded.satisfaction",
)


class Sums(Struct, frozen=True):
    """Comments of a period: how many, and how many of each satisfaction (a report of malfunction has none)."""

    reviews: int = 0
    bad: int = 0
    medium: int = 0
    good: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.reviews + other.reviews, self.bad + other.bad, self.medium + other.medium, self.good + other.good
        )


Told = Mapping[tuple[str, str], Mapping[str, Sums]]
"""By kind and what is said, the sums of each month."""


class Said:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of(self, procedure: Procedure, months: Sequence[str]) -> Told:
        """The sums of each of `months`; of words those that are said most in one of them."""
        sql, place = self._engine.sql, {"procedure_id": procedure.id}
        async with self._engine.read() as connection:
            rows = await listed(sql.said_all(connection, **place, months=text_of(months)))
            words = {
                row["said"]
                for month in months
                for row in await listed(sql.said_most(connection, **place, month=month, number=CANDIDATES))
            }
            said = await listed(
                sql.said_of_words(connection, **place, months=text_of(months), words=text_of(sorted(words)))
            )
        return _told([*rows, *({**row, "kind": "word"} for row in said)])


def spoken_in(text: str) -> Spoken:
    """What a comment counts for. What stands where something was masked is no word of a citizen."""
    words = indexed(PLACEHOLDER.sub(" ", text))
    plain = {word for word in words if not any(letter.isdigit() for letter in word)}
    return frozenset(
        {("all", ""), *(("theme", code) for code in themes_of(plain)), *(("word", stem(word)) for word in plain)}
    )


async def count(engine: Engine, connection: Any, rows: Iterable[Row], spoken: Mapping[int, Spoken]) -> None:
    """Count these comments as what they are now; one that was counted otherwise moves.

    Rows are of `reviews_to_index`; what each counts for comes by the number of its last change.
    """
    # Of one whose comment has gone, what it said went with the words.
    rows = [row for row in rows if row["verbatim"]]
    if not rows:
        return
    before = await _counted(engine, connection, [(row["procedure_id"], row["seq"]) for row in rows])
    moved, kept, gone = Counter[tuple[_Key, str]](), list[tuple[Any, ...]](), list[tuple[Any, ...]]()
    for row in rows:
        key = (row["procedure_id"], row["seq"])
        was, now = before.get(key, _NOT), _NOT if row["aside"] else row["satisfaction"] or ""
        if was == now:
            continue
        _move(moved, key[0], row["day"], spoken[row["change"]], was, -1)
        _move(moved, key[0], row["day"], spoken[row["change"]], now, 1)
        if now == _NOT:
            gone.append(key)
        else:
            kept.append((*key, now or None))
    await _write(engine, connection, moved)
    await engine.put(connection, _REMEMBER, kept)
    if gone:
        await engine.sql.forget_said(connection, places=text_of(gone))


async def forget(engine: Engine, connection: Any, spoken: Iterable[tuple[int, Review]]) -> None:
    """Take out what these reviews said, where they were counted, in the transaction that overwrites or removes it."""
    reviews = {(review.procedure_id, seq): review for seq, review in spoken if review.verbatim}
    if not reviews:
        return
    before = await _counted(engine, connection, sorted(reviews))
    moved = Counter[tuple[_Key, str]]()
    for key, was in before.items():
        review = reviews[key]
        _move(moved, review.procedure_id, review.day, spoken_in(review.verbatim or ""), was, -1)
    await _write(engine, connection, moved)
    if before:
        await engine.sql.forget_said(connection, places=text_of(sorted(before)))


_NOT = "-"
"""Not counted: what was set aside, or has not been come to."""


async def _counted(engine: Engine, connection: Any, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
    keys = text_of([{"procedure_id": procedure_id, "seq": seq} for procedure_id, seq in places])
    rows = await listed(engine.sql.said_at(connection, keys=keys))
    return {(row["procedure_id"], row["seq"]): row["satisfaction"] or "" for row in rows}


def _move(
    moved: Counter[tuple[_Key, str]], procedure_id: int, day: str, spoken: Spoken, satisfaction: str, by: int
) -> None:
    if satisfaction == _NOT:
        return
    for kind, said in spoken:
        key = (procedure_id, day[:7], kind, said)
        moved[key, "reviews"] += by
        if satisfaction:
            moved[key, satisfaction] += by


async def _write(engine: Engine, connection: Any, moved: Counter[tuple[_Key, str]]) -> None:
    # In one order, whoever writes.
    keys = sorted({key for key, _ in moved})
    if not keys:
        return
    await engine.put(connection, _ADD, [(*key, *(moved[key, name] for name in _SUMS)) for key in keys])
    if lessened := [key for key in keys if moved[key, "reviews"] < 0]:
        await engine.sql.drop_said(connection, places=text_of(lessened))


def _told(rows: Iterable[Mapping[str, Any]]) -> Told:
    told: dict[tuple[str, str], dict[str, Sums]] = {}
    for row in rows:
        sums = Sums(row["reviews"], row["bad"], row["medium"], row["good"])
        told.setdefault((row["kind"], row["said"]), {})[row["month"]] = sums
    return told
