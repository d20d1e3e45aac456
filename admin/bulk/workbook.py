"""Read the first sheet of an XLSX or ODS file: a program of its own, from standard input to JSON on standard output.

A few bytes of such a file can ask for a table of seventeen billion cells, and the library would try. Here it may take
so much memory and so much time, and nobody else's: when it dies, the service says that the file is not readable.
"""

import io
import resource
import sys
import zipfile
import zlib
from datetime import date, datetime
from typing import Any

import msgspec

MOST_MEMORY = 512 * 1024 * 1024
MOST_SECONDS = 10
MOST_UNPACKED = 32 * 1024 * 1024
MOST_PARTS = 1000


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    most_rows, packed = int(sys.argv[1]), sys.stdin.buffer.read()
    if not unpacks(packed):
        return 1
    sys.stdout.buffer.write(msgspec.json.encode(_rows(packed)[: most_rows + 1]))
    return 0


def unpacks(packed: bytes) -> bool:
    """Whether all of it is as small as it says: a part that goes on beyond its own word fails its checksum here."""
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as parts:
            if len(parts.infolist()) > MOST_PARTS:
                return False
            for part in parts.infolist():
                left -= part.file_size
                if left < 0 or part.flag_bits & 1:
                    return False
                parts.read(part)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, zlib.error):
        return False
    return True


def _rows(packed: bytes) -> list[list[str]]:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - after the limits, which hold for it too

    book = CalamineWorkbook.from_filelike(io.BytesIO(packed))
    return [[_text(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]


def _text(cell: Any) -> str:
    """A cell as somebody reads it. Spreadsheets keep whole numbers as fractions."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    return str(cell)


if __name__ == "__main__":
    sys.exit(main())
