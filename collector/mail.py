"""Send a letter: the one door to SMTP. Nothing is kept and nothing is tried again here; the caller says what failed.

A letter that may be sent again says who it is: after a crash the same one may leave twice, and mailboxes that look at
`Message-ID` keep one. One that was asked for says how to have no more of them, in a click (RFC 8058).

The connection is encrypted, and the server's certificate verified, unless the operator says that it need not be.
"""

import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import make_msgid
from typing import Any

import aiosmtplib
from msgspec import Struct
from typing_extensions import override

from collector.errors import AvisError
from collector.settings import Settings

PATIENCE = 10.0
"""Seconds for a server to answer: somebody may be waiting before a page."""


class MailFailed(AvisError):
    status, code, title = 503, "mail-failed", "Le courriel n'est pas parti"
    detail = "Le serveur de courrier ne répond pas ou refuse ce message. Réessayez dans un instant."


class Letter(Struct, frozen=True):
    to: str
    subject: str
    text: str
    html: str
    name: str = ""
    """What its `Message-ID` begins with, the same each time that it is sent; something random if empty."""
    stop: str = ""
    """Where a POST stops such letters, and a GET asks first."""


async def send(settings: Settings, letter: Letter) -> None:
    """Hand a letter to the operator's server. Raises MailFailed."""
    server = _server(settings)
    try:
        message = written(letter, settings.mail_from).as_bytes()
        async with server:
            await server.sendmail(settings.mail_from, [letter.to], message)
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise MailFailed from error


async def greet(settings: Settings) -> None:
    """Connect as `send` does, encryption and password included, and leave without a letter. Raises MailFailed."""
    try:
        async with _server(settings) as server:
            await server.noop()
    except aiosmtplib.SMTPAuthenticationError as error:
        raise MailFailed("Le serveur de courrier refuse l'utilisateur ou le mot de passe.") from error
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise MailFailed("Le serveur de courrier ne répond pas, ou pas avec le chiffrement demandé.") from error


def _server(settings: Settings) -> aiosmtplib.SMTP:
    server = settings.mail_server
    if server is None:
        raise MailFailed("Aucun serveur de courrier n'est réglé (AVIS_MAIL_SERVER).")
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user or None,
        password=server.password or None,
        use_tls=server.encryption == "tls",
        start_tls=server.encryption == "starttls",
        tls_context=ssl.create_default_context() if server.encryption != "none" else None,
        timeout=PATIENCE,
    )


class _WholeLinks(EmailPolicy):
    """Python folds a header without blanks into encoded words, and no mail program reads a link in those."""

    @override
    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {value}{self.linesep}" if name in _LINKS else super().fold(name, value)

    @override
    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii") if name in _LINKS else super().fold_binary(name, value)


_LINKS = ("List-Unsubscribe", "Message-ID")
# Seven bits: any server takes them.
_WHOLE_LINKS = _WholeLinks(linesep="\r\n", cte_type="7bit")


def written(letter: Letter, sender: str) -> EmailMessage:
    """Both as text and as HTML. Raises ValueError for an address that would be two headers."""
    message = EmailMessage(_WHOLE_LINKS)
    message["From"] = Address("Avis", addr_spec=sender)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = letter.subject
    domain = sender.rpartition("@")[2]
    message["Message-ID"] = f"<{letter.name}@{domain}>" if letter.name else make_msgid(domain=domain)
    # No out-of-office answers, please (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    if letter.stop:
        message["List-Unsubscribe"] = f"<{letter.stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message
