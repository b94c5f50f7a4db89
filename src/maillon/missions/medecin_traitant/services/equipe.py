"""The équipe traitante: professionals who look after a person while no doctor is found."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.patients.services import close_relation, open_relation
from maillon.regles.suivi import compute_revue
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import EtatTache, Quoi, RoleEquipe
from ..models import ActionRefusee, Demande, Equipier
from .commun import lock
from .taches import note_tache

MOTIF_RELATION = "equipe_traitante"


@transaction.atomic
def add_equipier(*, demande_id: UUID, professionnel_id: UUID, role: RoleEquipe, by: Acteur) -> Equipier:
    """Add a professional to the équipe traitante of a person who agrees: the identity opens to them, the search goes
    on, and a review is planned. Raises ActionRefusee when the request is over, or for who is there already."""
    demande = lock(demande_id)
    if not demande.is_ouverte:
        raise ActionRefusee(
            f"La demande {demande.reference} n’est plus ouverte : la personne a un médecin, ou renonce."
        )
    if demande.attend_accord:
        raise ActionRefusee(
            f"La personne de la demande {demande.reference} n’a pas encore donné son accord : appelez-la d’abord."
        )
    professionnel = Professionnel.objects.filter(pk=professionnel_id).first()
    if professionnel is None:
        raise ActionRefusee("Choisissez un professionnel de la liste.")
    try:
        with transaction.atomic():
            equipier = Equipier.objects.create(
                cpts_id=demande.cpts_id, demande=demande, professionnel=professionnel, role=role, depuis=today()
            )
    except IntegrityError as error:
        raise ActionRefusee(f"{professionnel} est déjà dans l’équipe traitante.") from error
    open_relation(patient=demande.patient, rpps=professionnel.rpps, motif=MOTIF_RELATION, by=by)
    journal.record("medecin_traitant.equipier", demande, by=by, role=str(role), professionnel=str(professionnel.pk))
    if not demande.taches.filter(etat=EtatTache.A_FAIRE, quoi=Quoi.REVOIR_EQUIPE).exists():
        note_tache(demande, quoi=Quoi.REVOIR_EQUIPE, echeance=compute_revue(today()), by=by)
    return equipier


@transaction.atomic
def end_equipier(*, equipier_id: UUID, by: Acteur) -> Equipier:
    """A professional leaves the équipe traitante: the identity shuts to them. The last one takes the review away."""
    demande = lock(Equipier.objects.only("demande_id").get(pk=equipier_id).demande_id)
    equipier = Equipier.objects.select_for_update(of=("self",)).select_related("professionnel").get(pk=equipier_id)
    if equipier.jusque is not None:
        return equipier
    _end(demande, equipier, by=by)
    if not demande.equipe.en_cours().exists():
        _end_reviews(demande, EtatTache.ANNULEE)
    return equipier


def _end_reviews(demande: Demande, etat: EtatTache) -> None:
    due = demande.taches.filter(etat=EtatTache.A_FAIRE, quoi=Quoi.REVOIR_EQUIPE)
    due.update(etat=etat, finie_le=now())


def _end(demande: Demande, equipier: Equipier, *, by: Acteur) -> None:
    equipier.jusque = today()
    equipier.save(update_fields=["jusque"])
    if demande.medecin_id != equipier.professionnel_id:
        close_relation(patient=demande.patient, rpps=equipier.professionnel.rpps, by=by)
    journal.record("medecin_traitant.equipier_fini", demande, by=by, professionnel=str(equipier.professionnel_id))


@transaction.atomic
def review_equipe(*, demande_id: UUID, by: Acteur) -> date:
    """The desk looked at the équipe traitante with the person: it stays, and the next review is planned."""
    demande = lock(demande_id)
    if not demande.is_ouverte or not demande.equipe.en_cours().exists():
        raise ActionRefusee(f"La demande {demande.reference} n’a pas d’équipe traitante à revoir.")
    _end_reviews(demande, EtatTache.FAITE)
    prochaine = compute_revue(today())
    note_tache(demande, quoi=Quoi.REVOIR_EQUIPE, echeance=prochaine, by=by)
    journal.record("medecin_traitant.equipe_revue", demande, by=by, le=prochaine.isoformat())
    return prochaine


def end_equipe(demande: Demande, *, by: Acteur) -> int:
    """The équipe traitante ends with the search. Returns how many professionals left it."""
    equipiers = list(demande.equipe.en_cours().select_related("professionnel"))
    for equipier in equipiers:
        _end(demande, equipier, by=by)
    _end_reviews(demande, EtatTache.ANNULEE)
    return len(equipiers)


def restore_equipe(demande: Demande, *, since: date, by: Acteur) -> int:
    """Those whom the end of the search made leave that day are back, when it is opened again the same day."""
    if since != today():
        return 0
    equipiers = list(demande.equipe.filter(jusque=since).select_related("professionnel"))
    for equipier in equipiers:
        equipier.jusque = None
        equipier.save(update_fields=["jusque"])
        open_relation(patient=demande.patient, rpps=equipier.professionnel.rpps, motif=MOTIF_RELATION, by=by)
    if equipiers and not demande.taches.filter(etat=EtatTache.A_FAIRE, quoi=Quoi.REVOIR_EQUIPE).exists():
        note_tache(demande, quoi=Quoi.REVOIR_EQUIPE, echeance=compute_revue(today()), by=by)
    return len(equipiers)
