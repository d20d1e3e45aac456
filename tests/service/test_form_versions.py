"""A form within its bounds: what is not asked, which version an answer belongs to, and that nothing said is lost."""

from uuid import uuid4

import pytest
from httpx import AsyncClient

from collector.schema import Adjustments
from collector.storage import Storage
from collector.storage.journal import Search
from collector.storage.reviews import Filter
from tests.conftest import MovableClock, Passeport, fields, refusal, send

BRUNO = "bruno@exemple.fr"
SHORT = Adjustments(introduction="Deux minutes & c'est fini.", hidden_steps=("comprehension",))
NO_DESK = Adjustments(hidden_means=("counter", "phone", "email", "chat", "other"))
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


async def publish(storage: Storage, passeport: Passeport, clock: MovableClock, adjustments: Adjustments) -> int:
    await storage.forms.draft(passeport.procedure, adjustments, now=clock(), by=BRUNO)
    number = await storage.forms.publish(passeport.procedure, now=clock(), by=BRUNO)
    assert number
    return number


async def versions_of(storage: Storage, passeport: Passeport) -> list[int]:
    reviews = await storage.reviews.before(passeport.procedure, Filter())
    return [listed.review.form_version for listed in reversed(reviews)]


async def test_a_published_version_is_shown_and_counted_under_its_number(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    assert "Étape 1 sur 4" in (await client.get(f"/avis/{passeport.key}")).text
    assert await publish(storage, passeport, clock, SHORT) == 2
    page = (await client.get(f"/avis/{passeport.key}")).text
    assert "Étape 1 sur 3" in page
    assert 'name="comprehension"' not in page
    assert "<p>Deux minutes &amp; c'est fini.</p>" in page
    english = (await client.get(f"/avis/{passeport.key}?lang=en")).text
    assert "Deux minutes" not in english, "the owner's words are French"
    assert "Help us improve" in english
    await send(client, passeport.key, {"satisfaction": "good", "form_version": 2})
    parts = await storage.reviews.counts_by_part(passeport.procedure, "2026-01-01", "2026-12-31")
    assert [(part[1], counts["reviews"]) for part, counts in parts.items()] == [(2, 1)]


async def test_help_without_a_desk_asks_nothing_about_desks(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    await publish(storage, passeport, clock, NO_DESK)
    page = (await client.get(f"/avis/{passeport.key}")).text.partition("<script>")[0]
    assert 'value="relative"' in page
    for name in ("contact_reached", "contact_satisfaction", "contact_tried_other", 'value="phone"'):
        assert name not in page
    assert "Étape 1 sur 4" in page


async def test_a_page_that_was_open_before_goes_on_and_its_review_keeps_the_version_it_answered(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    mine = uuid4()
    await send(client, passeport.key, {"satisfaction": "good"}, id=mine)
    await publish(storage, passeport, clock, SHORT)
    answer = await send(client, passeport.key, {"satisfaction": "good", "comprehension": 5}, id=mine)
    assert answer.status_code == 200
    assert (await send(client, passeport.key, {"satisfaction": "bad", "comprehension": 1})).status_code == 201
    await publish(storage, passeport, clock, NO_DESK)
    assert (await send(client, passeport.key, {"satisfaction": "bad", "form_version": 2})).status_code == 201
    assert await versions_of(storage, passeport) == [1, 1, 2]
    marks = [listed.review.comprehension for listed in await storage.reviews.before(passeport.procedure, Filter())]
    assert sorted(mark for mark in marks if mark) == [1, 5]


async def test_without_javascript_too_whoever_began_goes_on_with_the_version_they_began(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    """Step by step: a step that is hidden meanwhile is still asked, and what it was answered is not lost."""
    await publish(storage, passeport, clock, SHORT)
    await publish(storage, passeport, clock, NO_DESK)
    path, said = f"/avis/{passeport.key}", {"id": str(uuid4()), "satisfaction": "medium"}
    page = await client.post(path, data={**said, "next": "satisfaction"}, headers=SAME_SITE)
    assert 'name="comprehension"' in page.text
    assert "form_version" not in page.text, "they began before any version"
    said |= {"comprehension": "4", "contact_tried": "phone"}
    await client.post(path, data={**said, "next": "contact_tried"}, headers=SAME_SITE)
    other = {"id": str(uuid4()), "satisfaction": "bad", "form_version": "2"}
    page = await client.post(path, data={**other, "next": "satisfaction"}, headers=SAME_SITE)
    assert '<input type="hidden" name="form_version" value="2">' in page.text
    assert 'name="comprehension"' not in page.text
    assert 'value="phone"' in page.text
    assert await versions_of(storage, passeport) == [1, 2]
    (review,) = [one.review for one in await storage.reviews.before(passeport.procedure, Filter(satisfaction="medium"))]
    assert (review.comprehension, review.contact_tried) == (4, ("phone",))


@pytest.mark.parametrize(("version", "code"), [(2, "unknown-version"), (0, "out-of-range"), ("2", "wrong-type")])
async def test_a_version_that_never_was_is_refused(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock, version: object, code: str
) -> None:
    """Else anybody could make rows of counts for versions that do not exist. A draft is not one yet."""
    await storage.forms.draft(passeport.procedure, SHORT, now=clock(), by=BRUNO)
    answer = await send(client, passeport.key, {"satisfaction": "good", "form_version": version})
    assert refusal(answer) == (422, "invalid-answers")
    assert fields(answer) == [("$.answers.form_version", code)]
    posted = {"satisfaction": "good", "form_version": "2"}
    assert (await client.post(f"/avis/{passeport.key}", data=posted, headers=SAME_SITE)).status_code == 200
    assert await versions_of(storage, passeport) == [1]


async def test_a_version_published_elsewhere_is_known_at_once(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    """`storage` is another process: the service has this procedure in its memory."""
    await send(client, passeport.key)
    await publish(storage, passeport, clock, SHORT)
    assert (await send(client, passeport.key, {"satisfaction": "good", "form_version": 2})).status_code == 201


async def test_an_earlier_version_is_shown_again_under_its_own_number(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    await publish(storage, passeport, clock, SHORT)
    assert await storage.forms.show(passeport.procedure, 1, by=BRUNO)
    assert not await storage.forms.show(passeport.procedure, 1, by=BRUNO)
    assert not await storage.forms.show(passeport.procedure, 3, by=BRUNO)
    page = (await client.get(f"/avis/{passeport.key}")).text
    assert "Étape 1 sur 4" in page
    assert "form_version" not in page
    assert (await send(client, passeport.key, {"satisfaction": "good", "form_version": 2})).status_code == 201
    assert await publish(storage, passeport, clock, NO_DESK) == 3, "numbers are never used again"
    acts = [line.act for line in await storage.journal.before(Search()) if line.act.startswith("form.")]
    assert acts == ["form.publish", "form.draft", "form.show", "form.publish", "form.draft"]


async def test_the_malfunction_form_is_never_changed(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    before = (await client.get(f"/avis/{passeport.malfunction.key}")).text
    await publish(storage, passeport, clock, SHORT)
    after = (await client.get(f"/avis/{passeport.malfunction.key}")).text
    assert len(after) == len(before)
    assert "Deux minutes" not in after
