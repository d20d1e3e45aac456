"""The indicators page: filtered, compared, and the same for whoever is given its address."""

import csv
import html
import io
import re
from typing import Any

import pytest

from admin.sheets import TABLES
from collector.schema import Placement
from collector.storage import Storage
from tests.conftest import MovableClock, broken, send
from tests.service.admin.conftest import Browser, People

PAGE = "/admin/demarches/passeport"


@pytest.fixture
async def counter(people: People, storage: Storage, clock: MovableClock) -> Placement:
    return await storage.catalogue.add_placement(
        people.passeport.procedure, channel="counter", form="satisfaction", label="Guichet d'accueil", now=clock()
    )


async def answer(people: People, key: str, number: int, answers: dict[str, Any], **envelope: Any) -> None:
    for n in range(number):
        sent = await send(people.nobody.client, key, answers, address=f"203.0.113.{n % 200}", **envelope)
        assert sent.status_code == 201, sent.text


async def read(browser: Browser, query: str = "", status: int = 200) -> str:
    response = await browser.get(f"{PAGE}{query}")
    assert response.status_code == status
    return html.unescape(response.text).replace("\u202f", " ")


def section(text: str, name: str) -> list[list[str]]:
    """The cells of a section's tables, row by row."""
    part = text.split(f'id="{name}"')[1].split("</section>", maxsplit=1)[0]
    rows = re.findall(r"<tr.*?</tr>", part, re.DOTALL)
    cells = (re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL) for row in rows)
    return [[" ".join(re.sub(r"<[^>]+>", "", cell).split()) for cell in row] for row in cells]


async def test_the_script_of_charts_comes_with_a_chart_only(people: People) -> None:
    """It weighs more than all the rest of a page."""
    for page in (PAGE, f"{PAGE}/exploitation", f"{PAGE}/avis", f"{PAGE}/scenarios"):
        assert "charts." not in (await people.rachel.get(page)).text, page
    await answer(people, people.passeport.key, 1, {"satisfaction": "good"})
    drawn = await read(people.rachel)
    assert re.search(r'<script src="/admin/static/charts\.[^"]+" defer>.*data-chart=', drawn, re.DOTALL)
    assert "charts." not in await read(people.rachel, "?period=30d&lang=en"), "nothing fits: nothing is drawn"


async def test_a_filter_keeps_what_it_says_and_says_what_it_hides(people: People, counter: Placement) -> None:
    await answer(people, people.passeport.key, 3, {"satisfaction": "good"})
    await answer(people, counter.key, 2, {"satisfaction": "bad"})
    await answer(people, counter.key, 1, {"satisfaction": "bad"}, lang="en")
    everything = await read(people.rachel)
    assert "6 avis du" in everything
    assert "Guichet d'accueil (3)" in everything
    assert "Anglais (1)" in everything
    assert "Aucun filtre" in everything
    assert "Version du formulaire" not in everything, "there is one version: nothing to choose"
    for query in (f"?placement={counter.key}", "?channel=counter"):
        text = await read(people.rachel, query)
        assert "3 avis du" in text
        assert "3 autres avis de la période sont cachés" in text
        assert section(text, "evolution")[-1][1:4] == ["0,0", "0,0 – 6,2", "3"]
    both = await read(people.rachel, "?channel=counter&lang=en")
    assert "Filtres, canal : Guichet ; langue : Anglais." in both
    assert "1 avis du" in both
    assert "5 autres avis" in both
    last = await read(people.rachel, "?version=1")
    assert "Ils ne cachent aucun avis" in last


async def test_a_filter_without_a_review_says_so_and_leads_back(people: People, counter: Placement) -> None:
    await answer(people, people.passeport.key, 2, {"satisfaction": "good"})
    text = await read(people.rachel, f"?period=90d&placement={counter.key}")
    assert "Aucun avis ne correspond à ces filtres" in text
    assert "La période a 2 avis" in text
    assert f'<a class="button" href="{PAGE}?period=90d">Retirer les filtres' in text
    assert f'<option value="{counter.key}" selected>' in text, "what was chosen stays chosen"


