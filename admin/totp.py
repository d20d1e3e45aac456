"""Codes that change every half minute, as every telephone's app makes them: RFC 6238 with SHA-1 and six figures."""

import hmac
import secrets
from base64 import b32encode
from datetime import datetime
from urllib.parse import quote, urlencode

STEP = 30
FIGURES = 6
# Telephones are some seconds off, and people type slowly.
LATE = 1


def new_secret() -> bytes:
    """As long as the digest, which RFC 4226 asks for."""
    return secrets.token_bytes(20)


def code_at(secret: bytes, step: int, figures: int = FIGURES) -> str:
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**figures:0{figures}d}"


def step_at(now: datetime) -> int:
    return int(now.timestamp()) // STEP


def proven_step(secret: bytes, typed: str, now: datetime, after: int = 0) -> int | None:
    """The step whose code was typed, if it is near and later than `after`: what was seen once opens nothing again."""
    current = step_at(now)
    near = range(max(after + 1, current - LATE), current + LATE + 1)
    return next((step for step in near if hmac.compare_digest(code_at(secret, step).encode(), typed.encode())), None)


def readable(secret: bytes) -> str:
    """In groups of four, to be typed where no camera reads the picture."""
    text = b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, email: str, issuer: str) -> str:
    """What the picture says to the app."""
    query = urlencode({"secret": b32encode(secret).decode(), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(email)}?{query}"
