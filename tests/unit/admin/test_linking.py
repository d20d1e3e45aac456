"""Addresses in plain text: only those that can be followed safely, and shown as they are."""

import pytest

from admin.linking import linked


def link(address: str) -> str:
    return f'<a href="{address}" rel="noopener">{address}</a>'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Rien à suivre", "Rien à suivre"),
        ("Voir https://exemple.fr/a?b=1.", f"Voir {link('https://exemple.fr/a?b=1')}."),
        ("(https://exemple.fr), puis https://b.fr !", f"({link('https://exemple.fr')}), puis {link('https://b.fr')} !"),
        ("« https://exemple.fr/aide »", f"« {link('https://exemple.fr/aide')} »"),
        ("https://exemple.fr/?a=1&b=2", link("https://exemple.fr/?a=1&amp;b=2")),
        ("http://exemple.fr javascript:alert(1)", "http://exemple.fr javascript:alert(1)"),
        ("https://", "https://"),
        ("<b>https://exemple.fr</b>", f"&lt;b&gt;{link('https://exemple.fr')}&lt;/b&gt;"),
        ('https://exemple.fr/"onclick="x', f"{link('https://exemple.fr/')}&#34;onclick=&#34;x"),
    ],
)
def test_only_https_is_followed_and_all_else_stays_text(text: str, shown: str) -> None:
    assert str(linked(text)) == shown