async def test_the_address_keeps_everything_and_every_form_keeps_the_rest(people: People, counter: Placement) -> None:
    await answer(people, counter.key, 2, {"satisfaction": "good", "comprehension": 4})
    query = "?period=days&from=2026-01-01&to=2026-03-12&step=month&channel=counter&compare=year&courbe=comprehension"
    text = await read(people.rachel, query)
    assert "du 1er janvier 2026 au 12 mars 2026" in text
    assert "Évolution : Clarté des informations" in text
    assert "Comparaison : du 1er janvier 2025 au 12 mars 2025" in text
    assert [row[0] for row in section(text, "evolution")[1:]] == ["janv. 2026", "févr. 2026", "mars 2026"]
    forms = re.findall(r'<form method="get".*?</form>', text, re.DOTALL)
    wanted = dict(part.split("=") for part in query[1:].split("&"))
    assert len(forms) == 3
    for n, form in enumerate(forms):
        for name, value in wanted.items():
            said = re.search(rf'name="{name}"[^>]*value="([^"]*)"', form)
            chosen = re.search(rf'<select id="{name}".*?value="([^"]*)" selected', form, re.DOTALL)
            # The buttons of usual periods are there to leave these dates.
            if n or name not in {"period", "from", "to"}:
                assert value in {match[1] for match in (said, chosen) if match}, (name, form)
    assert f'href="{PAGE}?period=days&from=2026-01-01&to=2026-03-12&step=month&channel=counter&compare=year#ev' in text


@pytest.mark.parametrize(
    "query", ["placement=inconnu", "channel=pigeon", "lang=xx", "version=un", "compare=hier", "step=h"]
)
async def test_a_filter_that_cannot_be_is_said_and_everything_is_shown(people: People, query: str) -> None:
    await answer(people, people.passeport.key, 1, {"satisfaction": "good"})
    text = await read(people.rachel, f"?{query}", 422)
    assert "Choisissez une des propositions" in text
    assert "1 avis du" in text


async def test_a_placement_of_another_procedure_is_no_filter_here(people: People) -> None:
    await answer(people, people.other.key, 2, {"satisfaction": "good"})
    text = await read(people.rachel, f"?placement={people.other.key}", 422)
    assert "0 avis du" in text


async def test_a_period_is_held_against_the_one_before_and_the_year_before(
    people: People, clock: MovableClock, counter: Placement
) -> None:
    clock.move(days=-365)
    await answer(people, counter.key, 40, {"satisfaction": "bad"})
    clock.move(days=365 - 40)
    await answer(people, counter.key, 40, {"satisfaction": "good"})
    clock.move(days=40)
    await answer(people, counter.key, 40, {"satisfaction": "medium"})
    await answer(people, counter.key, 9, {"satisfaction": "medium", "comprehension": 2})
    before = section(await read(people.rachel, "?period=30d"), "comparaison")
    assert before[1][:6] == ["Satisfaction", "10,0", "40", "5,0", "49", "−5,0"]
    assert before[1][7] == "En baisse de 5,0"
    assert before[2] == [
        "Clarté des informations",
        "aucune réponse–",
        "0",
        "2,5",
        "9",
        "",
        "",
        "Trop peu de réponses pour comparer",
    ]
    year = section(await read(people.rachel, "?period=30d&compare=year"), "comparaison")
    assert year[1][:6] == ["Satisfaction", "0,0", "40", "5,0", "49", "+5,0"]
    assert year[1][7] == "En hausse de 5,0"


