from __future__ import annotations

import math
import signal
from pathlib import Path

import pytest

from bridge.errors import ModelError
from bridge.training.watch import Interrupts, StoppedNow, Watch
from jaxmodels.train_log import Progress


def watch(out: Path, interrupts: Interrupts | None = None) -> Watch:
    return Watch(out, lambda progress: None, interrupts or Interrupts(), valid_every=20)


def test_a_loss_that_is_no_number_ends_the_training(tmp_path: Path) -> None:
    seen = watch(tmp_path)
    seen.best = True
    with pytest.raises(ModelError, match=r"the loss is no number any more at step 30.*is kept in"):
        seen(Progress("step", 30, 0.1, {"loss": math.nan, "rate": 1e-3, "notes_per_second": 1.0}))
    with pytest.raises(ModelError, match="at step 40"):
        seen(Progress("valid", 40, 0.1, {"valid": math.inf}))


def test_ctrl_c_waits_for_a_step_that_isnt_validated_too(tmp_path: Path) -> None:
    step = {"loss": 1.0, "rate": 1e-3, "notes_per_second": 1.0}
    with Interrupts() as interrupts:
        seen = watch(tmp_path, interrupts)
        with pytest.raises(StoppedNow):
            signal.raise_signal(signal.SIGINT)
        seen(Progress("step", 10, 0.1, step))
        signal.raise_signal(signal.SIGINT)
        seen(Progress("step", 20, 0.2, step))
        with pytest.raises(StoppedNow):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            seen(Progress("step", 30, 0.3, step))
    seen.close()
