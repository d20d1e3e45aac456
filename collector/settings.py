"""Read the `AVIS_*` environment once into one frozen value.

An unknown variable is an error that names it, because a misspelt setting that is silently ignored is how a service
ends up running without its limits.
"""

import difflib
import os
import re
import secrets
from collections.abc import Callable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from socket import AF_INET, AF_INET6, inet_pton
from typing import Any, Literal, get_args
from urllib.parse import unquote, urlsplit

from limits import RateLimitItem, parse_many
from msgspec import Struct

from collector.ages import Age, parse_age
from collector.errors import SettingsError

Network = IPv4Network | IPv6Network
TwoSteps = Literal["off", "administrators", "everyone"]
"""Of whom a second step of signing in is asked."""
Limit = tuple[RateLimitItem, ...]

SHORTEST_KEY = 32


class TrustedProxies:
    """The networks of our own proxies: only what they say of an address is believed."""

    def __init__(self, networks: tuple[Network, ...] = ()) -> None:
        self._networks = tuple((each.version, int(each.netmask), int(each.network_address)) for each in networks)

    def __bool__(self) -> bool:
        return bool(self._networks)

    def __contains__(self, address: str) -> bool:
        version, family = (6, AF_INET6) if ":" in address else (4, AF_INET)
        try:
            number = int.from_bytes(inet_pton(family, address))
        except (OSError, ValueError):
            return False
        return any(number & mask == network for of, mask, network in self._networks if of == version)


class MailServer(Struct, frozen=True):
    """Who takes our letters; `tls` encrypts from the first byte, `starttls` before anything is said."""

    host: str
    port: int
    encryption: Literal["tls", "starttls", "none"]
    user: str
    password: str


class Settings(Struct, frozen=True, kw_only=True):
    """All that the service needs to know about where it runs. `base_url` has no slash at its end.

    `keep_verbatims`, `keep_reviews` and `keep_journal` are None when nothing is ever too old; `small_number` is how
    many reviews must stand behind a public figure; `privacy_contact` is an e-mail address, a page, or nothing;
    `sign_language_video` is where the questions are signed, or nothing. Without `mail_server` nothing is sent, and
    people hand over links themselves.
    Without `oidc_issuer` everybody signs in with a password; with `oidc_trust_email` the provider answers for every
    e-mail that it does not call unverified.
    """

    data: Path
    database: str
    base_url: str
    secret_keys: tuple[str, ...]
    limits_storage: str
    limit_visitor_procedure: Limit
    limit_visitor: Limit
    limit_procedure: Limit
    limit_counter: Limit
    limit_key: Limit
    suspicion: bool
    trusted_proxies: TrustedProxies
    keep_verbatims: Age | None
    keep_reviews: Age | None
    keep_journal: Age | None
    small_number: int
    privacy_contact: str
    sign_language_video: str
    mail_server: MailServer | None
    mail_from: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    oidc_label: str
    oidc_acr_values: tuple[str, ...]
    oidc_trust_email: bool
    two_steps: TwoSteps
    webhook_networks: TrustedProxies
    log_level: Literal["debug", "info", "warning", "error"]

    @property
    def sqlite_path(self) -> Path | None:
        """The embedded database's file, or None on PostgreSQL."""
        return Path(self.database.removeprefix("sqlite:///")) if self.database.startswith("sqlite:") else None

    @property
    def secure(self) -> bool:
        """Whether browsers reach us over TLS: cookies are then `Secure` and HSTS is sent."""
        return self.base_url.startswith("https://")


def load(environ: Mapping[str, str]) -> Settings:
    """Read settings; makes the data folder and a secret key (mode 0600) where none is given.

    Raises SettingsError, which names the variable, what is wrong with it and what would be right.
    """
    unknown = sorted(name for name in environ if name.startswith("AVIS_") and name not in _READERS)
    if unknown:
        near = difflib.get_close_matches(unknown[0], _READERS, n=1)
        hint = f" Vouliez-vous dire {near[0]} ?" if near else f" Réglages connus : {', '.join(sorted(_READERS))}."
        raise SettingsError(f"Réglage inconnu : {unknown[0]}.{hint}")
    values: dict[str, Any] = {}
    for name, (field, default, read) in _READERS.items():
        raw = environ.get(name, "").strip() or default
        try:
            values[field] = read(raw)
        except ValueError as error:
            raise SettingsError(f"{name} : {error}") from error
    if values["mail_server"] and not values["mail_from"]:
        raise SettingsError("AVIS_MAIL_FROM : indiquez l'adresse d'expédition, par exemple avis@exemple.gouv.fr.")
    for name in ("AVIS_OIDC_CLIENT_ID", "AVIS_OIDC_CLIENT_SECRET"):
        if values["oidc_issuer"] and not values[_READERS[name][0]]:
            raise SettingsError(f"{name} : indiquez ce que le fournisseur d'identité vous a donné à l'inscription.")
    data: Path = values["data"]
    values["database"] = values["database"] or f"sqlite:///{data / 'avis.db'}"
    values["secret_keys"] = values["secret_keys"] or (_stored_key(data),)
    return Settings(**values)