async def test_nothing_that_chance_explains_is_called_a_change(people: People, clock: MovableClock) -> None:
    key = people.passeport.key
    clock.move(days=-40)
    await answer(people, key, 30, {"satisfaction": "good"})
    await answer(people, key, 10, {"satisfaction": "bad"})
    clock.move(days=40)
    await answer(people, key, 28, {"satisfaction": "good"})
    await answer(people, key, 12, {"satisfaction": "bad"})
    row = section(await read(people.rachel, "?period=30d"), "comparaison")[1]
    assert row[5] == "−0,5"
    assert row[7] == "Pas de changement établi"


async def test_a_comparison_is_filtered_as_the_page_is(people: People, clock: MovableClock, counter: Placement) -> None:
    clock.move(days=-40)
    await answer(people, people.passeport.key, 35, {"satisfaction": "bad"})
    await answer(people, counter.key, 35, {"satisfaction": "good"})
    clock.move(days=40)
    await answer(people, counter.key, 35, {"satisfaction": "good"})
    text = await read(people.rachel, "?period=30d&channel=counter")
    assert section(text, "comparaison")[1][1:5] == ["10,0", "35", "10,0", "35"]
    assert "avec les mêmes filtres" in text
    assert section(await read(people.rachel, "?period=30d"), "comparaison")[1][1:3] == ["5,0", "70"]


async def test_parts_and_contact_means_are_shown_with_count_and_interval(people: People, counter: Placement) -> None:
    tried = {"contact_tried": ["phone"], "contact_reached": {"phone": True}, "contact_satisfaction": {"phone": 5}}
    await answer(people, people.passeport.key, 40, {"satisfaction": "good", **tried})
    await answer(people, counter.key, 40, {"satisfaction": "bad"}, lang="en")
    text = await read(people.rachel)
    phone = next(row for row in section(text, "aide") if row[0].startswith("Par téléphone"))
    assert [phone[1], phone[2], phone[4], phone[5], phone[7]] == ["40", "100 %", "40", "10,0", "40"]
    rows = section(text, "parties")
    assert ["Fin de démarche", "10,0", "8,9 – 10,0", "40", "Au-dessus du reste"] in rows
    assert ["Guichet d'accueil", "0,0", "0,0 – 1,1", "40", "En dessous du reste"] in rows
    assert ["Anglais", "0,0", "0,0 – 1,1", "40", "En dessous du reste"] in rows
    alone = await read(people.rachel, "?lang=en&channel=counter")
    assert 'id="parties"' not in alone, "one part has nothing to be held against"


async def test_reports_are_told_by_kind_and_only_where_there_are_any(people: People) -> None:
    await answer(people, people.passeport.key, 1, {"satisfaction": "good"})
    assert "Nature des signalements" not in await read(people.rachel)
    await answer(people, people.passeport.malfunction.key, 2, {"kind": "situation", "verbatim": "Mon nom a changé"})
    assert "Nature des signalements" in await read(people.rachel)


FILE = f"{PAGE}/indicateurs.csv"


async def lines_of(browser: Browser, query: str) -> list[list[str]]:
    response = await browser.get(f"{FILE}{query}")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""), delimiter=";"))


