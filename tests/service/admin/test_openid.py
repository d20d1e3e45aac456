"""Signing in through an OpenID provider: a true one in a process of its own, and one that gets something wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from httpx import AsyncClient, Response

from admin.throttle import MOST_FAILURES
from collector.app import create_app
from collector.settings import load
from collector.storage import Storage
from collector.storage.journal import Search
from tests.conftest import MovableClock, running
from tests.openid_provider import CLIENT, SECRET, RunningProvider, openid_provider
from tests.service.admin.conftest import NAMES, PASSWORD, SAME_SITE, People, account
from tests.service.admin.test_second_factor import set_up

BRUNO = "bruno@exemple.fr"
START = "/admin/connexion/fournisseur"
BACK = "/admin/connexion/fournisseur/retour"


@pytest.fixture(scope="module")
def started() -> Iterator[RunningProvider]:
    with openid_provider() as running:
        yield running


@pytest.fixture
def provider(started: RunningProvider) -> RunningProvider:
    """That gets nothing wrong yet."""
    started.is_to()
    return started


@pytest.fixture
def clock() -> MovableClock:
    """The provider has the time of the day: its tokens hold for a minute of that."""
    return MovableClock(datetime.now(UTC))


@pytest.fixture
def environ(environ: dict[str, str], provider: RunningProvider) -> dict[str, str]:
    return {**environ, **provider.environment()}


class Agent:
    """One person's browser, that goes to the provider and comes back."""

    def __init__(self, client: AsyncClient, email: str = BRUNO, address: str = "198.51.100.30") -> None:
        self.client, self.email, self.address = client, email, address
        self.cookies: dict[str, str] = {}

    async def get(self, address: str) -> Response:
        return await self._keep("GET", address, {})

    async def post(self, path: str, data: dict[str, str] | None = None) -> Response:
        return await self._keep("POST", path, {"data": data or {}, "headers": SAME_SITE})

    async def _keep(self, method: str, address: str, how: dict[str, Any]) -> Response:
        self.client.cookies.clear()
        headers = {"X-Forwarded-For": self.address, "Cookie": self._jar(), **how.pop("headers", {})}
        answer = await self.client.request(method, address, headers=headers, **how)
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = "" if "max-age=0" in line.lower() else value.strip('"')
        return answer

    def _jar(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items() if value)

    async def at_provider(self, next: str = "") -> str:
        """Start, and say there who one is: the address that the provider sends the browser back to."""
        left = await self.get(f"{START}?{urlencode({'next': next})}")
        assert left.status_code == 303
        async with AsyncClient() as elsewhere:
            shown = await elsewhere.get(left.headers["location"])
            assert "Qui êtes-vous" in shown.text
            sent = await elsewhere.post(left.headers["location"], data={"email": self.email})
        return str(sent.headers["location"])

    async def sign_in(self, next: str = "") -> Response:
        return await self.get(await self.at_provider(next))

    async def is_in(self) -> bool:
        return (await self.get("/admin")).status_code == 200


@pytest.fixture
def agent(client: AsyncClient) -> Agent:
    return Agent(client)


async def acts(storage: Storage) -> list[tuple[str, str]]:
    """Since everybody but *nobody* has signed in."""
    lines = await storage.journal.before(Search(), number=200)
    found = [(line.act, line.subject) for line in lines[::-1] if line.act.startswith(("identity.", "session."))]
    return found[len(NAMES) - 1 :]


def is_refused(answer: Response) -> bool:
    where = urlsplit(answer.headers["location"])
    return (answer.status_code, where.path, where.query) == (303, "/admin/connexion", "fournisseur=refus")


