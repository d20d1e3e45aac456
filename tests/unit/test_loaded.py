"""What a service on SQLite does not load, it does not hold in memory."""

import subprocess
import sys
from pathlib import Path

SERVE = """
import sys
from collector.app import create_app
from collector.cli import avis
from collector.settings import load
avis.get_command(None, "serve")
create_app(load({"AVIS_DATA": sys.argv[1]}))
absent = ("psycopg", "duckdb", "redis", "httpx", "joserfc", "collector.housing", "collector.doctor")
print([name for name in absent if name in sys.modules])
"""


def test_a_service_on_sqlite_loads_no_other_database_and_no_other_command(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SERVE, str(tmp_path)], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"
