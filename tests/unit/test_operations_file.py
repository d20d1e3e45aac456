"""A file of daily numbers: what is read, in whichever way it was written, and what is told about each wrong cell."""

from datetime import date

import pytest

from collector.operations.days import OperationsDay, differences, key_of
from collector.operations.file import read
from collector.operations.rows import COLUMNS, RowsRead

TODAY = date(2026, 3, 12)
HEAD = ";".join(COLUMNS)
ROW = "passeport;2026-03-11;online;120;100;2,5"
THE_DAY = OperationsDay("2026-03-11", "online", 120, 100, 250)


def of(text: str | bytes, default: str | None = None) -> RowsRead:
    raw = text if isinstance(text, bytes) else text.encode()
    return read(raw, today=TODAY, procedures={"passeport", "permis"}, default=default)


def only(text: str | bytes, default: str | None = None) -> OperationsDay:
    found = of(text, default)
    assert found.errors == ()
    ((_, days),) = found.days.items()
    (one,) = days.values()
    return one


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\n{ROW}\n",
        f"\ufeff{HEAD}\r\n{ROW}",
        f"{HEAD}\n{ROW}\n".replace(";", "\t"),
        "procedure,date,channel,started,completed,delay_days_median\npasseport,11/03/2026,online,120,100,2.5",
        'Démarche;Jour;Canal;Commencées;Terminées;Délai médian (jours)\n"passeport";11/03/2026;En ligne;120;100;2,50',
        "Démarche;Jour;Canal;Commencées;Terminées;Délai\npasseport;11/3/2026;Internet;120;100;2,5".encode("cp1252"),
        f"{HEAD};;\n\npasseport; 2026-03-11 ;WEB;1\u202f2\u00a00;1 00;2,499;;\n;;;;;;;\n",
        "completed;delay_days_median;date;started;procedure;channel\n100;2.5;2026-03-11;120;passeport;online",
    ],
)
def test_the_same_day_is_read_however_it_was_written(text: str | bytes) -> None:
    assert only(text) == THE_DAY


def test_what_is_not_known_stays_unknown_and_is_not_zero() -> None:
    assert only("date;channel;completed\n2026-03-11;counter;0", "passeport") == OperationsDay(
        "2026-03-11", "counter", None, 0, None
    )
    assert only(f"{HEAD}\n;2026-03-11;phone;;7;", "passeport") == OperationsDay("2026-03-11", "phone", None, 7, None)


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        (";2026-03-11;online;1;1;1", "procedure", "Écrivez l'identifiant"),
        ("nulle-part;2026-03-11;online;1;1;1", "procedure", "« nulle-part » n'est pas une démarche"),
        ("passeport;;online;1;1;1", "date", "écrivez 2026-03-31 ou 31/03/2026"),
        ("passeport;31/02/2026;online;1;1;1", "date", "n'est pas une date"),
        ("passeport;03/2026;online;1;1;1", "date", "n'est pas une date"),
        ("passeport;2026-03-13;online;1;1;1", "date", "pas encore passé"),
        ("passeport;0026-03-11;online;1;1;1", "date", "trop ancien"),
        ("passeport;2026-03-11;minitel;1;1;1", "channel", "« minitel » n'est pas un canal : écrivez online"),
        ("passeport;2026-03-11;;1;1;1", "channel", "n'est pas un canal"),
        ("passeport;2026-03-11;online;-1;1;1", "started", "écrivez un entier"),
        ("passeport;2026-03-11;online;1;;1", "completed", "écrivez un entier"),
        ("passeport;2026-03-11;online;1;1,5;1", "completed", "écrivez un entier"),
        ("passeport;2026-03-11;online;1;1_0;1", "completed", "écrivez un entier"),
        ("passeport;2026-03-11;online;1;٣;1", "completed", "écrivez un entier"),
        ("passeport;2026-03-11;online;1;10000001;1", "completed", "écrivez un entier"),
        ("passeport;2026-03-11;online;1;1;-2", "delay_days_median", "n'est pas un délai en jours"),
        ("passeport;2026-03-11;online;1;1;NaN", "delay_days_median", "n'est pas un délai en jours"),
        ("passeport;2026-03-11;online;1;1;4000", "delay_days_median", "n'est pas un délai en jours"),
        ("passeport;2026-03-11;online;1;1;1;9", "", "plus de cases que de titres"),
    ],
)
def test_each_wrong_cell_is_told_with_its_row_and_what_to_do(cells: str, column: str, message: str) -> None:
    found = of(f"{HEAD}\n{ROW}\n{cells}\npermis;2026-03-11;online;1;1;1\n")
    (error,) = found.errors
    assert (error.row, error.column) == (3, column)
    assert message in error.message
    assert found.refused == 1
    assert set(found.days) == {"passeport", "permis"}, "the rows around it are read"
    assert found.rows == 2


def test_all_that_is_wrong_in_a_row_is_told_at_once() -> None:
    found = of(f"{HEAD}\nx;y;z;a;b;c\n")
    assert [error.column for error in found.errors] == list(COLUMNS)
    assert found.refused == 1


def test_a_day_and_channel_that_are_there_twice_are_told_and_not_summed() -> None:
    found = of(f"{HEAD}\n{ROW}\n\n{ROW}\n")
    (error,) = found.errors
    assert error.row == 4
    assert "déjà à la ligne 2" in error.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Le fichier est vide"),
        ("\n\n", "Le fichier est vide"),
        (HEAD, "que la ligne des titres"),
        (ROW, "La colonne « passeport » n'est pas connue"),
        (f"{HEAD};couleur\n{ROW};bleu", "La colonne « couleur » n'est pas connue"),
        (f"{HEAD};Jour\n{ROW};2026-03-11", "Deux colonnes disent « date »"),
        ("procedure;date;channel\npasseport;2026-03-11;online", "Il manque la colonne « completed »"),
        ("date;channel;completed\n2026-03-11;online;3", "Il manque la colonne « procedure »"),
        (f'{HEAD}\n"{ROW}', "Les guillemets ne vont pas par deux"),
        (b"PK\x03\x04\x00\x00\xff\xfe", "n'est pas connue"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_its_first_line_must_be(text: str | bytes, message: str) -> None:
    found = of(text)
    (error,) = found.errors
    assert message in error.message
    assert found.days == {}


def test_a_later_file_adds_and_corrects_and_the_same_changes_nothing() -> None:
    stored = {key_of(THE_DAY): THE_DAY}
    other = OperationsDay("2026-03-10", "online", None, 9, None)
    right = OperationsDay("2026-03-11", "online", 120, 101, 250)
    assert differences(stored, stored).put == ()
    assert differences(stored, stored).unchanged == 1
    found = differences(stored, {key_of(one): one for one in (other, right)})
    assert (found.added, found.changed, found.unchanged) == ((other,), (right,), 0)
    assert found.before == ((key_of(other), None), (key_of(right), THE_DAY))
