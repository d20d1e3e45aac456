"""How often somebody may try to sign in: counted before the password is looked at, given back when it was right.

Counted in the database, so that all workers share it, under names that hold for one day and that nobody can turn back
into an e-mail or an address. Per e-mail and per visitor: guessing one account from many places is stopped by the first,
guessing many accounts from one place by the second. It is the same whether the account exists or not.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b

from collector.errors import TooMany
from collector.privacy.visitors import day_key, visitor
from collector.schema import day_of
from collector.settings import Settings
from collector.storage import Storage

MOST_FAILURES = 10
WINDOW = 15 * 60


class TooManySignIns(TooMany):
    title = "Trop d'essais de connexion"
    detail = "Pour protéger les comptes, la connexion est suspendue quelques minutes. Réessayez un peu plus tard."


async def names(
    storage: Storage, settings: Settings, email: str, address: str, now: datetime, kind: str = "sign-in"
) -> list[str]:
    """Under which names an attempt of this kind is counted today."""
    day = day_of(now)
    key = day_key(settings.secret_keys[0], await storage.intake.salt(day))
    return [
        blake2b(f"{kind}-{what}/{who}".encode(), key=key, digest_size=12).hexdigest()
        for what, who in (("email", email), ("visitor", visitor(address, key)))
    ]


async def charge(storage: Storage, counted: Sequence[str], now: datetime, most: int = MOST_FAILURES) -> None:
    """Count one attempt. Raises TooManySignIns with the seconds to wait."""
    moment = int(now.timestamp())
    uses = await storage.accounts.count_attempts(counted, moment, WINDOW)
    spent = [use for use in uses if use.used > most]
    if spent:
        raise TooManySignIns(retry_after=max(1, max(use.expires for use in spent) - moment))


async def give_back(storage: Storage, counted: Sequence[str]) -> None:
    """Only failures count: somebody who signs in every day never meets the limit."""
    await storage.accounts.forget_attempts(counted)
