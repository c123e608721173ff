"""Meaning: what a number is and when it is red. Pure: imports nothing of ours, does no I/O, reads no clock."""
