"""jaxmuse around its models: scores in, filled scores out. `bridge.api.fill` is all of it in one call."""
