"""Files are read by programs that are not ours: DuckDB, calamine, LibreOffice. They find what citizens wrote, typed."""

import asyncio
import csv
import io
import subprocess
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import duckdb
import msgspec
import pytest
from httpx import AsyncClient
from litestar import Litestar
from python_calamine import CalamineWorkbook

from collector.exports import ods, parquet, sheets, xlsx
from collector.exports.columns import REVIEWS, Column
from collector.exports.files import ending, file_of, row_writer
from collector.exports.formats import MEDIA_TYPES
from collector.exports.links import FORMATS
from collector.exports.rows import REVIEW_COLUMNS
from collector.privacy.anonymise import anonymise
from collector.schema import Format, SatisfactionAnswers, Target
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.batch import Write
from tests.conftest import NOON, MovableClock, Passeport
from tests.service.test_exports import Signed, fill, served
from tests.services import office

TEXTS = (
    "Très bien, l'été « dernier » à Nîmes ; cœur",
    "👍🏽 parfait 👩‍👩‍👧",
    "خدمة جيدة جداً، شكراً",
    ("Une ligne, puis une autre.\n\n  Deux espaces.\tUn tabulateur.\n" * 100)[:5000].strip(),
    "=cmd|' /C calc'!A0",
    "+1 et -1",
    "@SUM(A1:A2)",
    "<b>gras</b> & \"guillemets\" 'simples' _x0041_ ]]>",
    "\x07 une cloche, et un \ufffe",
    "Retour\r\nchariot",
)
HARMLESS = TEXTS[:4] + TEXTS[7:8]
GUARDED = TEXTS[4:7]


@pytest.fixture
def sign(storage: Storage, settings: Settings, clock: MovableClock) -> Signed:
    return Signed(storage, settings, clock)


@pytest.fixture
async def told(storage: Storage, passeport: Passeport) -> None:
    """A review for each text, as masking left it."""
    _, directory = await storage.intake.target(passeport.key) or (None, 0)
    for text in TEXTS:
        answers = {
            "satisfaction": "medium",
            "comprehension": 4,
            "contact_tried": ["phone", "chat"],
            "contact_reached": {"phone": True, "chat": False},
            "contact_satisfaction": {"phone": 2},
        }
        given = msgspec.convert(answers, SatisfactionAnswers)
        target = Target(passeport.procedure, passeport.placement)
        review = anonymise(uuid4(), target, "fr", "/fin", given, NOON)
        await storage.intake.commit([Write(msgspec.structs.replace(review, verbatim=text), directory)])


async def fetched(client: AsyncClient, sign: Signed, format: Format, folder: Path) -> Path:
    answer = await client.get(await sign(format=format))
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == MEDIA_TYPES[format]
    name = f"avis-reviews-2026-03-12.{ending(format)}"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    (folder / name).write_bytes(answer.content)
    return folder / name


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("kind", ["csv", "csv-semicolon", "ndjson", "json", "parquet"])
async def test_duckdb_reads_what_was_written(client: AsyncClient, sign: Signed, tmp_path: Path, kind: Format) -> None:
    file = await fetched(client, sign, kind, tmp_path)
    reader = {"csv": "read_csv", "parquet": "read_parquet"}.get(ending(kind), "read_json")
    found = asked(f"FROM {reader}($1) SELECT * EXCLUDE (given_at)", file)
    types = asked(f"FROM (DESCRIBE FROM {reader}($1))", file)
    assert tuple(row["column_name"] for row in types) == REVIEW_COLUMNS
    typed = {row["column_name"]: row["column_type"] for row in types}
    assert typed["comprehension"] in {"INTEGER", "BIGINT"}
    assert (typed["contact_reached_phone"], typed["day"]) == ("BOOLEAN", "DATE")
    guard = "'" if kind.startswith("csv") else ""
    assert [row["verbatim"] for row in found] == [f"{guard}{text}" if text in GUARDED else text for text in TEXTS]
    first = found[0]
    assert (first["satisfaction"], first["comprehension"], first["day"]) == ("medium", 4, date(2026, 3, 12))
    assert (first["contact_reached_phone"], first["contact_reached_chat"], first["contact_reached_email"]) == (
        True,
        False,
        None,
    )
    assert (first["kind"], first["page"]) == (None, "/fin")


