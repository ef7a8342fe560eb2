"""How good models are: holes in music that they never saw, filled and judged beside baselines.

works (which works, without near-duplicates) → likelihood (nats per note) and samples (fills, measured)
→ result (estimates with intervals, comparisons) → tables and plot. docs/evaluation.md says what that is.
"""

HOLES = 240
"""For each task, if nothing is said."""
