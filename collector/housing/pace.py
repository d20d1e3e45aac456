"""Write a large file beside a service that waits for the same disk at every review."""

import os
import time

CHUNK = 1 << 20
"""Bytes between two breaths."""


class Pace:
    """At most `rate` megabytes in a second, each on disk before the next one.

    What piles up unwritten would be written at once when the service next waits for the disk.
    """

    def __init__(self, rate: float) -> None:
        self._rate = rate * 1e6
        self._due = time.monotonic()

    def __call__(self, handle: int, written: int) -> None:
        os.fdatasync(handle)
        self._due = max(self._due + written / self._rate, time.monotonic() - 1)
        time.sleep(max(0.0, self._due - time.monotonic()))
