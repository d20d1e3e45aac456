"""Coming in, staying in, going out."""

import pytest
from httpx import AsyncClient

from admin.accounts import SESSION, create_user, digest_of
from admin.throttle import MOST_FAILURES, WINDOW
from collector.storage import Storage
from collector.storage.accounts import IDLE
from tests.conftest import ALICE, MovableClock
from tests.service.admin.conftest import PASSWORD, Browser, People, account, signed_in

NEW = "le canard lit sous la pluie"
BRUNO = "bruno@exemple.fr"


async def sign_in(browser: Browser, email: str = BRUNO, password: str = PASSWORD, next: str = "") -> int:
    response = await browser.post("/admin/connexion", {"email": email, "password": password, "next": next})
    return response.status_code


async def test_the_right_password_opens_a_session_in_a_cookie_that_scripts_and_other_sites_cannot_use(
    people: People, storage: Storage
) -> None:
    response = await people.nobody.post(
        "/admin/connexion", {"email": " Bruno@Exemple.fr ", "password": PASSWORD, "next": "/admin/demarches/passeport"}
    )
    assert (response.status_code, response.headers["location"]) == (303, "/admin/demarches/passeport")
    cookie = response.headers["set-cookie"].lower()
    assert cookie.startswith("__host-avis_session=")
    for word in ("httponly", "secure", "samesite=lax", "path=/", "max-age=43200"):
        assert word in cookie
    assert "domain" not in cookie
    assert (await people.nobody.get("/admin")).status_code == 200