@pytest.mark.usefixtures("told")
async def test_parquet_is_typed_and_knows_its_least_and_greatest(
    client: AsyncClient, sign: Signed, tmp_path: Path
) -> None:
    file = await fetched(client, sign, "parquet", tmp_path)
    types = "typeof(given_at) AS minute, typeof(contact_tried) AS means"
    (row, *_) = asked(f"FROM read_parquet($1) SELECT {types}, CAST(given_at AS VARCHAR) AS said, contact_tried", file)
    assert row == {
        "minute": "TIMESTAMP WITH TIME ZONE",
        "means": "VARCHAR[]",
        "said": "2026-03-12 11:00:00+00",
        "contact_tried": ["phone", "chat"],
    }
    known = "SELECT stats_min AS least, stats_max AS most FROM parquet_metadata($1) WHERE path_in_schema = 'day'"
    assert asked(known, file) == [{"least": "2026-03-12", "most": "2026-03-12"}]


def asked(question: str, file: Path) -> list[dict[str, Any]]:
    """What DuckDB finds in a file."""
    with duckdb.connect() as reader:
        reader.execute("SET TimeZone = 'UTC'")
        answer = reader.execute(question, [str(file)])
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
async def test_a_workbook_has_dates_numbers_and_texts_that_run_nothing(
    client: AsyncClient, sign: Signed, tmp_path: Path, kind: Format
) -> None:
    file = await fetched(client, sign, kind, tmp_path)
    head, *rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert tuple(head) == REVIEW_COLUMNS
    found = [dict(zip(REVIEW_COLUMNS, row, strict=True)) for row in rows]
    assert len(found) == len(TEXTS)
    first = found[0]
    assert first["day"] == date(2026, 3, 12)
    assert first["given_at"] == datetime(2026, 3, 12, 11, 0)  # noqa: DTZ001 - a spreadsheet knows no zone; it is UTC
    assert (first["comprehension"], first["contact_satisfaction_phone"]) == (4, 2)
    assert (first["contact_reached_phone"], first["contact_reached_chat"]) == (True, False)
    assert (first["contact_tried"], first["kind"], first["contact_reached_email"]) == ("phone|chat", "", "")
    texts = [row["verbatim"] for row in found]
    assert set(GUARDED) & set(texts) == set()
    assert {f"'{text}" for text in GUARDED} <= set(texts)


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
async def test_libreoffice_opens_a_workbook_and_saves_the_same(
    client: AsyncClient, sign: Signed, tmp_path: Path, kind: Format
) -> None:
    file = await fetched(client, sign, kind, tmp_path)
    rows = await asyncio.to_thread(saved_again, file)
    assert tuple(rows[0]) == REVIEW_COLUMNS
    found = [dict(zip(REVIEW_COLUMNS, row, strict=True)) for row in rows[1:]]
    tab = " " if kind == "ods" else "\t"
    assert [row["verbatim"] for row in found] == [
        *(text.replace("\t", tab) for text in HARMLESS[:4]),
        *(f"'{text}" for text in GUARDED),
        HARMLESS[4],
        " une cloche, et un ",
        "Retour\nchariot",
    ]
    assert {(row["day"], row["given_at"], row["comprehension"]) for row in found} == {
        ("2026-03-12", "2026-03-12 11:00:00", "4")
    }
    assert {(row["contact_reached_phone"], row["contact_reached_chat"]) for row in found} == {("TRUE", "FALSE")}


