"""The use case behind `jaxmuse generate`: tokens after an opening, as notes of a quarter each."""

from __future__ import annotations

import secrets
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

from bridge.console import print_record
from bridge.errors import ModelError, UsageError
from bridge.manner import check_seed
from bridge.models import model_folder, use_compilation_cache, weights_that_fit
from bridge.musicxml import MusicXmlDocument
from bridge.output import check_output, document_bytes, format_of
from bridge.score import Note, Region
from bridge.tokens import DEFAULT_TEMPERATURE
from bridge.tokens.words import pitches_of
from bridge.whole_file import write_whole

MOST_NOTES = 10_000
_MEASURE_QUARTERS = 4
_MIDDLE_C = 60


def generate_music(
    model: str,
    notes: int,
    temperature: float | None,
    greedy: bool,
    seed: int | None,
    output: Path | None,
    force: bool,
    json: bool,
) -> None:
    """Write `notes` tokens of music to `output` (`generated.mid` if None) and say what they are.

    - `temperature`: `DEFAULT_TEMPERATURE` if None. `greedy`: always the likeliest after the
      last window, as the tutorial does; else the LSTM remembers all that it has written.

    Raises a `JaxmuseError`.
    """
    seed = secrets.randbelow(2**31) if seed is None else seed
    _check(notes, temperature, greedy, seed)
    output = output or Path("generated.mid")
    suffix = format_of(output)
    check_output(output, [], force)
    words, seconds = generated_words(
        model, notes, 0.0 if greedy else temperature or DEFAULT_TEMPERATURE, seed
    )
    write_whole(output, document_bytes(document_of_words(words), suffix), force=force)
    last = len(set(words[-20:]))
    if json:
        print_record(
            {
                "output": str(output),
                "notes": notes,
                "seed": seed,
                "seconds": round(seconds, 3),
                "tokens": words,
            }
        )
        return
    print(f"{notes} notes and chords, {len(set(words))} different, seed {seed} → {output}")
    if last <= 3 < min(20, notes):
        cause = "With --greedy" if greedy else "At this temperature"
        print(
            f"{cause} the music has run into a loop: {last} different in the last 20. "
            f"Try {'it without --greedy' if greedy else 'a higher --temperature'}."
        )


def generated_words(model: str, notes: int, temperature: float, seed: int) -> tuple[list[str], float]:
    """Return the words of the new tokens, and the seconds.

    `temperature` 0 takes the likeliest, each from the last window alone, as the tutorial does. The seed
    chooses the opening, which isn't in what is returned, and what is drawn.
    """
    use_compilation_cache()
    from jaxmodels.checkpoint import CheckpointError
    from jaxmodels.tokens.checkpoint import is_token_model, load_model
    from jaxmodels.tokens.generate import generate

    folder = model_folder(model)
    if not is_token_model(folder):
        raise ModelError(
            "this model fills scores and doesn't generate tokens",
            where=f"option --model {model}",
            fix="Use it with jaxmuse fill, or train one for this: jaxmuse train --recipe tutorial-lstm.",
        )
    try:
        config, params, prompts = load_model(folder)
        for word in config.vocabulary:
            pitches_of(word)
    except (CheckpointError, ValueError) as error:
        raise ModelError(str(error), where=f"option --model {model}", fix="Train it again.") from error
    opening = prompts[np.random.RandomState(seed % 2**32).randint(len(prompts))]
    started = time.perf_counter()
    with weights_that_fit(model):
        tokens = generate(config, params, opening, notes, temperature, seed, windowed=temperature == 0)
    return [config.vocabulary[token] for token in tokens], time.perf_counter() - started


def document_of_words(words: list[str]) -> MusicXmlDocument:
    """Return a piano score of 4/4 in which each word is a quarter long, as in the tutorial."""
    measures = -(-len(words) // _MEASURE_QUARTERS)
    document = MusicXmlDocument.from_bytes(_empty_score(measures), Path("generated.musicxml"))
    staves: dict[int, list[Note]] = {0: [], 1: []}
    for onset, word in enumerate(words):
        for pitch in sorted(pitches_of(word), reverse=True):
            staves[int(pitch < _MIDDLE_C)].append(Note(Fraction(onset), Fraction(1), pitch))
    document.write(Region(0, measures, (0, 1)), staves)
    return document


def _empty_score(measures: int) -> bytes:
    rests = "".join(
        f'<note><rest measure="yes"/><duration>4</duration><voice>{voice}</voice>'
        f"<staff>{staff}</staff></note>" + ("<backup><duration>4</duration></backup>" if staff == 1 else "")
        for staff, voice in ((1, 1), (2, 5))
    )
    attributes = (
        "<attributes><divisions>1</divisions><key><fifths>0</fifths></key>"
        "<time><beats>4</beats><beat-type>4</beat-type></time><staves>2</staves>"
        '<clef number="1"><sign>G</sign><line>2</line></clef>'
        '<clef number="2"><sign>F</sign><line>4</line></clef></attributes>'
    )
    body = "".join(
        f'<measure number="{number}">{attributes if number == 1 else ""}{rests}</measure>'
        for number in range(1, measures + 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><score-partwise version="4.0">'
        '<part-list><score-part id="P1">'
        "<part-name>Piano</part-name></score-part></part-list>"
        f'<part id="P1">{body}</part></score-partwise>'
    ).encode()


def _check(notes: int, temperature: float | None, greedy: bool, seed: int) -> None:
    if not 1 <= notes <= MOST_NOTES:
        raise UsageError(
            f"{notes} is out of its range", where="option --notes", fix=f"Give 1 to {MOST_NOTES:,}."
        )
    if temperature is not None and greedy:
        raise UsageError(
            "they contradict each other",
            where="options --temperature and --greedy",
            fix="Give one of them.",
        )
    if temperature is not None and not 0 < temperature < float("inf"):
        raise UsageError(
            f"{temperature:g} is out of its range",
            where="option --temperature",
            fix="Give more than 0; --greedy always takes the likeliest.",
        )
    check_seed(seed)
