"""What the state of things does not allow: the same refusal as that of the calls by which doctors are asked."""

from uuid import UUID

from maillon.communaute.sollicitations.models import ActionRefusee

__all__ = ["ActionRefusee", "PersonneDejaPlacee"]


class PersonneDejaPlacee(ActionRefusee):
    """The same person already has a doctor by another request, which the desk opens from the message."""

    def __init__(self, *, demande_id: UUID, reference: str) -> None:
        super().__init__(
            f"Cette personne a déjà un médecin par la demande {reference} : demandez-lui lequel elle garde, puis "
            "closez l’autre demande."
        )
        self.demande_id, self.reference = demande_id, reference
