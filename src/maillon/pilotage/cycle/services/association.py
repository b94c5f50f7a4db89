"""The association that bears the community: its FINESS and RNA numbers, which the contract names."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from maillon.communaute.structures.enums import TypeStructure
from maillon.communaute.structures.models import Structure
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal import services as journal


@transaction.atomic
def record_numeros(*, cpts_id: UUID, finess: str, rna: str, by: Acteur) -> Structure:
    """Record the FINESS and RNA numbers of the association. Raises SaisieInvalide for a malformed or taken number."""
    cpts = Cpts.objects.select_for_update(no_key=True).get(pk=cpts_id)
    structure = Structure.objects.filter(cpts_id=cpts_id).first()
    if structure is None:
        structure = Structure(cpts_id=cpts_id, type=TypeStructure.CPTS, nom=cpts.nom, fictive=cpts.fictive)
    structure.finess = finess.replace(" ", "").upper() or None
    structure.rna = rna.replace(" ", "").upper()
    try:
        structure.clean_fields(exclude=["nom_recherche", "commune"])
        structure.validate_constraints()
    except ValidationError as refus:
        raise SaisieInvalide(" ".join(refus.messages)) from None
    if structure.finess and Structure.objects.filter(finess=structure.finess).exclude(pk=structure.pk).exists():
        raise SaisieInvalide(f"Le numéro FINESS {structure.finess} est déjà celui d’une autre structure : vérifiez-le.")
    structure.save()
    journal.record("cycle.numeros_enregistres", structure, by=by, cpts_id=cpts_id, finess=bool(finess), rna=bool(rna))
    return structure
