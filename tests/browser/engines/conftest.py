"""One browser per engine and module: starting one takes longer than a journey."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.browser.conftest import AXE
from tests.browser.engines.engine import Engine, chromium_engine, firefox_engine, webkit_engine


@pytest.fixture(scope="module", params=["chromium", "firefox", "webkit"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp(request.param)
    with ExitStack() as stack:
        if request.param == "chromium":
            made: Engine = stack.enter_context(chromium_engine(request.getfixturevalue("chromium")))
        elif request.param == "firefox":
            made = stack.enter_context(firefox_engine(folder))
        else:
            made = stack.enter_context(webkit_engine(folder))
        yield made


@pytest.fixture(scope="session")
def axe_script() -> str:
    return AXE.read_text("utf-8")
