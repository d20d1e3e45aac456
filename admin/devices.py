"""What people recognise their own sessions by: the family of the browser and the kind of machine, and nothing finer."""

from collections.abc import Sequence

from msgspec import Struct

from collector.schema import Browser, Device

# In this order: Edge and Chrome say that they are Safari too, and Edge that it is Chrome.
_BROWSERS: Sequence[tuple[str, Browser]] = (
    ("edg", "edge"),
    ("firefox", "firefox"),
    ("fxios", "firefox"),
    ("chrom", "chrome"),
    ("crios", "chrome"),
    ("safari", "safari"),
)
_DEVICES: Sequence[tuple[str, Device]] = (
    ("ipad", "tablet"),
    ("tablet", "tablet"),
    ("mobile", "phone"),
    ("iphone", "phone"),
    ("android", "tablet"),
    ("windows", "computer"),
    ("macintosh", "computer"),
    ("linux", "computer"),
    ("cros", "computer"),
)


class Family(Struct, frozen=True):
    browser: Browser
    device: Device


def family(user_agent: str) -> Family:
    """Of a `User-Agent`, which is looked at here and kept nowhere."""
    said = user_agent.casefold()
    return Family(
        next((name for word, name in _BROWSERS if word in said), "other"),
        next((name for word, name in _DEVICES if word in said), "other"),
    )
