"""Errors in the words of FHIR."""

from .ecriture import dump


class RequeteRefusee(Exception):
    """What the caller asked cannot be done: an HTTP status, a code of OperationOutcome and a sentence."""

    def __init__(self, message: str, *, status: int = 400, code: str = "invalid") -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def render_outcome(message: str, *, code: str) -> str:
    """An OperationOutcome of one error."""
    issue = {"severity": "error", "code": code, "diagnostics": message}
    return dump({"resourceType": "OperationOutcome", "issue": [issue]})
