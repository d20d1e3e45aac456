"""What a citizen may answer: every rule, and every message of the decoder in our own words."""

import json
from contextlib import suppress
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import InvalidAnswers, MalformedJSON
from collector.forms import form
from collector.forms.answers import convert, decode
from collector.forms.envelope import parse
from collector.schema import (
    DESKS,
    MEANS,
    OWN_NAMES,
    Browser,
    Device,
    FormName,
    Kind,
    MalfunctionAnswers,
    Satisfaction,
    SatisfactionAnswers,
)

ID = "0b8a4bb2-7a3c-4f39-9d6e-0c5d3a5a6b7c"
FULL: dict[str, Any] = {
    "satisfaction": "medium",
    "comprehension": 4,
    "contact_tried": ["phone", "email", "chat", "other"],
    "contact_tried_other": "Un voisin",
    "contact_reached": {"phone": True, "email": False},
    "contact_satisfaction": {"phone": 5},
    "verbatim": "Merci !\nTout s'est bien passé. 👍",
}
BROKEN: dict[str, Any] = {
    "kind": "technical",
    "verbatim": "La page est blanche",
    "device": "phone",
    "browser": "firefox",
    "contact_email": "alice@exemple.fr",
}


def refused(name: FormName, answers: object) -> list[tuple[str, str]]:
    """The bad fields, the same whether a script sent JSON or a plain form posted values."""
    with pytest.raises(InvalidAnswers) as by_json:
        decode(name, json.dumps(answers).encode())
    for field in by_json.value.errors:
        assert field.message
        assert "`" not in field.message, "a message of the decoder is shown as it is"
    found = [(field.path.removeprefix("$.answers"), field.code) for field in by_json.value.errors]
    if isinstance(answers, dict):
        with pytest.raises(InvalidAnswers) as by_form:
            convert(name, answers)
        assert [(field.path.removeprefix("$.answers"), field.code) for field in by_form.value.errors] == found
    return found


def test_every_field_of_both_forms_is_understood() -> None:
    assert decode("satisfaction", json.dumps(FULL).encode()) == SatisfactionAnswers(**FULL)
    assert decode("malfunction", json.dumps(BROKEN).encode()) == MalfunctionAnswers(**BROKEN)


def test_only_the_first_answer_is_required() -> None:
    assert decode("satisfaction", b'{"satisfaction":"bad"}') == SatisfactionAnswers("bad")
    nothing_more = {name: None for name in FULL if name != "satisfaction"}
    assert decode("satisfaction", json.dumps({"satisfaction": "bad", **nothing_more}).encode()) == SatisfactionAnswers(
        "bad"
    )


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"satisfaction": None}, ".satisfaction", "wrong-type"),
        ({"satisfaction": "excellent"}, ".satisfaction", "unknown-code"),
        ({"satisfaction": "Très bien"}, ".satisfaction", "unknown-code"),
        ({"satisfaction": 3}, ".satisfaction", "wrong-type"),
        ({"comprehension": 0}, ".comprehension", "out-of-range"),
        ({"comprehension": 6}, ".comprehension", "out-of-range"),
        ({"comprehension": -1}, ".comprehension", "out-of-range"),
        ({"comprehension": 10**30}, ".comprehension", "out-of-range"),
        ({"comprehension": "4"}, ".comprehension", "wrong-type"),
        ({"comprehension": 3.5}, ".comprehension", "wrong-type"),
        ({"comprehension": True}, ".comprehension", "wrong-type"),
        ({"contact_tried": "phone"}, ".contact_tried", "wrong-type"),
        ({"contact_tried": ["phone", "fax"]}, ".contact_tried[1]", "unknown-code"),
        ({"contact_tried": ["phone", 1]}, ".contact_tried[1]", "wrong-type"),
        ({"contact_tried": ["phone", "phone"]}, ".contact_tried", "duplicate"),
        ({"contact_tried": ["none", "relative"]}, ".contact_tried", "exclusive"),
        ({"contact_tried_other": "Un voisin"}, ".contact_tried_other", "not-asked"),
        ({"contact_tried": ["other"], "contact_tried_other": "é" * 251}, ".contact_tried_other", "too-long"),
        ({"contact_tried": ["other"], "contact_tried_other": "a\0b"}, ".contact_tried_other", "control-characters"),
        ({"contact_reached": ["phone"]}, ".contact_reached", "wrong-type"),
        ({"contact_reached": {"phone": True}}, ".contact_reached.phone", "not-tried"),
        ({"contact_tried": ["relative"], "contact_reached": {"relative": True}}, ".contact_reached", "unknown-code"),
        ({"contact_tried": ["phone"], "contact_reached": {"phone": 1}}, ".contact_reached[...]", "wrong-type"),
        ({"contact_satisfaction": {"phone": 3}}, ".contact_satisfaction.phone", "not-reached"),
        (
            {"contact_tried": ["phone"], "contact_reached": {"phone": False}, "contact_satisfaction": {"phone": 3}},
            ".contact_satisfaction.phone",
            "not-reached",
        ),
        ({"contact_satisfaction": {"phone": 6}}, ".contact_satisfaction[...]", "out-of-range"),
        ({"verbatim": 12}, ".verbatim", "wrong-type"),
        ({"verbatim": "a" * 5001}, ".verbatim", "too-long"),
        ({"verbatim": "😀" * 5001}, ".verbatim", "too-long"),
        ({"verbatim": "avant\x1baprès"}, ".verbatim", "control-characters"),
        ({"verbatim": "avant\x85après"}, ".verbatim", "control-characters"),
        ({"kind": "technical"}, ".kind", "unknown-field"),
        ({"ip": "203.0.113.7"}, ".ip", "unknown-field"),
    ],
)
def test_a_bad_answer_is_named_by_its_path_and_code(change: dict[str, Any], path: str, code: str) -> None:
    assert refused("satisfaction", {"satisfaction": "good", **change}) == [(path, code)]


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"kind": "complaint"}, ".kind", "unknown-code"),
        ({"verbatim": ""}, ".verbatim", "required"),
        ({"verbatim": " \n\u200b "}, ".verbatim", "required"),
        ({"verbatim": "a" * 5001}, ".verbatim", "too-long"),
        ({"device": "Pixel 9 Pro"}, ".device", "unknown-code"),
        ({"browser": "Mozilla/5.0"}, ".browser", "unknown-code"),
        ({"contact_email": "alice"}, ".contact_email", "email"),
        ({"contact_email": "alice@exemple"}, ".contact_email", "email"),
        ({"contact_email": "alice@exemple.fr, bruno@exemple.fr"}, ".contact_email", "email"),
        ({"contact_email": "alice@" + "e" * 250 + ".fr"}, ".contact_email", "too-long"),
        ({"satisfaction": "good"}, ".satisfaction", "unknown-field"),
    ],
)
def test_a_bad_report_is_named_by_its_path_and_code(change: dict[str, Any], path: str, code: str) -> None:
    assert refused("malfunction", {**BROKEN, **change}) == [(path, code)]


