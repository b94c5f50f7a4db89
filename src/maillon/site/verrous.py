"""Advisory file locks (flock): the kernel releases them when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def take(path: Path, *, shared: bool = False) -> int:
    """Wait for the lock of ``path`` and return the descriptor that holds it; closing it releases the lock."""
    descriptor = _open(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
    return descriptor


def try_take(path: Path, *, shared: bool = False) -> int | None:
    """Like :func:`take`, but return ``None`` at once when somebody else holds it."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_held(path: Path) -> bool:
    """True when another open file holds an exclusive lock of ``path``."""
    descriptor = try_take(path, shared=True)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


@contextmanager
def held(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock of ``path`` for the duration of the block."""
    descriptor = take(path, shared=shared)
    try:
        yield
    finally:
        os.close(descriptor)
