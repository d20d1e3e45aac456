"""A ZIP archive that leaves while it is written: neither its parts nor their sizes are known before."""

import io
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

QUICK = 1
"""Of zlib. The usual level takes three times as long for a file that is a tenth smaller."""


class _Pipe:
    """What was written and has not left yet. It cannot go back, and zipfile finds that out by itself."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._length = 0

    def write(self, piece: bytes, /) -> int:
        self._pieces.append(bytes(piece))
        self._length += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._length

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class Zipped:
    """One part is open at a time. `take` gives what can leave."""

    def __init__(self) -> None:
        self._pipe = _Pipe()
        self._open: IO[bytes] | None = None
        self._archive: ZipFile | None = None

    def first(self, name: str, content: bytes) -> None:
        """A part that programs know the file by (ODF 1.3, 3.3): the first, as it is, its size in front of it."""
        small = io.BytesIO()
        with ZipFile(small, "w", ZIP_STORED) as archive:
            archive.writestr(ZipInfo(name), content)
            self._pipe.write(small.getvalue())
        self._opened().filelist.extend(archive.filelist)

    def put(self, name: str, content: str) -> None:
        """A whole part, while none is open."""
        self.begin(name)
        self.write(content.encode())
        self.close()

    def begin(self, name: str, *, huge: bool = False) -> None:
        """`huge`: it may be more than two gigabytes, which Excel does not read."""
        self.close()
        self._open = self._opened().open(name, "w", force_zip64=huge)

    def write(self, piece: bytes) -> None:
        assert self._open is not None  # noqa: S101 - begin comes first
        self._open.write(piece)

    def close(self) -> None:
        """End the part that is open."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def end(self) -> None:
        self.close()
        self._opened().close()

    def take(self) -> bytes:
        return self._pipe.take()

    def _opened(self) -> ZipFile:
        # After `first`: an archive begins where the pipe stands when it is made.
        if self._archive is None:
            self._archive = ZipFile(self._pipe, "w", ZIP_DEFLATED, compresslevel=QUICK)
        return self._archive
