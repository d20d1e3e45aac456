"""The second step of signing in: what it asks for, what it refuses, and how somebody who lost it comes back."""

import asyncio
import re
from base64 import b32decode
from collections.abc import AsyncIterator

import pytest
from httpx import Response

from admin.accounts import PENDING, digest_of
from admin.second_factor import MOST_CODES, RECOVERY_CODES, TO_SET_UP
from admin.throttle import MOST_FAILURES, WINDOW
from admin.totp import STEP, code_at, step_at
from collector.app import create_app
from collector.settings import load
from collector.storage import Storage
from collector.storage.journal import Search
from tests.conftest import ALICE, MovableClock, running
from tests.service.admin.conftest import PASSWORD, Browser, People, account

BRUNO = "bruno@exemple.fr"
PAGE = "/admin/compte/deux-etapes"
CODE = "/admin/connexion/code"
KEY = re.compile(r'id="key"[^>]*><code>([A-Z2-7 ]+)<')
DRAFT = re.compile(r'name="draft" value="([^"]+)"')
CODES = re.compile(r"\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b")


class Telephone:
    """What an app does with the secret that it was shown."""

    def __init__(self, page: str, clock: MovableClock) -> None:
        shown = KEY.search(page)
        assert shown
        self.secret = b32decode(shown[1].replace(" ", ""))
        self.clock = clock

    def code(self, off: int = 0) -> str:
        return code_at(self.secret, step_at(self.clock()) + off)


async def set_up(browser: Browser, clock: MovableClock) -> tuple[Telephone, list[str]]:
    shown = await browser.post(PAGE, {"password": PASSWORD})
    phone = Telephone(shown.text, clock)
    done = await browser.post(PAGE, {"draft": draft_in(shown), "code": phone.code()})
    assert done.status_code == 200
    clock.move(seconds=STEP)
    return phone, CODES.findall(done.text)


def draft_in(page: Response) -> str:
    found = DRAFT.search(page.text)
    assert found
    return found[1]


async def give_password(browser: Browser, next: str = "") -> Response:
    return await browser.post("/admin/connexion", {"email": BRUNO, "password": PASSWORD, "next": next})


async def give_code(browser: Browser, code: str, next: str = "") -> Response:
    return await browser.post(CODE, {"code": code, "next": next})


async def acts(storage: Storage) -> list[tuple[str, str, str]]:
    lines = await storage.journal.before(Search())
    return [(line.actor, line.act, line.subject) for line in lines if line.act.startswith(("factor.", "session."))][
        ::-1
    ]


async def test_it_counts_only_once_a_code_was_right(people: People, storage: Storage, clock: MovableClock) -> None:
    assert "Désactivée" in (await people.bruno.get("/admin/compte")).text
    shown = await people.bruno.post(PAGE, {"password": PASSWORD})
    assert "<svg" in shown.text
    assert "style=" not in shown.text
    phone, draft = Telephone(shown.text, clock), draft_in(shown)
    wrong = await people.bruno.post(PAGE, {"draft": draft, "code": phone.code(5)})
    assert (wrong.status_code, "ne convient pas" in wrong.text, draft_in(wrong)) == (422, True, draft)
    assert (await give_password(Browser(people.nobody.client))).headers["location"] == "/admin"
    clock.move(seconds=STEP)
    right = await people.bruno.post(PAGE, {"draft": draft, "code": f" {phone.code()[:3]} {phone.code()[3:]} "})
    assert len(set(CODES.findall(right.text))) == RECOVERY_CODES
    again = await people.bruno.get(PAGE)
    assert "12 mars 2026" in again.text
    assert CODES.findall(again.text) == [], "recovery codes are shown once"
    assert KEY.search(again.text) is None
    assert (await people.bruno.post(PAGE, {"password": PASSWORD})).status_code == 409
    assert (await acts(storage))[-1] == (BRUNO, "factor.add", BRUNO)