@pytest.mark.parametrize(
    ("name", "answers", "path", "code"),
    [
        ("satisfaction", {}, ".satisfaction", "required"),
        ("satisfaction", {"comprehension": 3}, ".satisfaction", "required"),
        ("malfunction", {"kind": "technical"}, ".verbatim", "required"),
        ("malfunction", {"verbatim": "Page blanche"}, ".kind", "required"),
        ("satisfaction", [], "", "wrong-type"),
        ("satisfaction", "good", "", "wrong-type"),
        ("satisfaction", None, "", "wrong-type"),
    ],
)
def test_what_is_missing_is_named(name: FormName, answers: object, path: str, code: str) -> None:
    assert refused(name, answers) == [(path, code)]


def test_every_broken_rule_is_named_at_once() -> None:
    assert refused(
        "satisfaction",
        {
            "satisfaction": "good",
            "contact_tried": ["none", "email"],
            "contact_reached": {"phone": True},
            "contact_satisfaction": {"chat": 1},
            "verbatim": "\x07",
        },
    ) == [
        (".verbatim", "control-characters"),
        (".contact_tried", "exclusive"),
        (".contact_reached.phone", "not-tried"),
        (".contact_satisfaction.chat", "not-reached"),
    ]


@pytest.mark.parametrize("text", ["a" * 5000, "😀" * 5000, "é" * 5000, "une ligne\r\nune autre\tet la fin"])
def test_text_is_counted_in_code_points_and_keeps_its_line_breaks(text: str) -> None:
    answers = decode("satisfaction", json.dumps({"satisfaction": "good", "verbatim": text}).encode())
    assert answers.verbatim == text


@given(st.text())
def test_no_comment_is_a_crash(text: str) -> None:
    body = json.dumps({"satisfaction": "good", "verbatim": text}, ensure_ascii=False).encode(errors="surrogatepass")
    with suppress(InvalidAnswers, msgspec.DecodeError, UnicodeDecodeError):
        assert decode("satisfaction", body).verbatim == text


def test_the_forms_as_data_and_the_types_say_the_same() -> None:
    satisfaction, malfunction = form("satisfaction"), form("malfunction")
    names = [field.name for step in satisfaction.steps for field in step.fields]
    assert [*names, *OWN_NAMES, "form_version"] == list(SatisfactionAnswers.__struct_fields__)
    assert [field.name for step in malfunction.steps for field in step.fields] == list(
        MalfunctionAnswers.__struct_fields__
    )
    assert satisfaction.field("satisfaction").codes == get_args(Satisfaction)
    assert satisfaction.field("contact_tried").codes == MEANS
    assert satisfaction.field("contact_reached").codes == satisfaction.field("contact_satisfaction").codes == DESKS
    assert malfunction.field("kind").codes == get_args(Kind)
    assert malfunction.field("device").codes == get_args(Device)
    assert malfunction.field("browser").codes == get_args(Browser)
    assert satisfaction.field("verbatim").longest == malfunction.field("verbatim").longest == 5000
    assert satisfaction.field("contact_tried_other").longest == 250


