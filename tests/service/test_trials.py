"""A trial does all that the real form does, up to the point where something would be kept: then it says what."""

import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from httpx import AsyncClient

from collector.housing.census import Census, census
from collector.housing.databases import PostgresDatabase, SqliteDatabase
from collector.schema import Adjustments
from collector.settings import Settings
from collector.storage import Storage
from collector.trials import key_of
from tests.conftest import MAIRIE, MovableClock, Passeport, fields, refusal, send

SAID = {"satisfaction": "bad", "comprehension": 2, "verbatim": "Appelez-moi au 06 12 34 56 78"}


HOUSEKEEPING = ("purge", "lease", "visitor_salt")


def everything(settings: Settings) -> Census:
    """A digest of every table but those of the housekeeping, which goes about its work meanwhile."""
    if settings.sqlite_path:
        with closing(sqlite3.connect(settings.sqlite_path)) as connection:
            return census(SqliteDatabase(connection), without=HOUSEKEEPING)
    with psycopg.connect(settings.database) as connection:
        return census(PostgresDatabase(connection), without=HOUSEKEEPING)


@pytest.fixture
def trial(passeport: Passeport, settings: Settings, clock: MovableClock) -> str:
    return key_of(passeport.placement, 0, clock(), settings.secret_keys)


async def test_a_trial_says_masked_what_would_have_been_kept_and_keeps_nothing(
    client: AsyncClient, settings: Settings, trial: str
) -> None:
    before = everything(settings)
    answer = await send(client, trial, SAID, page="/fin?dossier=12", id=uuid4())
    assert answer.status_code == 200
    assert answer.json()["status"] == "trial"
    kept = dict(answer.json()["kept"])
    assert kept["De façon générale, comment ça s'est passé ?"] == "Pas bien"
    assert kept["Souhaitez-vous nous en dire plus ?"] == "Appelez-moi au [téléphone]"
    assert kept["Page"] == "/fin"
    assert everything(settings) == before


async def test_a_trial_is_charged_to_no_limit(client: AsyncClient, trial: str, passeport: Passeport) -> None:
    for _ in range(60):
        assert (await send(client, trial)).status_code == 200
    assert (await send(client, passeport.key)).status_code == 201


async def test_a_trial_refuses_what_the_real_form_refuses(client: AsyncClient, trial: str) -> None:
    answer = await send(client, trial, {"satisfaction": "good", "comprehension": 6})
    assert refusal(answer) == (422, "invalid-answers")
    assert fields(answer) == [("$.answers.comprehension", "out-of-range")]
    answer = await send(client, trial, headers={"Origin": "https://inconnu.exemple"})
    assert refusal(answer) == (403, "origin-not-allowed")
    assert (await send(client, trial, headers={"Origin": MAIRIE})).status_code == 200


async def test_without_javascript_each_step_shows_what_would_have_been_kept(
    client: AsyncClient, settings: Settings, trial: str
) -> None:
    page = await client.get(f"/avis/{trial}")
    assert "Essai : rien n'est enregistré." in page.text
    assert "<title>Essai – " in page.text
    before = everything(settings)
    posted = {"id": str(uuid4()), **SAID, "next": "verbatim"}
    answer = await client.post(f"/avis/{trial}", data=posted, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 200
    assert "<dd>Appelez-moi au [téléphone]</dd>" in answer.text
    assert everything(settings) == before


async def test_the_real_form_says_nothing_of_trials(client: AsyncClient, passeport: Passeport) -> None:
    page = (await client.get(f"/avis/{passeport.key}")).text
    assert "Essai" not in page
    assert "kept" not in page


async def test_a_trial_opens_before_its_procedure_does(
    client: AsyncClient, storage: Storage, passeport: Passeport, trial: str
) -> None:
    await storage.catalogue.set_state("passeport", "draft")
    assert (await client.get(f"/avis/{passeport.key}")).status_code == 410
    assert (await client.get(f"/avis/{trial}")).status_code == 200
    assert (await send(client, trial)).status_code == 200


async def test_a_trial_ends_and_cannot_be_forged(
    client: AsyncClient, clock: MovableClock, trial: str, passeport: Passeport
) -> None:
    forged = re.sub(r"[.][^.]*$", ".AAAAAAAAAAAAAAAAAAAAAAAAAAA", trial)
    assert refusal(await send(client, forged)) == (410, "trial-over")
    assert refusal(await send(client, f"essai.{passeport.key}")) == (410, "trial-over")
    clock.move(days=7)
    assert (await send(client, trial)).status_code == 200, "until the end of the seventh day"
    clock.move(days=1)
    assert refusal(await send(client, trial)) == (410, "trial-over")
    page = await client.get(f"/avis/{trial}")
    assert page.status_code == 410
    assert "Demandez-en un autre au porteur de la démarche" in page.text


async def test_asked_for_twice_a_day_a_trial_has_one_key(
    passeport: Passeport, settings: Settings, clock: MovableClock
) -> None:
    first = key_of(passeport.placement, 0, clock(), settings.secret_keys)
    assert first == key_of(passeport.placement, 0, clock() + timedelta(hours=5), settings.secret_keys)
    assert first.startswith("essai.")
    assert len(first) <= 64, "what the intake takes for a key"


async def test_a_draft_can_be_tried_out_until_it_is_discarded(
    client: AsyncClient, storage: Storage, passeport: Passeport, settings: Settings, clock: MovableClock
) -> None:
    draft = Adjustments(hidden_steps=("contact",))
    number = await storage.forms.draft(passeport.procedure, draft, now=clock(), by="bruno@exemple.fr")
    trial = key_of(passeport.placement, number, clock(), settings.secret_keys)
    page = (await client.get(f"/avis/{trial}")).text
    assert "Étape 1 sur 3" in page
    answer = await send(client, trial, {"satisfaction": "good", "form_version": number})
    assert dict(answer.json()["kept"])["Version du formulaire"] == "2"
    assert "Étape 1 sur 4" in (await client.get(f"/avis/{passeport.key}")).text, "citizens see nothing of a draft"
    await storage.forms.discard(passeport.procedure, by="bruno@exemple.fr")
    assert refusal(await send(client, trial)) == (410, "trial-over")
