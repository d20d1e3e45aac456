"""Letters leave through a real server: encrypted, to whom its certificate says, with nothing slipped in."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from collector.mail import Letter, MailFailed, greet, send, written
from collector.schema import utc_now
from collector.settings import Settings, load
from tests.services import Postbox, free_port, mail_server

LETTER = Letter("bruno@exemple.fr", "L'été à Évry", "Bonjour Bruno,\n\nça va ?\n", "<p>Bonjour Bruno, ça va ?</p>")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of localhost, signed by itself; its key is beside it."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(utc_now() - timedelta(days=1))
        .not_valid_after(utc_now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    kind, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(kind, form, serialization.NoEncryption()))
    (folder / "certificate.pem").write_bytes(made.public_bytes(kind))
    return folder / "certificate.pem"


@pytest.fixture(scope="module")
def encrypted(certificate: Path) -> Iterator[Postbox]:
    key = certificate.with_name("key.pem")
    with mail_server("--tlscert", str(certificate), "--tlskey", str(key)) as server:
        yield server


@pytest.fixture(scope="module")
def plain() -> Iterator[Postbox]:
    with mail_server() as server:
        yield server


def settings(server: str, tmp_path: Path) -> Settings:
    return load({"AVIS_DATA": str(tmp_path), "AVIS_MAIL_SERVER": server, "AVIS_MAIL_FROM": "avis@exemple.fr"})


async def test_a_letter_arrives_whole_as_text_and_as_html(plain: Postbox, tmp_path: Path) -> None:
    await send(settings(f"smtp+plain://127.0.0.1:{plain.port}", tmp_path), LETTER)
    (letter,) = plain.letters()
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text
    assert html
    assert (letter["Subject"], letter["To"], letter["Auto-Submitted"]) == (LETTER.subject, LETTER.to, "auto-generated")
    assert text.get_content() == LETTER.text
    assert "ça va" in html.get_content()
    assert letter["Message-ID"].endswith("@exemple.fr>")


async def test_a_letter_that_was_asked_for_keeps_its_name_and_the_whole_link_that_stops_it(
    plain: Postbox, tmp_path: Path
) -> None:
    stop = f"https://avis.{'long-nom-de-domaine.' * 4}exemple.fr/admin/desabonnement/{'x' * 80}"
    known = settings(f"smtp+plain://127.0.0.1:{plain.port}", tmp_path)
    asked_for = Letter(LETTER.to, LETTER.subject, LETTER.text, LETTER.html, name="avis-7-1", stop=stop)
    # Python's own way cuts it into encoded words, which mail programs do not put together again.
    assert f"\r\nList-Unsubscribe: <{stop}>\r\n" in written(asked_for, "avis@exemple.fr").as_bytes().decode()
    await send(known, asked_for)
    (letter,) = plain.letters()
    assert letter["List-Unsubscribe"].strip() == f"<{stop}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Message-ID"] == "<avis-7-1@exemple.fr>"
    assert letter["Subject"] == LETTER.subject


async def test_a_letter_is_encrypted_and_the_server_has_to_be_who_it_says(
    encrypted: Postbox, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = settings(f"smtp://localhost:{encrypted.port}", tmp_path)
    with pytest.raises(MailFailed):
        await send(known, LETTER)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    await send(known, LETTER)
    assert len(encrypted.letters()) == 1
    with pytest.raises(MailFailed):
        await send(settings(f"smtp://127.0.0.1:{encrypted.port}", tmp_path), LETTER)
    # Whoever wants no encryption has to say so: this server insists on it.
    with pytest.raises(MailFailed):
        await send(settings(f"smtp+plain://localhost:{encrypted.port}", tmp_path), LETTER)
    assert encrypted.letters() == []


async def test_a_server_that_does_not_encrypt_gets_no_letter(plain: Postbox, tmp_path: Path) -> None:
    for scheme in ("smtp", "smtps"):
        with pytest.raises(MailFailed):
            await send(settings(f"{scheme}://127.0.0.1:{plain.port}", tmp_path), LETTER)
    assert plain.letters() == []


@pytest.mark.parametrize("to", ["bruno@exemple.fr\nBcc: eve@exemple.fr", "bruno", "a@b.fr, c@d.fr"])
async def test_an_address_is_one_address(plain: Postbox, tmp_path: Path, to: str) -> None:
    with pytest.raises(MailFailed):
        await send(
            settings(f"smtp+plain://127.0.0.1:{plain.port}", tmp_path), Letter(to, LETTER.subject, LETTER.text, "")
        )
    assert plain.letters() == []


async def test_without_a_server_nothing_is_sent(tmp_path: Path) -> None:
    with pytest.raises(MailFailed, match="AVIS_MAIL_SERVER"):
        await send(load({"AVIS_DATA": str(tmp_path)}), LETTER)


async def test_a_server_is_greeted_as_a_letter_would_be_and_gets_none(
    plain: Postbox, encrypted: Postbox, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await greet(settings(f"smtp+plain://127.0.0.1:{plain.port}", tmp_path))
    known = settings(f"smtp://localhost:{encrypted.port}", tmp_path)
    for unsafe in (known, settings(f"smtp://127.0.0.1:{plain.port}", tmp_path)):
        with pytest.raises(MailFailed, match="chiffrement"):
            await greet(unsafe)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    await greet(known)
    with pytest.raises(MailFailed, match="chiffrement"):
        await greet(settings(f"smtp+plain://bruno:faux@127.0.0.1:{plain.port}", tmp_path))
    with pytest.raises(MailFailed):
        await greet(settings(f"smtp+plain://127.0.0.1:{free_port()}", tmp_path))
    assert plain.letters() == encrypted.letters() == []


async def test_a_password_that_the_server_refuses_is_told_as_that(tmp_path: Path) -> None:
    """A server of our own: the one of the other tests knows no accounts."""
    left = asyncio.Event()

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            writer.write(b"250-here\r\n250 AUTH PLAIN\r\n" if word == b"EHLO" else b"535 no\r\n")
            await writer.drain()
        writer.close()
        await writer.wait_closed()
        left.set()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(MailFailed, match="utilisateur ou le mot de passe"):
            await greet(settings(f"smtp+plain://bruno:faux@127.0.0.1:{port}", tmp_path))
        await left.wait()
