"""How a key is proved: an item's proof is run in a sandbox, and what it shows is held against the key.

`inside/` is all of the project that a sandbox sees.
"""
