"""Skillmark: skill assessment for backend-Python developers."""

VERSION = "0.1.0"
