"""What several apps read on one page is read once: the answers of a block that only reads, kept until it ends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_reponses: ContextVar[dict[Any, Any] | None] = ContextVar("maillon_reponses_partagees", default=None)


@contextmanager
def share() -> Iterator[None]:
    """Inside this block, a `shared` function answers each question once. Nothing may be written there."""
    token = _reponses.set({})
    try:
        yield
    finally:
        _reponses.reset(token)


def shared(function: Callable[P, R]) -> Callable[P, R]:
    """Keep what the function answers inside a `share` block, by its arguments; elsewhere it is called each time.

    Arguments are hashable; nobody changes the answer, which others read.
    """

    @wraps(function)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        reponses = _reponses.get()
        if reponses is None:
            return function(*args, **kwargs)
        question = (function, args, frozenset(kwargs.items()))
        if question not in reponses:
            reponses[question] = function(*args, **kwargs)
        answer: R = reponses[question]
        return answer

    return ask
