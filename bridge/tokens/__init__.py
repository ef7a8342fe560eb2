"""The Keras tutorial's pipeline: scores to tokens of notes and chords, a model of them, new music from it.

words (a chord's name and back) → reading (the corpus as sequences of tokens) → train_command →
`jaxmodels.tokens`; generate_command goes back, by playing, to MIDI and MusicXML; stats counts tokens.
cli and options are what the command line shows of it.
"""

DEFAULT_INSTRUMENT = "piano"

DEFAULT_MIN_COUNT = 50
"""A word that is rarer in all works together is dropped, as in the tutorial."""

DEFAULT_NOTES = 100

DEFAULT_TEMPERATURE = 1.0
