"""What an owner pastes for a placement, with the built files that it names."""

from collector.schema import Target
from collector.settings import Settings
from embed.assets import built
from embed.language import languages
from embed.snippets import Snippet, snippets


def snippets_of(target: Target, settings: Settings, lang: str) -> tuple[Snippet, ...]:
    """Raises SettingsError when the widget was not built."""
    return snippets(target, settings.base_url, built(), languages()[lang])
