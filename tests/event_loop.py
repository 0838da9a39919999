"""A thread for an event loop: a browser that the same process drives has a loop running in the main thread."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def apart(function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """What a function returns that runs in a thread of its own, where no loop is running yet."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(function, *args, **kwargs).result()
