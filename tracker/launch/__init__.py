"""STARTS AND STOPS. The stores and the web server together, as one thing: `python -m tracker.launch`."""
