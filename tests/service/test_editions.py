"""`avis edition`: what is frozen, that it stays so, and that nobody learns more from it than from public figures."""

import csv
import io
import json
import subprocess
from base64 import b64decode, urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from collector.criteria import Statement
from collector.editions import Edition, Quarter, read, written
from collector.errors import BadRequest, Conflict, NotFound, StorageUnavailable
from collector.exports.signatures import signing_keys
from collector.observatory.edition_files import COLUMNS, file_of, is_signed
from collector.observatory.making import make
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.editions import Kept
from collector.storage.journal import Search
from tests.conftest import NOON, MovableClock, Passeport, broken, found
from tests.history import given
from tests.service.test_backup import execute
from tests.service.test_commands import ADD, Commands

GOOD, BAD = {"satisfaction": "good"}, {"satisfaction": "bad"}
SPRING = Quarter(2026, 1)
WINTER = Quarter(2025, 4)
LATER = NOON + timedelta(days=30)


async def frozen(
    storage: Storage, settings: Settings, quarter: Quarter = SPRING, now: datetime = LATER, reason: str | None = None
) -> Kept:
    return await make(storage, quarter, settings, now=now, by="command", reason=reason)


async def rated(storage: Storage, place: Passeport, moment: datetime, good: int, bad: int = 0) -> None:
    await given(storage, place.procedure, place.placement, moment, GOOD, times=good)
    await given(storage, place.procedure, place.placement, moment, BAD, times=bad)


def satisfaction(edition: Edition, slug: str = "passeport") -> tuple[str, int | None, float | None]:
    one = next(one for one in edition.procedures if one.slug == slug).indicators[0]
    return one.state, one.count, one.value