def _stored_key(data: Path) -> str:
    path = data / "secret.key"
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _store_key(path)
        key = path.read_text().strip()
    except OSError as error:
        raise SettingsError(
            f"AVIS_DATA : le dossier {data} ne peut pas être lu ou écrit ({os.strerror(error.errno or 0)})."
        ) from error
    if len(key) < SHORTEST_KEY:
        raise SettingsError(f"{path} est vide ou incomplet : restaurez-le d'une sauvegarde, ou supprimez-le.")
    return key


def _store_key(path: Path) -> None:
    """Two processes that start together must agree on one key, and neither may read half of it: link, not write."""
    draft = path.with_suffix(f".{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _path(raw: str) -> Path:
    return Path(raw).expanduser().absolute()


def _database(raw: str) -> str:
    if raw and not raw.startswith(("sqlite:///", "postgresql://")):
        raise ValueError("attendu : sqlite:///chemin ou postgresql://hôte/base.")
    return raw


def _base_url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("attendu : une adresse complète, par exemple https://avis.exemple.gouv.fr")
    return raw.rstrip("/")


def _secret_keys(raw: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in raw.split(",") if key.strip())
    if any(len(key) < SHORTEST_KEY for key in keys):
        raise ValueError(f"chaque clé doit compter au moins {SHORTEST_KEY} caractères.")
    return keys


def _limits_storage(raw: str) -> str:
    if raw not in {"database", "memory://"} and not raw.startswith(("redis://", "rediss://", "valkey://")):
        raise ValueError("attendu : database, memory:// ou redis://hôte:6379")
    return raw


def _limit(raw: str) -> Limit:
    if raw == "off":
        return ()
    try:
        return tuple(parse_many(raw))
    except ValueError:
        raise ValueError(f"« {raw} » n'est pas une limite ; exemples : 60/minute;600/hour, 5 per hour, off.") from None


def _switch(raw: str) -> bool:
    if raw not in {"on", "off"}:
        raise ValueError("attendu : on ou off.")
    return raw == "on"


def _proxies(raw: str) -> TrustedProxies:
    if "*" in raw:
        raise ValueError(
            "« * » laisserait chacun choisir son adresse ; donnez les adresses de vos serveurs mandataires."
        )
    try:
        return TrustedProxies(tuple(ip_network(part.strip(), strict=False) for part in raw.split(",") if part.strip()))
    except ValueError:
        raise ValueError(f"« {raw} » n'est pas une liste d'adresses ou de réseaux.") from None


def _networks(raw: str) -> TrustedProxies:
    """Networks of our own that webhooks may reach."""
    try:
        return TrustedProxies(tuple(ip_network(part.strip(), strict=False) for part in raw.split(",") if part.strip()))
    except ValueError:
        raise ValueError(f"« {raw} » n'est pas une liste d'adresses ou de réseaux.") from None


def _age(raw: str) -> Age | None:
    if raw == "off":
        return None
    try:
        return parse_age(raw)
    except ValueError as error:
        raise ValueError(f"{error} ; exemples : 24 months, 2 years, 730d, off.") from None


def _small_number(raw: str) -> int:
    if not raw.isdecimal() or not 1 <= int(raw) <= 1000:
        raise ValueError("attendu : un nombre d'avis entre 1 et 1000.")
    return int(raw)


def _contact(raw: str) -> str:
    if raw and not re.fullmatch(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\".]+|https://[^\s<>\"]+", raw):
        raise ValueError("attendu : une adresse e-mail, ou l'adresse https:// d'une page de contact.")
    return raw


def _video(raw: str) -> str:
    if raw and not re.fullmatch(r"https://[^\s<>\"]+", raw):
        raise ValueError("attendu : l'adresse https:// d'une vidéo en langue des signes.")
    return raw


_ENCRYPTIONS: dict[str, tuple[Literal["tls", "starttls", "none"], int]] = {
    "smtps": ("tls", 465),
    "smtp": ("starttls", 587),
    "smtp+plain": ("none", 25),
}


def _mail_server(raw: str) -> MailServer | None:
    if not raw:
        return None
    parts = urlsplit(raw)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in _ENCRYPTIONS or not parts.hostname or port == 0 or parts.path.strip("/") or parts.query:
        raise ValueError(
            "attendu : smtps://utilisateur:secret@hôte ou smtp://hôte:587 (chiffrés), smtp+plain://hôte:25 (en clair)."
        )
    encryption, usual = _ENCRYPTIONS[parts.scheme]
    return MailServer(
        parts.hostname, port or usual, encryption, unquote(parts.username or ""), unquote(parts.password or "")
    )


def _mail_from(raw: str) -> str:
    if raw and not re.fullmatch(r"[\w.+-]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+", raw, re.ASCII):
        raise ValueError("attendu : une adresse e-mail, par exemple avis@exemple.gouv.fr.")
    return raw


def _issuer(raw: str) -> str:
    """As the provider writes it, without a slash at its end. Unencrypted only to this machine, for a trial."""
    parts = urlsplit(raw)
    is_here = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}
    if raw and (not (parts.scheme == "https" or is_here) or not parts.hostname or parts.query or parts.fragment):
        raise ValueError("attendu : l'adresse https:// du fournisseur d'identité, sans « /.well-known/… ».")
    if "/.well-known" in raw:
        raise ValueError("donnez l'adresse sans « /.well-known/openid-configuration ».")
    return raw.rstrip("/")


