"""What the state of things does not allow."""


class ActionRefusee(Exception):
    """An action that the state of things does not allow; the message, in French, is shown to the person."""


class CreneauPris(ActionRefusee):
    """Somebody was quicker: answered by 409."""
