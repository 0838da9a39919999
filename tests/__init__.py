"""Every test. BLAS gets one thread, as where the app runs, before NumPy is loaded: the tests share the cores."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
