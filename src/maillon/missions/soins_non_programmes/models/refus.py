"""What the state of things does not allow."""


class ActionRefusee(Exception):
    """An action that the state of things does not allow; the message, in French, is shown to the person, beside the
    field of the form that it names."""

    def __init__(self, texte: str, champ: str = "") -> None:
        super().__init__(texte)
        self.champ = champ


class CreneauPris(ActionRefusee):
    """Somebody was quicker: answered by 409."""
