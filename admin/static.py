"""The built scripts and styles, served from memory under names that carry their hash and therefore never change."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from litestar import Response, get
from litestar.params import FromPath

from collector.errors import NotFound

FOLDER = Path(__file__).parent / "static"
_MEDIA = {".css": "text/css", ".js": "text/javascript"}


@cache
def built() -> dict[str, tuple[str, bytes]]:
    """Media type and bytes by public name. Empty until `make setup` has built them: pages then work, unstyled."""
    found = {}
    for path in sorted(FOLDER.glob("*.*")) if FOLDER.is_dir() else ():
        if path.suffix in _MEDIA:
            content = path.read_bytes()
            digest = sha256(content).hexdigest()[:12]
            found[f"{path.stem}.{digest}{path.suffix}"] = (_MEDIA[path.suffix], content)
    return found


def asset(name: str) -> str:
    """The address of a built file by its plain name (`admin.css`)."""
    stem, _, suffix = name.rpartition(".")
    public = next((key for key in built() if key.startswith(f"{stem}.") and key.endswith(f".{suffix}")), name)
    return f"/admin/static/{public}"


@get("/static/{name:str}", opt={"who": "anyone", "same_for_all": True}, sync_to_thread=False)
def static_file(name: FromPath[str]) -> Response[bytes]:
    if name not in built():
        raise NotFound
    media_type, content = built()[name]
    return Response(
        content,
        media_type=media_type,
        headers={"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"},
    )
