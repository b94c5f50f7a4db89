"""Filing a request, once, with its number."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from maillon.communaute.patients.identites import SaisieIdentite
from maillon.communaute.patients.models import Patient
from maillon.communaute.patients.notices import NOTICE_VERSION
from maillon.communaute.patients.services import create_patient
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import Besoin, Modalite, Origine
from ..models import ActionRefusee, DemandeSoin
from .appels import ask_professionnels

FERME = "Cet espace n’est pas ouvert dans cette communauté. Rien n’a été enregistré."


@dataclass(frozen=True, slots=True, kw_only=True)
class SaisieDemande:
    """What a request says besides the person."""

    besoin: Besoin
    profession: str
    modalite: Modalite
    commune_id: str
    avant_le: datetime
    usuel_id: UUID | None = None


@transaction.atomic
def file_demande(
    *,
    cpts: Cpts,
    identite: SaisieIdentite | None,
    saisie: SaisieDemande,
    origine: Origine,
    cle_depot: str,
    by: Acteur,
    patient: Patient | None = None,
) -> DemandeSoin:
    """Record a request and ask the first professionals at once. `identite` of a new person, or a known `patient`.

    The same key twice makes one request. Raises ActionRefusee when the patient rooms of the community are closed.
    """
    if not cpts.is_ouverte_aux_patients(on=today()):
        raise ActionRefusee(FERME)
    _lock_depots(cpts.pk)
    existing = DemandeSoin.objects.filter(cpts=cpts, cle_depot=cle_depot).first()
    if existing:
        return existing
    if patient is None:
        assert identite is not None
        patient = create_patient(
            cpts_id=cpts.pk,
            identite=identite,
            commune_id=saisie.commune_id,
            annee_naissance=None,
            origine="professionnel",
            notice_version=NOTICE_VERSION,
            by=by,
        )
    own = by.cpts_id == cpts.pk
    demande = DemandeSoin.objects.create(
        cpts=cpts,
        reference=_next_reference(cpts.pk),
        patient=patient,
        besoin=saisie.besoin,
        profession=saisie.profession,
        modalite=saisie.modalite,
        commune_id=saisie.commune_id,
        avant_le=saisie.avant_le,
        usuel_id=saisie.usuel_id,
        origine=origine,
        demandeur_id=by.membre_id if own else None,
        compte_id=None if own else by.compte_id,
        prochaine_le=now(),
        cle_depot=cle_depot,
    )
    journal.record("soins.demande_deposee", demande, by=by, origine=str(origine))
    ask_professionnels(demande_id=demande.pk, by=by)
    demande.refresh_from_db()
    return demande


def _lock_depots(cpts_id: UUID) -> None:
    """Filings of a community wait for each other: a number each, and one request a key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"soins-depot:{cpts_id}"])


def _next_reference(cpts_id: UUID) -> str:
    """The next number of this year, under the lock of the filings."""
    prefix = f"SD-{today().year}-"
    last = (
        DemandeSoin.objects.filter(cpts_id=cpts_id, reference__gte=prefix, reference__lt=f"{prefix}A")
        .order_by("-reference")
        .values_list("reference", flat=True)
        .first()
    )
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:05d}"
