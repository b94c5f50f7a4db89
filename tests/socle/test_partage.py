"""What a page reads several times is read once, and nothing outlives the page."""

from itertools import count

from maillon.socle.partage import share, shared


def test_an_answer_is_kept_by_its_question_until_the_block_ends() -> None:
    tirage = count()

    @shared
    def ask(question: str, *, detail: bool = False) -> int:
        return next(tirage)

    assert (ask("a"), ask("a")) == (0, 1)
    with share():
        assert (ask("a"), ask("a"), ask("b"), ask("a", detail=True), ask("a")) == (2, 2, 3, 4, 2)
    assert ask("a") == 5
    with share():
        assert ask("a") == 6
