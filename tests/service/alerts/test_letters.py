"""What people asked to be told is told, once, to whom may read it, without a word of any citizen."""

import asyncio
import re
from datetime import timedelta

import pytest

from admin.alerts.bell import Bell
from admin.alerts.sending import make_digests, send_letters
from admin.alerts.watching import audience, look
from collector.schema import User
from collector.settings import Settings, load
from collector.storage import Storage
from collector.storage.alerts import Event, Told
from tests.conftest import NOON, MovableClock, Passeport
from tests.history import given
from tests.service.alerts.conftest import mailed, subscribe, texts
from tests.services import Postbox, free_port

BLANK = {"kind": "technical", "verbatim": "Page blanche après le paiement"}
LOST = {"kind": "situation", "verbatim": "Mon dossier de naissance a disparu"}
IDEA = {"kind": "suggestion", "verbatim": "Ajoutez un plan du guichet"}


async def reported(storage: Storage, place: Passeport, clock: MovableClock, *reports: dict[str, str]) -> None:
    for report in reports:
        await given(storage, place.procedure, place.malfunction, clock(), report)
    await storage.problems.sort()


async def test_a_new_problem_is_told_once_with_where_to_read_it_and_none_of_its_words(
    storage: Storage, bell: Bell, clock: MovableClock, passeport: Passeport, bruno: User, postbox: Postbox
) -> None:
    await subscribe(storage, clock, bruno, passeport.procedure, "problem")
    await bell.once()
    await reported(storage, passeport, clock, BLANK, BLANK, IDEA)
    await bell.once()
    (letter,) = postbox.letters()
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text
    assert html
    assert letter["To"] == "bruno@exemple.fr"
    assert "nouveau problème signalé (problème technique)" in letter["Subject"]
    assert text.get_content().count("Nouveau problème signalé") == 1, "two alike are one, and a suggestion is none"
    assert re.search(r"https://avis\.exemple\.fr/admin/demarches/passeport/signalements/\d+", text.get_content())
    for said in (text.get_content(), html.get_content()):
        assert "blanche" not in said, "a citizen's words stay in the house"
        assert "<img" not in said
        assert "http://" not in said
    clock.move(hours=2)
    await bell.once()
    assert postbox.letters() == []


async def test_a_flood_is_one_letter_an_hour_that_says_how_many(
    storage: Storage, bell: Bell, clock: MovableClock, passeport: Passeport, bruno: User, postbox: Postbox
) -> None:
    await subscribe(storage, clock, bruno, passeport.procedure, "problem")
    await bell.once()
    await reported(storage, passeport, clock, BLANK)
    await bell.once()
    assert len(postbox.letters()) == 1
    things = ("le paiement", "la photo", "un timbre", "le courrier", "la carte", "le reçu", "une pièce", "le menu")
    verbs = ("bloque", "disparaît")
    for n, (thing, verb) in enumerate((thing, verb) for thing in things for verb in verbs):
        report = {"kind": ("technical", "situation")[n % 2], "verbatim": f"{verb} {thing} {n * 'x'}q"}
        await reported(storage, passeport, clock, report)
    clock.move(minutes=30)
    await bell.once()
    assert postbox.letters() == [], "the hour is not over"
    clock.move(minutes=31)
    await bell.once()
    (text,) = texts(postbox)
    told = text.count("Nouveau problème signalé")
    rest = re.search(r"Et (\d+) autres", text)
    assert told == 10
    assert rest
    assert 1 <= int(rest[1]) <= 6


async def test_words_are_watched_as_they_are_searched(
    storage: Storage, bell: Bell, clock: MovableClock, passeport: Passeport, bruno: User, postbox: Postbox
) -> None:
    await subscribe(storage, clock, bruno, passeport.procedure, "words", words='dossier, "trop long", rembours*')
    place = (passeport.procedure, passeport.placement, clock())
    for comment in ("Mes DOSSIERS sont refusés", "Encore le dossier", "C'est trop long", "Long, mais pas trop"):
        await given(storage, *place, {"satisfaction": "bad", "verbatim": comment})
    await bell.once()
    (text,) = texts(postbox)
    assert "2 commentaires contiennent « dossier »." in text
    assert '1 commentaire contient « "trop long" ».' in text
    assert "rembours" not in text
    assert "/admin/demarches/passeport/avis?q=dossier" in text
    assert "refusés" not in text
    clock.move(hours=2)
    await given(storage, passeport.procedure, passeport.placement, clock(), {"satisfaction": "bad", "verbatim": "Rien"})
    await bell.once()
    assert postbox.letters() == []