async def test_between_the_password_and_the_code_nothing_opens(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    phone, _ = await set_up(people.bruno, clock)
    browser = people.nobody
    answer = await give_password(browser, "/admin/demarches/passeport")
    assert answer.headers["location"] == f"{CODE}?next=%2Fadmin%2Fdemarches%2Fpasseport"
    assert f"max-age={int(PENDING.total_seconds())}" in answer.headers["set-cookie"].lower()
    waiting = browser.token
    for path in ("/admin", "/admin/compte", PAGE, "/admin/demarches/passeport"):
        assert (await browser.get(path)).headers["location"].startswith("/admin/connexion")
    assert (await browser.post(f"{PAGE}/retirer", {"password": PASSWORD})).headers["location"] == "/admin/connexion"
    found = await storage.accounts.find(BRUNO)
    assert found
    assert len(await storage.accounts.sessions(found[0], clock())) == 1, "it is not listed as a session"
    form = await browser.get(answer.headers["location"])
    assert 'name="next" value="/admin/demarches/passeport"' in form.text
    entered = await give_code(browser, phone.code(), "/admin/demarches/passeport")
    assert (entered.status_code, entered.headers["location"]) == (303, "/admin/demarches/passeport")
    assert browser.token != waiting
    assert (await browser.get("/admin")).status_code == 200
    assert (await Browser(browser.client, waiting).get("/admin")).status_code == 303
    assert (await browser.get(CODE)).headers["location"] == "/admin"


async def test_a_code_works_once(people: People, storage: Storage, clock: MovableClock) -> None:
    phone, _ = await set_up(people.bruno, clock)
    first, second = Browser(people.nobody.client), Browser(people.nobody.client)
    code = phone.code()
    for browser in (first, second):
        await give_password(browser)
    assert (await give_code(first, code)).status_code == 303
    refused = await give_code(second, code)
    assert (refused.status_code, "ne convient pas" in refused.text, code in refused.text) == (401, True, False)
    assert (await give_code(second, phone.code(-1))).status_code == 401
    clock.move(seconds=STEP)
    assert (await give_code(second, phone.code())).status_code == 303
    assert [act.split(".")[1] for _, act, _ in await acts(storage)][-4:] == ["open", "refuse", "refuse", "open"]


async def test_of_those_who_send_one_code_at_once_one_comes_in(people: People, clock: MovableClock) -> None:
    phone, codes = await set_up(people.bruno, clock)
    for code in (phone.code(), codes[0]):
        browsers = [Browser(people.nobody.client) for _ in range(3)]
        for browser in browsers:
            await give_password(browser)
        answers = await asyncio.gather(*(give_code(browser, code) for browser in browsers))
        assert sorted(answer.status_code for answer in answers) == [303, 401, 401]
        clock.move(seconds=WINDOW)


async def test_a_recovery_code_works_once_however_it_is_typed_and_the_journal_counts_what_is_left(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    _, codes = await set_up(people.bruno, clock)
    browser = people.nobody
    await give_password(browser)
    assert (await give_code(browser, codes[3].upper().replace("-", " "))).status_code == 303
    assert "9 codes de secours" in (await browser.get(PAGE)).text
    told = [line.details for line in await storage.journal.before(Search()) if line.act == "factor.recover"]
    assert told == [{"codes": RECOVERY_CODES - 1}]
    await give_password(browser)
    assert (await give_code(browser, codes[3])).status_code == 401
    assert (await give_code(browser, codes[4])).status_code == 303


async def test_every_wrong_code_reads_the_same(people: People, clock: MovableClock) -> None:
    phone, _ = await set_up(people.bruno, clock)
    await give_password(people.nobody)
    answers = [await give_code(people.nobody, code) for code in ("", phone.code(4), "abcd-efgh-jkmn-pqrs", "é" * 9999)]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1


async def test_codes_cannot_be_guessed_not_even_by_giving_the_password_again(
    people: People, clock: MovableClock
) -> None:
    phone, _ = await set_up(people.bruno, clock)
    for n in range(MOST_CODES):
        browser = Browser(people.nobody.client, address=f"203.0.113.{n}")
        await give_password(browser)
        assert (await give_code(browser, phone.code(7))).status_code == 401
    late = Browser(people.nobody.client, address=ALICE)
    await give_password(late)
    refused = await give_code(late, phone.code())
    assert (refused.status_code, "suspendue quelques minutes" in refused.text) == (429, True)
    clock.move(seconds=WINDOW)
    await give_password(late)
    assert (await give_code(late, phone.code())).status_code == 303


async def test_who_waits_too_long_gives_the_password_again(people: People, clock: MovableClock) -> None:
    phone, _ = await set_up(people.bruno, clock)
    await give_password(people.nobody)
    clock.move(seconds=PENDING.total_seconds())
    late = await give_code(people.nobody, phone.code())
    assert (late.status_code, "Connectez-vous de nouveau" in late.text) == (401, True)
    assert (await people.nobody.get(CODE)).headers["location"] == "/admin/connexion"


async def test_a_stolen_session_neither_sets_it_up_nor_takes_it_out(people: People, clock: MovableClock) -> None:
    wrong = await people.bruno.post(PAGE, {"password": "faux"})
    assert (wrong.status_code, "mot de passe actuel" in wrong.text, "<code>" in wrong.text) == (422, True, False)
    await set_up(people.bruno, clock)
    statuses = [
        (await people.bruno.post(f"{PAGE}/retirer", {"password": "faux"})).status_code for _ in range(MOST_FAILURES)
    ]
    assert statuses == [422] * (MOST_FAILURES - 1) + [429], "counted with the one before, like any wrong password"
    assert "Activée" in (await people.bruno.get("/admin/compte")).text


async def test_its_holder_takes_it_out_with_the_password_and_the_codes_are_gone(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    _, codes = await set_up(people.bruno, clock)
    out = await people.bruno.post(f"{PAGE}/retirer", {"password": PASSWORD})
    assert out.headers["location"] == "/admin/compte?fait=factor-removed"
    assert (await give_password(people.nobody)).headers["location"] == "/admin"
    assert (await acts(storage))[-2:] == [(BRUNO, "factor.remove", BRUNO), (BRUNO, "session.open", BRUNO)]
    await set_up(people.bruno, clock)
    browser = Browser(people.nobody.client)
    await give_password(browser)
    assert (await give_code(browser, codes[0])).status_code == 401


async def test_an_administrator_takes_it_out_for_somebody_who_lost_everything_but_not_for_themselves(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    await set_up(people.bruno, clock)
    found, own = await storage.accounts.find(BRUNO), await storage.accounts.find("claude@exemple.fr")
    assert found
    assert own
    path = f"/admin/utilisateurs/{found[0].id}"
    assert f"{path}/deux-etapes" in (await people.claude.get(path)).text
    assert (await people.claude.post(f"{path}/deux-etapes")).status_code == 303
    assert f"{path}/deux-etapes" not in (await people.claude.get(path)).text
    assert (await give_password(people.nobody)).headers["location"] == "/admin"
    await people.claude.post(f"{path}/deux-etapes")
    resets = [line for line in await acts(storage) if line[1] == "factor.reset"]
    assert resets == [("claude@exemple.fr", "factor.reset", BRUNO)], "nothing to take out, nothing to tell"
    assert (await people.claude.post(f"/admin/utilisateurs/{own[0].id}/deux-etapes")).status_code == 409


async def test_setting_it_up_ends_the_sessions_that_were_opened_without_it(people: People, clock: MovableClock) -> None:
    elsewhere = Browser(people.nobody.client)
    await give_password(elsewhere)
    await set_up(people.bruno, clock)
    assert (await elsewhere.get("/admin")).status_code == 303
    assert (await people.bruno.get("/admin")).status_code == 200


@pytest.mark.parametrize("whose", ["somebody else's", "forged", "too old"])
async def test_a_page_that_was_not_made_for_this_account_now_sets_nothing_up(
    people: People, storage: Storage, clock: MovableClock, whose: str
) -> None:
    browser = people.rachel if whose == "somebody else's" else people.bruno
    shown = await browser.post(PAGE, {"password": PASSWORD})
    phone, draft = Telephone(shown.text, clock), draft_in(shown)
    if whose == "too old":
        clock.move(seconds=TO_SET_UP.total_seconds())
    refused = await people.bruno.post(PAGE, {"draft": draft[whose == "forged" :], "code": phone.code()})
    assert (refused.status_code, "Reprenez" in refused.text) == (400, True)
    assert "Désactivée" in (await people.bruno.get("/admin/compte")).text


async def test_neither_the_secret_nor_a_code_is_in_a_table_a_log_or_the_journal(
    people: People, storage: Storage, clock: MovableClock, capsys: pytest.CaptureFixture[str]
) -> None:
    phone, codes = await set_up(people.bruno, clock)
    await give_password(people.nobody)
    await give_code(people.nobody, codes[0])
    kept = ""
    async with storage.engine.read() as connection:
        for table in ("second_factor", "recovery_code", "session", "journal"):
            cursor = await connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - a table of ours
            kept += str([tuple(row.values() if hasattr(row, "values") else row) for row in await cursor.fetchall()])
    kept += "".join(capsys.readouterr())
    assert "gAAAA" in kept, "it is there, sealed"
    for secret in (phone.secret.hex(), *codes, *(code.replace("-", "") for code in codes)):
        assert secret not in kept
    assert digest_of(people.nobody.token or "") in kept


async def test_with_the_key_lost_recovery_codes_still_open(
    environ: dict[str, str], people: People, clock: MovableClock
) -> None:
    phone, codes = await set_up(people.bruno, clock)
    settings = load({**environ, "AVIS_SECRET_KEYS": "another-key-altogether-which-is-long-enough"})
    async with running(create_app(settings, clock), settings) as other:
        browser = Browser(other)
        await give_password(browser)
        assert (await give_code(browser, phone.code())).status_code == 401
        assert (await give_code(browser, codes[0])).status_code == 303


# ---- Where it is asked of everybody, or of administrators


@pytest.fixture
async def asked(
    request: pytest.FixtureRequest, environ: dict[str, str], people: People, clock: MovableClock
) -> AsyncIterator[People]:
    """The same people, of a service that asks."""
    settings = load({**environ, "AVIS_TWO_STEPS": request.param})
    async with running(create_app(settings, clock), settings) as client:
        browsers = {name: Browser(client, each.token) for name, each in people.each().items()}
        yield People(**browsers, passeport=people.passeport, other=people.other)


@pytest.mark.parametrize(("asked", "of_bruno"), [("administrators", False), ("everyone", True)], indirect=["asked"])
async def test_whoever_is_asked_sets_it_up_before_anything_else(
    asked: People, clock: MovableClock, of_bruno: bool
) -> None:
    claude = asked.claude
    for path in ("/admin", "/admin/journal", "/admin/compte", "/admin/demarches/passeport"):
        held = await claude.get(path)
        assert (held.status_code, held.headers["location"]) == (303, PAGE)
    assert (await claude.post("/admin/demarches/passeport/fermer")).headers["location"] == PAGE
    assert (await claude.post(f"{PAGE}/retirer", {"password": PASSWORD})).headers["location"] == PAGE
    page = (await claude.get(PAGE)).text
    assert "Ce service demande" in page
    assert "/admin/journal" not in page
    await set_up(claude, clock)
    assert (await claude.get("/admin/journal")).status_code == 200
    assert "Ce service demande" not in (await claude.get(PAGE)).text
    assert ((await asked.bruno.get("/admin")).status_code == 303) is of_bruno


@pytest.mark.parametrize("asked", ["everyone"], indirect=True)
async def test_whoever_takes_it_out_sets_it_up_again(asked: People, clock: MovableClock) -> None:
    await set_up(asked.bruno, clock)
    await asked.bruno.post(f"{PAGE}/retirer", {"password": PASSWORD})
    assert (await asked.bruno.get("/admin")).headers["location"] == PAGE


@pytest.mark.parametrize("asked", ["everyone"], indirect=True)
async def test_a_one_time_password_is_replaced_first(asked: People, storage: Storage, clock: MovableClock) -> None:
    await account(storage, clock, "nadia", "reader", must_change=True)
    nadia, new = asked.nobody, "coquelicots et bleuets 77"
    await nadia.post("/admin/connexion", {"email": "nadia@exemple.fr", "password": PASSWORD})
    assert (await nadia.get(PAGE)).headers["location"] == "/admin/compte"
    assert (await nadia.get("/admin/compte")).status_code == 200
    await nadia.post("/admin/compte", {"old": PASSWORD, "new": new, "again": new})
    assert (await nadia.get("/admin")).headers["location"] == PAGE
    assert (await nadia.post("/admin/deconnexion")).headers["location"].startswith("/admin/connexion")
