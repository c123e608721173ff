"""The nightly predictions: reads arrays from the warehouse, has `prediction` foresee, and publishes what it says."""
