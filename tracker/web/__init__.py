"""HTTP in, HTML out: one Flask blueprint a noun."""