async def test_an_invited_account_is_linked_by_its_verified_email_and_then_known_by_what_never_changes(
    people: People, agent: Agent, provider: RunningProvider, storage: Storage
) -> None:
    arrived = await agent.sign_in("/admin/demarches/passeport")
    assert (arrived.status_code, arrived.headers["location"]) == (303, "/admin/demarches/passeport")
    assert await agent.is_in()
    # A new name and address at the ministry: the same person.
    provider.is_to(userinfo={"email": "bruno.dupont@exemple.fr"})
    again = Agent(agent.client)
    await again.sign_in()
    assert "bruno@exemple.fr" in (await again.get("/admin/compte")).text
    assert await acts(storage) == [("identity.link", BRUNO), ("session.open", BRUNO), ("session.open", BRUNO)]


async def test_it_asks_for_a_code_with_pkce_and_says_nothing_that_is_secret(
    people: People, agent: Agent, provider: RunningProvider
) -> None:
    left = await agent.get(START)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(left.headers["location"]).query).items()}
    assert left.headers["location"].startswith(f"{provider.url}/authorize?")
    assert asked["redirect_uri"] == f"https://avis.exemple.fr{BACK}"
    assert (asked["response_type"], asked["scope"], asked["client_id"]) == ("code", "openid email", CLIENT)
    assert (asked["code_challenge_method"], len(asked["code_challenge"])) == ("S256", 43)
    assert asked["claims"] == '{"id_token":{"amr":null,"acr":null}}'
    assert min(len(asked["state"]), len(asked["nonce"])) >= 32
    assert SECRET not in left.headers["location"]
    cookie = next(one for one in left.headers.get_list("set-cookie"))
    assert cookie.startswith("__Host-avis_openid=")
    for word in ("httponly", "secure", "samesite=lax", "path=/;", "max-age=600"):
        assert word in cookie.lower() + ";"


@pytest.mark.parametrize("faults", [{}, {"plain": True}, {"auth": "client_secret_basic"}])
async def test_signed_and_plain_answers_and_both_ways_to_give_the_secret_are_understood(
    environ: dict[str, str], clock: MovableClock, storage: Storage, provider: RunningProvider, faults: dict[str, Any]
) -> None:
    provider.is_to(**faults)
    await account(storage, clock, "bruno", "reader")
    settings = load(environ)
    async with running(create_app(settings, clock), settings) as client:
        agent = Agent(client)
        await agent.sign_in()
        assert await agent.is_in()


FAULTS: tuple[dict[str, Any], ...] = (
    {"id_token": {"nonce": "another"}},
    {"id_token": {"nonce": None}},
    {"id_token": {"aud": ["somebody-else"]}},
    {"id_token": {"aud": [CLIENT, "somebody-else"]}},
    {"id_token": {"azp": "somebody-else"}},
    {"id_token": {"iss": "https://ailleurs.exemple"}},
    {"id_token": {"exp": 1_700_000_000}},
    {"id_token": {"exp": None}},
    {"id_token": {"iat": 4_000_000_000}},
    {"id_token": {}, "signed": "none"},
    {"id_token": {}, "signed": "HS256"},
    {"id_token": {}, "signed": "another key"},
    {"id_token": {}, "signed": "a kid of nobody"},
    {"userinfo": {"sub": "somebody-else"}},
    {"userinfo": {"iss": "https://ailleurs.exemple"}},
    {"userinfo": {"aud": "somebody-else"}},
    {"userinfo": {"email_verified": False}},
    {"userinfo": {"email_verified": None}},
    {"userinfo": {"email_verified": "true"}},
    {"userinfo": {"email": None}},
    {"userinfo": {"email": "pas une adresse"}},
    {"userinfo": {"email": "inconnue@exemple.fr"}},
)


async def test_what_is_not_signed_for_us_and_this_browser_opens_nothing(
    people: People, client: AsyncClient, storage: Storage, provider: RunningProvider
) -> None:
    let_in = []
    for number, faults in enumerate(FAULTS):
        provider.is_to(**faults)
        # Failures are counted by visitor, and this is about something else.
        agent = Agent(client, address=f"203.0.113.{number}")
        if not is_refused(await agent.sign_in()) or await agent.is_in():
            let_in.append(faults)
    assert let_in == []
    assert not [act for act, _ in await acts(storage) if act in {"session.open", "identity.link"}]
    assert "n&#39;a pas abouti" in (await Agent(client).get("/admin/connexion?fournisseur=refus")).text
    provider.is_to()
    assert not is_refused(await Agent(client).sign_in()), "it was the faults"


