"""The models of jaxmuse: arrays in, arrays out, nothing of scores."""
