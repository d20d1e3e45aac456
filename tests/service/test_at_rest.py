"""Nothing personal at rest: not in a database, not in its write-ahead log, not in any line we write about ourselves."""

import json
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest
from httpx import AsyncClient

from collector.log import ALLOWED
from collector.settings import Settings
from collector.storage import Storage
from tests.conftest import MAIRIE, Passeport, broken, refusal, send
from tests.services import _postgres_programs

ADDRESSES = ("203.0.113.77", "2001:db8:77:88::99", "198.51.100.66")
AGENT = "Mozilla/5.0 (AliceOS 77.3; rv:88) Gecko/20990101 Firefox/99.7"
REFERER = "https://mairie.exemple.fr/fin?session=JETON-DE-SESSION"
QUERY = "nom=Dupont-Lagarde&dossier=AZ81274455"
SPOKEN = {
    "e-mail": "alice.lagarde@exemple.fr",
    "phone": "06 12 34 56 78",
    "NIR": "2 85 05 78 006 084 91",
    "IBAN": "FR76 3000 6000 0112 3456 7890 189",
}
CONTACT = "bruno.a.rappeler@exemple.fr"


async def live(client: AsyncClient, passeport: Passeport) -> list[str]:
    """A day of a service: accepted, completed, refused and failed requests. Returns the ids that browsers made."""
    ids = [uuid4() for _ in range(len(ADDRESSES) + 1)]
    comment = " ; ".join(f"mon {what} est {value}" for what, value in SPOKEN.items())
    for mine, address in zip(ids, ADDRESSES, strict=False):
        headers = {
            "User-Agent": AGENT,
            "Referer": REFERER,
            "Cookie": "session=COOKIE-D-ALICE",
            "Accept-Language": "br;q=0.7,oc;q=0.3",
            "Origin": MAIRIE,
        }
        for answers in (
            {"satisfaction": "good"},
            {"satisfaction": "good", "verbatim": comment},
            {"satisfaction": "excellent", "verbatim": comment},
        ):
            page = f"/demarche/fin?{QUERY}#{QUERY}"
            await send(client, passeport.key, answers, id=mine, address=address, headers=headers, page=page)
        report = {"kind": "technical", "verbatim": comment, "contact_email": CONTACT}
        await send(client, passeport.malfunction.key, report, id=ids[-1], address=address, headers=headers)
        refusal(await send(client, "unknown", address=address, headers=headers))
        refusal(await client.get(f"/exports/{'x' * 40}?{QUERY}", headers={**headers, "X-Forwarded-For": address}))
        refusal(await client.get(f"/nowhere?{QUERY}", headers={**headers, "X-Forwarded-For": address}))
    return [str(mine) for mine in ids]


def secrets_of(ids: list[str]) -> list[str]:
    """Everything that must be nowhere, in each way it may be spelt."""
    plain = [*ADDRESSES, "2001:db8:77:88", AGENT, "AliceOS", "JETON-DE-SESSION", "COOKIE-D-ALICE", "Dupont-Lagarde"]
    plain += ["AZ81274455", "br;q=0.7", CONTACT, *SPOKEN.values(), *ids]
    return plain + [value.replace(" ", "") for value in SPOKEN.values()] + [each.replace("-", "") for each in ids]


def everything_at_rest(settings: Settings) -> bytes:
    path = settings.sqlite_path
    if path is not None:
        return b"".join(file.read_bytes() for file in sorted(settings.data.iterdir()) if file.is_file())
    programs = _postgres_programs() or Path()
    return subprocess.run([programs / "pg_dump", settings.database], check=True, capture_output=True).stdout


async def test_nothing_personal_is_at_rest_or_in_a_log(
    capfd: pytest.CaptureFixture[str],
    client: AsyncClient,
    settings: Settings,
    storage: Storage,
    passeport: Passeport,
) -> None:
    ids = await live(client, passeport)
    at_rest = everything_at_rest(settings)
    async with broken(storage, "day_count"):
        await live(client, passeport)
    logged = "".join(capfd.readouterr())
    assert "batch-not-written" in logged, "this looks where the logs are"
    assert passeport.key.encode() in at_rest, "this looks where the data is"
    assert b"[e-mail]" in at_rest
    for secret in secrets_of(ids):
        for spelling in {secret, secret.lower(), secret.upper()}:
            assert spelling.encode() not in at_rest, secret
            assert spelling not in logged, secret


async def test_not_even_what_was_overwritten_stays_in_the_write_ahead_log(
    client: AsyncClient, settings: Settings, passeport: Passeport
) -> None:
    if settings.sqlite_path is None:
        # PostgreSQL's log is what its server received: the statements that the file of SQLite shows as well.
        assert settings.database.startswith("postgresql://")
        return
    ids = await live(client, passeport)
    log = settings.sqlite_path.with_name("avis.db-wal").read_bytes()
    assert b"JETON" not in log
    assert len(log) > 4096
    assert not [secret for secret in secrets_of(ids) if secret.encode() in log]


async def test_logs_carry_only_keys_on_the_list(
    capfd: pytest.CaptureFixture[str], client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    secret = {"satisfaction": "good", "verbatim": "Très secret"}
    async with broken(storage, "day_count"):
        assert refusal(await send(client, passeport.key, secret)) == (503, "storage-unavailable")
    async with broken(storage, "placement"):
        refusal(await send(client, "secret", secret))
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert lines, "a failure is logged"
    for line in lines:
        assert set(line) <= ALLOWED
        assert "secret" not in f"{line}"
