"""The person corrects how to be called."""

from dataclasses import fields, replace
from uuid import UUID

from django.db import transaction

from maillon.communaute.patients.identites import SaisieIdentite
from maillon.communaute.patients.selectors import read_identites
from maillon.communaute.patients.services import update_identite
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.journal import services as journal

from ..enums import Origine
from ..models import ActionRefusee
from .commun import lock


@transaction.atomic
def correct_telephone(*, demande_id: UUID, telephone: str, by: Acteur) -> None:
    """Replace the number that the desk calls: the carer's when a carer filed, else the patient's.

    The identity is read by Maillon itself, with its trace: the bearer of a link never sees it.
    """
    demande = lock(demande_id)
    lue = read_identites([demande.patient_id], quoi="telephone", pourquoi="correction par la personne", by=SYSTEME).get(
        demande.patient_id
    )
    if lue is None or not demande.is_ouverte:
        raise ActionRefusee("Cette demande n’est plus ouverte : il n’y a plus rien à corriger.")
    identite = SaisieIdentite(**{field.name: getattr(lue, field.name) for field in fields(SaisieIdentite)})
    if demande.origine == Origine.PROCHE:
        identite = replace(identite, proche_telephone=telephone)
    else:
        identite = replace(identite, telephone=telephone)
    update_identite(patient=demande.patient, identite=identite, by=by)
    journal.record("medecin_traitant.contact_corrige", demande, by=by)
