"""What a link can give besides reviews: indicators cut by time and by part, and what became of problems."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from httpx import AsyncClient

from collector.errors import BadRequest
from collector.exports.columns import columns_of
from collector.exports.links import BYS, EVERY_PROCEDURE, FORMATS, INTERVALS, Grant
from collector.exports.steps import name_of, steps
from collector.indicators import count_of, indicators, total
from collector.schema import By, Interval, Review, parse_day
from collector.settings import Settings
from collector.signing import Signer
from collector.storage import Storage
from collector.storage.reviews import Filter
from tests.conftest import MovableClock, Passeport, found, refusal, send
from tests.service.test_exports import Signed, rows


@pytest.fixture
def sign(storage: Storage, settings: Settings, clock: MovableClock) -> Signed:
    return Signed(storage, settings, clock)


@pytest.fixture
async def answered(client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock) -> list[Passeport]:
    """Three procedures of two organisations, whose reviews come over four months."""
    places = [passeport, await found(storage, clock, "permis"), await found(storage, clock, "visa", "Préfecture")]
    for n, satisfaction in enumerate(("good", "bad", "medium", "good", "good", "bad")):
        for place in places[: 1 + n % 3]:
            await send(client, place.key, {"satisfaction": satisfaction, "comprehension": 1 + n % 5})
        await send(client, passeport.malfunction.key, {"kind": "technical", "verbatim": f"Le bouton {n} ne répond pas"})
        clock.move(days=23)
    return places


PART: dict[By, Callable[[Passeport, Review], tuple[str, ...]]] = {
    "procedure": lambda place, _: (place.procedure.slug,),
    "placement": lambda place, review: (
        place.procedure.slug,
        place.key if review.placement_id == place.placement.id else place.malfunction.key,
        "web",
    ),
    "channel": lambda place, _: (place.procedure.slug, "web"),
    "audience": lambda *_: ("individuals",),
    "organisation": lambda place, _: (place.procedure.organisation, place.procedure.ministry),
    "ministry": lambda place, _: (place.procedure.ministry,),
}
DAYS = ("2026-03-12", "2026-07-31")
UNCUT = [column.name for column in columns_of("indicators")][1:]


@pytest.mark.parametrize("by", BYS)
async def test_indicators_that_are_cut_are_those_of_every_review_counted_again(
    client: AsyncClient, storage: Storage, answered: list[Passeport], sign: Signed, by: By
) -> None:
    for interval in INTERVALS:
        url = await sign(
            *EVERY_PROCEDURE, content="indicators", interval=interval, by=by, from_day=DAYS[0], to_day=DAYS[1]
        )
        given = await rows(client, url)
        columns = columns_of("indicators", interval, by)
        assert {tuple(row) for row in given} == {tuple(column.name for column in columns)}
        part = [column.name for column in columns if column.name not in {"period", *UNCUT}]
        told = {
            (*(row[name] for name in part), row["from_day"], row["indicator"]): (
                row["reviews"],
                row["count"],
                row["value"],
                row["low"],
                row["high"],
            )
            for row in given
        }
        assert len(told) == len(given), "a row is there twice"
        assert told == await counted_again(storage, answered, interval, by)
        if interval != "whole":
            assert {row["period"] for row in given} == {name_of(parse_day(row["from_day"]), interval) for row in given}


async def reviews(storage: Storage, place: Passeport) -> list[Review]:
    return [each.review for each in await storage.reviews.before(place.procedure, Filter())]


async def counted_again(
    storage: Storage, places: list[Passeport], interval: Interval, by: By
) -> dict[tuple[str, ...], tuple[Any, ...]]:
    met: dict[tuple[str, ...], list[dict[str, int]]] = {}
    for place in places:
        for review in await reviews(storage, place):
            day = date.fromisoformat(review.day)
            cut = steps(parse_day(DAYS[0]), parse_day(DAYS[1]), interval)
            (start,) = [first for first, last in cut if first <= day <= last]
            met.setdefault((*PART[by](place, review), start.isoformat()), []).append(count_of(review))
    return {
        (*name, one.name): (len(counts), one.count, one.value, one.low, one.high)
        for name, counts in met.items()
        for one in indicators(total(counts))
    }


async def test_a_procedure_for_several_audiences_counts_for_each(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock, sign: Signed
) -> None:
    await send(client, passeport.key)
    two = await storage.catalogue.add_procedure(
        title="Un agrément",
        slug="agrement",
        organisation="Mairie d'Exemple",
        ministry="Intérieur",
        audiences=["businesses", "agents"],
        origins=[],
        now=clock(),
    )
    await send(client, two[1].key)
    given = await rows(client, await sign(*EVERY_PROCEDURE, content="indicators", by="audience"))
    assert {row["audience"] for row in given} == {"individuals", "businesses", "agents"}
    assert {row["reviews"] for row in given} == {1}


async def test_a_link_that_was_signed_before_indicators_could_be_cut_gives_what_it_gave(
    client: AsyncClient, passeport: Passeport, settings: Settings, sign: Signed
) -> None:
    await send(client, passeport.key)
    url = await sign(content="indicators")
    signer = Signer(settings.secret_keys, "export-link")
    value: Any = signer.read(url.rsplit("/", 1)[1])
    assert len(value) == len(Grant.__struct_fields__)
    older = f"{url.rsplit('/', 1)[0]}/{signer.sign(value[:7])}"
    assert older != url
    assert await rows(client, older) == await rows(client, url)
    assert (await client.get(f"{older}/pages")).json()["rows"] == await rows(client, url)


async def test_only_indicators_are_cut_and_not_into_dust(sign: Signed, passeport: Passeport) -> None:
    async def refused(**scope: Any) -> str:
        with pytest.raises(BadRequest) as error:
            await sign(**scope)
        return error.value.message

    assert "que pour les indicateurs" in await refused(interval="day")
    assert "que pour les indicateurs" in await refused(content="malfunctions", by="ministry")
    assert "un plus long" in await refused(content="indicators", interval="day", from_day="2000-01-01")
    await sign(content="indicators", interval="week", from_day="2000-01-01")


async def test_what_is_read_at_once_has_no_pages(client: AsyncClient, passeport: Passeport, sign: Signed) -> None:
    scopes: tuple[dict[str, Any], ...] = ({"content": "malfunctions"}, {"content": "indicators", "interval": "day"})
    for scope in scopes:
        answer = await client.get(f"{await sign(**scope)}/pages")
        assert refusal(answer) == (404, "not-found")
        assert "fichier entier" in answer.json()["detail"]


async def test_problems_come_with_what_became_of_them(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock, sign: Signed
) -> None:
    async def report(text: str, kind: str = "technical") -> None:
        answers = {"kind": kind, "verbatim": text, "browser": "firefox"}
        await send(client, passeport.malfunction.key, answers, page="/paiement")

    await report("Le bouton de paiement ne répond pas")
    clock.move(days=1)
    await report("le bouton de paiement ne repond pas")
    await report("Un plan du site, écrivez à marie.dupont@exemple.fr", "suggestion")
    while await storage.problems.sort():
        pass
    (problem,) = [
        one
        for one in await storage.problems.in_order(passeport.procedure, after=(0, 0), last=2**40, number=9)
        if one.kind == "technical"
    ]
    clock.move(hours=12, minutes=30)
    await storage.problems.change(
        passeport.procedure, problem.id, status="fixed", assignee=None, version=problem.version, now=clock(), by="b"
    )
    given = await rows(client, await sign(content="malfunctions"))
    assert tuple(given[0]) == tuple(column.name for column in columns_of("malfunctions"))
    fixed, open_one = sorted(given, key=lambda row: row["kind"], reverse=True)
    assert fixed == {
        "procedure": "passeport",
        "problem": problem.id,
        "kind": "technical",
        "status": "fixed",
        "returned": False,
        "reports": 2,
        "first_at": "2026-03-12T11:00Z",
        "last_at": "2026-03-13T11:00Z",
        "fixed_at": "2026-03-13T23:30Z",
        "hours_to_fix": 36.5,
        "page": "/paiement",
        "browser": "firefox",
        "lang": "fr",
        "verbatim": "Le bouton de paiement ne répond pas",
    }
    assert (open_one["fixed_at"], open_one["hours_to_fix"]) == (None, None)
    assert "dupont" not in open_one["verbatim"]
    scopes: tuple[tuple[dict[str, Any], list[str]], ...] = (
        ({"to_day": "2026-03-12"}, ["technical"]),
        ({"from_day": "2026-03-13"}, ["suggestion", "technical"]),
        ({"from_day": "2026-03-14"}, []),
    )
    for scope, kinds in scopes:
        found_kinds = [row["kind"] for row in await rows(client, await sign(content="malfunctions", **scope))]
        assert sorted(found_kinds) == kinds
    for kind in FORMATS:
        assert (await client.get(await sign(content="malfunctions", format=kind))).status_code == 200
