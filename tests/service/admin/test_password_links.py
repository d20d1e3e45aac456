"""Invitations and forgotten passwords, by letters that a real mail server takes."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from html import unescape

import pytest
from httpx import AsyncClient, Response

from collector.app import create_app
from collector.settings import load
from collector.storage import Storage
from collector.storage.journal import Search
from tests.conftest import ALICE, MovableClock, running
from tests.service.admin.conftest import PASSWORD, Browser, People
from tests.service.admin.test_import import tried
from tests.services import Postbox, free_port, mail_server

NEW = "le canard lit sous la pluie"
EVE = {"name": "Ève <i>Petit</i>", "email": "Eve@Exemple.fr", "role": "reader", "place": "procedure/passeport"}
LINK = re.compile(r"https://avis\.exemple\.fr/admin/mot-de-passe#([\w.-]+)")


@pytest.fixture(scope="module")
def server() -> Iterator[Postbox]:
    with mail_server() as server:
        yield server


@pytest.fixture
def postbox(server: Postbox) -> Postbox:
    server.letters()
    return server


@pytest.fixture
def environ(environ: dict[str, str], server: Postbox) -> dict[str, str]:
    return {
        **environ,
        "AVIS_MAIL_SERVER": f"smtp+plain://127.0.0.1:{server.port}",
        "AVIS_MAIL_FROM": "avis@exemple.fr",
    }


@pytest.fixture
async def silent(environ: dict[str, str], people: People, clock: MovableClock) -> AsyncIterator[AsyncClient]:
    """The same service, where no mail server is set."""
    settings = load({name: value for name, value in environ.items() if "MAIL" not in name})
    async with running(create_app(settings, clock), settings) as client:
        yield client


def link_in(text: str) -> str:
    found = LINK.search(unescape(text))
    assert found
    return found[1]


async def choose(browser: Browser, code: str, new: str = NEW, again: str = NEW) -> Response:
    return await browser.post("/admin/mot-de-passe", {"code": code, "new": new, "again": again})


async def sign_in(browser: Browser, email: str, password: str) -> int:
    return (await browser.post("/admin/connexion", {"email": email, "password": password})).status_code


async def recovered(people: People, postbox: Postbox, email: str = "bruno@exemple.fr") -> str:
    await people.nobody.post("/admin/mot-de-passe-oublie", {"email": email})
    (letter,) = postbox.letters()
    return link_in(letter.as_string().replace("=\n", ""))


async def test_an_invitation_leads_to_a_password_and_a_session_and_works_once(
    people: People, postbox: Postbox, storage: Storage
) -> None:
    invited = await people.claude.post("/admin/utilisateurs", EVE)
    assert invited.status_code == 201
    assert "Un message est parti à eve@exemple.fr" in invited.text
    assert LINK.search(invited.text) is None
    (letter,) = postbox.letters()
    assert (letter["To"], letter["From"], letter["Subject"]) == (
        "eve@exemple.fr",
        "Avis <avis@exemple.fr>",
        "Votre accès aux avis des usagers",
    )
    plain, html = (letter.get_body((kind,)) for kind in ("plain", "html"))
    assert plain
    assert html
    text, page = plain.get_content(), html.get_content()
    assert "Claude (claude@exemple.fr) vous donne accès" in text
    assert "<i>Petit" not in page
    code = link_in(text)
    assert link_in(page) == code
    assert text.count(code) == 2, "in the link, and to be copied where no script fills it in"

    eve = Browser(people.nobody.client)
    assert await sign_in(eve, "eve@exemple.fr", "") == 401
    assert "Invité" in (await people.claude.get("/admin/utilisateurs")).text
    short = await choose(eve, code, "court", "court")
    assert (short.status_code, "au moins 12" in short.text) == (422, True)
    assert 'value="' + code + '"' in short.text, "what was typed is kept"
    different = await choose(eve, code, NEW, "autre chose encore")
    assert "diffèrent" in different.text
    chosen = await choose(eve, code)
    assert chosen.headers["location"] == "/admin/connexion?fait=password-chosen"
    assert await sign_in(eve, "eve@exemple.fr", NEW) == 303
    assert (await eve.get("/admin/demarches/passeport")).status_code == 200
    again = await choose(Browser(people.nobody.client), code, PASSWORD, PASSWORD)
    assert (again.status_code, "a déjà servi" in again.text) == (422, True)
    acts = [(one.actor, one.act) for one in await storage.journal.before(Search()) if one.subject == "eve@exemple.fr"]
    assert acts[::-1] == [
        ("claude@exemple.fr", "user.create"),
        ("claude@exemple.fr", "user.rights"),
        ("claude@exemple.fr", "user.invite"),
        ("nobody", "session.refuse"),
        ("eve@exemple.fr", "user.password"),
        ("eve@exemple.fr", "session.open"),
    ]


async def test_the_secret_is_in_no_address_that_a_server_sees_in_no_log_and_in_no_table(
    people: People, postbox: Postbox, storage: Storage, capsys: pytest.CaptureFixture[str]
) -> None:
    code = await recovered(people, postbox)
    page = await people.nobody.get("/admin/mot-de-passe")
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"
    await choose(people.nobody, code, "court", "court")
    async with storage.engine.read() as connection:
        cursor = await connection.execute("SELECT account_id, digest, expires_at FROM password_link")
        stored = str([tuple(row.values() if hasattr(row, "values") else row) for row in await cursor.fetchall()])
    assert "2026-03-15" in stored
    assert all(part not in stored for part in code.split("."))
    journal = "".join(f"{line}" for line in await storage.journal.before(Search()))
    said = "".join(capsys.readouterr())
    for place in (journal, said):
        assert code[:20] not in place


async def test_a_link_ends_after_72_hours_or_with_the_next_one_or_with_the_account(
    people: People, postbox: Postbox, storage: Storage, clock: MovableClock
) -> None:
    first = await recovered(people, postbox)
    second = await recovered(people, postbox)
    assert (await choose(people.nobody, first)).status_code == 422
    clock.move(hours=72)
    assert (await choose(people.nobody, second)).status_code == 422
    third = await recovered(people, postbox)
    clock.move(hours=71)
    await storage.accounts.disable("bruno@exemple.fr", clock())
    dead = await choose(people.nobody, third)
    assert (dead.status_code, "Demandez un nouveau lien" in dead.text) == (422, True)
    assert await sign_in(people.nobody, "bruno@exemple.fr", NEW) == 401


@pytest.mark.parametrize("spoil", [lambda _: "", lambda code: code[:-2] + "xx", lambda code: code[1:], str.swapcase])
async def test_a_code_that_we_did_not_make_opens_nothing(
    people: People, postbox: Postbox, spoil: Callable[[str], str]
) -> None:
    code = await recovered(people, postbox)
    assert (await choose(people.nobody, spoil(code))).status_code == 422
    assert (await choose(people.nobody, f" {code}\n")).status_code == 303


async def test_a_new_password_ends_every_session_and_only_then(people: People, postbox: Postbox) -> None:
    code = await recovered(people, postbox)
    assert (await people.bruno.get("/admin")).status_code == 200
    assert await sign_in(Browser(people.nobody.client), "bruno@exemple.fr", PASSWORD) == 303
    await choose(people.nobody, code)
    assert (await people.bruno.get("/admin")).status_code == 303
    assert await sign_in(people.nobody, "bruno@exemple.fr", PASSWORD) == 401
    assert (await people.rachel.get("/admin")).status_code == 200


async def test_changing_the_password_kills_a_link_that_was_asked_for_before(people: People, postbox: Postbox) -> None:
    code = await recovered(people, postbox)
    await people.bruno.post("/admin/compte", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert (
        await choose(people.nobody, code, "un tout autre mot de passe", "un tout autre mot de passe")
    ).status_code == 422
    assert await sign_in(people.nobody, "bruno@exemple.fr", NEW) == 303


async def test_of_two_who_use_a_link_at_once_one_is_first(people: People, postbox: Postbox) -> None:
    code = await recovered(people, postbox)
    words = [f"{word} sous la pluie" for word in ("le canard", "la poule", "le cygne")]
    answers = await asyncio.gather(*(choose(Browser(people.nobody.client), code, one, one) for one in words))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422]


async def test_whoever_forgot_gets_the_same_answer_whether_there_is_an_account(
    people: People, postbox: Postbox, storage: Storage, clock: MovableClock
) -> None:
    await storage.accounts.disable("samir@exemple.fr", clock())
    answers = {}
    for email in ("bruno@exemple.fr", "samir@exemple.fr", "personne@exemple.fr"):
        answer = await people.nobody.post("/admin/mot-de-passe-oublie", {"email": email})
        answers[email] = (answer.status_code, answer.text.replace(email, "…"))
    assert len(set(answers.values())) == 1
    assert "S’il existe un compte" in answers["bruno@exemple.fr"][1]
    assert [letter["To"] for letter in postbox.letters()] == ["bruno@exemple.fr"]
    asked = [line for line in await storage.journal.before(Search()) if line.act == "user.recover"]
    assert [(line.actor, line.subject) for line in asked] == [("nobody", "bruno@exemple.fr")]


@pytest.mark.parametrize("email", ["bruno@exemple.fr", "personne@exemple.fr"])
async def test_nobody_fills_a_mailbox_from_here(people: People, postbox: Postbox, email: str) -> None:
    statuses = [
        (
            await Browser(people.nobody.client, address=f"203.0.113.{n}").post(
                "/admin/mot-de-passe-oublie", {"email": email}
            )
        )
        for n in range(6)
    ]
    assert [answer.status_code for answer in statuses] == [200] * 5 + [429]
    # Signing in is counted apart: asking for links must not lock anybody out.
    assert await sign_in(Browser(people.nobody.client, address=ALICE), "bruno@exemple.fr", PASSWORD) == 303


async def test_without_mail_the_link_is_shown_once_to_whoever_invites(
    people: People, silent: AsyncClient, postbox: Postbox
) -> None:
    claude, eve = Browser(silent, people.claude.token), Browser(silent)
    made = await claude.post("/admin/utilisateurs", EVE)
    assert (made.status_code, "transmettez vous-même" in made.text) == (201, True)
    code = link_in(made.text)
    assert code not in (await claude.get("/admin/utilisateurs")).text
    assert (await choose(eve, code)).status_code == 303
    assert await sign_in(eve, "eve@exemple.fr", NEW) == 303
    assert "n’envoie pas de courriel" in (await eve.get("/admin/mot-de-passe-oublie")).text
    await eve.post("/admin/mot-de-passe-oublie", {"email": "eve@exemple.fr"})
    assert postbox.letters() == []


async def test_an_administrator_sends_a_link_to_an_account_that_lost_its_password(
    people: People, silent: AsyncClient, postbox: Postbox, storage: Storage
) -> None:
    found = await storage.accounts.find("bruno@exemple.fr")
    assert found
    path = f"/admin/utilisateurs/{found[0].id}/lien"
    shown = await Browser(silent, people.claude.token).post(path)
    assert link_in(shown.text)
    sent = await people.claude.post(path)
    assert "Un message est parti à bruno@exemple.fr" in sent.text
    assert LINK.search(sent.text) is None
    assert [letter["To"] for letter in postbox.letters()] == ["bruno@exemple.fr"]
    await people.claude.post(f"/admin/utilisateurs/{found[0].id}/desactiver")
    assert (await people.claude.post(path)).status_code == 409


async def test_a_letter_that_cannot_leave_is_handed_over_instead(
    environ: dict[str, str], people: People, clock: MovableClock, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load({**environ, "AVIS_MAIL_SERVER": f"smtp+plain://127.0.0.1:{free_port()}"})
    async with running(create_app(settings, clock), settings) as client:
        made = await Browser(client, people.claude.token).post("/admin/utilisateurs", EVE)
        assert made.status_code == 201
        assert link_in(made.text)
        asked = await Browser(client).post("/admin/mot-de-passe-oublie", {"email": "bruno@exemple.fr"})
        assert "S’il existe un compte" in asked.text
    said = capsys.readouterr().err
    assert said.count('"mail-failed"') == 2
    assert "exemple.fr" not in said


async def test_somebody_who_is_invited_cannot_come_in_before_choosing(
    people: People, postbox: Postbox, storage: Storage, clock: MovableClock
) -> None:
    await people.olga.post("/admin/utilisateurs", EVE)
    clock.move(hours=73)
    (letter,) = postbox.letters()
    code = link_in(letter.as_string().replace("=\n", ""))
    assert (await choose(people.nobody, code)).status_code == 422
    # The page for a forgotten password is also where an invitation that is too old is renewed.
    assert (await choose(people.nobody, await recovered(people, postbox, "eve@exemple.fr"))).status_code == 303


async def test_accounts_made_in_bulk_are_invited_only_if_somebody_says_so(people: People, postbox: Postbox) -> None:
    head = "Adresse électronique;Nom;Rôle;Démarche\n"
    for name, ticked in (("eve", {}), ("zoe", {"invite": "1"})):
        rows = f"{head}{name}@exemple.fr;{name};Lecteur;passeport\nbruno@exemple.fr;;Lecteur;permis\n"
        shown = await tried(people.claude, rows.encode(), "utilisateurs")
        seen = shown.text.partition('name="seen" value="')[2].partition('"')[0]
        answer = await people.claude.post("/admin/import/utilisateurs/importer", {"seen": seen, **ticked})
        assert answer.status_code == 303
    assert [letter["To"] for letter in postbox.letters()] == ["zoe@exemple.fr"]
