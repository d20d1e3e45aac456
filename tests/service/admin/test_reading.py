"""Reviews, placements, links and accounts: what is listed, made, shown once and taken back."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from collector.exports.links import create_link
from collector.privacy.anonymise import anonymise
from collector.schema import SatisfactionAnswers, Target
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.batch import Write
from collector.storage.journal import Search
from collector.storage.reviews import Filter
from tests.conftest import MovableClock, send
from tests.service.admin.conftest import PASSWORD, People
from tests.service.test_search import index

LINK = {"content": "reviews", "format": "csv", "recipient": "Observatoire", "expires": "30"}
BASE = "/admin/demarches/passeport"


async def test_reviews_are_listed_newest_first_and_masked(people: People) -> None:
    client, key = people.nobody.client, people.passeport.key
    await send(client, key, {"satisfaction": "bad", "verbatim": "Appelez-moi au 06 12 34 56 78"})
    await send(client, key, {"satisfaction": "good", "verbatim": "Très <b>simple</b>"}, page="/fin")
    text = (await people.rachel.get(f"{BASE}/avis")).text
    assert text.index("simple") < text.index("Appelez-moi")
    assert "06 12" not in text
    assert "Très &lt;b&gt;simple" in text
    assert "/fin" in text


@pytest.mark.parametrize(
    ("query", "seen", "unseen"),
    [
        ("satisfaction=bad", ["mauvais"], ["parfait", "panne"]),
        ("form=malfunction", ["panne"], ["mauvais", "parfait"]),
        ("comment=1", ["mauvais", "parfait", "panne"], []),
        ("from=2026-03-12", ["panne"], ["mauvais", "parfait"]),
        ("to=2026-03-11", ["mauvais", "parfait"], ["panne"]),
        ("before=2026-03-01.0", [], ["mauvais", "parfait", "panne"]),
        ("before=2026-02-30.9", ["mauvais", "parfait", "panne"], []),
        ("before=n%27importe", ["mauvais", "parfait", "panne"], []),
    ],
)
async def test_reviews_are_filtered(
    people: People, clock: MovableClock, query: str, seen: list[str], unseen: list[str]
) -> None:
    client = people.nobody.client
    clock.move(days=-1)
    await send(client, people.passeport.key, {"satisfaction": "bad", "verbatim": "C'est mauvais"})
    await send(client, people.passeport.key, {"satisfaction": "good", "verbatim": "C'est parfait"})
    clock.move(days=1)
    await send(client, people.passeport.malfunction.key, {"kind": "technical", "verbatim": "Une panne"})
    text = (await people.rachel.get(f"{BASE}/avis?{query}")).text
    assert [word for word in seen if word not in text] == []
    assert [word for word in unseen if word in text] == []


async def test_reviews_are_filtered_by_placement_and_the_choice_is_kept(people: People) -> None:
    await send(people.nobody.client, people.passeport.key, {"satisfaction": "bad", "verbatim": "C'est mauvais"})
    path = f"{BASE}/avis?placement={people.passeport.malfunction.key}&satisfaction="
    text = (await people.rachel.get(path)).text
    assert "mauvais" not in text
    assert f'value="{people.passeport.malfunction.key}" selected' in text
    assert (await people.rachel.get(f"{BASE}/avis?placement={people.other.key}")).status_code == 422
    assert (await people.rachel.get(f"{BASE}/avis?from=2026-03-12&to=2026-03-01")).status_code == 422


WORDED: list[tuple[str, dict[str, Any]]] = [
    ("muet", {}),
    ("autonome", {"contact_tried": ["none"]}),
    ("essayeur", {"contact_tried": ["relative"], "comprehension": 4}),
    ("joint", {"contact_tried": ["phone"], "contact_reached": {"phone": True}, "comprehension": 2}),
    ("manqué", {"contact_tried": ["phone"], "contact_reached": {"phone": False}}),
    ("partagé", {"contact_tried": ["phone", "chat"], "contact_reached": {"phone": False, "chat": True}}),
]


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("help=none", ["autonome"]),
        ("help=tried", ["essayeur", "joint", "manqué", "partagé"]),
        ("help=reached", ["joint", "partagé"]),
        ("help=missed", ["manqué", "partagé"]),
        ("clarity=2", ["joint"]),
        ("clarity=4&help=tried", ["essayeur"]),
        ("clarity=1", []),
        ("lang=fr", [word for word, _ in WORDED]),
        ("lang=en", ["english"]),
        ("lang=en&help=tried", []),
    ],
)
@pytest.mark.parametrize("way", ["list", "search", "tag"])
async def test_clarity_help_and_language_filter_alike_whichever_way_reviews_are_found(
    people: People, storage: Storage, way: str, query: str, seen: list[str]
) -> None:
    client = people.nobody.client
    for word, answers in WORDED:
        await send(client, people.passeport.key, {"satisfaction": "bad", "verbatim": f"dossier {word}", **answers})
    await send(client, people.passeport.key, {"satisfaction": "bad", "verbatim": "dossier english"}, lang="en")
    await index(storage)
    if way == "tag":
        for one in await storage.reviews.before(people.passeport.procedure, Filter()):
            await storage.remarks.tag(people.passeport.procedure, one.seq, "suivi", by="bruno@exemple.fr")
    also = {"list": "", "search": "&q=dossier", "tag": "&tag=suivi"}[way]
    text = (await people.rachel.get(f"{BASE}/avis?{query}{also}")).text
    assert sorted(re.findall(r">dossier ([^<]+)</blockquote>", text)) == sorted(seen)


@pytest.mark.parametrize("query", ["clarity=6", "clarity=un", "help=peut-etre", "lang=xx"])
async def test_a_choice_that_is_none_is_said_beside_its_field(people: People, query: str) -> None:
    answer = await people.rachel.get(f"{BASE}/avis?{query}")
    assert answer.status_code == 422
    assert f'id="{query.partition("=")[0]}-error"' in answer.text


async def test_reading_on_by_key_shows_each_review_once(people: People) -> None:
    for n in range(120):
        await send(people.nobody.client, people.passeport.key, {"satisfaction": "good", "verbatim": f"avis-{n}."})
    path, found = f"{BASE}/avis?satisfaction=good", list[str]()
    for _ in range(3):
        text = (await people.rachel.get(path)).text
        found += re.findall(r"avis-(\d+)\.", text)
        onward = re.search(r'href="([^"]+)">Avis plus anciens', text)
        if not onward:
            break
        path = onward[1].replace("&amp;", "&")
        assert "satisfaction=good" in path
    assert [int(n) for n in found] == list(range(119, -1, -1))


async def test_a_placement_is_made_shown_closed_and_reopened(people: People, storage: Storage) -> None:
    form = {"label": "Courriel", "channel": "email", "form": "malfunction", "contact": "1"}
    made = await people.bruno.post(f"{BASE}/emplacements", form)
    assert made.status_code == 303
    path = made.headers["location"].partition("?")[0]
    placement = await storage.catalogue.placement(path.rpartition("/")[2])
    assert (placement.label, placement.channel, placement.form, placement.contact) == (
        "Courriel",
        "email",
        "malfunction",
        True,
    )
    page = (await people.rachel.get(path)).text
    assert placement.key in page
    assert "&lt;je-donne-mon-avis" in page
    assert "script-src https://avis.exemple.fr" in page
    assert 'src="/avis/essai.' in page, "what is tried out there is not stored"
    assert "Fermer l’emplacement" not in page
    assert "theme=dark" in (await people.rachel.get(f"{path}?theme=dark&width=phone")).text
    await people.bruno.post(f"{path}/fermer")
    assert (await storage.catalogue.placement(placement.key)).closed_at
    assert "Rouvrir" in (await people.bruno.get(path)).text
    await people.bruno.post(f"{path}/rouvrir")
    assert (await storage.catalogue.placement(placement.key)).closed_at is None


async def test_a_placement_that_cannot_be_made_keeps_what_was_typed(people: People) -> None:
    response = await people.bruno.post(
        f"{BASE}/emplacements", {"label": "x" * 81, "channel": "pigeon", "form": "malfunction"}
    )
    assert response.status_code == 422
    assert "80 caractères au plus" in response.text
    assert "x" * 81 in response.text
    assert 'value="malfunction" checked' in response.text
    assert 'id="channel-error"' in response.text


async def test_a_link_is_shown_once_gives_its_rows_and_is_revoked(people: People, storage: Storage) -> None:
    await send(people.nobody.client, people.passeport.key)
    made = await people.bruno.post(f"{BASE}/exports", LINK)
    assert made.status_code == 201
    url = re.search(r"https://avis\.exemple\.fr/exports/[^<\s]+", made.text)
    assert url
    token = url[0].rpartition("/")[2]
    given = await people.nobody.client.get(f"/exports/{token}")
    assert given.status_code == 200
    link = (await storage.links.all())[0]
    for path in (f"{BASE}/exports", f"{BASE}/exports/{link.id}"):
        later = (await people.bruno.get(path)).text
        assert token not in later
        assert "Observatoire" in later
    journal = (await people.rachel.get(f"{BASE}/exports/{link.id}")).text
    assert "Fichier entier" in journal
    assert "Envoyé" in journal
    assert "bruno@exemple.fr" in journal
    await people.bruno.post(f"{BASE}/exports/{link.id}/revoquer")
    assert (await people.nobody.client.get(f"/exports/{token}")).status_code == 410
    assert "Révoqué" in (await people.bruno.get(f"{BASE}/exports")).text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"recipient": ""}, "recipient"),
        ({"interval": "day"}, "interval"),
        ({"content": "indicators", "interval": "hour"}, "interval"),
        ({"content": "indicators", "by": "person"}, "by"),
        ({"format": "exe"}, "format"),
        ({"content": "everything"}, "content"),
        ({"expires": "99999"}, "expires"),
        ({"from": "2026-02-30"}, "from"),
        ({"from": "2026-03-12", "to": "2026-03-01"}, "to"),
    ],
)
async def test_a_link_that_cannot_be_made_says_why_and_is_not(
    people: People, storage: Storage, change: dict[str, str], field: str
) -> None:
    response = await people.bruno.post(f"{BASE}/exports", {**LINK, **change})
    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text
    assert await storage.links.all() == []


async def test_a_link_gives_indicators_as_they_were_cut(people: People, storage: Storage) -> None:
    await send(people.nobody.client, people.passeport.key)
    cut = {"content": "indicators", "format": "xlsx", "interval": "week", "by": "channel"}
    made = await people.bruno.post(f"{BASE}/exports", {**LINK, **cut})
    assert made.status_code == 201
    link = (await storage.links.all())[0]
    assert (link.format, link.interval, link.by) == ("xlsx", "week", "channel")
    shown = (await people.bruno.get(f"{BASE}/exports/{link.id}")).text
    assert "Par semaine" in shown
    assert "par canal" in shown


async def test_a_link_over_several_procedures_is_seen_by_their_owners_and_revoked_by_an_administrator(
    people: People, storage: Storage, settings: Settings, clock: MovableClock
) -> None:
    link, _ = await create_link(
        storage,
        settings,
        procedures=["passeport", "permis"],
        content="reviews",
        format="csv",
        created_by="claude",
        expires_at=clock() + timedelta(days=3),
        now=clock(),
    )
    path = f"{BASE}/exports/{link.id}"
    assert "2 démarches, dont celle-ci" in (await people.bruno.get(path)).text
    assert (await people.bruno.post(f"{path}/revoquer")).status_code == 403
    assert (await people.claude.post(f"{path}/revoquer")).status_code == 303


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "pas une adresse"}, "email"),
        ({"role": "chef"}, "role"),
        ({"place": "procedure/x"}, "place"),
    ],
)
async def test_an_invitation_that_cannot_be_made_says_why(people: People, change: dict[str, str], field: str) -> None:
    form = {"name": "Eve", "email": "eve@exemple.fr", "role": "reader", "place": "procedure/passeport", **change}
    response = await people.claude.post("/admin/utilisateurs", form)
    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text


async def test_an_administrator_disables_others_and_never_themselves(people: People, storage: Storage) -> None:
    bruno, claude = [await storage.accounts.find(f"{name}@exemple.fr") for name in ("bruno", "claude")]
    assert bruno
    assert claude
    await people.claude.post(f"/admin/utilisateurs/{bruno[0].id}/desactiver")
    assert (await people.bruno.get("/admin")).status_code == 303
    own = await people.claude.post(f"/admin/utilisateurs/{claude[0].id}/desactiver")
    assert own.status_code == 409
    assert "autre administrateur" in own.text
    assert (await people.claude.get("/admin/utilisateurs/99999")).status_code == 404
    assert (await people.claude.get("/admin/utilisateurs/rien")).status_code == 404


async def test_a_disabled_account_is_enabled_again_with_its_rights_and_its_password(
    people: People, storage: Storage
) -> None:
    bruno = await storage.accounts.find("bruno@exemple.fr")
    assert bruno
    page = f"/admin/utilisateurs/{bruno[0].id}"
    await people.claude.post(f"{page}/desactiver")
    assert "Réactiver le compte" in (await people.claude.get(page)).text
    assert "Réactiver" not in (await people.olga.get(page)).text
    done = await people.claude.post(f"{page}/reactiver")
    assert done.headers["location"] == f"{page}?fait=user-enabled"
    await people.claude.post(f"{page}/reactiver")
    assert (await people.bruno.get("/admin")).status_code == 303, "the sessions that were closed stay so"
    await people.bruno.post("/admin/connexion", {"email": "bruno@exemple.fr", "password": PASSWORD})
    assert (await people.bruno.get("/admin/demarches/passeport/reglages")).status_code == 200
    assert len(await storage.journal.before(Search(act="user.enable"))) == 1


async def test_a_list_with_few_hits_goes_on_where_it_stopped(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    await send(people.nobody.client, people.passeport.key, {"satisfaction": "bad", "verbatim": "Le premier de tous"})
    target = Target(people.passeport.procedure, people.passeport.placement)
    _, directory = await storage.intake.target(people.passeport.key) or (None, 0)
    for _ in range(11):
        writes = [
            Write(anonymise(uuid4(), target, "fr", None, SatisfactionAnswers("good"), clock()), directory)
            for _ in range(500)
        ]
        await storage.intake.commit(writes)
    first = (await people.rachel.get(f"{BASE}/avis?satisfaction=bad")).text
    assert "Le premier de tous" not in first
    assert "Plusieurs milliers ont été parcourus" in first
    onward = re.search(r'href="([^"]+)">Avis plus anciens', first)
    assert onward
    second = (await people.rachel.get(onward[1].replace("&amp;", "&"))).text
    assert "Le premier de tous" in second
    assert "Plusieurs milliers" not in second