async def test_an_edition_says_the_twelve_months_of_every_public_procedure(
    storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    permis = await found(storage, clock, "permis")
    for state in ("draft", "archived", "closed"):
        await found(storage, clock, state)
        await storage.catalogue.set_state(state, state)
    await rated(storage, passeport, datetime(2025, 3, 31, 10, tzinfo=UTC), 0, 500)
    await rated(storage, passeport, datetime(2025, 4, 1, 10, tzinfo=UTC), 60, 30)
    await rated(storage, passeport, datetime(2026, 3, 31, 10, tzinfo=UTC), 60)
    await rated(storage, passeport, datetime(2026, 3, 31, 22, 30, tzinfo=UTC), 0, 400)
    await rated(storage, permis, NOON, 99)
    kept = await frozen(storage, settings)
    edition = kept.edition
    assert [one.slug for one in edition.procedures] == ["closed", "passeport", "permis"]
    assert (edition.name, edition.from_day, edition.to_day) == ("2026Q1", "2025-04-01", "2026-03-31")
    assert satisfaction(edition) == ("shown", 150, 8.0), "the day is Paris's: 0:30 on 1 April is another quarter"
    assert satisfaction(edition, "permis") == ("few", 99, None)
    assert satisfaction(edition, "closed") == ("none", 0, None)
    assert (edition.previous, edition.corrects) == (None, None)
    (line,) = await storage.journal.before(Search(act="edition.make"))
    assert (line.subject, line.details) == ("2026Q1", {"digest": kept.heading.digest})


async def test_what_is_kept_are_the_very_bytes(storage: Storage, settings: Settings, passeport: Passeport) -> None:
    await rated(storage, passeport, NOON, 120)
    made = await frozen(storage, settings)
    kept = await storage.editions.get("2026Q1")
    assert kept
    assert kept.content == made.content
    assert kept.is_whole
    assert kept.heading == made.heading
    assert sha256(kept.content).hexdigest() == kept.heading.digest
    assert read(kept.content) == made.edition
    assert await storage.editions.latest() == kept
    assert await storage.editions.all() == [kept.heading]
    assert await storage.editions.get("2026Q2") is None


async def test_a_quarter_that_is_not_over_is_refused(storage: Storage, settings: Settings) -> None:
    for moment in (NOON, datetime(2026, 3, 31, 21, 59, tzinfo=UTC)):
        with pytest.raises(BadRequest, match="n'est pas fini") as refused:
            await frozen(storage, settings, now=moment)
        assert "31/03/2026" in refused.value.message
    assert (await frozen(storage, settings, now=datetime(2026, 3, 31, 22, 0, tzinfo=UTC))).heading.name == "2026Q1"


async def test_an_edition_is_made_once_and_a_correction_is_another(
    storage: Storage, settings: Settings, passeport: Passeport
) -> None:
    with pytest.raises(BadRequest, match="à corriger"):
        await frozen(storage, settings, reason="Une raison")
    first = await frozen(storage, settings)
    with pytest.raises(Conflict, match="ne change plus"):
        await frozen(storage, settings)
    said = Statement("declared", "yes", None, "2026-02-01")
    await storage.criteria.declare(passeport.procedure, {"online": said}, now=LATER, by="bruno")
    second = await frozen(storage, settings, reason="Critère déclaré à tort absent")
    third = await frozen(storage, settings, reason="Encore")
    assert [one.name for one in await storage.editions.all()] == ["2026Q1.3", "2026Q1.2", "2026Q1"]
    assert (second.edition.corrects, second.edition.reason) == ("2026Q1", "Critère déclaré à tort absent")
    assert third.heading.corrects == "2026Q1.2"
    assert await storage.editions.get("2026Q1") == first, "what was published stays as it was"
    assert await storage.editions.latest() == third
    assert second.edition.procedures[0].criteria[0].level == "green"
    assert first.edition.procedures[0].criteria[0].level is None
    with pytest.raises(BadRequest, match="caractères au plus"):
        await frozen(storage, settings, reason="x" * 501)


async def test_two_who_make_it_at_once_make_one(storage: Storage, settings: Settings, passeport: Passeport) -> None:
    made = await frozen(storage, settings)
    with pytest.raises(Conflict, match="par ailleurs"):
        await storage.editions.keep(made.heading, made.content, by="command")
    assert len(await storage.editions.all()) == 1


async def test_changes_are_since_the_last_edition_of_an_earlier_quarter(
    storage: Storage, settings: Settings, passeport: Passeport
) -> None:
    await rated(storage, passeport, datetime(2025, 12, 1, 10, tzinfo=UTC), 50, 150)
    await frozen(storage, settings, WINTER)
    corrected = await frozen(storage, settings, WINTER, reason="Une correction")
    await rated(storage, passeport, NOON, 800)
    edition = (await frozen(storage, settings)).edition
    assert edition.previous == corrected.heading.name == "2025Q4.2"
    change = edition.procedures[0].indicators[0].change
    assert change
    assert (change.value, change.stands) == (6.0, True)


async def test_another_methodology_is_not_taken_for_a_change(
    storage: Storage, settings: Settings, passeport: Passeport
) -> None:
    await rated(storage, passeport, datetime(2025, 12, 1, 10, tzinfo=UTC), 200)
    kept = await frozen(storage, settings, WINTER)
    older = written(msgspec.structs.replace(kept.edition, name="2025Q4.2", methodology="0"))
    heading = msgspec.structs.replace(kept.heading, name="2025Q4.2", number=2, digest=sha256(older).hexdigest())
    await storage.editions.keep(heading, older, by="command")
    edition = (await frozen(storage, settings)).edition
    assert edition.previous is None
    assert edition.procedures[0].indicators[0].change is None


async def test_an_edition_that_is_not_what_was_made_is_not_built_upon(
    storage: Storage, settings: Settings, passeport: Passeport
) -> None:
    kept = await frozen(storage, settings, WINTER)
    false = kept.content.replace(b"avis.exemple.fr", b"avis.exempla.fr")
    mark = "?" if storage.engine.name == "sqlite" else "%s"
    async with storage.engine.write() as connection:
        await connection.execute(f"UPDATE edition SET content = {mark}", (false,))  # noqa: S608 - a mark of the driver
    with pytest.raises(Conflict, match="empreinte"):
        await frozen(storage, settings)


async def test_nobody_gets_at_a_few_people_by_an_edition_and_the_public_figures(
    storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    """Told at noon of the last day: 120. Three people more that evening. The edition must not give these three away."""
    clock.now = datetime(2026, 3, 31, 10, tzinfo=UTC)
    await rated(storage, passeport, clock() - timedelta(hours=1), 120)
    live = await storage.published.figures(passeport.procedure, SPRING.first, clock().date())
    assert live.reviews == 120
    await rated(storage, passeport, clock() + timedelta(hours=5), 0, 3)
    assert satisfaction((await frozen(storage, settings)).edition) == ("shown", 120, 10.0)
    clock.now = datetime(2026, 4, 1, 10, tzinfo=UTC)
    await rated(storage, passeport, clock(), 0, 7)
    live = await storage.published.figures(passeport.procedure, SPRING.first, clock().date())
    assert live.reviews == 130, "ten more than before, of which nobody can tell three from seven"
    again = (await frozen(storage, settings, reason="Pour voir")).edition
    assert satisfaction(again) == ("shown", 120, 10.0)


async def test_it_matters_little_when_an_edition_is_made(
    storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    """Months later, with nobody having read public figures meanwhile: the steps of the last day are taken then."""
    await rated(storage, passeport, NOON, 150)
    for days in range(30, 120):
        await rated(storage, passeport, NOON + timedelta(days=days), 0, 20)
    permis = await found(storage, MovableClock(NOON + timedelta(days=60)), "permis")
    cni = await found(storage, MovableClock(NOON + timedelta(days=60)), "cni")
    await rated(storage, cni, NOON, 12)
    assert permis.procedure.slug == "permis"
    edition = (await frozen(storage, settings, now=NOON + timedelta(days=200))).edition
    assert satisfaction(edition) == ("shown", 150, 10.0)
    assert [one.slug for one in edition.procedures] == ["cni", "passeport"], "of which one was rated before it was here"


async def test_criteria_are_those_of_the_last_day_by_all_that_is_known(
    storage: Storage, settings: Settings, passeport: Passeport
) -> None:
    for day, value in (("2026-02-01", "99.95"), ("2026-04-02", "90")):
        said = Statement("declared", value, "https://exemple.fr/suivi", day)
        await storage.criteria.declare(passeport.procedure, {"availability": said}, now=LATER, by="bruno")
    edition = (await frozen(storage, settings)).edition
    found = {one.name: one for one in edition.procedures[0].criteria}
    assert (found["availability"].shown, found["availability"].level) == ("99,95 %", "green")
    assert found["availability"].evidence == "https://exemple.fr/suivi"


async def test_an_edition_is_signed_by_the_key_of_the_installation(
    storage: Storage, settings: Settings, passeport: Passeport
) -> None:
    kept = await frozen(storage, settings)
    said = json.loads(file_of(kept, "sig"))
    (key,) = signing_keys(settings.secret_keys)
    assert (said["name"], said["sha256"], said["alg"]) == ("2026Q1", kept.heading.digest, "ed25519")
    assert said["key"] == msgspec.to_builtins(key.public)
    public = Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(said["key"]["x"] + "="))
    public.verify(b64decode(said["signature"]), file_of(kept, "json"))
    assert is_signed(kept)
    false = kept.content.replace(b"passeport", b"passoport")
    heading = msgspec.structs.replace(kept.heading, digest=sha256(false).hexdigest())
    assert not is_signed(Kept(heading, false)), "whoever has only the database cannot write another edition"
    assert not is_signed(Kept(kept.heading, false))


async def test_an_edition_stays_verifiable_once_the_keys_have_changed(
    storage: Storage, settings: Settings, passeport: Passeport
) -> None:
    await frozen(storage, settings, WINTER)
    rotated = msgspec.structs.replace(settings, secret_keys=("another-key-of-the-tests-and-of-nothing-else-2",))
    newer = await frozen(storage, rotated)
    older = await storage.editions.get("2025Q4")
    assert older
    assert is_signed(older)
    assert is_signed(newer)
    assert older.heading.signed_with != newer.heading.signed_with


async def test_files_are_the_signed_bytes_or_a_table_that_no_spreadsheet_runs(
    storage: Storage, settings: Settings, passeport: Passeport
) -> None:
    await rated(storage, passeport, NOON, 120)
    await storage.catalogue.update_procedure(
        "passeport", title="=1+1", audiences=["individuals", "agents"], origins=[], contexts=[]
    )
    kept = await frozen(storage, settings)
    assert file_of(kept, "json") == kept.content
    assert json.loads(kept.content)["procedures"][0]["title"] == "=1+1"
    text = file_of(kept, "csv").decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert tuple(row) == COLUMNS
    assert (row["edition"], row["slug"], row["title"], row["audiences"]) == (
        "2026Q1",
        "passeport",
        "'=1+1",
        "individuals|agents",
    )
    assert (row["satisfaction"], row["satisfaction_count"], row["satisfaction_level"]) == ("10.0", "120", "green")
    assert (row["comprehension"], row["comprehension_state"], row["online_standing"]) == ("", "none", "not_declared")


async def test_without_the_database_nothing_is_half_made(
    storage: Storage, settings: Settings, passeport: Passeport
) -> None:
    async with broken(storage, "journal_head"):
        with pytest.raises(StorageUnavailable):
            await frozen(storage, settings)
    assert await storage.editions.all() == []


def test_the_command_makes_lists_and_refuses(environ: dict[str, str]) -> None:
    run = Commands(environ)
    run("migrate")
    run(*ADD)
    assert "Aucune édition" in run("edition")
    (made,) = run.json("edition", "--quarter", "2025q4")
    assert (made["name"], made["procedures"], made["corrects"]) == ("2025Q4", 0, None)
    assert len(made["digest"]) == 64
    with pytest.raises(Conflict, match="ne change plus"):
        run("edition", "--quarter", "2025Q4")
    (again,) = run.json("edition", "--quarter", "2025Q4", "--correct", "Une  erreur")
    assert (again["name"], again["corrects"], again["reason"]) == ("2025Q4.2", "2025Q4", "Une erreur")
    assert [one["name"] for one in run.json("edition")] == ["2025Q4.2", "2025Q4"]
    assert "2025Q4.2 (corrige 2025Q4 : Une erreur)" in run("edition")
    assert all(one["verified"] for one in run.json("edition"))
    assert "n'est pas un trimestre" in run("edition", "--quarter", "2025", code=2)
    assert "va avec --quarter" in run("edition", "--correct", "x", code=2)
    assert "dites ce qui est corrigé" in run("edition", "--quarter", "2025Q4", "--correct", " ", code=2)


def test_the_files_are_written_by_name_and_openssl_agrees_with_the_signature(
    environ: dict[str, str], tmp_path: Path
) -> None:
    run = Commands(environ)
    run("migrate")
    run("edition", "--quarter", "2025Q4")
    (said,) = run.json("edition", "--save", "2025Q4", "--into", str(tmp_path / "public"))
    names = [Path(one).name for one in said["files"]]
    assert names == ["2025Q4.json", "2025Q4.csv", "2025Q4.sig.json"]
    sig = json.loads((tmp_path / "public" / "2025Q4.sig.json").read_bytes())
    # RFC 8410: what stands before the 32 bytes of an Ed25519 key.
    key = bytes.fromhex("302a300506032b6570032100") + urlsafe_b64decode(sig["key"]["x"] + "=")
    (tmp_path / "key.der").write_bytes(key)
    (tmp_path / "signature").write_bytes(b64decode(sig["signature"]))
    check = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key.der"]
    files = ["-sigfile", "signature", "-in", "public/2025Q4.json"]
    done = subprocess.run([*check, *files], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert "Signature Verified Successfully" in done.stdout, done.stderr
    with pytest.raises(NotFound, match="les montre toutes"):
        run("edition", "--save", "2024Q1")
    assert "--save va seul" in run("edition", "--save", "2025Q4", "--correct", "x", code=2)


def test_an_edition_that_was_changed_in_the_database_is_named(environ: dict[str, str], tmp_path: Path) -> None:
    run = Commands(environ)
    run("migrate")
    run("edition", "--quarter", "2025Q4")
    execute(environ, "UPDATE edition SET digest = 'x'")
    assert "CONTENU MODIFIÉ" in run("edition", code=1)
    with pytest.raises(Conflict, match="Restaurez-la"):
        run("edition", "--save", "2025Q4", "--into", str(tmp_path))
    assert not list(tmp_path.glob("*.json"))
