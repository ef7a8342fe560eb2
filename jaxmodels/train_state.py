"""The state of a training and where Orbax keeps it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax


class TrainState(NamedTuple):
    """Everything a step changes.

    - `average`: exponential moving average of `params`, the weights that are validated and released.
    """

    step: jax.Array
    params: dict
    average: dict
    opt_state: optax.OptState


class TrainStore:
    """The latest training state in a folder, written beside the old one, which goes when it is whole."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, made when first needed."""
        self.folder = folder.resolve()

    def _manager(self) -> Any:
        import orbax.checkpoint as ocp

        return ocp.CheckpointManager(
            self.folder,
            options=ocp.CheckpointManagerOptions(max_to_keep=1, enable_async_checkpointing=False),
        )

    def exists(self) -> bool:
        """Whether there is a whole state to resume from."""
        if not self.folder.is_dir():
            return False
        with self._manager() as manager:
            return manager.latest_step() is not None

    def save(self, state: TrainState, run: dict[str, Any]) -> None:
        """Keep `state` and the run's own counters (JSON), in the place of whatever is kept."""
        import orbax.checkpoint as ocp

        with self._manager() as manager:
            args = ocp.args.Composite(
                state=ocp.args.StandardSave(state._asdict()), run=ocp.args.JsonSave(run)
            )
            newest = manager.latest_step()  # may be this very step, or a later one of a run before this
            key = int(run["step"]) if newest is None else max(int(run["step"]), newest + 1)
            manager.save(key, args=args, force=True)

    def restore(self, like: TrainState) -> tuple[TrainState, dict[str, Any]]:
        """Return the kept state, shaped as `like`, and the counters."""
        import orbax.checkpoint as ocp

        with self._manager() as manager:
            abstract = jax.tree.map(ocp.utils.to_shape_dtype_struct, like._asdict())
            args = ocp.args.Composite(state=ocp.args.StandardRestore(abstract), run=ocp.args.JsonRestore())
            restored = manager.restore(manager.latest_step(), args=args)
        # Uncommitted arrays, as a fresh state has them: the compiled step serves both.
        state = jax.tree.map(lambda leaf: jnp.asarray(np.asarray(leaf)), restored["state"])
        return TrainState(**state), dict(restored["run"])
