"""Names for filters of reviews: saved by whoever reads, shared with colleagues, renamed, taken out and taken back."""

import re
from html import unescape

import pytest

from collector.storage import Storage
from collector.storage.journal import Search
from collector.storage.views import MOST_VIEWS
from tests.service.admin.conftest import Browser, People

BASE = "/admin/demarches/passeport/avis"
LATE = "?q=retard&satisfaction=bad"


async def save(browser: Browser, name: str, query: str = LATE, *, shared: bool = False) -> None:
    answer = await browser.post(f"{BASE}/vues{query}", {"view": name, "shared": "1" if shared else ""})
    assert answer.status_code == 303, answer.text


def listed(text: str) -> list[tuple[str, str]]:
    """The views on a page: what each is called, and where it leads."""
    found = re.search(r'<nav class="panel views".*?</nav>', text, re.DOTALL)
    links = re.findall(r'<a href="[^"?]*([^"]*)"[^>]*>([^<]*)</a>', found[0]) if found else []
    return [(unescape(name), unescape(query)) for query, name in links]


def first_view(text: str) -> int:
    found = re.search(r'action="[^"]*/avis/vues/(\d+)', text)
    assert found
    return int(found[1])


async def test_a_view_is_saved_and_leads_to_the_same_list(people: People) -> None:
    assert "Enregistrer ces filtres" not in (await people.rachel.get(BASE)).text, "there is nothing to keep yet"
    await save(people.rachel, "Retards à lire", "?satisfaction=bad&q=retard&before=2026-03-12.9")
    text = (await people.rachel.get(BASE)).text
    assert listed(text) == [("Retards à lire", LATE)], "without the place somebody had come to, in one order"
    text = (await people.rachel.get(f"{BASE}{LATE}")).text
    assert '<h2 id="list-title" class="statement">Retards à lire</h2>' in text
    assert 'aria-current="page">Retards à lire</a>' in text
    assert listed((await people.bruno.get(BASE)).text) == [], "it is hers alone"
    assert listed((await people.rachel.get("/admin/demarches/passeport/avis?satisfaction=bad")).text) != []


async def test_the_address_is_what_is_sent_and_the_name_comes_along_once_it_is_shared(people: People) -> None:
    await save(people.rachel, "Retards")
    text = (await people.bruno.get(f"{BASE}{LATE}")).text
    assert 'value="retard"' in text, "the filters are in the address"
    assert "Avis filtrés" in text, "the name is not"
    view = first_view((await people.rachel.get(f"{BASE}{LATE}")).text)
    shared = await people.rachel.post(f"{BASE}/vues/{view}{LATE}", {"move": "share"})
    assert shared.headers["location"] == f"{BASE}{LATE}&fait=view-share"
    text = (await people.bruno.get(f"{BASE}{LATE}")).text
    assert '<h2 id="list-title" class="statement">Retards</h2>' in text
    assert "de Rachel" in text
    assert "Renommer" not in text, "another's view is not his to change"
    assert (await people.samir.get(f"{BASE}{LATE}")).status_code == 404, "who has no right has none by a link"
    await people.rachel.post(f"{BASE}/vues/{view}", {"move": "keep"})
    assert listed((await people.bruno.get(BASE)).text) == []


async def test_a_view_is_renamed_taken_out_and_taken_back(people: People, storage: Storage) -> None:
    await save(people.rachel, "Retards")
    view = first_view((await people.rachel.get(f"{BASE}{LATE}")).text)
    await people.rachel.post(f"{BASE}/vues/{view}{LATE}", {"move": "rename", "view": "Délais"})
    assert listed((await people.rachel.get(BASE)).text) == [("Délais", LATE)]
    gone = await people.rachel.post(f"{BASE}/vues/{view}{LATE}", {"move": "remove"})
    text = (await people.rachel.get(gone.headers["location"])).text
    assert listed(text) == []
    assert "Remettre la vue" in text
    await people.rachel.post(f"{BASE}/vues/{view}{LATE}", {"move": "restore"})
    assert listed((await people.rachel.get(BASE)).text) == [("Délais", LATE)]
    lines = await storage.journal.before(Search(actor="rachel@exemple.fr"))
    acts = [line.act for line in reversed(lines) if line.act != "session.open"]
    assert acts == ["view.add", "view.rename", "view.remove", "view.restore"]
    assert "Délais" not in repr(lines)
    assert "retard" not in repr(lines)


