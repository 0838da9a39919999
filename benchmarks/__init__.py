"""HOW FAST IT IS. Measures the real server with a crowd of learners beside it: `python -m benchmarks`."""
