"""What host pages load: real libraries from the development packages, and the applications that are made with them."""

import subprocess
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
NODE = ROOT / ".venv" / "node-bin" / "node"


@cache
def application(framework: str, state: str = "") -> str:
    """The browser's script, or with a state the HTML that the framework's own server sends."""
    command = [str(NODE), str(HERE / "apps" / "bundle.mjs"), framework, *([state] if state else [])]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def library(name: str) -> str:
    """The text of a package's file, ready to be put inside a <script>."""
    text = (ROOT / "node_modules" / name).read_text("utf-8")
    assert "</script" not in text
    return text