async def test_who_takes_out_another_one_ends_the_first(people: People) -> None:
    await save(people.rachel, "Un")
    first = first_view((await people.rachel.get(f"{BASE}{LATE}")).text)
    await save(people.rachel, "Deux", "?satisfaction=good")
    second = first_view((await people.rachel.get(f"{BASE}?satisfaction=good")).text)
    for view in (first, second):
        await people.rachel.post(f"{BASE}/vues/{view}", {"move": "remove"})
    assert (await people.rachel.post(f"{BASE}/vues/{first}", {"move": "restore"})).status_code == 404
    assert (await people.rachel.post(f"{BASE}/vues/{second}", {"move": "restore"})).status_code == 303


@pytest.mark.parametrize(
    ("name", "query", "words"),
    [
        ("", LATE, "Ce champ est à remplir"),
        ("x" * 61, LATE, "60 caractères au plus"),
        ("Retards", "", "Choisissez d&#39;abord des filtres"),
        ("Retards", LATE, "porte déjà ce nom"),
        ("Rappeler au 06 12 34 56 78", LATE, "ne désigne personne"),
        ("Rappels", "?q=0612345678", "ne s&#39;enregistre pas"),
        ("Dates", "?from=hier", "Écrivez une date"),
        ("Mots", "?q=le", "au moins un mot"),
    ],
)
async def test_what_cannot_be_saved_says_why_and_keeps_what_was_typed(
    people: People, name: str, query: str, words: str
) -> None:
    await save(people.rachel, "Retards", "?satisfaction=good")
    answer = await people.rachel.post(f"{BASE}/vues{query}", {"view": name, "shared": "1"})
    assert answer.status_code == 422
    assert words in answer.text
    if "view-error" in answer.text:
        assert f'value="{name}"' in answer.text
        assert 'name="shared" value="1" checked' in answer.text
    assert len(listed((await people.rachel.get(BASE)).text)) == 1


async def test_a_person_has_so_many_views_of_a_procedure_and_no_more(people: People) -> None:
    for n in range(MOST_VIEWS):
        await save(people.rachel, f"Vue {n}", f"?q=mot{n}")
    full = await people.rachel.post(f"{BASE}/vues?q=guichet", {"view": "Autre"})
    assert full.status_code == 422
    assert "30 vues au plus" in full.text
    await save(people.bruno, "La mienne")
    view = first_view((await people.rachel.get(f"{BASE}?q=mot0")).text)
    await people.rachel.post(f"{BASE}/vues/{view}", {"move": "remove"})
    await save(people.rachel, "Autre")
    back = await people.rachel.post(f"{BASE}/vues/{view}", {"move": "restore"})
    assert back.status_code == 400
    assert "30 vues au plus" in back.text


@pytest.mark.parametrize("move", ["rename", "share", "keep", "remove", "restore"])
async def test_nobody_changes_the_view_of_somebody_else(people: People, move: str) -> None:
    await save(people.rachel, "Retards", shared=True)
    view = first_view((await people.rachel.get(f"{BASE}{LATE}")).text)
    for browser in (people.claude, people.bruno):
        answer = await browser.post(f"{BASE}/vues/{view}", {"move": move, "view": "À moi"})
        assert answer.status_code == 404
        assert "un collègue" in answer.text
    assert listed((await people.rachel.get(BASE)).text) == [("Retards", LATE)]


async def test_a_name_that_is_taken_is_no_new_name(people: People) -> None:
    await save(people.rachel, "Retards")
    await save(people.rachel, "Photos", "?q=photo")
    view = first_view((await people.rachel.get(f"{BASE}?q=photo")).text)
    answer = await people.rachel.post(f"{BASE}/vues/{view}?q=photo", {"move": "rename", "view": "Retards"})
    assert answer.status_code == 422
    assert "porte déjà ce nom" in answer.text
    assert (await people.rachel.post(f"{BASE}/vues/{view}", {"move": "detruire"})).status_code == 400
