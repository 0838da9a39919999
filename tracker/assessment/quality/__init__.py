"""Whether the bank is fit to measure with: what no single file can be wrong about, and how items are written."""
