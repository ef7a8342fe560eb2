"""From sounding notes to what an engraver would write: voices, note values, ties, tuplets, spelling."""
