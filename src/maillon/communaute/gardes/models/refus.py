"""What the state of things does not allow."""


class ActionRefusee(Exception):
    """An action refused; the message, in French, says why and what to do."""