async def test_a_token_that_is_too_old_is_refused_with_half_a_minute_for_clocks_that_differ(
    people: People, agent: Agent, clock: MovableClock
) -> None:
    back = await agent.at_provider()
    clock.move(seconds=80)
    assert not is_refused(await agent.get(back))
    late = Agent(agent.client)
    back = await late.at_provider()
    clock.move(seconds=20)
    assert is_refused(await late.get(back))


async def test_another_state_than_this_browsers_own_is_refused_before_anybody_is_asked(
    people: People, agent: Agent, provider: RunningProvider
) -> None:
    back = await agent.at_provider()
    victim = Agent(agent.client)
    assert is_refused(await victim.get(back)), "an address that somebody else made, in a browser without a cookie"
    await victim.get(START)
    assert is_refused(await victim.get(back)), "nor in one with a cookie of its own"
    assert not await victim.is_in()
    forged = f"{BACK}?{urlencode({'code': 'x', 'state': ''})}"
    assert is_refused(await victim.get(forged))


async def test_a_code_works_once_and_so_does_its_cookie(people: People, agent: Agent, storage: Storage) -> None:
    back = await agent.at_provider()
    kept = dict(agent.cookies)
    await agent.get(back)
    assert agent.cookies["__Host-avis_openid"] == ""
    thief = Agent(agent.client)
    thief.cookies = kept
    assert is_refused(await thief.get(back))
    # Nor with a new code in place of the used one.
    other = parse_qs(urlsplit(await Agent(agent.client).at_provider()).query)["code"][0]
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert is_refused(await thief.get(f"{BACK}?{urlencode({'code': other, 'state': state})}"))
    assert not await thief.is_in()


async def test_a_code_of_another_attempt_cannot_be_slipped_in(people: People, agent: Agent) -> None:
    """PKCE and the nonce: a stolen code is of no use in the thief's own browser."""
    stolen = parse_qs(urlsplit(await agent.at_provider()).query)["code"][0]
    thief = Agent(agent.client)
    own = parse_qs(urlsplit(await thief.at_provider()).query)["state"][0]
    assert is_refused(await thief.get(f"{BACK}?{urlencode({'code': stolen, 'state': own})}"))
    assert not await thief.is_in()


async def test_an_attempt_ends_after_ten_minutes(people: People, agent: Agent, clock: MovableClock) -> None:
    back = await agent.at_provider()
    clock.move(seconds=600)
    assert is_refused(await agent.get(back))


@pytest.mark.parametrize("more", [{"iss": "https://ailleurs.exemple"}, {"error": "access_denied"}, {"code": ""}])
async def test_an_answer_of_somebody_else_and_a_refusal_there_lead_back(
    people: People, agent: Agent, more: dict[str, str]
) -> None:
    answer = {name: values[0] for name, values in parse_qs(urlsplit(await agent.at_provider()).query).items()}
    assert is_refused(await agent.get(f"{BACK}?{urlencode(answer | more)}"))
    assert not await agent.is_in()


async def test_new_keys_are_fetched_when_they_are_met(people: People, agent: Agent, provider: RunningProvider) -> None:
    await agent.sign_in()
    provider.rotate()
    later = Agent(agent.client)
    await later.sign_in()
    assert await later.is_in()


