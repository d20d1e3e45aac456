"""People choose for themselves what they are told, and stop it: on the page, in their account, or from a letter."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from admin.alerts.stops import stop_link
from collector.settings import Settings
from collector.signing import Signer
from collector.storage import Storage
from collector.storage.journal import Search
from collector.storage.subscriptions import Subscription
from tests.service.admin.conftest import People

BASE = "/admin/demarches/passeport/alertes"
CHOSEN: Mapping[str, object] = {
    "kinds": ["problem", "satisfaction", "words"],
    "at_once": "1",
    "digest": "monthly",
    "threshold": "6,5",
    "least": "40",
    "words": 'demande, "trop long"',
}


async def of(storage: Storage, people: People, name: str = "rachel") -> Subscription:
    found = await storage.accounts.find(f"{name}@exemple.fr")
    assert found
    subscription = await storage.subscriptions.of(found[0], people.passeport.procedure)
    assert subscription
    return subscription


async def test_nobody_gets_anything_unasked_and_a_reader_may_ask(people: People, storage: Storage) -> None:
    text = (await people.rachel.get(BASE)).text
    assert "Vous ne recevez rien sur cette démarche" in text
    assert await storage.subscriptions.active() == []
    answer = await people.rachel.post(BASE, CHOSEN)
    assert answer.headers["location"] == f"{BASE}?fait=alerts-saved"
    (mine,) = await storage.subscriptions.active()
    assert mine == await of(storage, people)
    assert mine.wanted.kinds == ("problem", "satisfaction", "words")
    assert (mine.wanted.threshold, mine.wanted.least, mine.wanted.at_once) == (65, 40, True)
    assert mine.next_digest == datetime(2026, 4, 1, 5, tzinfo=UTC).timestamp()
    text = (await people.rachel.get(BASE)).text
    assert "Vos alertes sont actives. Résumé : le premier du mois à 7 h." in " ".join(text.split())
    assert 'value="6,5"' in text
    assert "Vous ne recevez rien" in (await people.bruno.get(BASE)).text, "each chooses for oneself"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kinds": [], "digest": "none"}, "Choisissez au moins un événement ou un résumé"),
        ({"at_once": "", "digest": "none"}, "Choisissez quand les apprendre"),
        ({"digest": "hourly"}, "Choisissez une des propositions."),
        ({"threshold": "onze"}, "Écrivez une note entre 0,1 et 10"),
        ({"threshold": "nan"}, "Écrivez une note entre 0,1 et 10"),
        ({"threshold": "1e999"}, "Écrivez une note entre 0,1 et 10"),
        ({"least": "-3"}, "Écrivez un nombre d&#39;avis"),
        ({"words": ""}, "Ce champ est à remplir."),
        ({"words": "le, la"}, "Les mots très courants"),
        ({"words": '"sans fin'}, "Fermez les guillemets"),
        ({"words": "a, b"}, "Écrivez au moins un mot"),
        ({"words": ", ".join(f"mot{n}" for n in range(11))}, "10 mots ou expressions au plus"),
    ],
)
async def test_what_cannot_be_is_said_and_what_was_typed_stays(
    people: People, storage: Storage, change: Mapping[str, object], said: str
) -> None:
    answer = await people.bruno.post(BASE, {**CHOSEN, **change})
    assert answer.status_code == 422
    assert said in answer.text
    assert await storage.subscriptions.active() == []
    if "least" not in change:
        assert 'value="40"' in answer.text


async def test_alerts_are_seen_together_in_ones_account_stopped_and_taken_up_again(
    people: People, storage: Storage
) -> None:
    assert "Vous ne recevez aucune alerte" in (await people.bruno.get("/admin/compte")).text
    await people.bruno.post(BASE, CHOSEN)
    text = (await people.bruno.get("/admin/compte")).text
    assert f'href="{BASE}"' in text
    assert "Dès que cela arrive" in text
    stopped = await people.bruno.post(f"{BASE}/bouger", {"move": "stop", "from": "account"})
    assert stopped.headers["location"] == "/admin/compte?fait=alerts-stop"
    assert await storage.subscriptions.active() == []
    assert "Les reprendre" in (await people.bruno.get(BASE)).text
    await people.bruno.post(f"{BASE}/bouger", {"move": "resume"})
    assert (await of(storage, people, "bruno")).stopped is False
    assert (await people.rachel.post(f"{BASE}/bouger", {"move": "stop"})).status_code == 404


async def test_a_right_taken_back_takes_the_alerts_out_of_the_account_page(people: People, storage: Storage) -> None:
    await people.rachel.post(BASE, CHOSEN)
    rachel = await storage.accounts.find("rachel@exemple.fr")
    assert rachel
    await storage.accounts.revoke(rachel[0], people.passeport.procedure)
    assert BASE not in (await people.rachel.get("/admin/compte")).text


async def test_a_letters_link_asks_a_person_and_obeys_a_mail_program_at_once_without_a_session(
    people: People, storage: Storage, settings: Settings
) -> None:
    await people.rachel.post(BASE, CHOSEN)
    mine = await of(storage, people)
    path = stop_link(settings, mine.id).removeprefix(settings.base_url)
    for _ in range(2):
        page = await people.nobody.get(path)
        assert page.status_code == 200
        assert '<form method="post"><button>Ne plus rien recevoir</button>' in page.text
    assert not (await of(storage, people)).stopped, "a scanner that opens links stops nothing"
    # As mail services post it: from elsewhere, without a cookie.
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://courriel.exemple"}
    done = await people.nobody.post(path, {"List-Unsubscribe": "One-Click"}, **headers)
    assert done.status_code == 200
    assert "set-cookie" not in done.headers
    assert "C’est arrêté" in done.text
    assert (await of(storage, people)).stopped
    assert "C’est arrêté" in (await people.nobody.get(path)).text
    (line,) = await storage.journal.before(Search(act="alerts.stop"))
    assert (line.actor, line.subject, line.details) == ("nobody", "rachel@exemple.fr", {"procedure": "passeport"})
    await people.nobody.post(path)
    assert len(await storage.journal.before(Search(act="alerts.stop"))) == 1


async def test_a_link_that_we_did_not_sign_stops_nothing(people: People, storage: Storage, settings: Settings) -> None:
    await people.rachel.post(BASE, CHOSEN)
    mine = await of(storage, people)
    path = stop_link(settings, mine.id).removeprefix(settings.base_url)
    another = Signer(settings.secret_keys, "password-link").sign(mine.id)
    for forged in (path[:-1], f"/admin/desabonnement/{another}", "/admin/desabonnement/1"):
        assert (await people.nobody.post(forged)).status_code == 404
    assert not (await of(storage, people)).stopped


async def test_without_a_mail_server_the_page_says_so(people: People) -> None:
    assert "Ce service n’envoie pas encore de courriel" in (await people.bruno.get(BASE)).text
