"""Draw the README's pictures with the released LSTM: `python docs/make_pictures.py`.

The chorale is continued by four measures, then its alto and tenor are written anew in measures 5 to 8.
"""

from __future__ import annotations

from pathlib import Path

from bridge.api import fill
from bridge.report import before_after_picture
from bridge.whole_file import write_whole

FOLDER = Path(__file__).parent
CHORALE = FOLDER.parent / "examples" / "chorale.mxl"
MODEL = "lstm"
SEED = 1


def main() -> None:
    """Write the pictures beside this script."""
    for name, request in (
        ("continued.png", {"bars": 4}),
        ("inner_voices.png", {"measures": "5-8", "parts": "Alto,Tenor"}),
    ):
        result = fill(CHORALE, model=MODEL, seed=SEED, **request)
        before, after = result.document.to_bytes(".musicxml"), result.to_bytes(".musicxml")
        picture = before_after_picture(before, after, result.region)
        write_whole(FOLDER / name, picture, force=True)


if __name__ == "__main__":
    main()
