"""The Keras tutorial's pipeline: scores to tokens of notes and chords, a model of them, new music from it.

words (a chord's name and back) → reading (the corpus as sequences of tokens) → train_command →
`jaxmodels.tokens`; generate_command goes back, by playing, to MIDI and MusicXML; stats counts tokens.
"""