# ---- The envelope


def envelope(**change: object) -> bytes:
    body = {"id": ID, "key": "passeport", "answers": {"satisfaction": "good"}, **change}
    return json.dumps({name: value for name, value in body.items() if value is not ...}).encode()


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        (envelope(id=...), "$.id", "required"),
        (envelope(key=...), "$.key", "required"),
        (envelope(answers=...), "$.answers", "required"),
        (envelope(id="alice"), "$.id", "malformed"),
        (envelope(id=7), "$.id", "wrong-type"),
        (envelope(key=7), "$.key", "wrong-type"),
        (envelope(key="k" * 65), "$.key", "too-long"),
        (envelope(lang="français"), "$.lang", "malformed"),
        (envelope(lang="fr\n"), "$.lang", "malformed"),
        (envelope(lang="fr-abcdefghijkl"), "$.lang", "too-long"),
        (b"[" * 60_000, "$", "wrong-type"),
        (envelope(page="/" + "a" * 2048), "$.page", "too-long"),
        (envelope(page="/a\0b"), "$.page", "malformed"),
        (envelope(page="/a\n"), "$.page", "malformed"),
        (envelope(page=1), "$.page", "wrong-type"),
        (envelope(address="203.0.113.7"), "$.address", "unknown-field"),
        (b"[]", "$", "wrong-type"),
        (b"null", "$", "wrong-type"),
        (b'"text"', "$", "wrong-type"),
        (b"12", "$", "wrong-type"),
    ],
)
def test_a_bad_envelope_is_named_by_its_path_and_code(body: bytes, path: str, code: str) -> None:
    with pytest.raises(InvalidAnswers) as error:
        parse(body)
    assert [(field.path, field.code) for field in error.value.errors] == [(path, code)]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"satisfaction=good",
        b"\xff\xfe",
        b"\xef\xbb\xbf" + envelope(),
        envelope() + b"x",
        envelope().replace(b'"good"', b"[" * 60_000),
        envelope().replace(b'{"satisfaction": "good"}', b"[" * 30_000 + b"]" * 30_000),
        envelope().replace(b'{"satisfaction": "good"}', b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
        envelope(answers={"satisfaction": "good", "verbatim": "\ud800"}),
        envelope(key="\udfff"),
        envelope(lang=float("nan")),
        envelope(answers=float("inf")),
        envelope().replace(b'"good"', b'"good", "satisfaction": "bad"'),
        envelope().replace(b'"key"', b'"id": "%s", "key"' % ID.encode()),
        envelope().replace(b'"good"', b'"good", "contact_reached": {"phone": true, "phone": false}'),
        # written so that they only look different
        envelope().replace(b'"good"', b'"good", "s\\u0061tisfaction": "bad"'),
        envelope().replace(b'"good"', b'"good", "verbatim": "\\n", "satisfaction" \t\r\n: "bad"'),
        envelope().replace(b'"good"', b'"good", "verbatim": "\\"", "satisfaction": "bad"'),
        envelope().replace(b'"good"', b'"good", "satisfaction" \t\r\n: "bad"'),
    ],
    ids=range(20),
)
def test_what_is_not_one_unambiguous_json_object_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedJSON) as error:
        parse(body)
    assert error.value.status == 400


@given(st.binary(max_size=200))
def test_no_body_is_a_crash(body: bytes) -> None:
    with pytest.raises((MalformedJSON, InvalidAnswers)):
        parse(body)


@pytest.mark.parametrize("lang", ["fr", "en", "br", "gsw", "pt-BR", "zh-Hant"])
def test_languages_are_tags(lang: str) -> None:
    assert parse(envelope(lang=lang)).lang == lang


def test_a_number_of_more_digits_than_python_reads_is_out_of_range() -> None:
    with pytest.raises(InvalidAnswers) as error:
        decode("satisfaction", b'{"satisfaction": "good", "comprehension": ' + b"1" * 5000 + b"}")
    assert [(field.path, field.code) for field in error.value.errors] == [("$.answers.comprehension", "out-of-range")]


@pytest.mark.parametrize(
    "answers",
    [
        {"contact_tried": ["phone"], "contact_reached": {"phone": True}, "contact_satisfaction": {"phone": 4}},
        {"verbatim": 'Il faut écrire "id": puis "id": puis \\ puis "key":, deux fois.'},
        {"verbatim": "id key lang: answers, answers : id"},
    ],
)
def test_the_same_word_in_two_objects_or_in_a_text_is_no_key_twice(answers: dict[str, Any]) -> None:
    submission = parse(envelope(answers={"satisfaction": "good", **answers}))
    assert decode("satisfaction", submission.answers) == convert("satisfaction", {"satisfaction": "good", **answers})