async def test_a_file_has_the_figures_of_its_table(people: People, clock: MovableClock, counter: Placement) -> None:
    clock.move(days=-40)
    await answer(people, counter.key, 40, {"satisfaction": "good"})
    clock.move(days=40)
    await answer(
        people,
        counter.key,
        35,
        {"satisfaction": "medium", "contact_tried": ["phone"], "contact_reached": {"phone": True}},
    )
    await answer(people, people.passeport.key, 2, {"satisfaction": "bad"})
    query = "?period=30d&channel=counter"
    text = await read(people.rachel, query)
    files = [html.unescape(one) for one in re.findall(r'href="([^"]*indicateurs\.csv[^"]*)"', text)]
    assert files == [f"{FILE}{query}&table={table}" for table in ("indicateurs", "evolution", "reponses", "aide")]
    figures = await lines_of(people.rachel, f"{query}&table=indicateurs")
    assert figures[0][:5] == ["Indicateur", *(f"Cette période{end}" for end in ("", ", bas", ", haut", ", réponses"))]
    assert figures[1][:2] == ["Satisfaction", "5,0"]
    assert figures[1][4:6] == ["35", "10,0"]
    assert figures[1][9] == "-5,0", "a number, which a spreadsheet can add up"
    assert figures[1][12:] == ["En baisse", "canal : Guichet"]
    days = await lines_of(people.rachel, f"{query}&table=evolution")
    shown = section(text, "evolution")
    assert len(days) == len(shown) == 31
    assert [row[6:10] for row in days[1:]] == [row[3:7] for row in shown[1:]]
    assert [row[2] or "aucune réponse–" for row in days[1:]] == [row[1] for row in shown[1:]]
    assert days[-1][:3] == ["2026-03-12", "2026-03-12", "5,0"]
    answers = await lines_of(people.rachel, f"{query}&table=reponses")
    assert ["De façon générale, comment ça s'est passé ?", "Moyen", "35", "100%", "canal : Guichet"] in answers
    phone = next(row for row in await lines_of(people.rachel, f"{query}&table=aide") if row[0] == "Par téléphone")
    shown_phone = next(row for row in section(text, "aide") if row[0].startswith("Par téléphone"))
    assert [*phone[1:3], " – ".join(phone[3:5]), phone[5]] == [re.sub(r"\s%", "%", one) for one in shown_phone[1:5]]


async def test_without_filters_a_file_has_no_column_for_them(people: People, counter: Placement) -> None:
    await answer(people, people.passeport.key, 2, {"satisfaction": "good"})
    await answer(people, counter.key, 3, {"satisfaction": "good"})
    parts = await lines_of(people.rachel, "?table=parties")
    assert parts[0][-1] == "Face au reste"
    assert parts[1][:3] == ["Emplacement", "Guichet d'accueil", "10,0"]


async def test_no_text_of_a_file_runs_as_a_formula(people: People, storage: Storage, clock: MovableClock) -> None:
    evil = await storage.catalogue.add_placement(
        people.passeport.procedure, channel="email", form="satisfaction", label="=1+1", now=clock()
    )
    await answer(people, evil.key, 1, {"satisfaction": "good"})
    await answer(people, people.passeport.key, 1, {"satisfaction": "good"})
    await storage.improvements.add(
        people.passeport.procedure, clock().date(), "@SUM(A1)", published=False, now=clock(), by="bruno@exemple.fr"
    )
    for table in TABLES:
        for row in await lines_of(people.rachel, f"?table={table}"):
            assert not [each for each in row if each.startswith(("=", "@", "\t"))]
    assert "'=1+1" in [row[1] for row in await lines_of(people.rachel, "?table=parties")]


@pytest.mark.parametrize("query", ["", "?table=tout", "?table=aide&channel=pigeon", "?table=aide&period=days&from=x"])
async def test_a_file_that_would_show_something_else_is_refused(people: People, query: str) -> None:
    response = await people.rachel.get(f"{FILE}{query}")
    assert response.status_code == 400
    assert "Revenez aux indicateurs" in response.text


@pytest.mark.parametrize("query", ["", "?compare=year&channel=counter&step=week", "?compare=ministry"])
async def test_the_page_and_its_files_read_no_review(
    people: People, storage: Storage, counter: Placement, query: str
) -> None:
    """What it costs does not grow with them: it is whole while their table is away."""
    for key in (counter.key, people.passeport.key, people.other.key):
        await answer(people, key, 12, {"satisfaction": "good"})
    whole = await read(people.rachel, query)
    async with broken(storage, "review"):
        assert await read(people.rachel, query) == whole
        for table in TABLES:
            response = await people.rachel.get(f"{FILE}{query or '?'}&table={table}")
            assert response.status_code == 200
        assert (await people.rachel.get(f"{PAGE}/avis")).status_code == 503, "it really was away"