async def test_a_satisfaction_below_ones_own_bound_is_told_when_enough_people_answered_and_once(
    storage: Storage, bell: Bell, clock: MovableClock, passeport: Passeport, bruno: User, postbox: Postbox
) -> None:
    await subscribe(storage, clock, bruno, passeport.procedure, "satisfaction", threshold=65, least=20)
    place = (passeport.procedure, passeport.placement)
    await given(storage, *place, clock(), {"satisfaction": "bad"}, times=19)
    await bell.once()
    assert postbox.letters() == []
    await given(storage, *place, clock(), {"satisfaction": "good"}, times=20)
    clock.move(hours=1)
    await bell.once()
    (text,) = texts(postbox)
    assert "Satisfaction sous votre seuil de 6,5 : 5,1 sur 30 jours" in text
    assert "39 réponses" in text
    for _ in range(5):
        clock.move(hours=7)
        await bell.once()
    assert postbox.letters() == [], "it goes on, which is no news"


async def test_a_spike_and_a_dead_button_are_told_when_they_begin(
    storage: Storage, bell: Bell, clock: MovableClock, passeport: Passeport, bruno: User, postbox: Postbox
) -> None:
    place = (passeport.procedure, passeport.placement)
    for days in range(3, 75):
        await given(storage, *place, NOON - timedelta(days=days), times=20)
    await subscribe(storage, clock, bruno, passeport.procedure, "spike", "silence")
    await given(storage, passeport.procedure, passeport.malfunction, clock(), BLANK, times=40)
    await bell.once()
    (text,) = texts(postbox)
    assert "Problèmes techniques en nombre : 40 signalements depuis hier" in text
    assert "Emplacement muet : « " in text
    assert f"/emplacements/{passeport.key}" in text
    clock.move(hours=5)
    await given(storage, passeport.procedure, passeport.malfunction, clock(), BLANK, times=40)
    await bell.once()
    assert postbox.letters() == []


async def test_a_fall_is_told_once_and_chance_is_not(
    storage: Storage, bell: Bell, clock: MovableClock, passeport: Passeport, bruno: User, postbox: Postbox
) -> None:
    await subscribe(storage, clock, bruno, passeport.procedure, "fall")
    place = (passeport.procedure, passeport.placement)
    await given(storage, *place, NOON - timedelta(days=120), {"satisfaction": "good"}, times=200)
    await given(storage, *place, NOON, {"satisfaction": "good"}, times=198)
    await given(storage, *place, NOON, {"satisfaction": "bad"}, times=2)
    await bell.once()
    assert postbox.letters() == []
    await given(storage, *place, NOON, {"satisfaction": "bad"}, times=100)
    clock.move(hours=1)
    await bell.once()
    (text,) = texts(postbox)
    assert "Satisfaction en baisse : 10,0 puis 6,6 en trois mois (200 puis 300 réponses)." in text
    clock.move(days=1)
    await bell.once()
    assert postbox.letters() == []


async def test_a_digest_leaves_at_seven_with_the_figures_of_the_day_before(
    storage: Storage, bell: Bell, clock: MovableClock, passeport: Passeport, bruno: User, postbox: Postbox
) -> None:
    await subscribe(storage, clock, bruno, passeport.procedure, "problem", at_once=False, digest="daily")
    await bell.once()
    place = (passeport.procedure, passeport.placement)
    await given(storage, *place, clock() - timedelta(days=1), {"satisfaction": "good"}, times=60)
    await given(storage, *place, clock(), {"satisfaction": "bad", "verbatim": "Nul"}, times=40)
    await reported(storage, passeport, clock, BLANK)
    await bell.once()
    assert postbox.letters() == [], "not at once"
    clock.now = NOON.replace(day=13, hour=5, minute=59)
    await bell.once()
    assert postbox.letters() == []
    clock.move(minutes=1)
    await bell.once()
    (letter,) = postbox.letters()
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text
    assert html
    said = text.get_content()
    assert letter["Subject"].startswith("Les avis d'hier : ")
    assert "12 mars 2026" in said
    assert "- Avis : 41 (60 sur la période d'avant)" in said
    assert "- Satisfaction : 0,0 sur 10 (40 réponses ; intervalle : de 0,0 à" in said
    assert "en baisse : 10,0 avant" in said
    assert "40 avis « Pas bien »." in said
    assert "Nouveau problème signalé" in said
    assert "Nul" not in said
    assert '<th scope="row">Satisfaction</th>' in html.get_content()
    assert '<html lang="fr">' in html.get_content()
    await bell.once()
    clock.move(days=1)
    await bell.once()
    assert postbox.letters() == [], "a day without anything needs no letter"


async def test_of_the_digests_that_a_service_missed_only_the_last_is_sent(
    storage: Storage, bell: Bell, clock: MovableClock, passeport: Passeport, bruno: User, postbox: Postbox
) -> None:
    await subscribe(storage, clock, bruno, passeport.procedure, digest="weekly")
    clock.now = NOON.replace(day=25)
    await bell.once()
    (text,) = texts(postbox)
    assert "Du 16 mars 2026 au 22 mars 2026" in text
    await bell.once()
    assert postbox.letters() == []


