"""What the marks mean: pure functions on NumPy arrays."""
