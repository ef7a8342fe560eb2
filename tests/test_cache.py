"""One folder holds what can be made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.cache import cache_folder


def test_the_cache_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAXMUSE_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.setenv("JAXMUSE_CACHE", "")
    assert cache_folder().name == "jaxmuse"


def test_compiled_code_is_kept_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import jax

    from bridge.models import use_compilation_cache

    monkeypatch.setenv("JAXMUSE_CACHE", str(tmp_path))
    monkeypatch.delenv("JAX_COMPILATION_CACHE_DIR", raising=False)
    before = jax.config.jax_compilation_cache_dir  # type: ignore[attr-defined]
    try:
        use_compilation_cache()
        assert jax.config.jax_compilation_cache_dir == str(tmp_path / "compiled")  # type: ignore[attr-defined]
    finally:
        jax.config.update("jax_compilation_cache_dir", before)
