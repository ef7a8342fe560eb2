"""Training from the shell: a corpus, a run's folder, a live line, curves, and a model with its card.

request (what is asked for) → material (which works) → `jaxmodels.train`, watched by `watch` (TensorBoard,
curves, the live line, Ctrl+C) → card (what the model is made of). `command` puts them together.
"""

from bridge.training.command import train_command

__all__ = ["train_command"]
