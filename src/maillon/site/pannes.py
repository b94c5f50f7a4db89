"""What prevents Maillon from going on, said to a person."""


class Empechement(Exception):
    """Something outside the program stops it: one French sentence, and what to do next.

    The launcher shows ``str(error)`` as it is, without a traceback, and exits with 1.
    """

    def __init__(self, message: str, *, remede: str = "") -> None:
        super().__init__(f"{message}\n{remede}" if remede else message)
        self.message = message
        self.remede = remede
