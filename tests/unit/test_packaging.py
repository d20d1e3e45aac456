"""What is installed is what was locked, from wherever the installer's own index is, and the same in every place."""

import json
import re
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("build", "dev", "node", "runtime")

# Spelled backwards, so that this file may be checked like any other.
REGISTRIES = [
    backwards[::-1]
    for backwards in (
        "gro.ipyp",
        "gro.detsohnohtyp.selif",
        "gro.sjmpn.yrtsiger",
        "moc.gkpnray.yrtsiger",
        "gro.naibed.bed",
        "moc.utnubu.evihcra",
    )
]
# Homes and build folders are somebody's machine. /src, /opt/avis and /data are the image's own.
MACHINE_PATH = re.compile(r"(?<![\w.~*$}/-])/(?:home|root|Users|work|mnt|builds)/\w")
BINARY = {".ico", ".jpeg", ".jpg", ".ods", ".parquet", ".pdf", ".png", ".webp", ".woff2", ".xlsx"}


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def locked(name: str) -> dict[str, list[str]]:
    """Name, version and marker of each requirement of a lock, with its hashes."""
    joined = text(f"requirements/{name}.txt").replace("\\\n", " ")
    found: dict[str, list[str]] = {}
    for line in joined.splitlines():
        requirement, *hashes = line.split("--hash=")
        found[requirement.strip()] = [value.strip() for value in hashes]
    return found


