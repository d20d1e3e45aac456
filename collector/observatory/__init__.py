"""What everybody may see: the figures of public procedures."""

from typing import Any

from collector.observatory import indicators

routes: list[Any] = [indicators.public_indicators]