def saved_again(file: Path) -> list[list[str]]:
    """What LibreOffice says of a workbook when it saves it as CSV, cells as they are shown."""
    program, folder = office(), file.parent / "saved"
    done = subprocess.run(
        [
            program,
            f"-env:UserInstallation=file://{file.parent / 'profile'}",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1",
            "--outdir",
            str(folder),
            str(file),
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    (saved,) = folder.iterdir() if folder.exists() else pytest.fail(done.stdout + done.stderr)
    return list(csv.reader(io.StringIO(saved.read_text("utf-8-sig"), newline="")))


@pytest.mark.parametrize("kind", FORMATS)
async def test_a_file_of_nothing_is_a_file(
    client: AsyncClient, passeport: Passeport, sign: Signed, tmp_path: Path, kind: Format
) -> None:
    file = await fetched(client, sign, kind, tmp_path)
    if kind in ("xlsx", "ods"):
        rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
        assert [tuple(row) for row in rows] == [REVIEW_COLUMNS]
    elif kind == "parquet":
        assert asked("SELECT * FROM read_parquet($1)", file) == []
    else:
        assert (
            file.read_text("utf-8-sig")
            == {
                "csv": ",".join(REVIEW_COLUMNS) + "\n",
                "csv-semicolon": ";".join(REVIEW_COLUMNS) + "\n",
                "ndjson": "",
                "json": "[]\n",
            }[kind]
        )


async def some(*pages: list[dict[str, Any]], kind: Format, columns: tuple[Column, ...]) -> Any:
    write = row_writer(kind, columns)
    for page in pages:
        yield [write(row) for row in page]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
async def test_rows_beyond_a_sheet_go_on_on_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: Format
) -> None:
    """The bound is Excel's; a smaller one stands for it here."""
    for module in (xlsx, ods):
        monkeypatch.setattr(module, "MOST_ROWS", 4)
    columns = (REVIEWS[0], REVIEWS[7])
    rows = [{"id": f"{n}", "given_at": f"2026-03-12T11:{n:02}Z"} for n in range(7)]
    file = tmp_path / f"file.{kind}"
    pieces = [
        piece async for piece in file_of(kind, "avis", columns, some(rows[:5], rows[5:], kind=kind, columns=columns))
    ]
    file.write_bytes(b"".join(pieces))
    book = CalamineWorkbook.from_path(str(file))
    assert book.sheet_names == ["avis 1", "avis 2", "avis 3"]
    found = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert [[row[0] for row in sheet] for sheet in found] == [
        ["id", "0", "1", "2"],
        ["id", "3", "4", "5"],
        ["id", "6"],
    ]
    saved = await asyncio.to_thread(saved_again, file)
    assert saved == [["id", "given_at"], *([row["id"], f"2026-03-12 11:{row['id']:>02}:00"] for row in rows[:3])]


async def test_a_workbook_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    """ODF 1.3, part 2, 3.3: the kind of file stands unpacked at a fixed place."""
    pieces = [piece async for piece in file_of("ods", "avis", REVIEWS[:1], some(kind="ods", columns=REVIEWS[:1]))]
    content = b"".join(pieces)
    assert content[30:38] == b"mimetype"
    assert content[38 : 38 + len(MEDIA_TYPES["ods"])] == MEDIA_TYPES["ods"].encode()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "mimetype"


def test_no_text_breaks_a_workbook() -> None:
    for code in (*range(0x20), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF):
        assert sheets.spoken(f"a{chr(code)}b") in {"ab", f"a{chr(code)}b" if chr(code) in "\t\n" else "a\nb"}
    assert xlsx.XlsxCells().cell("text", "_x0041_").count("_x005F_x0041_") == 1
    assert "<c><v>" not in xlsx.XlsxCells().cell("day", "0001-01-01"), "Excel knows no day before 1900"
    assert [xlsx.letters(n) for n in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]


async def test_what_writes_parquet_ends_when_its_reader_leaves(
    client: AsyncClient,
    app: Litestar,
    storage: Storage,
    passeport: Passeport,
    sign: Signed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    await fill(storage, passeport, 12_000)
    url = await sign(format="parquet")

    def folders() -> list[Path]:
        return list(tmp_path.glob("avis-parquet-*"))

    async with served(app) as address:
        _, writer = await asyncio.open_connection(*address, limit=1024)
        writer.write(f"GET {urlsplit(url).path} HTTP/1.1\r\nHost: {address[0]}\r\n\r\n".encode())
        async with asyncio.timeout(20):
            while not folders():  # noqa: ASYNC110 - it happens on a disk
                await asyncio.sleep(0.01)
            assert folders()[0].stat().st_mode & 0o077 == 0, "nobody else may read what waits there"
            writer.transport.abort()
            while folders():  # noqa: ASYNC110 - the same
                await asyncio.sleep(0.01)
            while (line := (await sign.journal())[0])[2] == "started":  # noqa: ASYNC110 - it happens in the database
                await asyncio.sleep(0.01)
    assert (line[0], line[2]) == ("file", "interrupted")


async def test_parquet_keeps_the_order_of_rows_in_groups_that_know_what_they_hold(tmp_path: Path) -> None:
    columns = (REVIEWS[1], REVIEWS[7])
    rows = [
        {"procedure": f"p{n // 15_000}", "given_at": f"2026-03-{1 + n // 1440 % 28:02}T{n // 60 % 24:02}:{n % 60:02}Z"}
        for n in range(45_000)
    ]
    file = tmp_path / "file.parquet"
    pieces = [piece async for piece in file_of("parquet", "a", columns, some(rows, kind="parquet", columns=columns))]
    file.write_bytes(b"".join(pieces))
    said = asked("FROM read_parquet($1) SELECT procedure, strftime(given_at, '%Y-%m-%dT%H:%MZ') AS given_at", file)
    assert said == rows
    groups = "FROM parquet_metadata($1) SELECT stats_min AS least, stats_max AS most, row_group_num_rows AS number"
    assert asked(f"{groups} WHERE path_in_schema = 'procedure'", file)[0] == {
        "least": "p0",
        "most": "p1",
        "number": 20_480,
    }


async def test_a_parquet_file_that_cannot_be_written_is_no_file() -> None:
    async def broken() -> Any:
        yield [b"this is no row\n"]

    async def read() -> None:
        async for piece in file_of("parquet", "avis", REVIEWS, broken()):
            pytest.fail(f"{piece!r}")

    with pytest.raises(parquet.NotWritten):
        await read()
