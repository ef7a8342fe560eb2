"""Standard MIDI files: read as a `Score`, edited event by event, and written from other formats."""

from bridge.midi.document import MidiDocument
from bridge.midi.export import score_to_midi_bytes

__all__ = ["MidiDocument", "score_to_midi_bytes"]
