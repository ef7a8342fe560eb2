"""Write the tables of README.md and docs/ from the figures that were measured.

python docs/make_tables.py [--check]

A table stands between `<!-- table: NAME -->` and `<!-- end -->`; `measured_tables.py` makes it.
"""

from __future__ import annotations

import argparse
import re
import sys

from measured_tables import TABLES
from table_parts import ROOT

PAGES = (
    "README.md",
    "docs/training.md",
    "docs/controls.md",
    "docs/polyphony.md",
    "docs/part_writing.md",
    "docs/speed.md",
    "docs/rbm.md",
    "docs/tutorial.md",
)
MARKED = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def main() -> None:
    """Write or check."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="only tell whether a page is out of date")
    args = parser.parse_args()
    stale = []
    for page in map(ROOT.joinpath, PAGES):
        text = page.read_text("utf-8")
        try:
            made = MARKED.sub(lambda found: found[1] + TABLES[found[2]]() + found[3], text)
        except FileNotFoundError as error:
            sys.exit(
                f"{page.relative_to(ROOT)}: {error.filename} isn't there. Run the benchmark that writes it."
            )
        except KeyError as error:
            sys.exit(
                f"{page.relative_to(ROOT)}: a file was written by an older benchmark, without {error}. "
                "Run it again."
            )
        if made != text and args.check:
            stale.append(str(page.relative_to(ROOT)))
        elif made != text:
            page.write_text(made, "utf-8")
    if stale:
        sys.exit(f"out of date: {', '.join(stale)}. Run python docs/make_tables.py.")


if __name__ == "__main__":
    main()