async def test_another_person_with_the_same_email_is_refused_told_and_let_in_once_an_administrator_says_so(
    people: People, agent: Agent, storage: Storage, provider: RunningProvider
) -> None:
    await agent.sign_in()
    provider.is_to(sub="somebody-else")
    other = Agent(agent.client)
    assert is_refused(await other.sign_in())
    assert ("identity.refuse", BRUNO) in await acts(storage)
    found = await storage.accounts.find(BRUNO)
    assert found
    page = f"/admin/utilisateurs/{found[0].id}"
    assert "Rattaché au fournisseur" in (await people.claude.get(page)).text
    assert (await people.claude.post(f"{page}/identite")).headers["location"] == f"{page}?fait=identity-removed"
    assert "Rattaché au fournisseur" not in (await people.claude.get(page)).text
    assert not await agent.is_in(), "the sessions of whoever it was have ended"
    await other.sign_in()
    assert await other.is_in()
    own = await storage.accounts.find("claude@exemple.fr")
    assert own
    assert (await people.claude.post(f"/admin/utilisateurs/{own[0].id}/identite")).status_code == 409


async def test_one_identity_does_not_open_two_accounts(
    people: People, agent: Agent, storage: Storage, provider: RunningProvider
) -> None:
    await agent.sign_in()
    provider.is_to(sub="somebody")
    await Agent(agent.client, "rachel@exemple.fr").sign_in()
    assert ("identity.link", "rachel@exemple.fr") in await acts(storage)
    samir = Agent(agent.client, "samir@exemple.fr")
    await samir.sign_in()
    assert "rachel@exemple.fr" in (await samir.get("/admin/compte")).text, "who one is, not what one is called"


@pytest.mark.parametrize("linked", [True, False])
async def test_a_disabled_account_stays_out_and_reads_like_no_account(
    people: People, agent: Agent, storage: Storage, clock: MovableClock, linked: bool
) -> None:
    if linked:
        await agent.sign_in()
    await storage.accounts.disable(BRUNO, clock())
    late, unknown = Agent(agent.client), Agent(agent.client, "inconnue@exemple.fr")
    one, other = await late.sign_in(), await unknown.sign_in()
    assert is_refused(one)
    assert is_refused(other)
    assert one.headers["location"] == other.headers["location"]
    assert ("session.refuse", BRUNO) in await acts(storage)
    assert await storage.accounts.find("inconnue@exemple.fr") is None, "no account is made by the provider"
    assert "inconnue@exemple.fr" not in str(await acts(storage))


@pytest.mark.parametrize(
    ("faults", "wants_code"),
    [
        ({}, True),
        ({"amr": ["pwd", "mail"]}, True),
        ({"amr": ["pwd", "otp", "mfa"]}, False),
        ({"acr": "eidas2"}, False),
        ({"acr": "https://proconnect.gouv.fr/assurance/self-asserted-2fa"}, False),
    ],
    ids=str,
)
async def test_the_code_is_asked_for_unless_the_provider_has_seen_two_factors(
    people: People,
    agent: Agent,
    provider: RunningProvider,
    clock: MovableClock,
    faults: dict[str, Any],
    wants_code: bool,
) -> None:
    phone, _ = await set_up(people.bruno, clock)
    provider.is_to(**faults)
    arrived = await agent.sign_in("/admin/compte")
    assert await agent.is_in() is not wants_code
    if wants_code:
        assert arrived.headers["location"] == "/admin/connexion/code?next=%2Fadmin%2Fcompte"
        await agent.post("/admin/connexion/code", {"code": phone.code()})
        assert await agent.is_in()


async def test_a_level_that_is_asked_for_is_also_checked(
    environ: dict[str, str], clock: MovableClock, storage: Storage, provider: RunningProvider
) -> None:
    await account(storage, clock, "bruno", "reader")
    settings = load({**environ, "AVIS_OIDC_ACR_VALUES": "eidas2 eidas3"})
    async with running(create_app(settings, clock), settings) as client:
        agent = Agent(client)
        asked = parse_qs(urlsplit((await agent.get(START)).headers["location"]).query)
        assert asked["acr_values"] == ["eidas2 eidas3"]
        assert '"values":["eidas2","eidas3"]' in asked["claims"][0]
        assert is_refused(await agent.sign_in())
        provider.is_to(acr="eidas3")
        await agent.sign_in()
        assert await agent.is_in()


