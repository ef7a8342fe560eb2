# lxml ships no types, and the stubs there are for it lag behind it: everything in it is `Any` here.
from typing import Any

def __getattr__(name: str) -> Any: ...
