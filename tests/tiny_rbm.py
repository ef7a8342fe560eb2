"""An RBM for tests: few hidden units, its parameters only dice."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from jaxmodels.checkpoint import save_model
from jaxmodels.rbm.config import RbmConfig
from jaxmodels.rbm.energy import Rbm
from jaxmodels.rbm.roll import units_of

CONFIG = RbmConfig(hidden=6)


def random_rbm(visible: int, hidden: int, seed: int = 0, scale: float = 1.0) -> Rbm:
    """Return an RBM whose parameters are normal with standard deviation `scale`."""
    rng = np.random.default_rng(seed)
    shapes = ((visible, hidden), (visible,), (hidden,))
    return Rbm(*(rng.normal(0, scale, shape).astype(np.float32) for shape in shapes))


def save_tiny_rbm(folder: Path) -> Path:
    """Write an RBM over rolls into `folder` and return it."""
    save_model(folder, CONFIG, random_rbm(units_of(CONFIG), CONFIG.hidden)._asdict())
    return folder
