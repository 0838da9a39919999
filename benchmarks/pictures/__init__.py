"""The pictures and figures of docs/scoring.md, from simulations through the app's own scoring: `make pictures`."""
