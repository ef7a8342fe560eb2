"""Errors that are shown to the user as they are.

JaxmuseError            where: what. fix
├── UsageError          an option or a combination of options
├── ReadError           a file that can't be read as what it claims to be
├── RegionError         measures or parts that don't exist or can't be written
├── ModelError          a checkpoint that is missing or unfit
└── WriteError          an output that can't be written
"""

from __future__ import annotations


class JaxmuseError(Exception):
    """A problem with its place and its remedy; the CLI prints it as `where: what. fix`.

    - `where`: file, part, measure, or option; callers higher up put their place in front with `at`.
    - `what`: what is wrong, without a final period.
    - `fix`: what to do about it, one sentence with its period.
    """

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what = what.rstrip(".")
        self.where = where
        self.fix = fix

    def at(self, place: str) -> JaxmuseError:
        """Return this error with `place` in front of its place."""
        self.where = f"{place}, {self.where}" if self.where else place
        return self

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}." if self.where else f"{self.what}."
        return f"{head} {self.fix}".rstrip()


class UsageError(JaxmuseError):
    """An option or a combination of options that can't be followed."""


class ReadError(JaxmuseError):
    """A file that can't be read as what it claims to be."""


class RegionError(JaxmuseError):
    """Measures or parts that don't exist or can't be written."""


class ModelError(JaxmuseError):
    """A checkpoint that is missing or doesn't fit."""


class WriteError(JaxmuseError):
    """An output that can't be written."""
