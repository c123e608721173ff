"""Real input: work-order exports -> checked rows -> warehouse contract; what does not fit goes into quarantine."""
