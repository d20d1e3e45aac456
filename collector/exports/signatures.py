"""What an export says is signed: HTTP message signatures (RFC 9421) of Ed25519, for the service and for whoever pulls.

The keys are derived from AVIS_SECRET_KEYS and stored nowhere: all instances have them, a restored or moved database
needs none, and they rotate with the keys that the links themselves are signed with, with the same overlap. They are
stretched before, because a public key lets anybody try words in peace.

What is covered binds an answer to its question, the query with whatever the client added to it included: no page can
be put in the place of another, and no old one played back.
"""

import hashlib
import re
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct, json

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

DIRECTORY = "/.well-known/http-message-signatures-directory"
DIRECTORY_TYPE = "application/http-message-signatures-directory+json"
_COVERED = '("@status" "content-digest" "content-type" "@path";req "@query";req)'
_INPUT = re.compile(
    rf'(?P<label>[a-z0-9]+)=(?P<parameters>{re.escape(_COVERED)};created=\d{{1,12}};keyid="(?P<key>[\w-]{{43}})"'
    r';alg="ed25519")',
    re.ASCII,
)
_SIGNATURE = re.compile(r"([a-z0-9]+)=:([A-Za-z0-9+/=]{88}):", re.ASCII)


class PublicKey(Struct, frozen=True):
    """One member of a JWK Set (RFC 7517, RFC 8037). `kid` is its thumbprint, so a key cannot take another's name."""

    kid: str
    x: str
    kty: str = "OKP"
    crv: str = "Ed25519"
    use: str = "sig"

    @property
    def is_named_rightly(self) -> bool:
        return (self.kty, self.crv) == ("OKP", "Ed25519") and self.kid == thumbprint(self.x)


class SigningKey(Struct, frozen=True):
    public: PublicKey
    private: "Ed25519PrivateKey"


class Exchange(Struct, frozen=True):
    """An answer and of its question what is signed with it. `query` begins with its question mark, as in the RFC."""

    status: int
    body: bytes
    media_type: str
    path: str
    query: str

    def base(self, parameters: str) -> bytes:
        """The signature base, RFC 9421 section 2.5."""
        lines = {
            '"@status"': self.status,
            '"content-digest"': content_digest(self.body),
            '"content-type"': self.media_type,
            '"@path";req': self.path,
            '"@query";req': self.query,
            '"@signature-params"': parameters,
        }
        return "\n".join(f"{name}: {value}" for name, value in lines.items()).encode()


@lru_cache(maxsize=4)
def signing_keys(secret_keys: tuple[str, ...]) -> tuple[SigningKey, ...]:
    """Newest first, as in the settings. The first call takes some 50 ms for each key."""
    return tuple(_derived(key) for key in secret_keys)


def content_digest(body: bytes) -> str:
    """RFC 9530."""
    return f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode()}:"


def thumbprint(x: str) -> str:
    """RFC 7638: the members that make the key, in the order of the alphabet."""
    members = json.encode({"crv": "Ed25519", "kty": "OKP", "x": x})
    return _unpadded(hashlib.sha256(members).digest())


def is_thumbprint(text: str) -> bool:
    return re.fullmatch(r"[\w-]{43}", text, re.ASCII) is not None


def signature_headers(keys: Sequence[SigningKey], exchange: Exchange, now: datetime) -> dict[str, str]:
    """One signature by each of the keys."""
    inputs, signatures = [], []
    for number, key in enumerate(keys):
        label = f"avis{number or ''}"
        parameters = f'{_COVERED};created={int(now.timestamp())};keyid="{key.public.kid}";alg="ed25519"'
        inputs.append(f"{label}={parameters}")
        signatures.append(f"{label}=:{b64encode(key.private.sign(exchange.base(parameters))).decode()}:")
    return {
        "Content-Digest": content_digest(exchange.body),
        "Signature-Input": ", ".join(inputs),
        "Signature": ", ".join(signatures),
    }


def signers(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Who is said to have signed; believe it once `is_signed_by` agrees."""
    return tuple(found["key"] for found in _INPUT.finditer(headers.get("signature-input", "")))


def is_signed_by(key: PublicKey, headers: Mapping[str, str], exchange: Exchange) -> bool:
    """Whether one of the signatures is this key's over this very exchange."""
    signatures = dict(_SIGNATURE.findall(headers.get("signature", "")))
    return any(
        found["key"] == key.kid and holds(key, signatures.get(found["label"], ""), exchange.base(found["parameters"]))
        for found in _INPUT.finditer(headers.get("signature-input", ""))
    )


def sign(key: SigningKey, content: bytes) -> str:
    """The signature of a content that stands for itself, such as an edition. No signature base begins with a brace."""
    return b64encode(key.private.sign(content)).decode()


def holds(key: PublicKey, signature: str, base: bytes) -> bool:
    """Whether this is the key's signature of these very bytes."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - six megabytes, for the few who need them
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        public = Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(f"{key.x}="))
        public.verify(b64decode(signature, validate=True), base)
    except (InvalidSignature, NotBase64, ValueError):
        return False
    return True


def _derived(secret: str) -> SigningKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    seed = hashlib.scrypt(secret.encode(), salt=b"avis.export-signature.v1", n=2**14, r=8, p=1, dklen=32)
    private = Ed25519PrivateKey.from_private_bytes(seed)
    x = _unpadded(private.public_key().public_bytes_raw())
    return SigningKey(PublicKey(thumbprint(x), x), private)


def _unpadded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
