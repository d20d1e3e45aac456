"""What an owner pastes, for each way of showing a form, and what their page's policy must then allow.

Three lines at most, so that whoever pastes them can read them. The script is pinned by its hash (SRI): what was
reviewed is what runs, whatever becomes of the server it comes from.
"""

from urllib.parse import urlsplit

from markupsafe import escape
from msgspec import Struct

from collector.schema import Target
from collector.settings import Settings
from embed.assets import Assets, built, integrity
from embed.language import DEFAULT, Language, languages

# What the screens take on a desktop, and all but the list of desks on a phone, in pixels: within it nothing moves.
ROOM = 540


class Snippet(Struct, frozen=True):
    """One way to embed a placement. `policy` is what to add to the host's Content-Security-Policy, or nothing."""

    mode: str
    title: str
    purpose: str
    code: str
    policy: str


def form_url(target: Target, base_url: str) -> str:
    return f"{base_url}/avis/{target.placement.key}"


def snippets_of(target: Target, settings: Settings, lang: str) -> tuple[Snippet, ...]:
    """With the files that were built. Raises SettingsError when they were not."""
    return snippets(target, settings.base_url, built(), languages()[lang])


def snippets(target: Target, base_url: str, assets: Assets, words: Language) -> tuple[Snippet, ...]:
    """Every snippet of a placement, the recommended one first, for a page in that language.

    In French nothing is said of it: the host page's own language is then the form's.
    """
    tongue = "" if words.code == DEFAULT else f' lang="{words.code}"'
    asked = "" if words.code == DEFAULT else f"?lang={words.code}"
    key = escape(target.placement.key)
    url = escape(form_url(target, base_url))
    label = escape(words.opening(target.placement.form).title)
    parts = urlsplit(base_url)
    origin = f"{parts.scheme}://{parts.netloc}"
    link = f'<a href="{url}{asked}"{tongue}>{label}</a>'
    script = (
        f'<script src="{escape(base_url)}{assets.loader_path}" integrity="{assets.loader_integrity}" '
        'crossorigin="anonymous" defer></script>'
    )
    extra = (
        f'<script src="{escape(base_url)}{assets.extra_path}" integrity="{integrity(assets.extra)}" '
        'crossorigin="anonymous" defer></script>'
    )
    both = f"script-src {origin}; frame-src {origin}"
    return (
        Snippet(
            "dialog",
            "Bouton et fenêtre",
            "Le bouton ouvre le questionnaire par-dessus votre page. Sans JavaScript, il reste un lien.",
            f'<je-donne-mon-avis key="{key}"{tongue}>{link}</je-donne-mon-avis>\n{script}',
            both,
        ),
        Snippet(
            "inline",
            "Dans la page",
            "La première question est visible dans votre page, qui s'agrandit avec le questionnaire. Rien ne bouge "
            "pendant le chargement, et tout fonctionne sans JavaScript.",
            f'<je-donne-mon-avis key="{key}" mode="inline"{tongue}>'
            f'<iframe src="{url}?embed=1&amp;lang={words.code}" title="{label}" width="100%" height="{ROOM}"></iframe>'
            f"</je-donne-mon-avis>\n{script}",
            both,
        ),
        Snippet(
            "corner",
            "Bouton dans un coin",
            "Le bouton reste dans un coin de l'écran, s'écarte de ce que l'usager remplit, et se masque d'un clic.",
            f'<je-donne-mon-avis key="{key}" mode="corner"{tongue}>{link}</je-donne-mon-avis>\n{script}\n{extra}',
            both,
        ),
        Snippet(
            "iframe",
            "Cadre sans script",
            "Pour un site qui n'accepte aucun script. La hauteur est fixe.",
            f'<iframe src="{url}?embed=1&amp;lang={words.code}" title="{label}" width="100%" height="640"></iframe>',
            f"frame-src {origin}",
        ),
        Snippet("link", "Lien", "Pour tout site et tout message : ouvre le questionnaire en pleine page.", link, ""),
        Snippet(
            "image",
            "Lien avec image",
            "Pour un e-mail, ou une plateforme qui n'accepte qu'une image dans un lien.",
            # Such platforms take these six attributes and refuse the whole for any other.
            f'<a href="{url}{asked}" title="{label}" target="_blank" rel="noopener">'
            f'<img src="{escape(base_url)}/bouton/solid-light.svg?lang={words.code}" alt="{label}"></a>',
            f"img-src {origin}",
        ),
        Snippet(
            "kiosk",
            "Borne ou tablette partagée",
            "Adresse à ouvrir en plein écran. Le questionnaire revient seul au début, après le merci ou sans réponse.",
            f"{url}?kiosk=1{asked.replace('?', '&')}",
            "",
        ),
        Snippet(
            "qr",
            "QR code",
            "Pour un guichet, un courrier ou une affiche. Téléchargez l'image : rien n'est chargé depuis nos serveurs.",
            f"{escape(base_url)}/qr/{key}.svg",
            "",
        ),
    )
