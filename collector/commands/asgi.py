"""What each uvicorn worker imports."""

import os

from litestar import Litestar

from collector.app import create_app
from collector.settings import load


def app() -> Litestar:
    return create_app(load(os.environ))