def tracked() -> list[str]:
    """The checkout's files as git knows them; without git, all but what .gitignore says is made here."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], check=True, capture_output=True, text=True, cwd=ROOT).stdout
        return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    except (FileNotFoundError, subprocess.CalledProcessError):
        rules = [line for line in text(".gitignore").splitlines() if line and not line.startswith("#")]
        return [name for name in everything() if not any(ignores(rule, name) for rule in ["/.git/", *rules])]


def everything() -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file() and not path.is_symlink()]


def ignores(rule: str, name: str) -> bool:
    bare = rule.strip("/")
    if rule.startswith("/"):
        return name == bare or name.startswith(f"{bare}/")
    return any(fnmatch(part, bare) for part in name.split("/"))


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_requirement_has_one_exact_version_and_hashes(name: str) -> None:
    requirements = locked(name)
    assert requirements
    for requirement, hashes in requirements.items():
        assert re.match(r"[a-z0-9.-]+==[^ ]+($| ; python_full_version )", requirement)
        assert hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes)


@pytest.mark.parametrize("name", LOCKS)
def test_a_python_lock_names_no_address(name: str) -> None:
    assert "://" not in text(f"requirements/{name}.txt")
    assert "--index-url" not in text(f"requirements/{name}.txt")
    assert "--find-links" not in text(f"requirements/{name}.txt")


@pytest.mark.parametrize("name", ["build", "node", "runtime"])
def test_tests_run_on_the_very_versions_that_are_served_and_built_with(name: str) -> None:
    assert locked(name).items() <= locked("dev").items()


def test_every_declared_dependency_is_locked() -> None:
    project = tomllib.loads(text("pyproject.toml"))
    names = {re.split(r"==| ", requirement)[0] for requirement in locked("runtime")}
    for requirement in project["project"]["dependencies"]:
        match = re.match(r"[A-Za-z0-9._-]+", requirement)
        assert match
        assert match[0].lower() in names
    built_with = {re.split(r"==| ", requirement)[0] for requirement in locked("build")}
    assert {re.split(r"[<>=]", requirement)[0] for requirement in project["build-system"]["requires"]} <= built_with


@pytest.mark.parametrize("folder", ["", "benchmarks/lighthouse/"])
def test_the_script_locks_pin_by_digest_and_name_no_address(folder: str) -> None:
    lock = json.loads(text(f"{folder}package-lock.json"))
    assert lock["packages"][""]["dependencies"] == json.loads(text(f"{folder}package.json"))["dependencies"]
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


def test_the_script_lock_has_the_projects_version() -> None:
    lock = json.loads(text("package-lock.json"))
    assert lock["version"] == tomllib.loads(text("pyproject.toml"))["project"]["version"]


@pytest.mark.parametrize("package", ["@biomejs/biome", "esbuild"])
def test_npm_ci_finds_every_optional_binary_in_the_lock(package: str) -> None:
    # npm refuses the whole lock when one platform's binary is missing from it, on every platform.
    packages = json.loads(text("package-lock.json"))["packages"]
    for name in packages[f"node_modules/{package}"]["optionalDependencies"]:
        assert f"node_modules/{name}" in packages


def test_no_tracked_file_names_a_registry_or_somebodys_machine() -> None:
    found = []
    for name in tracked():
        if Path(name).suffix in BINARY:
            continue
        content = (ROOT / name).read_text(encoding="utf-8", errors="replace")
        found += [f"{name}: {host}" for host in REGISTRIES if host in content]
        found += [f"{name}: {match[0]}" for match in MACHINE_PATH.finditer(content)]
    assert not found


def test_nothing_built_and_no_secret_is_tracked() -> None:
    names = tracked()
    assert not [name for name in names if name.startswith(("widget/dist/", "admin/static/", "node_modules/", "data/"))]
    assert not [name for name in names if name == ".env" or name.endswith((".key", ".pem", ".db"))]


def test_the_licence_is_whole_and_every_manifest_names_it() -> None:
    licence = text("LICENSE")
    assert licence.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    articles = re.findall(r"^(\d+)\. ?[A-Z]", licence, flags=re.MULTILINE)
    assert articles == [str(number) for number in range(1, 16)]
    assert "Appendix" in licence
    assert tomllib.loads(text("pyproject.toml"))["project"]["license"] == "EUPL-1.2"
    assert json.loads(text("package.json"))["license"] == "EUPL-1.2"
    assert 'licenses="EUPL-1.2"' in text("Dockerfile")


def test_the_image_is_built_from_the_same_locks_and_steps_as_make_setup() -> None:
    image, makefile = text("Dockerfile"), text("Makefile")
    for shared in (
        "--require-hashes",
        "requirements/runtime.txt",
        "requirements/build.txt",
        "--no-build-isolation",
        "scripts/find-node",
        "npm ci",
        "--omit=dev",
        "--ignore-scripts",
        "widget/build.mjs",
    ):
        assert shared in image, shared
        assert shared in makefile, shared
    # Anything installed from an index carries a hash; the rest is our own wheel.
    installs = re.findall(r"pip install ([^&\n]+)", image)
    assert installs
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)
    assert "avis serve" in makefile
    assert 'CMD ["avis", "serve", "--host", "0.0.0.0", "--port", "8000"]' in image


def test_the_image_runs_as_a_number_that_is_not_root_and_compose_agrees() -> None:
    image, compose = text("Dockerfile"), text("compose.yaml")
    user = re.search(r"^USER (\d+:\d+)$", image, flags=re.MULTILINE)
    assert user
    assert not user[1].startswith("0:")
    assert f'user: "{user[1]}"' in compose
    assert image.index("USER ") < image.index('CMD ["avis"')
    assert "/readyz" in image


def test_every_service_of_compose_is_hardened_and_publishes_only_to_this_host() -> None:
    compose = text("compose.yaml")
    services = re.findall(r"^  ([a-z]+):\n    <<: \*(?:hardened|avis)$", compose, flags=re.MULTILINE)
    assert services == ["migrate", "collector", "postgres", "valkey"]
    for line in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true"):
        assert line in compose
    assert re.findall(r"ports: (.*)", compose) == ['["127.0.0.1:8000:8000"]']


def test_compose_takes_its_secrets_from_a_file_that_git_ignores() -> None:
    example = dict(
        line.split("=", 1) for line in text(".env.example").splitlines() if line and not line.startswith("#")
    )
    assert example["POSTGRES_PASSWORD"] == example["AVIS_SECRET_KEYS"] == ""
    assert "/.env" in text(".gitignore").splitlines()
    assert "POSTGRES_PASSWORD:?" in text("compose.yaml")


def test_ci_runs_the_readmes_test_command() -> None:
    assert re.search(r"^make test$", text(".ci/run"), flags=re.MULTILINE)
