"""Say once that a task can no longer do its work, and once that it can again, however often it tried meanwhile."""

from collections.abc import Callable
from time import monotonic

import structlog


class Outage:
    """`failed` and `worked` after each try. What is said begins with the cause and ends with how long it took."""

    def __init__(self, logger: str, begins: str, ends: str, steady: Callable[[], float] = monotonic) -> None:
        self._log = structlog.get_logger(logger)
        self._begins, self._ends = begins, ends
        self._steady = steady
        self._since: float | None = None

    def failed(self, error: Exception) -> None:
        if self._since is None:
            self._since = self._steady()
            self._log.warning(self._begins, cause=type(error.__cause__ or error).__name__)

    def worked(self) -> None:
        if self._since is not None:
            self._log.warning(self._ends, seconds=round(self._steady() - self._since))
            self._since = None
