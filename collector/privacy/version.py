"""Name the masking rules as they are, so that nobody has to remember to count a version up."""

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

# Numbering plans and checksums come from these: a new release of theirs may find more.
_LIBRARIES = ("phonenumbers", "python-stdnum")


@cache
def rules() -> str:
    """A digest of this room's code and lists and of the libraries it asks: the same name, the same masks."""
    digest = sha256(repr([(name, version(name)) for name in _LIBRARIES]).encode())
    folder = Path(__file__).parent
    for file in sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".txt"}):
        digest.update(f"\0{file.relative_to(folder)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