@pytest.mark.parametrize(("verified", "is_in"), [(None, True), (True, True), (False, False)])
async def test_a_provider_that_answers_for_its_emails_need_not_call_them_verified(
    environ: dict[str, str],
    clock: MovableClock,
    storage: Storage,
    provider: RunningProvider,
    verified: bool | None,
    is_in: bool,
) -> None:
    """ProConnect sends `email` alone."""
    await account(storage, clock, "bruno", "reader")
    provider.is_to(userinfo={"email_verified": verified})
    settings = load({**environ, "AVIS_OIDC_TRUST_EMAIL": "on"})
    async with running(create_app(settings, clock), settings) as client:
        agent = Agent(client)
        await agent.sign_in()
        assert await agent.is_in() is is_in


@pytest.mark.parametrize("away", ["nobody answers", "another issuer", "a page that is no document"])
async def test_without_the_provider_a_page_says_so_and_the_password_still_works(
    environ: dict[str, str], clock: MovableClock, storage: Storage, provider: RunningProvider, away: str
) -> None:
    await account(storage, clock, "bruno", "reader")
    issuer = {"nobody answers": "http://127.0.0.1:9", "a page that is no document": f"{provider.url}/authorize"}
    provider.is_to(issuer="https://ailleurs.exemple")
    settings = load({**environ, "AVIS_OIDC_ISSUER": issuer.get(away, provider.url)})
    async with running(create_app(settings, clock), settings) as client:
        agent = Agent(client)
        left = await agent.get(f"{START}?next=/admin/compte")
        assert left.headers["location"] == "/admin/connexion?fournisseur=absent&next=%2Fadmin%2Fcompte"
        shown = await agent.get(left.headers["location"])
        assert "ProConnect ne répond pas" in shown.text
        assert 'name="next" value="/admin/compte"' in shown.text
        await agent.post("/admin/connexion", {"email": BRUNO, "password": PASSWORD})
        assert await agent.is_in()


async def test_the_provider_is_asked_nothing_before_somebody_wants_to_sign_in_with_it(
    environ: dict[str, str], clock: MovableClock
) -> None:
    settings = load({**environ, "AVIS_OIDC_ISSUER": "http://127.0.0.1:9"})
    async with running(create_app(settings, clock), settings) as client:
        assert (await Agent(client).get("/admin/connexion")).status_code == 200


async def test_many_failures_from_one_place_are_told_to_wait(
    people: People, agent: Agent, provider: RunningProvider
) -> None:
    provider.is_to(userinfo={"email": "inconnue@exemple.fr"})
    for _ in range(MOST_FAILURES):
        assert is_refused(await agent.sign_in())
    assert (await agent.sign_in()).status_code == 429
    elsewhere = Agent(agent.client, address="203.0.113.99")
    provider.is_to()
    for _ in range(MOST_FAILURES + 1):
        assert (await elsewhere.sign_in()).headers["location"] == "/admin"
        elsewhere.cookies = {}


async def test_signing_out_ends_the_session_at_the_provider_too(
    people: People, agent: Agent, provider: RunningProvider
) -> None:
    await agent.sign_in()
    before = len(provider.ended())
    out = await agent.post("/admin/deconnexion")
    assert (out.status_code, out.headers["refresh"]) == (200, "0; url=/admin/deconnexion/suite")
    assert "Continuer" in out.text
    assert not await agent.is_in()
    onward = await agent.get("/admin/deconnexion/suite")
    async with AsyncClient() as elsewhere:
        back = await elsewhere.get(onward.headers["location"])
    (said,) = provider.ended()[before:]
    assert said["post_logout_redirect_uri"] == "https://avis.exemple.fr/admin/deconnexion/retour"
    assert len(said["state"]) >= 32
    assert (await agent.get("/admin/deconnexion/retour?state=forged")).headers["location"] == "/admin/connexion"
    agent.cookies["__Secure-avis_openid_state"] = said["state"]
    arrived = await agent.get(back.headers["location"])
    assert arrived.headers["location"] == "/admin/connexion?fait=signed-out-everywhere"
    assert (await agent.get("/admin/deconnexion/suite")).headers["location"] == "/admin/connexion", "once"


