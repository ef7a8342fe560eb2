"""Stop the bridge that runs, from another process."""

from __future__ import annotations

import time

from bridge.connection import running, withdraw
from bridge.server.instance import is_held


def stop_bridge(patience_seconds: float = 10.0) -> bool:
    """Ask the bridge that runs, or is just starting, to stop and wait for it; False if it still runs then.

    Raises `WriteError` where it can't be told whether one is starting.
    """
    import psutil

    until = time.monotonic() + patience_seconds
    asked = None
    while (bridge := running()) is not None or is_held():
        if time.monotonic() > until:
            return False
        if bridge is not None and bridge != asked:
            try:
                psutil.Process(bridge.pid).terminate()
            except psutil.NoSuchProcess:
                pass
            except psutil.AccessDenied:
                return False
            asked = bridge
        time.sleep(0.05)
    if asked is not None:
        withdraw()
    return True
