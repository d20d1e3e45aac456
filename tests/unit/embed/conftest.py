"""The procedure *passeport* as the form page meets it, without a database."""

from datetime import UTC, datetime

import pytest

from collector.schema import FormName, Placement, Procedure, Target
from embed.assets import Assets, fingerprint

NOON = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)
MAIRIE = "https://mairie.exemple.fr"


def target(form: FormName = "satisfaction", *, title: str = "Demander un passeport", contact: bool = False) -> Target:
    return Target(
        Procedure(
            id=1,
            slug="passeport",
            title=title,
            organisation_id=1,
            organisation="Mairie d'Exemple",
            ministry="Intérieur",
            audiences=("individuals",),
            origins=(MAIRIE,),
            state="open",
            created_at=NOON,
        ),
        Placement(
            id=1,
            procedure_id=1,
            key="0123456789abcdef0123",
            channel="web",
            form=form,
            label="Fin de démarche",
            contact=contact,
            created_at=NOON,
            closed_at=None,
        ),
    )


@pytest.fixture
def assets() -> Assets:
    """Built files that are easy to find again in a page."""
    return Assets(
        loader=b"loader()",
        loader_hash=fingerprint(b"loader()"),
        loader_integrity="sha384-of-the-loader",
        extra=b"extra()",
        scripts={},
        script="form()",
        script_source="'sha256-of-the-script'",
        kiosk="kiosk()",
        kiosk_source="'sha256-of-the-kiosk'",
        trial="trial()",
        trial_source="'sha256-of-the-trial'",
        style={"auto": "auto{}", "light": "light{}", "dark": "dark{}"},
        style_source={"auto": "'sha256-auto'", "light": "'sha256-light'", "dark": "'sha256-dark'"},
    )
