"""Whose address a limit counts: only our own proxies are believed."""

from pathlib import Path

import pytest

from collector.settings import load
from collector.web import client_address

ALICE = "203.0.113.7"
NOBODY = "0.0.0.0"  # noqa: S104 - nothing is bound to it


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "address"),
    [
        # nobody is trusted: whoever connects is who it is, whatever it claims
        ("", ALICE, [], ALICE),
        ("", ALICE, ["198.51.100.1"], ALICE),
        ("", "2001:db8::7", ["198.51.100.1"], "2001:db8::7"),
        # one proxy
        ("10.0.0.1", "10.0.0.1", [ALICE], ALICE),
        ("10.0.0.1", "10.0.0.1", [f"{ALICE}:49152"], ALICE),
        ("10.0.0.1", "10.0.0.1", [f' "{ALICE}" '], ALICE),
        ("10.0.0.1", "10.0.0.1", [], "10.0.0.1"),
        # a stranger that does not come through it claims to be somebody else
        ("10.0.0.1", "198.51.100.66", [ALICE], "198.51.100.66"),
        # Alice claims to be somebody else, and the proxy appends who she is
        ("10.0.0.1", "10.0.0.1", [f"1.1.1.1, 2.2.2.2, {ALICE}"], ALICE),
        ("10.0.0.1", "10.0.0.1", ["1.1.1.1", ALICE], ALICE),
        # Alice claims to be our proxy
        ("10.0.0.1", "10.0.0.1", [f"10.0.0.1, {ALICE}"], ALICE),
        # two proxies in a row, then a network of them
        ("10.0.0.1,10.0.0.2", "10.0.0.1", [f"9.9.9.9, {ALICE}, 10.0.0.2"], ALICE),
        ("10.0.0.0/8", "10.0.0.1", [f"9.9.9.9, {ALICE}, 10.3.0.1, 10.2.0.1"], ALICE),
        # everybody on the way is ours: the one furthest away is who it is
        ("10.0.0.0/8", "10.0.0.1", ["10.0.0.9, 10.0.0.2"], "10.0.0.9"),
        # IPv6, with and without a port, with a zone
        ("2001:db8::1", "2001:db8::1", ["2001:db8:1::7"], "2001:db8:1::7"),
        ("2001:db8::1", "2001:db8::1", ["[2001:db8:1::7]:443"], "2001:db8:1::7"),
        ("2001:db8::1", "2001:db8::1", ["[2001:db8:1::7]"], "2001:db8:1::7"),
        ("10.0.0.1", "10.0.0.1", ["fe80::1%eth0"], "fe80::1"),
        ("10.0.0.1", "10.0.0.1", ["2001:DB8:1:0:0::7"], "2001:db8:1::7"),
        # a socket that listens on both families names an IPv4 peer in IPv6
        ("10.0.0.0/8", "::ffff:10.0.0.1", [ALICE], ALICE),
        ("10.0.0.0/8", "10.0.0.1", [f"::ffff:{ALICE}"], ALICE),
        ("", f"::ffff:{ALICE}", [], ALICE),
        # what is no address counts as one and the same nobody
        ("10.0.0.1", "10.0.0.1", ["unknown"], NOBODY),
        ("10.0.0.1", "10.0.0.1", [f"{ALICE}, _hidden"], NOBODY),
        ("10.0.0.1", "10.0.0.1", [""], NOBODY),
        ("", None, [], NOBODY),
    ],
)
def test_the_right_most_hop_that_is_not_ours_is_whom_we_count(
    tmp_path: Path, trusted: str, peer: str | None, forwarded: list[str], address: str
) -> None:
    settings = load({"AVIS_DATA": str(tmp_path), "AVIS_TRUSTED_PROXIES": trusted, "AVIS_SECRET_KEYS": "k" * 32})
    scope = {
        "client": (peer, 49152) if peer else None,
        "headers": [(b"x-forwarded-for", line.encode()) for line in forwarded],
    }
    assert client_address(scope, settings) == address
