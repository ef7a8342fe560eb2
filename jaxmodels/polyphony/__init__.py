"""Exact likelihoods of polyphonic music, frame by frame: which notes sound, given all earlier frames."""
