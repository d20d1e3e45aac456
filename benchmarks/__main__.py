"""`python -m benchmarks [NAME …]`: measure everything, or only what is named."""

import importlib
import sys

NAMES = ("masking", "intake", "abuse", "housing", "scale", "exports", "widget", "lighthouse")
ON_DEMAND = ("partitions",)
"""Too long to be among all: only when it is named."""


def main(wanted: list[str]) -> int:
    unknown = sorted(set(wanted) - {*NAMES, *ON_DEMAND})
    if unknown:
        sys.stderr.write(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join((*NAMES, *ON_DEMAND))}.\n")
        return 2
    for name in wanted or NAMES:
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
