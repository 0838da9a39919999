"""Skillmark: skill assessment for backend-Python developers."""
