"""Which device a training runs on, settled before JAX is used for anything else."""

from __future__ import annotations

from bridge.errors import UsageError

PLATFORMS = {"cpu": ("cpu",), "gpu": ("cuda", "rocm"), "tpu": ("tpu",)}
"""JAX's names of the platforms that each choice stands for."""


def use_device(device: str) -> None:
    """Make JAX compute on `auto` (the best there is), `cpu`, `gpu` or `tpu`.

    Raises `UsageError` for another word, or where there is no such device.
    """
    if device not in ("auto", *PLATFORMS):
        raise UsageError(
            f"'{device}' is no kind of device",
            where="option --device",
            fix=f"Take auto, {', '.join(list(PLATFORMS)[:-1])} or {list(PLATFORMS)[-1]}.",
        )
    if device == "auto":
        return
    import jax

    before = jax.config.jax_platforms  # type: ignore[attr-defined]
    for platform in PLATFORMS[device]:
        jax.config.update("jax_platforms", platform)
        try:
            if jax.devices()[0].platform == device:
                return
        except RuntimeError:  # JAX's word for a platform that it can't start
            continue
    jax.config.update("jax_platforms", before)
    raise UsageError(
        f"JAX finds no {device.upper()} here",
        where=f"option --device {device}",
        fix="Take --device auto" + ("." if device == "cpu" else f", or install JAX for {device.upper()}s."),
    )
