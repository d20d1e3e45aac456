"""`python -m benchmarks [NAME …]`: measure everything, or only what is named."""

import importlib
import sys

NAMES = ("masking", "intake", "abuse", "housing", "scale", "exports", "widget", "lighthouse")


def main(wanted: list[str]) -> int:
    unknown = sorted(set(wanted) - set(NAMES))
    if unknown:
        sys.stderr.write(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(NAMES)}.\n")
        return 2
    for name in wanted or NAMES:
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
