"""The environment is read once, completely, and a mistake in it names the variable."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from collector.ages import Age
from collector.errors import SettingsError
from collector.settings import MailServer, load

KEY = "k" * 32


def test_nothing_needs_to_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load({"PATH": "/usr/bin", "HOME": "/nowhere"})
    assert settings.data == tmp_path / "data"
    assert settings.sqlite_path == tmp_path / "data" / "avis.db"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.limits_storage == "database"
    assert settings.suspicion
    assert not settings.trusted_proxies
    assert not settings.secure


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    settings = load({"AVIS_DATA": str(tmp_path)})
    with pytest.raises(AttributeError):
        settings.base_url = "https://elsewhere.exemple.fr"  # type: ignore[misc]  # that is the point


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("AVIS_LIMIT_VISITORS", "Vouliez-vous dire AVIS_LIMIT_VISITOR ?"),
        ("AVIS_DATABSE", "Vouliez-vous dire AVIS_DATABASE ?"),
        ("AVIS_SECRET_KEY", "Vouliez-vous dire AVIS_SECRET_KEYS ?"),
        ("AVIS_XYZ", "Réglages connus : "),
    ],
)
def test_an_unknown_setting_is_an_error_that_names_it(tmp_path: Path, name: str, hint: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load({"AVIS_DATA": str(tmp_path), name: "on"})
    assert f"Réglage inconnu : {name}." in refused.value.message
    assert hint in refused.value.message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AVIS_DATABASE", "mysql://localhost/avis"),
        ("AVIS_DATABASE", "avis.db"),
        ("AVIS_DATABASE", "postgres://localhost/avis"),
        ("AVIS_BASE_URL", "avis.exemple.fr"),
        ("AVIS_BASE_URL", "ftp://avis.exemple.fr"),
        ("AVIS_BASE_URL", "https://"),
        ("AVIS_BASE_URL", "https://avis.exemple.fr/?a=1"),
        ("AVIS_SECRET_KEYS", "short"),
        ("AVIS_SECRET_KEYS", f"{KEY},short"),
        ("AVIS_LIMITS_STORAGE", "memcached://localhost"),
        ("AVIS_LIMITS_STORAGE", "redis"),
        ("AVIS_LIMIT_VISITOR", "many"),
        ("AVIS_LIMIT_VISITOR_PROCEDURE", "5"),
        ("AVIS_LIMIT_PROCEDURE", "5/fortnight"),
        ("AVIS_SUSPICION", "yes"),
        ("AVIS_TRUSTED_PROXIES", "*"),
        ("AVIS_TRUSTED_PROXIES", "10.0.0.1,*"),
        ("AVIS_TRUSTED_PROXIES", "proxy.exemple.fr"),
        ("AVIS_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("AVIS_KEEP_VERBATIMS", "24"),
        ("AVIS_KEEP_VERBATIMS", "for ever"),
        ("AVIS_KEEP_REVIEWS", "0 months"),
        ("AVIS_KEEP_REVIEWS", "never"),
        ("AVIS_SMALL_NUMBER", "0"),
        ("AVIS_SMALL_NUMBER", "ten"),
        ("AVIS_SMALL_NUMBER", "1001"),
        ("AVIS_PRIVACY_CONTACT", "Alice"),
        ("AVIS_PRIVACY_CONTACT", "http://exemple.fr/contact"),
        ("AVIS_PRIVACY_CONTACT", "dpo@exemple.fr?subject=<b>"),
        ("AVIS_MAIL_SERVER", "mail.exemple.fr"),
        ("AVIS_MAIL_SERVER", "http://mail.exemple.fr"),
        ("AVIS_MAIL_SERVER", "smtp://"),
        ("AVIS_MAIL_SERVER", "smtp://mail.exemple.fr:many"),
        ("AVIS_MAIL_SERVER", "smtp://mail.exemple.fr/?tls=no"),
        ("AVIS_WEBHOOK_NETWORKS", "10.0.0.0/33"),
        ("AVIS_WEBHOOK_NETWORKS", "intranet.exemple.fr"),
        ("AVIS_MAIL_FROM", "Avis <avis@exemple.fr>"),
        ("AVIS_MAIL_FROM", "avis@exemple.fr\nBcc: eve@exemple.fr"),
        ("AVIS_OIDC_ISSUER", "identite.exemple.fr"),
        ("AVIS_OIDC_ISSUER", "http://identite.exemple.fr"),
        ("AVIS_OIDC_ISSUER", "https://identite.exemple.fr/.well-known/openid-configuration"),
        ("AVIS_OIDC_TRUST_EMAIL", "yes"),
        ("AVIS_LOG_LEVEL", "verbose"),
        ("AVIS_TWO_STEPS", "on"),
    ],
)
def test_a_bad_value_is_an_error_that_names_its_setting(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load({"AVIS_DATA": str(tmp_path), name: value})
    assert refused.value.message.startswith(f"{name} : ")
    assert value not in {"short", f"{KEY},short"} or KEY not in refused.value.message


@pytest.mark.parametrize(
    ("raw", "limits"),
    [
        ("off", []),
        ("5/minute", [(5, 60)]),
        ("5 per hour", [(5, 3600)]),
        ("60/minute;600/hour", [(60, 60), (600, 3600)]),
        ("3/2 seconds", [(3, 2)]),
    ],
)
def test_limits_are_written_in_the_grammar_of_the_limits_library(
    tmp_path: Path, raw: str, limits: list[tuple[int, int]]
) -> None:
    settings = load({"AVIS_DATA": str(tmp_path), "AVIS_LIMIT_VISITOR": raw})
    assert [(item.amount, item.get_expiry()) for item in settings.limit_visitor] == limits


def test_ages_are_calendar_months_or_days_or_off(tmp_path: Path) -> None:
    settings = load({"AVIS_DATA": str(tmp_path)})
    assert (settings.keep_verbatims, settings.keep_reviews) == (Age(months=24), Age(months=60))
    settings = load({"AVIS_DATA": str(tmp_path), "AVIS_KEEP_VERBATIMS": "90d", "AVIS_KEEP_REVIEWS": "off"})
    assert (settings.keep_verbatims, settings.keep_reviews) == (Age(days=90), None)


@pytest.mark.parametrize("contact", ["", "dpo@mairie.exemple.fr", "https://www.exemple.fr/contact?dpo"])
def test_whom_to_contact_is_an_email_or_a_page_or_nobody(tmp_path: Path, contact: str) -> None:
    assert load({"AVIS_DATA": str(tmp_path), "AVIS_PRIVACY_CONTACT": contact}).privacy_contact == contact


@pytest.mark.parametrize(
    ("raw", "server"),
    [
        ("smtps://mail.exemple.fr", MailServer("mail.exemple.fr", 465, "tls", "", "")),
        ("smtp://avis:a%40b%2Fc@mail.exemple.fr", MailServer("mail.exemple.fr", 587, "starttls", "avis", "a@b/c")),
        ("smtp+plain://127.0.0.1:2525", MailServer("127.0.0.1", 2525, "none", "", "")),
    ],
)
def test_letters_leave_encrypted_unless_it_is_said_otherwise(tmp_path: Path, raw: str, server: MailServer) -> None:
    settings = load({"AVIS_DATA": str(tmp_path), "AVIS_MAIL_SERVER": raw, "AVIS_MAIL_FROM": "avis@exemple.fr"})
    assert (settings.mail_server, settings.mail_from) == (server, "avis@exemple.fr")
    with pytest.raises(SettingsError, match="AVIS_MAIL_FROM"):
        load({"AVIS_DATA": str(tmp_path), "AVIS_MAIL_SERVER": raw})


def test_a_provider_needs_what_it_gave_us(tmp_path: Path) -> None:
    given = {"AVIS_OIDC_ISSUER": "https://a.fr/api/v2/", "AVIS_OIDC_CLIENT_ID": "avis", "AVIS_OIDC_CLIENT_SECRET": "s"}
    settings = load({"AVIS_DATA": str(tmp_path), **given, "AVIS_OIDC_ACR_VALUES": "eidas2 eidas3"})
    assert (settings.oidc_issuer, settings.oidc_label) == ("https://a.fr/api/v2", "ProConnect")
    assert (settings.oidc_acr_values, settings.oidc_trust_email) == (("eidas2", "eidas3"), False)
    for name in ("AVIS_OIDC_CLIENT_ID", "AVIS_OIDC_CLIENT_SECRET"):
        with pytest.raises(SettingsError, match=name):
            load({"AVIS_DATA": str(tmp_path), **given, name: ""})
    assert not load({"AVIS_DATA": str(tmp_path)}).oidc_issuer


def test_the_sign_language_video_is_an_address(tmp_path: Path) -> None:
    video = "https://videos.exemple.fr/lsf"
    assert load({"AVIS_DATA": str(tmp_path), "AVIS_SIGN_LANGUAGE_VIDEO": video}).sign_language_video == video
    with pytest.raises(SettingsError, match="langue des signes"):
        load({"AVIS_DATA": str(tmp_path), "AVIS_SIGN_LANGUAGE_VIDEO": "http://videos.exemple.fr"})


def test_an_empty_setting_is_as_good_as_none(tmp_path: Path) -> None:
    settings = load({"AVIS_DATA": str(tmp_path), "AVIS_DATABASE": " ", "AVIS_LIMIT_VISITOR": ""})
    assert settings.database == f"sqlite:///{tmp_path / 'avis.db'}"
    assert settings.limit_visitor


def test_proxies_are_addresses_or_networks(tmp_path: Path) -> None:
    proxies = load({"AVIS_DATA": str(tmp_path), "AVIS_TRUSTED_PROXIES": "10.0.0.0/8, 2001:db8::1"}).trusted_proxies
    assert "10.1.2.3" in proxies
    assert "2001:db8::1" in proxies
    assert "11.1.2.3" not in proxies
    assert "2001:db8::2" not in proxies
    assert "nobody" not in proxies


def test_the_base_url_has_no_slash_at_its_end_and_says_whether_we_are_on_tls(tmp_path: Path) -> None:
    settings = load({"AVIS_DATA": str(tmp_path), "AVIS_BASE_URL": "https://avis.exemple.fr/"})
    assert settings.base_url == "https://avis.exemple.fr"
    assert settings.secure


def test_a_secret_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    first, second = (load({"AVIS_DATA": str(data)}) for _ in range(2))
    assert first.secret_keys == second.secret_keys
    assert len(first.secret_keys[0]) >= 32
    assert stat.S_IMODE((data / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert [path.name for path in data.iterdir()] == ["secret.key"]


def test_given_keys_leave_no_file(tmp_path: Path) -> None:
    settings = load({"AVIS_DATA": str(tmp_path), "AVIS_SECRET_KEYS": f"{KEY}, {KEY.upper()},"})
    assert settings.secret_keys == (KEY, KEY.upper())
    assert list(tmp_path.iterdir()) == []


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    program = "import sys; from collector.settings import load; print(load({'AVIS_DATA': sys.argv[1]}).secret_keys[0])"

    def start(_: int) -> str:
        return subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)], check=True, capture_output=True, text=True
        ).stdout

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1


def test_threads_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    # Two hundred chances to read what another has only half written.
    for n in range(25):
        data = str(tmp_path / str(n))
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(lambda _, data=data: load({"AVIS_DATA": data}).secret_keys, range(8)))
        assert len(keys) == 1


def test_an_empty_key_file_is_an_error_and_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secret.key").touch()
    with pytest.raises(SettingsError, match=r"secret\.key est vide ou incomplet"):
        load({"AVIS_DATA": str(tmp_path)})
    assert (tmp_path / "secret.key").read_text() == ""


def test_a_data_folder_that_cannot_be_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="AVIS_DATA : le dossier"):
        load({"AVIS_DATA": str(tmp_path / "file" / "data")})


def test_nothing_is_read_at_import() -> None:
    environ = {**os.environ, "AVIS_NO_SUCH_SETTING": "1"}
    subprocess.run([sys.executable, "-c", "import collector.settings"], check=True, env=environ)


def test_settings_of_two_databases_differ_in_nothing_else(tmp_path: Path) -> None:
    url = "postgresql://avis@db.exemple.fr/avis"
    here, there = load({"AVIS_DATA": str(tmp_path)}), load({"AVIS_DATA": str(tmp_path), "AVIS_DATABASE": url})
    assert there.sqlite_path is None
    networks = {"trusted_proxies": here.trusted_proxies, "webhook_networks": here.webhook_networks}
    assert msgspec.structs.replace(here, database=url, **networks) == msgspec.structs.replace(there, **networks)
