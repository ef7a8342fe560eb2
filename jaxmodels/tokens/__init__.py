"""The Keras tutorial's models: which note or chord comes next after 32 of them, without durations.

windows (sequences of tokens cut up, and held out) → model (WaveNet, LSTM) → fit (an epoch is one program)
→ checkpoint → generate. The tutorial: A. Pai, *Want to Generate your own Music using Deep Learning? Here's
a Guide to do just that!*, Analytics Vidhya, 2020, with its layers, sizes and Keras's defaults.
"""
