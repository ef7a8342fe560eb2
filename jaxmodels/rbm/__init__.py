"""Restricted Boltzmann machines: undirected models of binary vectors, and of windows of piano rolls."""
