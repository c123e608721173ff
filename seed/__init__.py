"""A deterministic demo network with planted truths, written by `python -m seed`."""
