"""Find what people and webhooks asked to be told, by the same rules as the home page, once for each event.

What begins and goes on (a spike, a silence, a fall, a low satisfaction) is told when it begins. It has to be away for a
while before it can begin again: a figure that goes to and fro around its bound is one event, not twenty.
"""

from asyncio import to_thread
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from admin.alerts.posts import post_of
from admin.attention import Spike, changes, named, silent, spike_of
from admin.periods import Months, recent_months
from admin.words import high_end, name_of
from collector.differences import Difference
from collector.fulltext import BadSearch, Query, parse, tells
from collector.indicators import indicators, shown
from collector.schema import Procedure, date_of, minute_of
from collector.settings import Settings
from collector.silence import REACH
from collector.spikes import LEAST
from collector.storage import Storage
from collector.storage.alerts import Details, Event, NewProblem, Told
from collector.storage.hooks import Hook
from collector.storage.subscriptions import AlertKind, Subscription

LOOK_BACK = 30
"""Days over which a satisfaction is held against somebody's threshold."""
SEEN_EVERY = timedelta(hours=1)
"""How exactly it is known when something was last seen: not every look is worth a write."""
ENDS_AFTER: Mapping[AlertKind, timedelta] = {
    "spike": timedelta(days=2),
    "silence": timedelta(days=1),
    "fall": timedelta(days=30),
    "satisfaction": timedelta(days=7),
}
LATE = timedelta(days=1)
"""A problem reported longer ago is no news: it came with an import."""
MOST_WORDS = 10


class Audience(Struct, frozen=True):
    """Who is to be told, of which procedures."""

    procedures: Mapping[int, Procedure]
    subscriptions: Sequence[Subscription]
    hooks: Sequence[Hook]

    def wanting(self, kind: AlertKind) -> dict[int, Procedure]:
        """The procedures of which anybody wants to hear this."""
        numbers = {one.procedure_id for one in self.subscriptions if kind in one.wanted.kinds}
        numbers |= {one.procedure_id for one in self.hooks if kind in one.kinds}
        return {number: self.procedures[number] for number in numbers if number in self.procedures}


async def audience(storage: Storage) -> Audience:
    procedures = {one.id: one for one in await storage.catalogue.procedures()}
    return Audience(procedures, await storage.subscriptions.active(), await storage.hooks.active())


async def look(storage: Storage, settings: Settings, whom: Audience, now: datetime) -> None:
    """What may happen any minute."""
    await _problems(storage, settings, whom, now)
    await _words(storage, whom, now)
    await _ring(storage, settings, whom, await _spikes(storage, whom, now), now)


async def look_slowly(storage: Storage, settings: Settings, whom: Audience, now: datetime) -> None:
    """What takes days to happen, and more work to see."""
    await _ring(storage, settings, whom, await _silences(storage, whom, now), now)
    await _ring(storage, settings, whom, await _falls(storage, whom, now), now)
    await _low(storage, settings, whom, now)


async def _ring(
    storage: Storage,
    settings: Settings,
    whom: Audience,
    events: Iterable[Event],
    now: datetime,
    to: Sequence[Subscription] | None = None,
) -> None:
    known = await storage.alerts.alarms()
    moment = int(now.timestamp())
    for event in events:
        alarm, quiet = known.get((event.procedure_id, event.kind, event.about)), ENDS_AFTER[event.kind]
        if alarm is None or alarm.seen <= moment - quiet.total_seconds():
            told = _told(settings, whom, event, now) if to is None else Told(event, to)
            await storage.alerts.begin(told, now, quiet)
        elif alarm.seen <= moment - SEEN_EVERY.total_seconds():
            await storage.alerts.still(event, now)


def _told(settings: Settings, whom: Audience, event: Event, now: datetime) -> Told:
    procedure = whom.procedures[event.procedure_id]
    to = [
        one for one in whom.subscriptions if one.procedure_id == event.procedure_id and event.kind in one.wanted.kinds
    ]
    hooks = [one for one in whom.hooks if one.procedure_id == event.procedure_id and event.kind in one.kinds]
    return Told(event, to, [post_of(settings, hook, procedure, event, now) for hook in hooks])


async def _problems(storage: Storage, settings: Settings, whom: Audience, now: datetime) -> None:
    wanted = whom.wanting("problem")
    while problems := await storage.alerts.new_problems():
        told = [
            _told(settings, whom, _opened(one), now)
            for one in problems
            if one.kind != "suggestion" and one.procedure_id in wanted and one.first_minute >= minute_of(now - LATE)
        ]
        await storage.alerts.tell_problems(problems[-1].id, told, now)