def _any_text(raw: str) -> str:
    return raw


def _words(raw: str) -> tuple[str, ...]:
    return tuple(raw.split())


def _two_steps(raw: str) -> str:
    if raw not in get_args(TwoSteps):
        raise ValueError("attendu : off, administrators ou everyone.")
    return raw


def _level(raw: str) -> str:
    if raw not in {"debug", "info", "warning", "error"}:
        raise ValueError("attendu : debug, info, warning ou error.")
    return raw


# Variable -> field, default, reader. Generous limits on purpose: a town hall, a France Services counter or a mobile
# carrier is one address with hundreds of honest people behind it; robots are for collector.suspicion, not for these.
_READERS: dict[str, tuple[str, str, Callable[[str], Any]]] = {
    "AVIS_DATA": ("data", "data", _path),
    "AVIS_DATABASE": ("database", "", _database),
    "AVIS_BASE_URL": ("base_url", "http://127.0.0.1:8000", _base_url),
    "AVIS_SECRET_KEYS": ("secret_keys", "", _secret_keys),
    "AVIS_LIMITS_STORAGE": ("limits_storage", "database", _limits_storage),
    "AVIS_LIMIT_VISITOR_PROCEDURE": ("limit_visitor_procedure", "300/minute;1500/hour", _limit),
    "AVIS_LIMIT_VISITOR": ("limit_visitor", "600/minute;3000/hour", _limit),
    "AVIS_LIMIT_PROCEDURE": ("limit_procedure", "10000/minute", _limit),
    "AVIS_LIMIT_COUNTER": ("limit_counter", "600/minute;6000/hour", _limit),
    "AVIS_LIMIT_KEY": ("limit_key", "600/minute", _limit),
    "AVIS_SUSPICION": ("suspicion", "on", _switch),
    "AVIS_TRUSTED_PROXIES": ("trusted_proxies", "", _proxies),
    "AVIS_KEEP_VERBATIMS": ("keep_verbatims", "24 months", _age),
    "AVIS_KEEP_REVIEWS": ("keep_reviews", "60 months", _age),
    "AVIS_KEEP_JOURNAL": ("keep_journal", "36 months", _age),
    "AVIS_SMALL_NUMBER": ("small_number", "10", _small_number),
    "AVIS_PRIVACY_CONTACT": ("privacy_contact", "", _contact),
    "AVIS_SIGN_LANGUAGE_VIDEO": ("sign_language_video", "", _video),
    "AVIS_MAIL_SERVER": ("mail_server", "", _mail_server),
    "AVIS_MAIL_FROM": ("mail_from", "", _mail_from),
    "AVIS_OIDC_ISSUER": ("oidc_issuer", "", _issuer),
    "AVIS_OIDC_CLIENT_ID": ("oidc_client_id", "", _any_text),
    "AVIS_OIDC_CLIENT_SECRET": ("oidc_client_secret", "", _any_text),
    "AVIS_OIDC_LABEL": ("oidc_label", "ProConnect", _any_text),
    "AVIS_OIDC_ACR_VALUES": ("oidc_acr_values", "", _words),
    "AVIS_OIDC_TRUST_EMAIL": ("oidc_trust_email", "off", _switch),
    "AVIS_TWO_STEPS": ("two_steps", "off", _two_steps),
    "AVIS_WEBHOOK_NETWORKS": ("webhook_networks", "", _networks),
    "AVIS_LOG_LEVEL": ("log_level", "info", _level),
}
KNOWN = frozenset(_READERS)
