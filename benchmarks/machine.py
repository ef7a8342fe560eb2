"""What a figure was measured on, and the file that keeps both."""

from __future__ import annotations

import json
import os
import platform
import time
from pathlib import Path
from typing import Any

from bridge.training.hardware import core_count, cpu_name, memory_bytes, package_versions


def machine_record() -> dict[str, Any]:
    """Return processor, cores, memory in bytes, system, versions, time, and load (which spoils figures)."""
    return {
        "cpu": cpu_name(),
        "cores": core_count(),
        "memory_bytes": memory_bytes(),
        "system": platform.platform(),
        "versions": package_versions(),
        "time": time.strftime("%Y-%m-%d %H:%M"),
        "load_average": list(os.getloadavg()) if hasattr(os, "getloadavg") else None,
    }


def save_result(path: Path | None, benchmark: str, results: Any) -> None:
    """Write results and machine to `path` as JSON, if one is given."""
    if path is not None:
        record = {"benchmark": benchmark, "machine": machine_record(), "results": results}
        path.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
