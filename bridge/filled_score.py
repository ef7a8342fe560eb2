"""A filled score, of which nothing is written yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.errors import UsageError
from bridge.output import check_output, document_bytes, format_of
from bridge.score import Document, Region
from bridge.whole_file import write_whole

if TYPE_CHECKING:
    from bridge.fill import Filled
    from bridge.part_writing.check import Report


@dataclass(frozen=True, slots=True)
class FilledScore:
    """A score with its region filled, nothing written yet.

    - `document`: the input with the measures appended that the region needs, still empty there.
    - `parts`: names of the parts that were filled; `measures`: their measures' printed numbers.
    - `filled`: the alternatives, best first; the rest of the numbers are those of the best.
    - `seconds`: wall-clock time from opening to the notes.
    - `checks`: the report on each alternative's part-writing, where it was asked for.
    """

    path: Path
    document: Document
    region: Region
    parts: tuple[str, ...]
    measures: tuple[str, ...]
    where: str
    filled: Filled
    model: str
    seed: int
    seconds: float
    checks: tuple[Report, ...] = ()

    @property
    def notes(self) -> int:
        """Number of notes written by the best alternative."""
        return self.filled.alternatives[0].note_count

    @property
    def nll(self) -> float:
        """`bridge.alternatives.Alternative.nll` of the best alternative, in nats per note."""
        return self.filled.alternatives[0].nll

    @property
    def copied_notes(self) -> int | None:
        """How many notes in a row the best alternative has of the training music; None if not checked."""
        return self.filled.alternatives[0].copied_notes

    def copied(self, alternative: int = 0) -> list[dict[str, Any]] | None:
        """Return what `alternative` has of the training music, as JSON objects; None if not checked."""
        from bridge.copy_check import passage_records

        return passage_records(self.document.score(0, 0), self.filled.alternatives[alternative].copies)

    def copy_warning(self, alternative: int = 0) -> str | None:
        """Return what is to be said of training music in `alternative`, None if it hardly repeats any."""
        from bridge.copy_check import copy_warning

        return copy_warning(self.document.score(0, 0), self.filled.alternatives[alternative].copies)

    def to_bytes(self, suffix: str | None = None, alternative: int = 0) -> bytes:
        """Return the whole file with `alternative` (0 is the best) in the format of `suffix`.

        Raises `UsageError` for an alternative that there isn't.
        """
        count = len(self.filled.alternatives)
        if not 0 <= alternative < count:
            raise UsageError(
                f"there {'is 1 alternative' if count == 1 else f'are {count} alternatives'} "
                "(those that came out the same count once)",
                where=f"{self.path.name}, alternative={alternative}",
                fix="Give 0, the best." if count == 1 else f"Give 0, the best, to {count - 1}.",
            )
        return document_bytes(self.filled.apply(alternative), suffix)

    def save(self, output: str | Path, alternative: int = 0, force: bool = False) -> Path:
        """Write `alternative` to `output`, whole or not at all; its suffix chooses the format.

        Raises `WriteError` if it is there already (without `force`), is the input, or can't be written,
        and `UsageError` for a format or an alternative that there isn't.
        """
        output = Path(output)
        suffix = format_of(output)
        check_output(output, [self.path], force)
        write_whole(output, self.to_bytes(suffix, alternative), force)
        return output
