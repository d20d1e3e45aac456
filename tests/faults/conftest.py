"""What several faults begin with."""

from pathlib import Path

import pytest

from collector.settings import Settings, load
from collector.storage.migrate import migrate
from tests.conftest import environment


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Settings:
    settings = load(environment(tmp_path / "data"))
    migrate(settings)
    return settings
