"""Settings that are wrong, weak, or contradict each other. Pure, but for the modes of files."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from collector.doctor.findings import Finding, error, ok, warning
from collector.errors import SettingsError
from collector.settings import KNOWN, Settings, load

_LOCAL = {"127.0.0.1", "localhost", "::1"}
# Networks that are nobody's (RFC 5737): who trusts all three trusts everybody.
_STRANGERS = ("192.0.2.1", "198.51.100.1", "203.0.113.1")
_FEWEST_CHARACTERS = 9
"""Of 32 drawn by chance from the 16 of hexadecimal, fewer than 9 are different in 3 keys of a million."""


def read(environ: Mapping[str, str]) -> tuple[Settings | None, list[Finding]]:
    """The settings, as far as they can be read: an unknown name hides nothing else that is wrong."""
    unknown = sorted(name for name in environ if name.startswith("AVIS_") and name not in KNOWN)
    findings = [
        error("setting-unknown", f"{name} n'est pas un réglage : le service ne démarre pas.", "Corrigez ou retirez-le.")
        for name in unknown
    ]
    made_now = not environ.get("AVIS_SECRET_KEYS", "").strip() and not _key_file(environ).exists()
    try:
        settings = load({name: value for name, value in environ.items() if name not in unknown})
    except SettingsError as wrong:
        return None, [*findings, error("setting-wrong", wrong.message, "Corrigez-le : docs/operators.md les décrit.")]
    if made_now:
        findings.append(
            warning(
                "secret-key-new",
                f"Il n'y avait pas de clé secrète : {_key_file(environ)} vient d'être fait.",
                "Si cette base a déjà servi, remettez l'ancienne : liens d'export et e-mails en dépendent.",
            )
        )
    return settings, findings or [ok("settings", "Tous les réglages sont connus et lisibles.")]


def _key_file(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("AVIS_DATA", "").strip() or "data", "secret.key")


def judge(settings: Settings, environ: Mapping[str, str], today: date) -> Iterator[Finding]:
    yield from _keys(settings, environ)
    yield from chosen(settings, today)


def chosen(settings: Settings, today: date) -> Iterator[Finding]:
    """What can be said of the settings alone, wherever they were read from."""
    yield base_url(settings.base_url)
    yield _proxies(settings)
    yield _retention(settings, today)
    yield _limits(settings)
    if not settings.privacy_contact:
        yield warning(
            "privacy-contact-missing",
            "La page /vie-privee ne dit pas à qui écrire.",
            "Réglez AVIS_PRIVACY_CONTACT : l'article 13 du RGPD demande un contact.",
        )


def base_url(url: str) -> Finding:
    host = urlsplit(url).hostname or ""
    if host in _LOCAL:
        return warning(
            "base-url-local",
            f"AVIS_BASE_URL est {url} : liens, codes et extraits ne mènent que vers cette machine.",
            "Donnez l'adresse publique, https://…",
        )
    if not url.startswith("https://"):
        return error(
            "base-url-not-https",
            f"AVIS_BASE_URL est {url} : les avis voyagent en clair et les pages https refusent le bouton.",
            "Servez par un mandataire TLS et donnez l'adresse https://…",
        )
    return ok("base-url", f"L'adresse publique est {url}.")


def _keys(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    weak = [number for number, key in enumerate(settings.secret_keys, 1) if is_weak(key)]
    if weak:
        yield error(
            "secret-key-weak",
            f"Une clé secrète se devine (la n° {weak[0]}) : qui la devine signe des liens d'export.",
            "Faites-en une avec « openssl rand -hex 32 », en tête de AVIS_SECRET_KEYS, puis retirez la faible.",
        )
    else:
        yield ok("secret-keys", f"{len(settings.secret_keys)} clé(s) secrète(s).")
    if environ.get("AVIS_SECRET_KEYS", "").strip():
        return
    yield _mode(settings.data / "secret.key")
    if not settings.sqlite_path:
        yield warning(
            "secret-key-of-one-machine",
            "La clé secrète est un fichier de cette machine, et la base est partagée.",
            "Donnez à chaque instance les mêmes AVIS_SECRET_KEYS.",
        )


def is_weak(key: str) -> bool:
    return len(set(key)) < _FEWEST_CHARACTERS


def _mode(path: Path) -> Finding:
    if path.stat().st_mode & 0o077:
        return error("secret-key-readable", f"D'autres comptes peuvent lire {path}.", f"chmod 600 {path}")
    return ok("secret-key-file", f"{path} n'est lisible que par son propriétaire.")


def _proxies(settings: Settings) -> Finding:
    trusted = settings.trusted_proxies
    if all(stranger in trusted for stranger in _STRANGERS):
        return error(
            "proxies-everybody",
            "AVIS_TRUSTED_PROXIES croit tout le monde : chacun peut se donner une adresse et passer les limites.",
            "N'y mettez que les adresses de vos mandataires.",
        )
    if settings.secure and not trusted:
        return warning(
            "proxies-missing",
            "Le service est derrière un mandataire TLS, et n'en croit aucun : tous les usagers ont une seule adresse, "
            "donc une seule limite.",
            "Mettez l'adresse du mandataire dans AVIS_TRUSTED_PROXIES.",
        )
    return ok("proxies", "Mandataires de confiance : en ordre.")


def _retention(settings: Settings, today: date) -> Finding:
    texts, reviews = settings.keep_verbatims, settings.keep_reviews
    if not texts or not reviews:
        return warning(
            "retention-off",
            "Des commentaires ou des avis sont gardés sans fin.",
            "Réglez AVIS_KEEP_VERBATIMS et AVIS_KEEP_REVIEWS, ou notez au registre pourquoi (docs/privacy.md).",
        )
    if texts.first_kept(today) < reviews.first_kept(today):
        return warning(
            "retention-contradiction",
            "AVIS_KEEP_VERBATIMS est plus long que AVIS_KEEP_REVIEWS : un commentaire s'en va avec son avis.",
            "Raccourcissez le premier ou allongez le second.",
        )
    return ok("retention", f"Commentaires gardés depuis le {texts.first_kept(today)}.")


def _limits(settings: Settings) -> Finding:
    if not (settings.limit_visitor or settings.limit_visitor_procedure or settings.limit_procedure):
        return warning(
            "limits-off",
            "Aucune limite d'envoi : un robot peut remplir la base.",
            "Retirez les « off » des AVIS_LIMIT_… : les valeurs par défaut sont larges.",
        )
    if settings.limits_storage.startswith("memory") and not settings.sqlite_path:
        return warning(
            "limits-of-one-process",
            "AVIS_LIMITS_STORAGE=memory:// compte dans chaque processus à part, et la base est partagée.",
            "Mettez database ou redis://…",
        )
    return ok("limits", "Des limites d'envoi sont réglées.")
