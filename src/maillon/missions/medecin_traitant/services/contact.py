"""The person corrects how to be called, where they live, and what concerns them; and takes back a withdrawal."""

from dataclasses import fields, replace
from uuid import UUID

from django.db import transaction

from maillon.communaute.patients.identites import SaisieIdentite
from maillon.communaute.patients.selectors import read_identites
from maillon.communaute.patients.services import move_patient, update_identite
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal

from ..enums import Cloture, Etat, Origine
from ..models import ActionRefusee, Demande
from ..selectors import FAITS
from .commun import lock, set_priorite
from .depot import FaitsSaisis
from .suites import reopen_demande

FINIE = "Cette demande n’est plus ouverte : il n’y a plus rien à corriger."


@transaction.atomic
def correct_contact(
    *, demande_id: UUID, telephone: str = "", courriel: str = "", commune_id: str = "", by: Acteur
) -> None:
    """Replace what is given: the number that the desk calls (the carer's when a carer filed), the address of mails,
    the commune; a blank stays as it was.

    The identity is read by Maillon itself, with its trace: the bearer of a link never sees it.
    """
    demande = lock(demande_id)
    lue = read_identites([demande.patient_id], quoi="contact", pourquoi="correction par la personne", by=SYSTEME).get(
        demande.patient_id
    )
    if lue is None or not demande.is_ouverte:
        raise ActionRefusee(FINIE)
    identite = SaisieIdentite(**{field.name: getattr(lue, field.name) for field in fields(SaisieIdentite)})
    if telephone and demande.origine == Origine.PROCHE:
        identite = replace(identite, proche_telephone=telephone)
    elif telephone:
        identite = replace(identite, telephone=telephone)
    if courriel:
        identite = replace(identite, courriel=courriel)
    if telephone or courriel:
        update_identite(patient=demande.patient, identite=identite, by=by)
    if commune_id:
        move_patient(patient=demande.patient, commune_id=commune_id, by=by)
    journal.record("medecin_traitant.contact_corrige", demande, by=by)


@transaction.atomic
def correct_situation(*, demande_id: UUID, faits: FaitsSaisis, by: Acteur) -> None:
    """The person says what concerns them today; the priority is computed again, the state does not move.

    Raises ActionRefusee once a doctor accepted: the facts led to that choice.
    """
    demande = lock(demande_id)
    if demande.etat not in (Etat.DEPOSEE, Etat.QUALIFIEE, Etat.PROPOSEE):
        raise ActionRefusee("Un médecin a répondu sur ces besoins : appelez-nous pour dire ce qui a changé.")
    champs = faits.as_champs(demande.patient.annee_naissance, today().year)
    changes = [nom for nom in (*FAITS, "langue", "acces_pmr") if getattr(demande, nom) != champs[nom]]
    for nom, valeur in champs.items():
        setattr(demande, nom, valeur)
    set_priorite(demande)
    demande.save()
    journal.record("medecin_traitant.corrigee", demande, by=by, nombre=len(changes))


@transaction.atomic
def resume_demande(*, demande_id: UUID, by: Acteur) -> Demande:
    """The person takes back their own withdrawal: the request finds its rank again."""
    demande = lock(demande_id)
    if demande.etat != Etat.CLOSE or demande.motif_cloture != Cloture.ABANDON:
        raise ActionRefusee("Cette demande ne peut pas être reprise ici : appelez-nous.")
    return reopen_demande(demande_id=demande_id, by=by)
