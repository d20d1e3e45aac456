"""Owners look for words in what people wrote."""

import re

import pytest

from collector.storage import Storage, search
from tests.conftest import MovableClock
from tests.service.admin.conftest import People
from tests.service.test_search import index, say, write

BASE = "/admin/demarches/passeport/avis"


async def test_owners_search_the_comments_of_their_procedure(people: People, storage: Storage) -> None:
    await say(people.nobody.client, people.passeport, "Paiement refusé", "Photo trop sombre")
    await say(people.nobody.client, people.other, "Paiement accepté")
    await index(storage)
    text = (await people.rachel.get(f"{BASE}?q=paiements")).text
    assert "Paiement refusé" in text
    assert "Photo trop sombre" not in text
    assert "accepté" not in text
    assert "Un seul avis trouvé." in text
    assert 'value="paiements"' in text
    assert "Aucun avis ne correspond" in (await people.rachel.get(f"{BASE}?q=absent")).text


@pytest.mark.parametrize("query", ["le+la", "ab*", "%22carte", "x" * 300])
async def test_a_search_that_cannot_be_is_shown_again_with_what_to_change(people: People, query: str) -> None:
    answer = await people.rachel.get(f"{BASE}?q={query}")
    assert answer.status_code == 422
    assert 'id="q-error"' in answer.text
    assert 'aria-invalid="true"' in answer.text


async def test_a_search_that_is_too_broad_is_shown_again_too(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    await write(storage, people.passeport, clock, " ".join(f"mot{n}x" for n in range(search.MOST_WORDS + 1)))
    await index(storage)
    answer = await people.rachel.get(f"{BASE}?q=mot*")
    assert answer.status_code == 422
    assert "quelques lettres de plus" in answer.text


async def test_pages_of_a_search_follow_each_other(people: People, storage: Storage, clock: MovableClock) -> None:
    for n in range(60):
        await write(storage, people.passeport, clock, f"Lenteur numéro {n}")
    await index(storage)
    first = (await people.rachel.get(f"{BASE}?q=lenteur")).text
    assert first.count("<blockquote") == 50
    onward = re.search(r'href="([^"]+)">Avis plus anciens', first)
    assert onward
    second = (await people.rachel.get(onward[1].replace("&amp;", "&"))).text
    assert second.count("<blockquote") == 10
    assert "Lenteur numéro 9<" in second


async def test_a_page_says_when_the_index_is_far_behind(people: People, storage: Storage) -> None:
    for _ in range(20):
        async with storage.engine.write() as connection:
            await connection.execute("UPDATE progress SET change = change + 20000")
            await connection.execute("DELETE FROM indexing")
        if "pas encore indexés" in (await people.rachel.get(f"{BASE}?q=lenteur")).text:
            return
        # The running service was faster and has mended it.
    raise AssertionError("nobody is told")
