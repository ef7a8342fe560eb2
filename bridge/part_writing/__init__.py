"""Part-writing: how carefully voices are led in a fill, and the report on what came of it."""
