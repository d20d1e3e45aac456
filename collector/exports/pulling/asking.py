"""Ask the service, as often as it takes, and believe only what it signed for this very question."""

import secrets
import time
from collections.abc import Callable
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from collector.exports.pulling.copies import Page, Pin
from collector.exports.pulling.errors import LinkRefused, NotVerified, PullError
from collector.exports.pulling.trust import Answer, Trust
from collector.exports.signatures import DIRECTORY, Exchange, content_digest

TRIES = 6
LONGEST = 64 * 1024 * 1024
"""Bytes of an answer: twice what a page can have."""
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity"}

Found = TypeVar("Found")


class Link:
    """One export link, open for asking. Use it as a context."""

    def __init__(self, url: str, pin: Pin | None, key: str | None) -> None:
        self._url = url.rstrip("/")
        self._client = httpx.Client(timeout=30, follow_redirects=False, headers=_HEADERS)
        self._trust = Trust(pin, key, self._directory)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    @property
    def pin(self) -> Pin | None:
        """The key that the last page was signed with."""
        return self._trust.pin

    def page(self, cursor: int) -> Page:
        """The verified page after a cursor. Raises PullError once it is no use to try again."""
        return _again(lambda: self._page(cursor))

    def _page(self, cursor: int) -> Page:
        headers, exchange = self._ask(f"{self._url}/pages", after=f"{cursor}")
        self._trust.believe(headers, exchange)
        try:
            page = msgspec.json.decode(exchange.body, type=Page)
        except msgspec.MsgspecError as error:
            raise NotVerified("Une page n'a pas la forme attendue.") from error
        if page.after != cursor or page.count != len(page.rows) or page.next < cursor:
            raise NotVerified("Une page ne correspond pas à ce qui a été demandé.")
        return page

    def _directory(self) -> Answer:
        return self._ask(self._url.rpartition("/exports/")[0] + DIRECTORY)

    def _ask(self, url: str, **query: str) -> Answer:
        """An answer whose bytes arrived as they were sent. What is asked is new each time: no old answer fits it."""
        question = self._client.build_request("GET", url, params={**query, "once": secrets.token_hex(8)})
        answer = self._client.send(question, stream=True)
        try:
            body = _read(answer)
        finally:
            answer.close()
        if answer.status_code in {403, 404, 410}:
            raise LinkRefused(_detail(answer.status_code, body))
        if answer.status_code != 200:
            raise PullError(f"Le serveur a répondu {answer.status_code}. Relancez plus tard.")
        if answer.headers.get("content-digest") != content_digest(body):
            raise NotVerified("Une page ne correspond pas à son empreinte : elle a été abîmée ou modifiée en route.")
        asked = urlsplit(str(question.url))
        return dict(answer.headers), Exchange(
            answer.status_code, body, answer.headers.get("content-type", ""), asked.path, f"?{asked.query}"
        )


def _read(answer: httpx.Response) -> bytes:
    parts, length = [], 0
    for part in answer.iter_raw():
        parts.append(part)
        length += len(part)
        if length > LONGEST:
            raise NotVerified("Une réponse est plus longue qu'aucune page ne peut l'être.")
    return b"".join(parts)


def _again(ask: Callable[[], Found]) -> Found:
    """What it gives, tried again while that may help."""
    problem = PullError()
    for attempt in range(TRIES):
        if attempt:
            time.sleep(0.2 * 3 ** (attempt - 1))
        try:
            return ask()
        except LinkRefused:
            raise
        except PullError as error:
            problem = error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            problem = PullError(f"Le serveur ne répond pas ({type(error).__name__}). Relancez plus tard.")
    raise problem


def _detail(status: int, body: bytes) -> str:
    try:
        problem = msgspec.json.decode(body, type=dict[str, Any])
        return f"{problem['title']}. {problem['detail']}"
    except (msgspec.MsgspecError, KeyError):
        return f"Le serveur refuse ce lien ({status})."
