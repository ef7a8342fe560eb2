"""Scores in quantity: which works, read in parallel, kept as arrays, split for training, described.

sources (which works, and by what right) → build (read them, in parallel) → split (train, valid, test)
→ `jaxmodels.shards` on disk in the user's cache folder → stats (tables and plots).
"""
