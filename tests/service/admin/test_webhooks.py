"""Events are posted, signed, to whoever holds the secret; again while nobody takes them; never to our own network."""

import asyncio
import json
import re
import ssl
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from typing_extensions import override

from admin.accounts import digest_of
from admin.alerts.bell import Bell
from collector.schema import utc_now
from collector.settings import Settings, load
from collector.storage import Storage
from collector.storage.hooks import Hook
from collector.storage.journal import Search
from collector.webhooks import BadAddress, check_address, signature
from tests.conftest import MovableClock
from tests.history import given
from tests.service import test_mail
from tests.service.admin.conftest import People
from tests.service.alerts.conftest import mailed
from tests.services import Postbox, free_port, mail_server
from tests.serving import without_settings

BASE = "/admin/demarches/passeport/webhooks"
DOCS = Path(__file__).parents[3] / "docs" / "alerts.md"
BLANK = {"kind": "technical", "verbatim": "Page blanche après le paiement"}


@pytest.fixture
def clock() -> MovableClock:
    """Receivers look at theirs."""
    return MovableClock(utc_now())


@pytest.fixture
def environ(environ: dict[str, str], server: Postbox) -> dict[str, str]:
    return {**mailed(environ, server.port), "AVIS_WEBHOOK_NETWORKS": "127.0.0.0/8, ::1"}


@pytest.fixture(scope="module")
def server() -> Iterator[Postbox]:
    with mail_server() as server:
        yield server


@pytest.fixture
def postbox(server: Postbox) -> Postbox:
    server.letters()
    return server


@pytest.fixture
def bell(storage: Storage, settings: Settings, clock: MovableClock) -> Bell:
    return Bell(storage, settings, clock)


class Receiver:
    """A server that answers what a test says, the last again and again, and keeps what it was sent."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.answers = [204]
        self.headers: dict[str, str] = {}
        self.got: list[tuple[dict[str, str], str]] = []
        self.waits = 0.0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                time.sleep(receiver.waits)
                status = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
                self.send_response(status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            @override
            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if certificate:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate, certificate.with_name("key.pem"))
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}/avis?place=1"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening(Receiver()) as made:
        yield made


@contextmanager
def listening(made: Receiver) -> Iterator[Receiver]:
    thread = Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()


async def added(people: People, storage: Storage, url: str, *kinds: str) -> tuple[Hook, str]:
    """A webhook of Bruno's, and its secret."""
    answer = await people.bruno.post(BASE, {"url": url, "kinds": list(kinds or ("problem",))})
    assert answer.status_code == 201, answer.text
    found = re.search(r"whsec_[\w+/=]+", unescape(answer.text))
    assert found
    assert "whsec_" not in (await people.bruno.get(BASE)).text, "it is shown once"
    return (await storage.hooks.of(people.passeport.procedure))[-1], found[0]


async def back(people: People, storage: Storage, clock: MovableClock) -> None:
    """Bruno signs in again: sessions do not last for the hours that a test lets pass."""
    found = await storage.accounts.find("bruno@exemple.fr")
    assert found
    people.bruno.token = f"token-at-{clock()}".replace(" ", "")
    await storage.accounts.open_session(found[0], digest_of(people.bruno.token), clock(), clock() + timedelta(hours=12))


async def reported(storage: Storage, people: People, clock: MovableClock) -> None:
    await given(storage, people.passeport.procedure, people.passeport.malfunction, clock(), BLANK)
    await storage.problems.sort()


async def outcomes(storage: Storage, hook: Hook) -> list[tuple[str, int, bool]]:
    return [(one.outcome, one.tries, one.waits) for one in await storage.hooks.log(hook)]


