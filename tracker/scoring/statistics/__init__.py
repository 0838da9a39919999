"""What is known of items and people beside their parameters: does each behave as it should?

Every statistic comes with its n and 95 % interval (`Estimate`); every result has `flags()`, raised only where n is
enough and the whole interval lies outside the good zone.
"""
