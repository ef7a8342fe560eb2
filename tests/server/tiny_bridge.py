"""`jaxmuse` with a model of nothing but dice, compiled for one staff: `tiny_bridge.py FOLDER serve …`."""

from __future__ import annotations

import sys
from pathlib import Path

from bridge import models
from bridge.cli import main
from bridge.server import background, warm

FOLDER = Path(sys.argv[1])
models.checkpoints_folder = lambda: FOLDER
warm.STAVES_IN_ORDER = (1,)
background.COMMAND = (sys.executable, __file__, str(FOLDER))

if __name__ == "__main__":
    main(sys.argv[2:])