async def test_whoever_is_still_signed_in_is_not_sent_to_sign_out(people: People, agent: Agent) -> None:
    await agent.sign_in()
    assert (await agent.get("/admin/deconnexion/suite")).headers["location"] == "/admin/connexion"
    assert await agent.is_in()


async def test_signing_out_works_without_the_provider(
    environ: dict[str, str], clock: MovableClock, storage: Storage, provider: RunningProvider
) -> None:
    await account(storage, clock, "bruno", "reader")
    settings = load(environ)
    async with running(create_app(settings, clock), settings) as client:
        agent = Agent(client)
        await agent.sign_in()
    settings = load({**environ, "AVIS_OIDC_ISSUER": "http://127.0.0.1:9"})
    async with running(create_app(settings, clock), settings) as client:
        agent.client = client
        await agent.post("/admin/deconnexion")
        assert not await agent.is_in()
        left = await agent.get("/admin/deconnexion/suite")
        assert left.headers["location"] == "/admin/connexion?fait=signed-out-here"


async def test_no_token_code_or_secret_is_in_a_page_an_address_a_log_or_a_table(
    people: People, agent: Agent, storage: Storage, capsys: pytest.CaptureFixture[str]
) -> None:
    back = await agent.at_provider()
    arrived = await agent.get(back)
    assert arrived.text == ""
    assert arrived.headers["referrer-policy"] in {"no-referrer", "same-origin"}
    code = parse_qs(urlsplit(back).query)["code"][0]
    pages = [await agent.get(path) for path in ("/admin", "/admin/compte")] + [await agent.post("/admin/deconnexion")]
    await Agent(agent.client).get(f"{BACK}?code={code}&state=x")
    shown = "".join(page.text + str(page.headers) for page in pages) + "".join(capsys.readouterr())
    async with storage.engine.read() as connection:
        for table in ("identity", "session", "journal", "limit_count"):
            cursor = await connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - a table of ours
            shown += str([tuple(row.values() if hasattr(row, "values") else row) for row in await cursor.fetchall()])
    assert "provider-sign-in-failed" in shown, "it is told that something failed"
    for secret in (code, SECRET, "eyJ"):
        assert secret not in shown


async def test_without_a_provider_there_is_no_such_page_and_no_button(
    environ: dict[str, str], clock: MovableClock
) -> None:
    settings = load({name: value for name, value in environ.items() if not name.startswith("AVIS_OIDC")})
    async with running(create_app(settings, clock), settings) as client:
        agent = Agent(client)
        assert START not in (await agent.get("/admin/connexion?fournisseur=refus")).text
        for path in (START, BACK):
            assert (await agent.get(path)).status_code == 404


async def test_the_button_comes_first_and_says_what_the_service_says(
    environ: dict[str, str], client: AsyncClient, clock: MovableClock
) -> None:
    shown = (await Agent(client).get("/admin/connexion?next=/admin/compte")).text
    assert shown.index("S’identifier avec") < shown.index('name="password"')
    assert "Qu’est-ce que ProConnect ?" in shown
    assert 'href="/admin/connexion/fournisseur?next=/admin/compte"' in shown
    settings = load({**environ, "AVIS_OIDC_LABEL": "l'annuaire de la mairie"})
    async with running(create_app(settings, clock), settings) as other:
        shown = (await Agent(other).get("/admin/connexion")).text
    assert "l&#39;annuaire de la mairie" in shown
    assert "ProConnect" not in shown
