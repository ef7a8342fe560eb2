"""The models of jaxmuse: arrays in, arrays out. Imports JAX, Flax, Optax and NumPy and nothing of scores."""
