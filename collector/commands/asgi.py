"""What each uvicorn worker imports."""

import gc
import os

from litestar import Litestar

from collector.app import create_app
from collector.settings import load


def app() -> Litestar:
    made = create_app(load(os.environ))
    _settle()
    return made


def _settle() -> None:
    """What is there now stays: the collector of garbage need not walk through it again while citizens wait."""
    gc.collect()
    gc.freeze()
    # Requests leave few cycles behind: by default it would look for them every few reviews, and find none.
    gc.set_threshold(10_000, 20, 20)
