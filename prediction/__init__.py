"""Foresees: arrays in, forecast or score out. Knows no SQL, no screen, no metric."""
