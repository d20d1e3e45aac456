"""HTTP message signatures: made and verified as RFC 9421 says, and held by nothing but what was signed."""

from base64 import b64decode, urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec.structs import replace

from collector.exports.signatures import (
    Exchange,
    PublicKey,
    is_signed_by,
    signature_headers,
    signers,
    signing_keys,
    thumbprint,
)

OLD, NEW = "ancienne-clé-secrète-de-trente-deux-signes", "nouvelle-clé-secrète-de-trente-deux-signes"
WHEN = datetime(2026, 3, 12, 11, tzinfo=UTC)
EXCHANGE = Exchange(200, b'{"rows":[]}', "application/json", "/exports/TOKEN/pages", "?after=12&once=ab")


def lowered(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def test_the_signature_base_is_that_of_the_rfc_line_by_line() -> None:
    (key,) = signing_keys((OLD,))
    headers = signature_headers([key], EXCHANGE, WHEN)
    parameters = (
        '("@status" "content-digest" "content-type" "@path";req "@query";req)'
        f';created=1773313200;keyid="{key.public.kid}";alg="ed25519"'
    )
    assert headers["Signature-Input"] == f"avis={parameters}"
    written = (
        '"@status": 200\n'
        f'"content-digest": {headers["Content-Digest"]}\n'
        '"content-type": application/json\n'
        '"@path";req: /exports/TOKEN/pages\n'
        '"@query";req: ?after=12&once=ab\n'
        f'"@signature-params": {parameters}'
    )
    signature = b64decode(headers["Signature"].removeprefix("avis=:").removesuffix(":"))
    assert isinstance(key.private.public_key(), Ed25519PublicKey)
    key.private.public_key().verify(signature, written.encode())


def test_a_thumbprint_is_that_of_rfc_8037() -> None:
    # Appendix A.3 of the RFC.
    assert thumbprint("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo") == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.parametrize(
    "changed",
    [
        {"status": 201},
        {"body": b'{"rows":[1]}'},
        {"media_type": "text/html"},
        {"path": "/exports/OTHER/pages"},
        {"query": "?after=13&once=ab"},
        {"query": "?after=12&once=cd"},
    ],
)
def test_nothing_that_is_signed_can_be_swapped(changed: dict[str, object]) -> None:
    (key,) = signing_keys((OLD,))
    headers = lowered(signature_headers([key], EXCHANGE, WHEN))
    assert is_signed_by(key.public, headers, EXCHANGE)
    assert not is_signed_by(key.public, headers, replace(EXCHANGE, **changed))


def test_every_key_signs_the_directory_and_only_the_right_one_is_believed() -> None:
    new, old = signing_keys((NEW, OLD))
    headers = lowered(signature_headers([new, old], EXCHANGE, WHEN))
    assert signers(headers) == (new.public.kid, old.public.kid)
    assert is_signed_by(new.public, headers, EXCHANGE)
    assert is_signed_by(old.public, headers, EXCHANGE)
    (stranger,) = signing_keys(("une-troisième-clé-secrète-qui-est-longue",))
    assert not is_signed_by(stranger.public, headers, EXCHANGE)
    assert not is_signed_by(replace(stranger.public, kid=new.public.kid), headers, EXCHANGE), "a borrowed name"


def test_the_same_secret_gives_the_same_key_in_every_process() -> None:
    (key,) = signing_keys((OLD,))
    signing_keys.cache_clear()
    assert signing_keys((OLD,))[0].public == key.public == signing_keys((NEW, OLD))[1].public
    assert key.public.is_named_rightly
    assert not replace(key.public, x=urlsafe_b64encode(bytes(32)).decode().rstrip("=")).is_named_rightly


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"signature-input": "avis=nonsense", "signature": "avis=:AAAA:"},
        {"signature": "avis=:%%%%:"},
    ],
)
def test_what_cannot_be_read_is_not_signed(headers: dict[str, str]) -> None:
    (key,) = signing_keys((OLD,))
    good = lowered(signature_headers([key], EXCHANGE, WHEN))
    assert not is_signed_by(key.public, {**good, **headers} if headers else {}, EXCHANGE)
    assert not is_signed_by(PublicKey(key.public.kid, "é"), good, EXCHANGE)
