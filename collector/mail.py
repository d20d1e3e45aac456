"""Send a letter: the one door to SMTP. Nothing is kept and nothing is tried again here; the caller says what failed.

The connection is encrypted, and the server's certificate verified, unless the operator says that it need not be.
"""

import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid

import aiosmtplib
from msgspec import Struct

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


async def send(settings: Settings, letter: Letter) -> None:
    """Hand a letter to the operator's server. Raises MailFailed."""
    server = settings.mail_server
    if server is None:
        raise MailFailed("Aucun serveur de courrier n'est réglé (AVIS_MAIL_SERVER).")
    try:
        await aiosmtplib.send(
            written(letter, settings.mail_from),
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.encryption == "tls",
            start_tls=server.encryption == "starttls",
            tls_context=ssl.create_default_context() if server.encryption != "none" else None,
            timeout=PATIENCE,
        )
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise MailFailed from error


def written(letter: Letter, sender: str) -> EmailMessage:
    """Both as text and as HTML. Raises ValueError for an address that would be two headers."""
    message = EmailMessage()
    message["From"] = Address("Avis", addr_spec=sender)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = letter.subject
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    # No out-of-office answers, please (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message
