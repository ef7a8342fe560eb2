"""The models that requests can name, each loaded once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from bridge.errors import ModelError
from bridge.server.replies import ModelFacts, ModelList

if TYPE_CHECKING:
    from bridge.models import Model


class LoadedModels:
    """Released models by name, never by path. Any thread may ask; the list doesn't wait for a loading."""

    def __init__(self) -> None:
        self._listing, self._loading = threading.Lock(), threading.Lock()
        self._listed: ModelList | None = None
        self._loaded: dict[str, Model] = {}

    def listed(self) -> ModelList:
        """Return what there is; slow on the first call. Raises `ModelError` for a damaged model."""
        from bridge.models import list_models

        with self._listing:
            if self._listed is None:
                facts = ({key: found[key] for key in ModelFacts.model_fields} for found in list_models())
                self._listed = ModelList(models=[ModelFacts(**each) for each in facts])
            return self._listed

    def get(self, name: str) -> Model:
        """Return the model of that name; raises `ModelError`."""
        names = [each.name for each in self.listed().models]
        if name not in names:
            raise ModelError(f"there is no model '{name}'", fix=f"Take one of {', '.join(names)}.")
        with self._loading:
            if name not in self._loaded:
                from bridge.fill import load_model

                self._loaded[name] = load_model(name)
            return self._loaded[name]
