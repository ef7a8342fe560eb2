"""jaxmuse around its models: scores in, filled scores out. `bridge.api.fill` is the whole of it in one call."""
