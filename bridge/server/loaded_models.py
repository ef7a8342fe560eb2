"""The models that requests can name, each loaded once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from bridge.errors import ModelError
from bridge.identity import files_identity
from bridge.server.problems import Refusal
from bridge.server.replies import ModelFacts, ModelList

if TYPE_CHECKING:
    from bridge.models import Model


class LoadedModels:
    """Released models by name, never by path. Any thread may ask; the list doesn't wait for a loading."""

    def __init__(self) -> None:
        self._listing, self._loading = threading.Lock(), threading.Lock()
        self._listed: ModelList | None = None
        self._loaded: dict[str, Model] = {}
        self._states: dict[str, str] = {}

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
                from bridge.models import model_folder

                self._states[name] = files_identity(model_folder(name))
                self._loaded[name] = load_model(name)
            return self._loaded[name]

    def check_state(self, name: str, state: str) -> None:
        """Raise `Refusal` unless the model of that name was loaded from files of this `files_identity`."""
        try:
            self.get(name)
        except ModelError:
            known = None
        else:
            known = self._states[name]
        if known != state:
            raise Refusal(
                "other_model",
                f"the bridge doesn't hold that model '{name}'",
                "Start it again: jaxmuse serve --stop; jaxmuse serve --background",
            )
