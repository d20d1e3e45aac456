"""The form's editor: a draft that citizens do not see, what it does to the figures, publishing, and going back."""

import re
from typing import Any

from collector.schema import MEANS
from collector.storage import Storage
from tests.conftest import MovableClock
from tests.service.admin.conftest import People

BASE = "/admin/demarches/passeport/formulaire"
WHOLE: dict[str, Any] = {"introduction": "", "steps": ["comprehension", "contact"], "means": list(MEANS)}
SHORT = {**WHOLE, "introduction": "  Deux  minutes. ", "steps": ["contact"]}


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found
    return found[1]


async def test_a_draft_is_written_explained_tried_and_published(people: People) -> None:
    first = (await people.bruno.get(BASE)).text
    assert "Vos usagers voient la version 1." in first
    assert "Essayer le formulaire actuel" in first
    answer = await people.bruno.post(BASE, SHORT)
    assert answer.headers["location"] == f"{BASE}?fait=form-drafted#brouillon"
    page = (await people.bruno.get(BASE)).text
    assert "Brouillon : version 2" in page
    assert "la clarté des informations n&#39;aura plus de valeur." in page
    assert ">Deux minutes.</textarea>" in page
    tried = re.search(r'<iframe src="(/avis/essai[^"]*)"', page)
    assert tried
    trial = (await people.nobody.get(tried[1].replace("&amp;", "&"))).text
    assert "Deux minutes." in trial
    form = f"/avis/{people.passeport.key}"
    assert "Deux minutes." not in (await people.nobody.get(form)).text
    answer = await people.olga.post(f"{BASE}/publier", {"seen": seen(page)})
    assert answer.headers["location"] == f"{BASE}?fait=form-published"
    assert "Deux minutes." in (await people.nobody.get(form)).text
    page = (await people.bruno.get(BASE)).text
    assert "Vos usagers voient la version 2." in page
    assert re.search(r"Publiée 12/03/2026 à [^<]{1,10} par olga@exemple.fr", page)
    assert "Brouillon" not in page
    answer = await people.bruno.post(f"{BASE}/versions/1")
    assert answer.headers["location"] == f"{BASE}?fait=form-shown"
    assert "Deux minutes." not in (await people.nobody.get(form)).text


async def test_a_draft_is_discarded(people: People, storage: Storage) -> None:
    await people.bruno.post(BASE, SHORT)
    page = (await people.bruno.get(BASE)).text
    answer = await people.bruno.post(f"{BASE}/abandonner")
    assert answer.headers["location"] == f"{BASE}?fait=form-discarded"
    assert "Brouillon" not in (await people.bruno.get(BASE)).text
    answer = await people.bruno.post(f"{BASE}/publier", {"seen": seen(page)})
    assert answer.status_code == 409
    assert "vient de le publier ou de l&#39;abandonner" in answer.text
    assert (await people.bruno.post(f"{BASE}/abandonner")).status_code == 409
    assert await storage.forms.shown(people.passeport.procedure) == 1


async def test_a_draft_that_a_colleague_changed_meanwhile_is_not_published_unread(
    people: People, storage: Storage
) -> None:
    await people.bruno.post(BASE, SHORT)
    page = (await people.bruno.get(BASE)).text
    await people.olga.post(BASE, {**SHORT, "introduction": "Autre chose."})
    answer = await people.bruno.post(f"{BASE}/publier", {"seen": seen(page)})
    assert answer.status_code == 409
    assert "Un collègue vient de changer ce brouillon" in answer.text
    assert await storage.forms.shown(people.passeport.procedure) == 1


async def test_what_is_out_of_bounds_is_refused_beside_its_field_and_what_was_typed_stays(people: People) -> None:
    long = "é" * 251
    answer = await people.bruno.post(BASE, {**WHOLE, "introduction": long, "means": ["none"]})
    assert answer.status_code == 422
    assert "Raccourcissez ce texte : 250 caractères au plus." in answer.text
    assert "Gardez au moins deux réponses" in answer.text
    assert long in answer.text
    assert len(re.findall(r'name="means"[^>]*checked', answer.text)) == 1
    answer = await people.bruno.post(BASE, WHOLE)
    assert answer.status_code == 422
    assert "C&#39;est déjà ce que vos usagers voient" in answer.text


async def test_a_procedure_that_shows_no_satisfaction_form_has_nothing_to_try(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    await storage.catalogue.add_procedure(
        title="Signaler",
        slug="signaler",
        organisation="Mairie d'Exemple",
        ministry="Intérieur",
        audiences=["agents"],
        origins=[],
        now=clock(),
        form="malfunction",
    )
    page = await people.claude.get("/admin/demarches/signaler/formulaire")
    assert page.status_code == 200
    assert "<iframe" not in page.text


async def test_only_a_version_that_was_published_is_shown_again(people: People, storage: Storage) -> None:
    await people.bruno.post(BASE, SHORT)
    for number in (0, 1, 2, 99_999):
        assert (await people.bruno.post(f"{BASE}/versions/{number}")).status_code == 404
    assert await storage.forms.shown(people.passeport.procedure) == 1
