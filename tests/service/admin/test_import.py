"""Procedures in bulk: every error by its row, what each row would do, all or nothing, and the same file back again."""

import io
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence

import pytest
from httpx import Response
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from xlsxwriter import Workbook

from admin.bulk.files import MOST_BYTES, MOST_ROWS, Row, Unreadable, rows_of
from admin.bulk.formulas import guarded, unguarded
from admin.bulk.plans import Plan
from admin.bulk.procedures import COLUMNS, cells_of, plan
from admin.bulk.written import written
from collector.schema import AUDIENCES, CHANNELS, STATES, Placement, Procedure
from collector.storage import Storage
from collector.storage.bulk import Known, Wanted
from collector.storage.journal import Search
from tests.conftest import NOON, MovableClock, found
from tests.service.admin.conftest import SAME_SITE, Browser, People

HEAD = "Identifiant;Titre;Administration;Ministère;Publics;Sites;État;Canal;Emplacement\r\n"
CNI = "cni;Demander une carte;Agence des titres;Intérieur;Particuliers;https://cni.exemple.fr;Ouverte;Web;Fin\r\n"


async def tried(browser: Browser, content: bytes, sheet: str = "demarches") -> Response:
    browser.client.cookies.clear()
    headers = {**SAME_SITE, "Cookie": f"__Host-avis_session={browser.token}"}
    sent = await browser.client.post(f"/admin/import/{sheet}", files={"file": ("f.csv", content)}, headers=headers)
    return await browser.get(f"/admin/import/{sheet}") if sent.status_code == 303 else sent


async def imported(browser: Browser, shown: Response, sheet: str = "demarches") -> Response:
    seen = shown.text.partition('name="seen" value="')[2].partition('"')[0]
    return await browser.post(f"/admin/import/{sheet}/importer", {"seen": seen})


async def test_a_file_is_tried_then_imported_and_the_second_time_it_changes_nothing(
    people: People, storage: Storage
) -> None:
    content = (HEAD + CNI + "passeport;Un passeport;Mairie d'Exemple;;;;Fermée;;\r\n").encode()
    shown = await tried(people.claude, content)
    assert (shown.status_code, "<del>Demander un passeport</del> → <ins>Un passeport</ins>" in shown.text) == (
        200,
        True,
    )
    assert await storage.catalogue.procedure("cni") is None, "nothing is changed by trying"
    assert (await imported(people.claude, shown)).headers["location"].endswith("?fait=imported")
    made = await storage.catalogue.procedure("cni")
    assert made
    assert (made.title, made.ministry, made.audiences, made.origins) == (
        "Demander une carte",
        "Intérieur",
        ("individuals",),
        ("https://cni.exemple.fr",),
    )
    (placement,) = await storage.catalogue.placements(made)
    assert (placement.channel, placement.label, placement.form) == ("web", "Fin", "satisfaction")
    changed = await storage.catalogue.procedure("passeport")
    assert changed
    # Blank lists say "none"; a blank state, channel or label says nothing.
    assert (changed.title, changed.state, changed.origins) == ("Un passeport", "closed", ())
    assert (await storage.catalogue.placements(changed))[0].label == "Fin de démarche"
    lines = [(line.act, line.subject, line.actor) for line in await storage.journal.before(Search(), number=2)]
    assert lines == [
        ("procedure.change", "passeport", "claude@exemple.fr"),
        ("procedure.create", "cni", "claude@exemple.fr"),
    ]
    again = await tried(people.claude, content)
    assert "il n’y a rien à importer" in again.text


async def test_every_error_is_told_by_its_row_and_nothing_is_imported(people: People, storage: Storage) -> None:
    rows = [
        "cni;;Agence;;;;;;",
        "Pas Bon;Un titre;Agence;;;;;;",
        "autre;Un titre;Agence;;Martiens;pas une adresse;Béante;Fumée;",
        CNI.strip(),
        "permis;Le permis;Agence des titres;;;;;;",
        "permis;Le permis;Agence des titres;;;;;;",
    ]
    shown = await tried(people.claude, (HEAD + "\r\n".join(rows)).encode())
    assert shown.status_code == 200
    for told in (
        "Titre</strong> : Ce champ est à remplir.",
        "Identifiant</strong> : Utilisez des lettres sans accent",
        "« Martiens » n&#39;est pas connu. Écrivez : Particuliers, Entreprises, Collectivités, Agents publics.",
        "« pas » n&#39;est pas l&#39;adresse d&#39;un site",
        "« Béante » n&#39;est pas connu. Écrivez : Brouillon, Ouverte, Fermée, Archivée.",
        "« Fumée » n&#39;est pas connu",
        "« permis » est déjà à la ligne 6.",
        "en entier ou pas du tout",
    ):
        assert told in shown.text, told
    assert 'action="/admin/import/demarches/importer"' not in shown.text
    assert (await people.claude.post("/admin/import/demarches/importer", {"seen": "x"})).status_code == 409
    permis = await storage.catalogue.procedure("permis")
    assert permis
    assert permis.title == "Demander un permis"