async def test_who_lost_the_right_the_account_or_the_wish_gets_nothing_of_what_waited(
    storage: Storage,
    settings: Settings,
    bell: Bell,
    clock: MovableClock,
    passeport: Passeport,
    bruno: User,
    postbox: Postbox,
) -> None:
    people = {}
    for name in ("rachel", "olga", "samir"):
        people[name] = await storage.accounts.add(
            email=f"{name}@exemple.fr",
            name=name,
            administrator=False,
            password="x",
            must_change=False,
            now=clock(),
        )
        await storage.accounts.grant(people[name], passeport.procedure, "reader")
    for user in (bruno, *people.values()):
        await subscribe(storage, clock, user, passeport.procedure, "problem")
    await bell.once()
    await reported(storage, passeport, clock, LOST)
    # Everything is in letters already: it is the moment of sending that counts.
    await look(storage, settings, await audience(storage), clock())
    assert await storage.letters.enclose(clock()) == 4
    await storage.accounts.revoke(people["rachel"], passeport.procedure)
    await storage.accounts.disable("olga@exemple.fr", clock())
    stopped = await storage.subscriptions.of(people["samir"], passeport.procedure)
    assert stopped
    await storage.subscriptions.stop(
        stopped, passeport.procedure, "samir@exemple.fr", by="samir@exemple.fr", now=clock()
    )
    await bell.once()
    clock.move(hours=3)
    await bell.once()
    assert [letter["To"] for letter in postbox.letters()] == ["bruno@exemple.fr"]


async def test_while_the_mail_server_is_away_nothing_is_lost_and_then_nothing_comes_twice(
    environ: dict[str, str],
    storage: Storage,
    settings: Settings,
    clock: MovableClock,
    passeport: Passeport,
    bruno: User,
    postbox: Postbox,
) -> None:
    await subscribe(storage, clock, bruno, passeport.procedure, "problem")
    away = Bell(storage, load(mailed(environ, free_port())), clock)
    await away.once()
    await reported(storage, passeport, clock, BLANK)
    await away.once()
    clock.move(minutes=2)
    await away.once()
    back = Bell(storage, settings, clock)
    # The lease was the other's, who has not ended properly.
    storage.leases.owner = "another"
    await back.once()
    assert postbox.letters() == [], "whoever holds the lease may be at work"
    clock.move(minutes=11)
    await back.once()
    assert len(postbox.letters()) == 1
    clock.move(days=1)
    await back.once()
    assert postbox.letters() == []


async def test_a_letter_that_nobody_takes_for_three_days_is_given_up(
    environ: dict[str, str], storage: Storage, clock: MovableClock, passeport: Passeport, bruno: User, postbox: Postbox
) -> None:
    await subscribe(storage, clock, bruno, passeport.procedure, "problem")
    away = Bell(storage, load(mailed(environ, free_port())), clock)
    await away.once()
    await reported(storage, passeport, clock, BLANK)
    await away.once()
    for _ in range(80):
        clock.move(hours=1)
        await away.once()
    assert await storage.letters.to_send(clock() + timedelta(days=9), 10) == []


async def test_several_that_send_at_once_send_each_letter_once(
    storage: Storage, settings: Settings, clock: MovableClock, passeport: Passeport, bruno: User, postbox: Postbox
) -> None:
    await subscribe(storage, clock, bruno, passeport.procedure, "problem", digest="weekly")
    subscription = await storage.subscriptions.of(bruno, passeport.procedure)
    assert subscription
    event = Event(passeport.procedure.id, "problem", "1", {"problem": 1, "problem_kind": "technical"})
    clock.now = NOON.replace(day=16)

    async def all_of_it() -> None:
        await storage.alerts.begin(Told(event, [subscription]), clock(), timedelta(days=1))
        await storage.letters.enclose(clock())
        await make_digests(storage, clock())
        await send_letters(storage, settings, clock)

    await asyncio.gather(*(all_of_it() for _ in range(6)))
    assert len(postbox.letters()) == 2


@pytest.mark.parametrize("environ", ["sqlite"], indirect=True)
async def test_a_letter_says_how_to_stop_it_in_a_click(
    storage: Storage, bell: Bell, clock: MovableClock, passeport: Passeport, bruno: User, postbox: Postbox
) -> None:
    await subscribe(storage, clock, bruno, passeport.procedure, "problem")
    await bell.once()
    await reported(storage, passeport, clock, BLANK)
    await bell.once()
    (letter,) = postbox.letters()
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = letter["List-Unsubscribe"].strip(" <>")
    assert link.startswith("https://avis.exemple.fr/admin/desabonnement/")
    text = letter.get_body(("plain",))
    assert text
    assert link in text.get_content(), "at the end of the letter too"
