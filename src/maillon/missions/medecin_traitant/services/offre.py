"""What frees time, who leaves, who comes: recorded by the desk, applied on its day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from maillon.communaute.annuaire.models import Professionnel
from maillon.regles.protocoles import list_protocoles
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums_places import DEPARTS, S_APPLIQUENT, Certitude, Dit, GenreMouvement, NatureRenfort, StatutRenfort
from ..models import ActionRefusee, Mouvement, Renfort, RenfortMedecin
from ..notifications import DepartArrive, absolute
from .capacites import stop_capacite


@dataclass(frozen=True, slots=True)
class SaisieRenfort:
    """What the desk writes of a help; for a protocol, name and version come from the national list."""

    nature: NatureRenfort
    depuis: date
    intitule: str = ""
    protocole: str = ""
    jusqu_au: date | None = None
    numero: str = ""
    patients: int | None = None
    source: str = ""
    statut: StatutRenfort = StatutRenfort.A_CONFIRMER


@transaction.atomic
def record_renfort(
    *,
    cpts_id: UUID,
    saisie: SaisieRenfort,
    medecins: Sequence[Professionnel],
    by: Acteur,
    renfort_id: UUID | None = None,
) -> Renfort:
    """Record or correct a help and its doctors. It changes no place. Raises ActionRefusee for what cannot be."""
    renfort = Renfort.objects.select_for_update().get(pk=renfort_id) if renfort_id else Renfort(cpts_id=cpts_id)
    intitule, version = saisie.intitule or saisie.nature.label, ""
    if saisie.nature == NatureRenfort.PROTOCOLE:
        known = {protocole.code: protocole for protocole in list_protocoles(on=saisie.depuis)}
        if saisie.protocole not in known:
            raise ActionRefusee("Ce protocole n’était pas en vigueur à cette date.")
        protocole = known[saisie.protocole]
        intitule, version = protocole.nom, protocole.titre
    renfort.nature, renfort.intitule, renfort.version = saisie.nature, intitule, version
    renfort.protocole = saisie.protocole if saisie.nature == NatureRenfort.PROTOCOLE else ""
    renfort.depuis, renfort.jusqu_au, renfort.numero = saisie.depuis, saisie.jusqu_au, saisie.numero
    renfort.patients, renfort.source, renfort.statut = saisie.patients, saisie.source, saisie.statut
    _check(renfort)
    renfort.save()
    renfort.liens.all().delete()
    RenfortMedecin.objects.bulk_create(
        RenfortMedecin(cpts_id=cpts_id, renfort=renfort, professionnel=medecin) for medecin in medecins
    )
    journal.record(
        "medecin_traitant.renfort",
        renfort,
        by=by,
        nature=saisie.nature.value,
        statut=renfort.statut,
        nombre=len(medecins),
    )
    return renfort


@transaction.atomic
def end_renfort(*, renfort_id: UUID, by: Acteur) -> Renfort:
    """The help ends today; one that had not begun ends the day it would have begun."""
    renfort = Renfort.objects.select_for_update().get(pk=renfort_id)
    renfort.jusqu_au = max(today(), renfort.depuis)
    renfort.save(update_fields=["jusqu_au"])
    journal.record("medecin_traitant.renfort_fini", renfort, by=by)
    return renfort


@transaction.atomic
def resume_renfort(*, renfort_id: UUID, by: Acteur) -> Renfort:
    """Undo the end of a help: it has no end again."""
    renfort = Renfort.objects.select_for_update().get(pk=renfort_id)
    renfort.jusqu_au = None
    renfort.save(update_fields=["jusqu_au"])
    journal.record("medecin_traitant.renfort", renfort, by=by, nature=renfort.nature, statut=renfort.statut)
    return renfort


@dataclass(frozen=True, slots=True)
class SaisieMouvement:
    """What the desk writes of a departure or an arrival."""

    genre: GenreMouvement
    le: date
    certitude: Certitude = Certitude.ANNONCE
    professionnel_id: UUID | None = None
    intitule: str = ""
    commune_id: str | None = None
    source: str = ""
    patients: int | None = None
    patients_ald: int | None = None
    patients_plus_70: int | None = None
    places: int | None = None


@transaction.atomic
def record_mouvement(
    *, cpts_id: UUID, saisie: SaisieMouvement, by: Acteur, mouvement_id: UUID | None = None
) -> Mouvement:
    """Record or correct a departure or an arrival; a departure whose day has come is applied at once.

    Raises ActionRefusee for what cannot be: a second departure of a doctor, more ALD than patients, a departure
    without a doctor, or one that has already taken effect.
    """
    mouvement = (
        Mouvement.objects.select_for_update().get(pk=mouvement_id) if mouvement_id else Mouvement(cpts_id=cpts_id)
    )
    if mouvement.applique_le or mouvement.annule_le:
        raise ActionRefusee("Ce mouvement a déjà pris effet, ou il est annulé : il ne se corrige plus.")
    depart = saisie.genre in DEPARTS
    mouvement.genre, mouvement.le, mouvement.certitude = saisie.genre, saisie.le, saisie.certitude
    mouvement.professionnel_id, mouvement.intitule = saisie.professionnel_id, saisie.intitule
    mouvement.commune_id, mouvement.source = saisie.commune_id or None, saisie.source
    mouvement.patients = saisie.patients if depart else None
    mouvement.patients_ald = saisie.patients_ald if depart else None
    mouvement.patients_plus_70 = saisie.patients_plus_70 if depart else None
    mouvement.places = None if depart else saisie.places
    _check(mouvement)
    try:
        with transaction.atomic():
            mouvement.save()
    except IntegrityError:
        raise ActionRefusee("Le départ de ce médecin est déjà annoncé : corrigez-le plutôt.") from None
    journal.record("medecin_traitant.mouvement", mouvement, by=by, genre=saisie.genre.value, le=saisie.le.isoformat())
    if depart and mouvement.le <= today():
        _apply(mouvement.pk)
    return mouvement


def _check(objet: Renfort | Mouvement) -> None:
    try:
        objet.full_clean(validate_unique=False)
    except ValidationError as refus:
        raise ActionRefusee(" ".join(refus.messages)) from None


@transaction.atomic
def cancel_mouvement(*, mouvement_id: UUID, by: Acteur) -> Mouvement:
    """It will not happen, or did not. Places closed by a departure stay closed: the doctor says them again."""
    mouvement = Mouvement.objects.select_for_update().get(pk=mouvement_id)
    if mouvement.annule_le is None:
        mouvement.annule_le = now()
        mouvement.save(update_fields=["annule_le"])
        journal.record("medecin_traitant.mouvement_annule", mouvement, by=by)
    return mouvement


@transaction.atomic
def restore_mouvement(*, mouvement_id: UUID, by: Acteur) -> Mouvement:
    """Undo a cancellation. ActionRefusee when another departure of this doctor was announced since."""
    mouvement = Mouvement.objects.select_for_update().get(pk=mouvement_id)
    if mouvement.annule_le is None:
        return mouvement
    mouvement.annule_le = None
    try:
        with transaction.atomic():
            mouvement.save(update_fields=["annule_le"])
    except IntegrityError:
        raise ActionRefusee("Un autre départ de ce médecin est annoncé depuis.") from None
    journal.record("medecin_traitant.mouvement", mouvement, by=by, genre=mouvement.genre, le=mouvement.le.isoformat())
    return mouvement


def apply_departs(*, cpts_id: UUID) -> int:
    """Departures whose day has come: certain or announced ones close the doctor's places; the coordination is told,
    once, of each. Returns how many took effect."""
    due = Mouvement.objects.filter(
        cpts_id=cpts_id, genre__in=DEPARTS, annule_le=None, applique_le=None, le__lte=today()
    )
    return sum(_apply(pk) for pk in list(due.order_by("le", "id").values_list("pk", flat=True)))


@transaction.atomic
def _apply(mouvement_id: UUID) -> int:
    mouvement = Mouvement.objects.select_for_update().get(pk=mouvement_id)
    if mouvement.applique_le or mouvement.annule_le:
        return 0
    _tell_coordination(mouvement)
    if mouvement.certitude not in S_APPLIQUENT:
        return 0
    mouvement.applique_le = now()
    mouvement.save(update_fields=["applique_le"])
    professionnel = mouvement.professionnel
    if professionnel is not None and professionnel.is_medecin_generaliste:
        stop_capacite(cpts_id=mouvement.cpts_id, professionnel=professionnel, dit=Dit.DEPART, by=SYSTEME)
    journal.record("medecin_traitant.mouvement_applique", mouvement, by=SYSTEME)
    return 1


def _tell_coordination(mouvement: Mouvement) -> None:
    """Written once a person and a date, however often this runs."""
    cpts = Cpts.objects.get(pk=mouvement.cpts_id)
    lien = absolute("mouvement", slug=cpts.slug, mouvement_id=mouvement.pk)
    membres = Membre.objects.filter(cpts=cpts, actif=True, roles__contains=[Role.COORDINATION.value])
    for membre in membres.select_related("compte"):
        message = DepartArrive(cpts=cpts, objet_id=mouvement.pk, lien=lien)
        message.queue(to=membre.compte.email, occasion=f"{membre.pk}:{mouvement.le.isoformat()}")