async def test_what_has_changed_since_the_trial_is_shown_again_and_not_imported(
    people: People, storage: Storage
) -> None:
    shown = await tried(people.claude, (HEAD + CNI).encode())
    await people.claude.post(
        "/admin/nouvelle-demarche", {"title": "Une autre carte", "slug": "cni", "organisation": "Agence des titres"}
    )
    again = await imported(people.claude, shown)
    assert (again.status_code, "a changé depuis l&#39;essai" in again.text) == (409, True)
    assert "<del>Une autre carte</del>" in again.text
    assert (await imported(people.claude, again)).status_code == 303


async def test_a_change_between_the_last_look_and_the_writing_undoes_all(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    there = await storage.bulk.catalogued()
    await found(storage, clock, "chasse")
    wanted = plan([Row(2, {"slug": "cni", "title": "T", "organisation": "O"})], there.known, [], NOON.date()).wanted
    with pytest.raises(Exception, match="Rien n'a été importé"):
        await storage.bulk.put_procedures(there, wanted, now=clock(), by="x")
    assert await storage.catalogue.procedure("cni") is None


async def test_a_trial_is_its_authors_alone_and_is_forgotten_after_an_hour(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    shown = await tried(people.claude, (HEAD + CNI).encode())
    assert "Demander une carte" in shown.text
    user = await storage.accounts.find("olga@exemple.fr")
    assert user
    assert await storage.bulk.draft(user[0], "demarches", clock()) is None
    clock.move(minutes=61)
    assert "Demander une carte" not in (await people.claude.get("/admin/import/demarches")).text
    await storage.bulk.forget_drafts(clock())
    async with storage.engine.read() as connection:
        assert (await (await connection.execute("SELECT COUNT(*) AS n FROM import_draft")).fetchone())["n"] == 0


@pytest.mark.parametrize("format", ["csv", "xlsx"])
async def test_an_export_can_be_imported_again_and_changes_nothing(people: People, format: str) -> None:
    file = await people.claude.get(f"/admin/export/demarches.{format}")
    assert file.status_code == 200
    assert f'filename="demarches-2026-03-12.{format}"' in file.headers["content-disposition"]
    shown = await tried(people.claude, file.content)
    assert "<strong>2</strong> inchangée" in shown.text
    assert "il n’y a rien à importer" in shown.text


async def test_addresses_that_name_nothing_lead_nowhere(people: People) -> None:
    for path in ("/admin/import/planetes", "/admin/export/planetes.csv", "/admin/export/demarches.pdf"):
        assert (await people.claude.get(path)).status_code == 404


async def test_the_largest_file_is_shown_on_small_pages(people: People) -> None:
    rows = [f"demarche-{n};Une démarche au nom assez long {n};Agence {n};;;;;;" for n in range(MOST_ROWS)]
    shown = await tried(people.claude, (HEAD + "\r\n".join(rows)).encode())
    assert len(shown.content) < 100_000
    assert "?page=2#essai" in shown.text
    assert "demarche-150" in (await people.claude.get("/admin/import/demarches?page=2")).text


async def test_a_name_of_the_observatorys_own_pages_is_refused(people: People) -> None:
    shown = await tried(people.claude, (HEAD + "ministeres;Les ministères;Agence;;;;;;").encode())
    assert "celui d&#39;une page de l&#39;observatoire" in shown.text


# Files, whatever wrote them ------------------------------------------------------------------------


async def _slugs(content: bytes) -> list[str]:
    return [row.cells["slug"] for row in await rows_of(content, COLUMNS)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
async def test_a_csv_is_read_whatever_wrote_it(encoding: str, separator: str) -> None:
    text = separator.join(["IDENTIFIANT", "Ministere", "Titre"]) + "\n" + separator.join(["a", "Écologie", '"x;y,z"'])
    (row,) = await rows_of(text.encode(encoding), COLUMNS)
    assert row == Row(2, {"slug": "a", "ministry": "Écologie", "title": "x;y,z"})


def _workbook(rows: list[list[object]], also: Sequence[str] = ()) -> bytes:
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for place in also:
            sheet.write(place, "x")
    return file.getvalue()


_ODS = """<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="F">{rows}</table:table></office:spreadsheet></office:body>
</office:document-content>"""


def _ods(rows: list[list[str]]) -> bytes:
    cell = '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>'
    lines = ["<table:table-row>" + "".join(cell % text for text in row) + "</table:table-row>" for row in rows]
    return _zip(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": '<?xml version="1.0"?><manifest/>',
            "content.xml": _ODS.replace("{rows}", "".join(lines)),
        }
    )


def _zip(parts: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


async def test_workbooks_of_both_kinds_are_read() -> None:
    assert await _slugs(_workbook([["Identifiant", "Titre"], ["a", 2026], ["", ""], ["b", True]])) == ["a", "b"]
    (row,) = await rows_of(_ods([["Identifiant", "Titre"], ["c", "Carte"]]), COLUMNS)
    assert row == Row(2, {"slug": "c", "title": "Carte"})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "vide"),
        (b"  \n", "vide"),
        (b"x" * (MOST_BYTES + 1), "Coupez-le"),
        (b"Identifiant;Titre\n", "aucune ligne"),
        (b"Titre\nx", "« Identifiant » manque"),
        (b"Identifiant;Couleur\na;b", "« Couleur » n'est pas connue"),
        (b"Identifiant;Identifiant\na;b", "deux fois"),
        (b"Identifiant;Titre\na;b;c", "ligne 2 a plus de cellules"),
        (b"Identifiant\n" + b"a\n" * (MOST_ROWS + 1), "plus de 2000 lignes"),
        (b"Identifiant;Titre\na;" + b"x" * 10_001, "trop longue"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "n'est pas un tableau"),
        (b"Identifiant;\x81\x8d", "caractères"),
        (b"PK\x03\x04garbage", "abîmé"),
        (_zip({"a.txt": "rien"}), "abîmé"),
        # A bomb: 64 MB of blanks in 64 kB.
        (_zip({"xl/workbook.xml": b" " * 64_000_000}), "abîmé"),
        # Seventeen billion cells in 6 kB.
        (_workbook([["Identifiant"], ["a"]], ["XFD1048576"]), "abîmé"),
    ],
)
async def test_what_is_no_table_is_refused_with_what_to_do(content: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        await rows_of(content, COLUMNS)


# Round trip ----------------------------------------------------------------------------------------

_TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp", "Co"]), min_size=1, max_size=40)
_LINE = _TEXT.map(lambda text: " ".join(unicodedata.normalize("NFC", text).split())).filter(bool)
_WANTED = st.builds(
    Wanted,
    slug=st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True),
    title=_LINE,
    organisation=_LINE,
    ministry=_LINE,
    audiences=st.sets(st.sampled_from(AUDIENCES)).map(lambda some: tuple(one for one in AUDIENCES if one in some)),
    origins=st.sets(st.sampled_from(["https://a.fr", "http://b.fr:8080", "https://xn--dmarche-cya.fr"])).map(tuple),
    contexts=st.sets(st.sampled_from(["Dépôt du dossier", "Fin ; suite", "a, b: c"])).map(tuple),
    state=st.sampled_from(STATES),
    channel=st.sampled_from(CHANNELS),
    label=_LINE,
)