@contextmanager
def documented(secret: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """The receiver that our documentation shows, in a process of its own."""
    (program,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    port = free_port()
    environ = {**without_settings(), "AVIS_WEBHOOK_SECRET": secret, "PORT": str(port)}
    command = [sys.executable, "-c", program]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environ, text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                try:
                    httpx.get(f"http://127.0.0.1:{port}/", timeout=1)
                    break
                except httpx.HTTPError:
                    time.sleep(0.05)
            yield f"http://127.0.0.1:{port}/avis", process
        finally:
            process.kill()


async def test_a_problem_is_posted_to_the_receiver_of_our_documentation_which_believes_it(
    people: People, storage: Storage, bell: Bell, clock: MovableClock, receiver: Receiver
) -> None:
    hook, secret = await added(people, storage, receiver.url)
    await bell.once()
    await reported(storage, people, clock)
    await bell.once()
    ((headers, body),) = receiver.got
    said = json.loads(body)
    assert (said["type"], said["version"]) == ("problem.opened", 1)
    assert said["data"]["procedure"] == {"slug": "passeport", "title": "Demander un passeport"}
    assert said["data"]["url"] == "https://avis.exemple.fr/admin/demarches/passeport/signalements"
    assert "blanche" not in body, "a citizen's words stay in the house"
    assert headers["user-agent"] == "Avis-Webhook/1"
    assert await outcomes(storage, hook) == [("204", 1, False)]
    await asyncio.to_thread(_held_against_the_documentation, secret, headers, body)
    clock.move(hours=9)
    await bell.once()
    assert len(receiver.got) == 1


def _held_against_the_documentation(secret: str, headers: dict[str, str], body: str) -> None:
    """The same post again, forged, late, and to somebody with another secret."""
    sent = {name: headers[name] for name in ("webhook-id", "webhook-timestamp", "webhook-signature", "content-type")}
    late = {**sent, "webhook-timestamp": str(int(sent["webhook-timestamp"]) - 301)}
    with documented(secret) as (url, process):
        for status, said, content in (
            (204, sent, body),
            (204, sent, body),
            (401, sent, f"{body} "),
            (401, late, body),
            (401, {**sent, "webhook-id": "msg_other"}, body),
        ):
            assert httpx.post(url, content=content, headers=said).status_code == status
        process.kill()
        assert process.stdout
        assert process.stdout.read().splitlines() == [body], "taken once"
    with documented(f"{secret[:-6]}AAAAA=") as (url, _):
        assert httpx.post(url, content=body, headers=sent).status_code == 401


def test_the_signature_is_that_of_the_scheme() -> None:
    """The example of the Standard Webhooks specification's own libraries."""
    found = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        '{"test": 2432232314}',
    )
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_what_is_not_taken_comes_again_under_its_name_later_each_time(
    people: People, storage: Storage, bell: Bell, clock: MovableClock, receiver: Receiver
) -> None:
    receiver.answers = [500, 302, 200]
    receiver.headers = {"Location": receiver.url}
    hook, _ = await added(people, storage, receiver.url)
    await bell.once()
    await reported(storage, people, clock)
    await bell.once()
    await bell.once()
    assert await outcomes(storage, hook) == [("500", 1, True)], "not before its time"
    clock.move(seconds=75)
    await bell.once()
    assert await outcomes(storage, hook) == [("302", 2, True)], "a redirect is no taking, and is not followed"
    clock.move(seconds=75)
    await bell.once()
    assert len(receiver.got) == 2, "twice as long the second time"
    clock.move(seconds=75)
    await bell.once()
    assert await outcomes(storage, hook) == [("200", 3, False)]
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    times = [int(headers["webhook-timestamp"]) for headers, _ in receiver.got]
    assert times == sorted(set(times)), "each try is signed anew"


async def test_after_a_day_of_failures_a_webhook_is_stopped_and_its_maker_told(
    people: People, storage: Storage, bell: Bell, clock: MovableClock, receiver: Receiver, postbox: Postbox
) -> None:
    receiver.answers = [503]
    hook, _ = await added(people, storage, receiver.url)
    await bell.once()
    await reported(storage, people, clock)
    for _ in range(29):
        clock.move(hours=1)
        await bell.once()
    (letter,) = postbox.letters()
    assert letter["To"] == "bruno@exemple.fr"
    assert "Un webhook de « Demander un passeport » est arrêté" in letter["Subject"]
    await back(people, storage, clock)
    assert "pendant une journée, aucun envoi n&#39;a abouti" in (await people.bruno.get(BASE)).text
    (line,) = await storage.journal.before(Search(act="hook.stop"))
    assert (line.actor, line.subject, line.details) == ("service", f"passeport/{hook.id}", {"why": "failing"})
    assert 5 <= len(receiver.got) <= 15
    before = len(receiver.got)
    await people.bruno.post(f"{BASE}/{hook.id}", {"move": "start"})
    receiver.answers = [410]
    await given(
        storage,
        people.passeport.procedure,
        people.passeport.malfunction,
        clock(),
        {"kind": "situation", "verbatim": "Mon dossier a disparu"},
    )
    await storage.problems.sort()
    await bell.once()
    assert len(receiver.got) == before + 1
    assert "n&#39;en veut plus (410)" in (await people.bruno.get(BASE)).text


async def test_a_new_secret_signs_beside_the_old_one_for_a_day(
    people: People, storage: Storage, bell: Bell, clock: MovableClock, receiver: Receiver
) -> None:
    hook, old = await added(people, storage, receiver.url)
    page = await people.bruno.post(f"{BASE}/{hook.id}", {"move": "renew"})
    found = re.search(r"whsec_[\w+/=]+", unescape(page.text))
    assert found
    assert found[0] != old
    for keys in ([found[0], old], [found[0]]):
        await people.bruno.post(f"{BASE}/{hook.id}", {"move": "test"})
        headers, body = receiver.got[-1]
        assert headers["webhook-signature"].split() == [
            signature(key, headers["webhook-id"], int(headers["webhook-timestamp"]), body) for key in keys
        ]
        clock.move(hours=25)
        await back(people, storage, clock)
    async with storage.engine.read() as connection:
        rows = [dict(row) async for row in storage.engine.sql.active_hooks(connection)]
    assert old not in str(rows), "sealed where it lies"
    assert len(b64decode(old.removeprefix("whsec_"))) == 32


async def test_a_trial_is_posted_at_once_and_said_to_have_come_or_not(
    people: People, storage: Storage, receiver: Receiver
) -> None:
    hook, _ = await added(people, storage, receiver.url)
    done = await people.bruno.post(f"{BASE}/{hook.id}", {"move": "test"})
    assert done.headers["location"] == f"{BASE}?fait=hook-test"
    assert json.loads(receiver.got[0][1])["type"] == "test"
    receiver.answers = [500]
    failed = await people.bruno.post(f"{BASE}/{hook.id}", {"move": "test"})
    text = (await people.bruno.get(failed.headers["location"])).text
    assert "L’essai n’est pas arrivé." in text
    assert "<strong>500</strong>" in text
    assert await outcomes(storage, hook) == [("500", 1, False), ("204", 1, False)], "a trial is not tried again"


async def test_the_figures_of_yesterday_are_posted_once_a_day(
    people: People, storage: Storage, bell: Bell, clock: MovableClock, receiver: Receiver
) -> None:
    clock.now = clock.now.replace(hour=12)
    await back(people, storage, clock)
    await added(people, storage, receiver.url, "digest")
    place = people.passeport
    await given(storage, place.procedure, place.placement, clock(), {"satisfaction": "good"}, times=7)
    await bell.once()
    assert receiver.got == []
    clock.move(days=1)
    await bell.once()
    await bell.once()
    ((_, body),) = receiver.got
    said = json.loads(body)
    assert said["type"] == "digest.daily"
    assert said["data"]["day"] == (clock() - timedelta(days=1)).date().isoformat()
    assert (said["data"]["counts"]["reviews"], said["data"]["counts"]["satisfaction_good"]) == (7, 7)


async def test_a_webhook_is_stopped_taken_up_again_and_removed_with_its_log(
    people: People, storage: Storage, bell: Bell, clock: MovableClock, receiver: Receiver
) -> None:
    hook, _ = await added(people, storage, receiver.url)
    await bell.once()
    await people.bruno.post(f"{BASE}/{hook.id}", {"move": "test"})
    assert (await people.samir.post(f"/admin/demarches/permis/webhooks/{hook.id}", {"move": "stop"})).status_code == 404
    await people.bruno.post(f"{BASE}/{hook.id}", {"move": "stop"})
    await reported(storage, people, clock)
    await bell.once()
    assert len(receiver.got) == 1
    await people.bruno.post(f"{BASE}/{hook.id}", {"move": "start"})
    await bell.once()
    assert len(receiver.got) == 1, "from now on"
    await people.bruno.post(f"{BASE}/{hook.id}", {"move": "remove"})
    assert await storage.hooks.of(people.passeport.procedure) == []
    acts = [line.act for line in await storage.journal.before(Search(actor="bruno@exemple.fr"))]
    assert [act for act in acts if act.startswith("hook")] == ["hook.remove", "hook.start", "hook.stop", "hook.create"]


async def test_what_cannot_be_is_said(people: People, storage: Storage, receiver: Receiver) -> None:
    empty = await people.bruno.post(BASE, {"url": receiver.url})
    assert empty.status_code == 422
    assert "Choisissez au moins un événement." in empty.text
    assert receiver.url in unescape(empty.text), "what was typed stays"
    for _ in range(5):
        await added(people, storage, receiver.url)
    sixth = await people.bruno.post(BASE, {"url": receiver.url, "kinds": ["problem"]})
    assert sixth.status_code == 422
    assert "5 webhooks au plus" in sixth.text


@pytest.mark.parametrize("environ", ["sqlite"], indirect=True)
async def test_a_receiver_that_says_nothing_or_is_not_there_keeps_nobody_waiting(
    people: People, storage: Storage, bell: Bell, clock: MovableClock, receiver: Receiver
) -> None:
    receiver.waits = 12
    slow, _ = await added(people, storage, receiver.url)
    away, _ = await added(people, storage, f"http://127.0.0.1:{free_port()}/")
    await bell.once()
    await reported(storage, people, clock)
    started = time.monotonic()
    await bell.once()
    assert 9 < time.monotonic() - started < 25
    assert await outcomes(storage, slow) == [("timeout", 1, True)]
    assert await outcomes(storage, away) == [("unreachable", 1, True)]


certificate = test_mail.certificate


@pytest.mark.parametrize("environ", ["sqlite"], indirect=True)
async def test_over_tls_the_receiver_has_to_be_who_its_name_says(
    people: People,
    storage: Storage,
    clock: MovableClock,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with listening(Receiver(certificate)) as receiver:
        port = receiver.server.server_port
        named, _ = await added(people, storage, f"https://localhost:{port}/avis")
        bare, _ = await added(people, storage, f"https://127.0.0.1:{port}/avis")
        await people.bruno.post(f"{BASE}/{named.id}", {"move": "test"})
        assert await outcomes(storage, named) == [("certificate", 1, False)]
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        for hook in (named, bare):
            await people.bruno.post(f"{BASE}/{hook.id}", {"move": "test"})
        assert (await outcomes(storage, named))[0] == ("204", 1, False), (
            "the name's certificate, at the checked address"
        )
        assert await outcomes(storage, bare) == [("certificate", 1, False)]
        assert receiver.got[0][0]["host"] == f"localhost:{port}"


INWARD = [
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0.0.0.0/",
    "https://localhost/",
    "https://10.1.2.3/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://224.0.0.1/",
    "https://[::1]/",
    "https://[::]/",
    "https://[fe80::1]/",
    "https://[fd00::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::a00:1]/",
    "https://[2002:a00:1::1]/",
    "http://93.184.215.14/",
    "https://user:word@93.184.215.14/",
    "ftp://93.184.215.14/",
    "https:///avis",
    "https://93.184.215.14:99999/",
    "https://93.184.215.14/a b",
    "https://93.184.215.14/#a",
    "pas une adresse",
]


@pytest.mark.parametrize("url", INWARD)
async def test_our_own_network_is_not_knocked_at(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadAddress):
        await check_address(load({"AVIS_DATA": str(tmp_path)}), url)


@pytest.mark.parametrize(
    "url", ["https://93.184.215.14/", "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]:8443/a?b=c"]
)
async def test_a_public_address_is_taken(tmp_path: Path, url: str) -> None:
    await check_address(load({"AVIS_DATA": str(tmp_path)}), url)


async def test_an_address_is_looked_at_each_time_that_something_is_posted(
    environ: dict[str, str],
    people: People,
    storage: Storage,
    settings: Settings,
    clock: MovableClock,
    receiver: Receiver,
) -> None:
    hook, _ = await added(people, storage, receiver.url)
    strict = load({name: value for name, value in environ.items() if name != "AVIS_WEBHOOK_NETWORKS"})
    bell = Bell(storage, strict, clock)
    await bell.once()
    await reported(storage, people, clock)
    await bell.once()
    assert receiver.got == []
    assert await outcomes(storage, hook) == [("address-refused", 1, True)]
