"""What machine this is, in words: a figure without its machine says nothing."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

PACKAGES = ("jaxmuse", "jax", "jaxlib", "flax", "optax", "numpy")


def cpu_name() -> str:
    """Return the processor's model name as the system tells it."""
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass  # not Linux
    return platform.processor() or platform.machine() or "unknown processor"


def core_count() -> int:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory_bytes() -> int:
    """Return the machine's memory, 0 if the system doesn't tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


def accelerators() -> list[str]:
    """Return the names of JAX's devices that aren't the CPU; starts JAX."""
    import jax

    return [device.device_kind for device in jax.devices() if device.platform != "cpu"]


def describe_machine() -> str:
    """Return processor, cores, memory and accelerators in one line; starts JAX."""
    cores = core_count()
    words = [cpu_name(), "1 core" if cores == 1 else f"{cores} cores"]
    if memory := memory_bytes():
        words.append(f"{memory / 2**30:.0f} GB of memory")
    return ", ".join([*words, *(accelerators() or ["no accelerator"])])


def package_versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that a training depends on."""
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return versions