def _known(one: Wanted) -> Known:
    facts = {
        name: getattr(one, name) for name in Wanted.__struct_fields__ if name not in {"channel", "label", "criteria"}
    }
    procedure = Procedure(id=1, organisation_id=1, created_at=NOON, **facts)
    placement = Placement(
        id=1,
        procedure_id=1,
        key="k",
        channel=one.channel,
        form="satisfaction",
        label=one.label,
        contact=False,
        created_at=NOON,
        closed_at=None,
    )
    return Known(procedure, placement, one.criteria)


async def _planned(one: Wanted, known: list[Known], format: str) -> Plan:
    content = written([cells_of(_known(one))], COLUMNS, format)
    return plan(await rows_of(content, COLUMNS), known, [], NOON.date())


@given(one=_WANTED)
@examples(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
async def test_whatever_a_procedure_is_its_export_creates_it_elsewhere_and_leaves_it_here(one: Wanted) -> None:
    assert (await _planned(one, [], "csv")).wanted == [one]
    assert (await _planned(one, [_known(one)], "csv")).number("leave") == 1


@pytest.mark.parametrize(
    "title", ["=1+1", "'=1", "+33", "@x", "-", "''-", "'quoted'", "007", "1e5", "VRAI", "2026-01-01"]
)
async def test_a_workbook_gives_texts_back_as_they_were(title: str) -> None:
    one = Wanted(
        slug="007",
        title=title,
        organisation="=SOMME(A1)",
        ministry="M",
        audiences=(),
        origins=(),
        contexts=(),
        state="open",
        channel="web",
        label="",
    )
    assert (await _planned(one, [_known(one)], "xlsx")).number("leave") == 1


@given(text=st.text())
def test_no_text_stays_a_formula_and_each_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@"))


async def test_2000_procedures_are_imported_in_one_go_on_a_database_that_is_in_use(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    rows = [
        Row(n, {"slug": f"d-{n}", "title": f"Démarche {n}", "organisation": f"O {n % 40}"}) for n in range(MOST_ROWS)
    ]
    there = await storage.bulk.catalogued()
    made = plan(rows, there.known, there.organisations, NOON.date())
    await storage.bulk.put_procedures(there, made.wanted, now=clock(), by="command")
    assert len(await storage.catalogue.procedures()) == MOST_ROWS + 2
    assert (await storage.journal.verify()).broken is None