async def test_the_database_holds_no_token_and_no_password(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    await sign_in(people.nobody)
    token = people.nobody.token or ""
    assert await storage.accounts.session_user(token, clock()) is None
    assert await storage.accounts.session_user(digest_of(token), clock()) is not None
    found = await storage.accounts.find(BRUNO)
    assert found
    assert found[1].startswith("$argon2id$")


@pytest.mark.parametrize(
    ("email", "password"),
    [(BRUNO, "abeilles et tournesols 89"), ("personne@exemple.fr", PASSWORD), ("", ""), ("x" * 5000, "y" * 5000)],
)
async def test_every_wrong_attempt_reads_the_same(people: People, email: str, password: str) -> None:
    response = await people.nobody.post("/admin/connexion", {"email": email, "password": password})
    assert response.status_code == 401
    assert "ne convient pas" in response.text
    assert "set-cookie" not in response.headers
    assert password == "" or password not in response.text


async def test_what_was_typed_as_email_is_kept_and_the_password_never(people: People) -> None:
    response = await people.nobody.post("/admin/connexion", {"email": 'b"><i>@x.fr', "password": "secret-secret"})
    assert 'value="b&#34;&gt;&lt;i&gt;@x.fr"' in response.text
    assert "secret-secret" not in response.text


async def test_a_disabled_account_reads_like_a_wrong_password_and_its_session_ends(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    await storage.accounts.disable(BRUNO, clock())
    assert (await people.bruno.get("/admin")).status_code == 303
    response = await people.nobody.post("/admin/connexion", {"email": BRUNO, "password": PASSWORD})
    assert response.status_code == 401
    assert "ne convient pas" in response.text


async def test_a_page_asked_for_without_a_session_is_where_one_comes_back_to(people: People) -> None:
    response = await people.nobody.get("/admin/demarches/passeport/avis?satisfaction=bad")
    assert response.status_code == 303
    assert (
        response.headers["location"]
        == "/admin/connexion?next=%2Fadmin%2Fdemarches%2Fpasseport%2Favis%3Fsatisfaction%3Dbad"
    )
    form = await people.nobody.get(response.headers["location"])
    assert 'name="next" value="/admin/demarches/passeport/avis?satisfaction=bad"' in form.text


async def test_signing_in_never_leads_to_another_site(people: People) -> None:
    for path in ("https://ailleurs.exemple", "//ailleurs.exemple/admin"):
        response = await people.nobody.post("/admin/connexion", {"email": BRUNO, "password": PASSWORD, "next": path})
        assert response.headers["location"] == "/admin"
        people.nobody.token = None


async def test_a_session_ends_after_twelve_hours_however_much_it_is_used(people: People, clock: MovableClock) -> None:
    end = clock() + SESSION
    while clock() < end:
        assert (await people.bruno.get("/admin/compte")).status_code == 200
        clock.move(hours=1)
    assert (await people.bruno.get("/admin/compte")).status_code == 303


async def test_a_session_that_nobody_uses_ends_after_two_hours(people: People, clock: MovableClock) -> None:
    clock.move(seconds=IDLE.total_seconds() - 1)
    assert (await people.bruno.get("/admin/compte")).status_code == 200
    assert (await people.samir.get("/admin/compte")).status_code == 200
    clock.move(seconds=IDLE.total_seconds() - 1)
    assert (await people.bruno.get("/admin/compte")).status_code == 200
    clock.move(seconds=1)
    assert (await people.samir.get("/admin/compte")).status_code == 303


async def test_signing_out_ends_the_session_on_the_server(people: People) -> None:
    token = people.bruno.token
    response = await people.bruno.post("/admin/deconnexion")
    assert response.headers["location"].startswith("/admin/connexion")
    assert "max-age=0" in response.headers["set-cookie"].lower()
    people.bruno.token = token
    assert (await people.bruno.get("/admin")).status_code == 303


async def test_the_eleventh_failure_in_a_quarter_of_an_hour_is_told_to_wait(
    people: People, clock: MovableClock
) -> None:
    for _ in range(MOST_FAILURES):
        assert await sign_in(people.nobody, password="mauvais mot de passe") == 401
    refused = await people.nobody.post("/admin/connexion", {"email": BRUNO, "password": PASSWORD})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= WINDOW
    assert "suspendue quelques minutes" in refused.text
    assert BRUNO not in refused.text
    # From elsewhere too: it is the account that is being guessed.
    assert await sign_in(Browser(people.nobody.client, address=ALICE)) == 429
    clock.move(seconds=WINDOW)
    assert await sign_in(people.nobody) == 303


async def test_unknown_accounts_are_throttled_alike(people: People) -> None:
    statuses = [await sign_in(people.nobody, email="personne@exemple.fr") for _ in range(MOST_FAILURES + 1)]
    assert statuses == [401] * MOST_FAILURES + [429]


async def test_one_visitor_cannot_try_many_accounts(people: People) -> None:
    statuses = [await sign_in(people.nobody, email=f"n{n}@exemple.fr") for n in range(MOST_FAILURES + 1)]
    assert statuses == [401] * MOST_FAILURES + [429]
    assert await sign_in(Browser(people.nobody.client, address=ALICE)) == 303


async def test_signing_in_rightly_is_never_throttled(people: People) -> None:
    for _ in range(MOST_FAILURES + 3):
        people.nobody.token = None
        assert await sign_in(people.nobody) == 303


async def test_a_one_time_password_leads_to_a_new_one_and_nowhere_else(
    client: AsyncClient, storage: Storage, clock: MovableClock
) -> None:
    user, password = await create_user(storage, email="Eve@Exemple.fr", name="Eve", administrator=False, now=clock())
    assert user.email == "eve@exemple.fr"
    eve = Browser(client)
    assert await sign_in(eve, "eve@exemple.fr", password) == 303
    for path in ("/admin", "/admin/nouvelle-demarche"):
        response = await eve.get(path)
        assert (response.status_code, response.headers["location"]) == (303, "/admin/compte")
    assert (await eve.post("/admin/nouvelle-demarche", {"title": "X"})).headers["location"] == "/admin/compte"
    assert "provisoire" in (await eve.get("/admin/compte")).text
    changed = await eve.post("/admin/compte", {"old": password, "new": NEW, "again": NEW})
    assert (changed.status_code, changed.headers["location"]) == (303, "/admin?fait=password-changed")
    assert (await eve.get("/admin")).status_code == 200
    assert await sign_in(Browser(client), "eve@exemple.fr", password) == 401


async def test_changing_a_password_ends_every_other_session(
    people: People, client: AsyncClient, storage: Storage, clock: MovableClock
) -> None:
    elsewhere = Browser(client)
    await sign_in(elsewhere)
    changed = await people.bruno.post("/admin/compte", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert changed.status_code == 303
    assert (await elsewhere.get("/admin")).status_code == 303
    assert (await people.bruno.get("/admin")).status_code == 200
    assert (await people.rachel.get("/admin")).status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "field", "says"),
    [
        ("faux", NEW, NEW, "old", "mot de passe actuel"),
        (PASSWORD, "court", "court", "new", "au moins 12"),
        (PASSWORD, "Motdepasse2026!", "Motdepasse2026!", "new", "trop courant"),
        (PASSWORD, PASSWORD, PASSWORD, "new", "différent"),
        (PASSWORD, NEW, "autre chose", "again", "diffèrent"),
    ],
)
async def test_a_password_that_cannot_be_changed_says_why_beside_its_field(
    people: People, old: str, new: str, again: str, field: str, says: str
) -> None:
    response = await people.bruno.post("/admin/compte", {"old": old, "new": new, "again": again})
    assert response.status_code == 422
    error = response.text.split(f'id="{field}-error">')[1].split("<")[0]
    assert says in error
    assert new not in response.text or new == "court"


async def test_a_stolen_session_is_no_place_to_guess_the_password(people: People) -> None:
    statuses = [
        (await people.bruno.post("/admin/compte", {"old": "faux", "new": NEW, "again": NEW})).status_code
        for _ in range(MOST_FAILURES + 1)
    ]
    assert statuses == [422] * MOST_FAILURES + [429]


async def test_two_people_share_nothing(client: AsyncClient, storage: Storage, clock: MovableClock) -> None:
    bruno = await signed_in(client, storage, clock, "bruno", "manager")
    await account(storage, clock, "rachel", "reader")
    assert "bruno@exemple.fr" in (await bruno.get("/admin/compte")).text
    assert (await Browser(client).get("/admin/compte")).status_code == 303
