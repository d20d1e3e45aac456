"""`GET /vie-privee` says what this service really does, in words for everybody."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from httpx import AsyncClient

from collector.app import create_app
from collector.settings import load
from collector.storage import Storage
from tests.conftest import MovableClock, Passeport, running

NO_BREAK = "\u00a0"


async def page(client: AsyncClient, lang: str = "fr") -> str:
    answer = await client.get("/vie-privee", params={"lang": lang})
    assert answer.status_code == 200
    return answer.text.replace(NO_BREAK, " ")


async def under(environ: dict[str, str], lang: str = "fr", **settings: str) -> str:
    """The page of a service with these settings."""
    loaded = load({**environ, **settings})
    async with running(create_app(loaded, MovableClock()), loaded) as client:
        return await page(client, lang)


@pytest.mark.parametrize(
    ("lang", "tag", "said"),
    [
        ("fr", "fr", ["Votre commentaire : 24 mois.", "Vos réponses : 60 mois.", "10 avis au moins", "60 minutes"]),
        ("fr-simple", "fr", ["Votre texte : 24 mois.", "Vos réponses : 60 mois.", "10 personnes ou plus", "60 jours"]),
        ("en", "en", ["Your comment: 24 months.", "Your answers: 60 months.", "at least 10 opinions", "60 minutes"]),
    ],
)
async def test_each_version_says_how_long_what_is_kept(
    client: AsyncClient, lang: str, tag: str, said: list[str]
) -> None:
    text = await page(client, lang)
    assert f"<html lang={tag}>" in text
    for sentence in said:
        assert sentence in text
    assert re.search(r"dresse mail|e-mail", text)


async def test_it_says_what_the_settings_say(environ: dict[str, str], storage: Storage) -> None:
    ages = {"AVIS_KEEP_VERBATIMS": "90d", "AVIS_KEEP_REVIEWS": "off", "AVIS_SMALL_NUMBER": "25"}
    text = await under(environ, **ages)
    assert "Votre commentaire : 90 jours." in text
    assert "Vos réponses : sans limite de durée." in text
    assert "25 avis au moins" in text
    english = await under(environ, "en", **{**ages, "AVIS_KEEP_VERBATIMS": "1 month"})
    assert "Your comment: 1 month." in english
    assert "Your answers: without a limit." in english


@pytest.mark.parametrize("lang", ["fr", "fr-simple", "en"])
@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("dpo@mairie.exemple.fr", 'href="mailto:dpo@mairie.exemple.fr"'),
        ("https://www.exemple.fr/contact?a=1&b='2'", 'href="https://www.exemple.fr/contact?a=1&amp;b=&#39;2&#39;"'),
        ("", "administration"),
    ],
)
async def test_it_says_whom_to_ask(
    environ: dict[str, str], storage: Storage, lang: str, contact: str, link: str
) -> None:
    text = await under(environ, lang, AVIS_PRIVACY_CONTACT=contact)
    assert link in text
    assert ("mailto:" in text) == ("@" in contact)


@pytest.mark.parametrize(
    ("asked", "accepted", "tag", "title"),
    [
        (None, None, "fr", "Votre avis et votre vie privée"),
        (None, "fr-FR,fr;q=0.9,en;q=0.8", "fr", "Votre avis et votre vie privée"),
        (None, "de-DE,de;q=0.9", "en", "Your feedback and your privacy"),
        ("ar", "fr", "en", "Your feedback and your privacy"),
        ("fr-simple", "en", "fr", "Votre avis et votre vie privée – facile à lire"),
        ("klingon", None, "fr", "Votre avis et votre vie privée"),
    ],
)
async def test_whoever_reads_neither_french_gets_english(
    client: AsyncClient, asked: str | None, accepted: str | None, tag: str, title: str
) -> None:
    headers = {"Accept-Language": accepted} if accepted else {"Accept-Language": ""}
    answer = await client.get("/vie-privee", params={"lang": asked} if asked else {}, headers=headers)
    assert answer.headers["content-language"] == tag
    assert f"<title>{title}</title>" in answer.text


async def test_it_sets_nothing_loads_nothing_and_may_be_kept(client: AsyncClient) -> None:
    answer = await client.get("/vie-privee")
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"].startswith("public, max-age=")
    assert "Accept-Language" in answer.headers["vary"]
    policy = dict(rule.strip().split(" ", 1) for rule in answer.headers["content-security-policy"].split(";"))
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert policy.pop("style-src") == f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"
    assert set(policy.values()) == {"'none'"}
    assert not re.search(r"<script|<img|<link|\ssrc=|\sstyle=|\son\w+=", answer.text)


async def test_pages_around_the_form_lead_to_it(client: AsyncClient, passeport: Passeport) -> None:
    assert 'href="/vie-privee?lang=es"' in (await client.get("/avis/unknown", params={"lang": "es"})).text
    assert 'href="/vie-privee"' in (await client.get("/admin/connexion", follow_redirects=True)).text
    assert "/vie-privee" not in (await client.get(f"/avis/{passeport.key}")).text, "its bytes are counted"