def _opened(problem: NewProblem) -> Event:
    details: Details = {"problem": problem.id, "problem_kind": problem.kind}
    return Event(problem.procedure_id, "problem", str(problem.id), details)


async def _words(storage: Storage, whom: Audience, now: datetime) -> None:
    for one in whom.subscriptions:
        if "words" not in one.wanted.kinds:
            continue
        queries, current = searches(one.wanted.words), one
        while texts := await storage.alerts.texts(current):
            events = [
                Event(one.procedure_id, "words", f"{text.public_id}/{words}", {"words": words})
                for text in texts
                if text.verbatim
                for words, query in queries.items()
                if tells(text.verbatim, query)
            ]
            await storage.alerts.tell_words(one, texts[-1].change, events, now)
            current = replace(current, words_after=texts[-1].change)


def searches(words: str) -> dict[str, Query]:
    """Each search by its own words. Raises BadSearch, which says what to change."""
    found = [part.strip() for part in words.split(",") if part.strip()]
    if len(found) > MOST_WORDS:
        raise BadSearch(f"Guettez {MOST_WORDS} mots ou expressions au plus.")
    return {one: parse(one) for one in found}


async def _spikes(storage: Storage, whom: Audience, now: datetime) -> list[Event]:
    wanted, today = whom.wanting("spike"), date_of(now)
    lately = await storage.overview.technical(wanted, Spike.since(today).isoformat())
    many = [number for number, reports in lately.items() if reports >= LEAST]
    if not many:
        return []
    months = Months(recent_months(today)[0].start, recent_months(today)[1].end)
    known = await storage.overview.counts(many, months.first, months.last)
    spikes = [spike_of(wanted[number], lately[number], known.get(number), months, today) for number in many]
    return [
        Event(one.procedure.id, "spike", "", {"reports": one.reports, "usual": round(one.usual, 1)})
        for one in spikes
        if one
    ]


async def _silences(storage: Storage, whom: Audience, now: datetime) -> list[Event]:
    wanted, today = whom.wanting("silence"), date_of(now)
    if not wanted:
        return []
    volumes = await storage.overview.volumes(wanted, (today - timedelta(days=REACH)).isoformat(), today.isoformat())
    # Beside the event loop: citizens must not wait while hundreds of placements are looked at.
    found = await to_thread(silent, wanted, await storage.overview.placements(), volumes, today)
    return [
        Event(
            alert.procedure.id,
            "silence",
            alert.placement.key,
            {
                "placement": name_of(alert.placement),
                "key": alert.placement.key,
                "since": alert.silence.first.isoformat(),
                "received": alert.silence.received,
                "usual": round(alert.silence.expected),
            },
        )
        for alert in found
        if alert.placement and alert.silence
    ]


async def _falls(storage: Storage, whom: Audience, now: datetime) -> list[Event]:
    """The same months as on the home page, each procedure by itself."""
    wanted = whom.wanting("fall")
    before, after = recent_months(date_of(now))
    old, new = [await storage.overview.counts(wanted, months.first, months.last) for months in (before, after)]
    events = []
    for number, procedure in wanted.items():
        compared = named(changes({number: old.get(number, {})}, {number: new[number]})) if number in new else {}
        events += [_fall(procedure, name, one) for (_, name), one in compared.items() if one.value < 0]
    return events


def _fall(procedure: Procedure, name: str, one: Difference) -> Event:
    details = {
        "indicator": name,
        "before": one.before.shown,
        "after": one.after.shown,
        "count_before": one.before.count,
        "count_after": one.after.count,
    }
    return Event(procedure.id, "fall", name, details)


async def _low(storage: Storage, settings: Settings, whom: Audience, now: datetime) -> None:
    """Each person has a bound of their own."""
    last = date_of(now)
    first = last - timedelta(days=LOOK_BACK - 1)
    for one in whom.subscriptions:
        if "satisfaction" not in one.wanted.kinds:
            continue
        counts = await storage.reviews.counts(whom.procedures[one.procedure_id], first.isoformat(), last.isoformat())
        now_is = indicators(counts)[0]
        if now_is.value is not None and now_is.count >= one.wanted.least and now_is.value * 10 < one.wanted.threshold:
            details = {
                "value": now_is.shown,
                "low": shown(now_is.low, 10),
                "high": high_end(now_is.high, 10),
                "count": now_is.count,
                "threshold": shown(one.wanted.threshold / 10, 10),
            }
            event = Event(one.procedure_id, "satisfaction", str(one.id), details)
            await _ring(storage, settings, whom, [event], now, [one])
