"""The sending of an assignment: lot by lot, each line once, what changed meanwhile skipped and told."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from maillon.communaute.sollicitations.models import Sollicitation
from maillon.communaute.sollicitations.selectors import list_absents
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.selectors import acteur_of_membre
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import Etat
from ..enums_repartition import Decision, EtatRepartition, Issue, Saut
from ..models import ActionRefusee, Demande, LigneRepartition, Repartition
from ..selectors.appariement import describe_situation
from ..selectors.reponses import read_deja
from .commun import lock
from .propositions import find_disponibles, propose_demande
from .repartitions import lock_repartition

LOT = 25


@transaction.atomic
def send_lot(*, repartition_id: UUID) -> int:
    """Propose the next lines of a run that leaves; returns how many are left. The last lot closes the run.

    A lot is one transaction under the run's lock: killed in the middle, it left nothing behind and is taken up again.
    """
    repartition = lock_repartition(repartition_id)
    if repartition.etat != EtatRepartition.EN_ENVOI:
        return 0
    by = _author(repartition)
    waiting = (
        LigneRepartition.objects.filter(
            cpts_id=repartition.cpts_id, repartition=repartition, issue=Issue.A_ENVOYER, professionnel__isnull=False
        )
        .exclude(decision=Decision.RETIRER)
        .order_by("rang", "id")
    )
    lot = list(waiting[:LOT])
    # Whoever takes several requests locks them in the order of their keys.
    demandes = Demande.objects.filter(pk__in=[ligne.demande_id for ligne in lot]).order_by("pk")
    list(demandes.select_for_update(no_key=True).values_list("pk"))
    for ligne in lot:
        _send(repartition, ligne, by=by)
    left = waiting.count()
    if not left:
        _finish(repartition, by=by)
    return left


def _author(repartition: Repartition) -> Acteur:
    """Who pressed: the proposals are theirs in the journal."""
    membre = repartition.envoyee_par
    return acteur_of_membre(membre.compte, membre, fort=True) if membre else SYSTEME


def _send(repartition: Repartition, ligne: LigneRepartition, *, by: Acteur) -> None:
    demande = lock(ligne.demande_id)
    saut = _find_change(demande, ligne)
    if saut is None:
        try:
            with transaction.atomic():
                sent = _propose(repartition, demande, ligne, by=by)
            ligne.issue, ligne.envoyee_le, ligne.appel_id = Issue.ENVOYEE, now(), sent.appel_id
        except ActionRefusee:
            saut = _explain_refusal(demande, ligne)
    if saut is not None:
        ligne.issue, ligne.saut = Issue.SAUTEE, saut
    ligne.save(update_fields=["issue", "saut", "envoyee_le", "appel"])


def _propose(repartition: Repartition, demande: Demande, ligne: LigneRepartition, *, by: Acteur) -> Sollicitation:
    """Open the call: the doctor of the line, then those of the next waves who may still be asked."""
    assert ligne.professionnel_id is not None
    suivants = set(ligne.suivants) - read_deja([demande.pk]).get(demande.pk, set())
    suivants &= find_disponibles(demande, suivants)
    suivants -= list_absents(suivants, cpts_id=demande.cpts_id, on=today())
    parametres = repartition.parametres
    changed = ligne.decision == Decision.CHANGER
    explications: dict[UUID, dict[str, Any]] = {pk: {"par": "repartition", "suivant": True} for pk in suivants}
    explications[ligne.professionnel_id] = {"par": "repartition", "minutes": ligne.minutes, "change": changed}
    return propose_demande(
        demande_id=demande.pk,
        professionnel_ids=[ligne.professionnel_id, *(pk for pk in ligne.suivants if pk in suivants)],
        par_vague=parametres["par_vague"],
        jours=parametres["jours"],
        explications=explications,
        by=by,
    )[0]


def _find_change(demande: Demande, ligne: LigneRepartition) -> Saut | None:
    """What happened to the request since the computation, if anything did."""
    if demande.etat in (Etat.CLOSE, Etat.PLACEE):
        return Saut.CLOSE
    if demande.etat != Etat.QUALIFIEE:
        return Saut.DEJA
    if describe_situation(demande) != ligne.explication.get("situation"):
        return Saut.CORRIGEE
    return None


def _explain_refusal(demande: Demande, ligne: LigneRepartition) -> Saut:
    """Why this doctor can no longer be asked, in the words of the page."""
    assert ligne.professionnel_id is not None
    if ligne.professionnel_id in read_deja([demande.pk]).get(demande.pk, set()):
        return Saut.REFUS
    free = find_disponibles(demande, [ligne.professionnel_id])
    return Saut.INDISPONIBLE if free else Saut.COMPLET


def _finish(repartition: Repartition, *, by: Acteur) -> None:
    repartition.etat, repartition.close_le = EtatRepartition.ENVOYEE, now()
    repartition.save(update_fields=["etat", "close_le"])
    issues = dict(repartition.lignes.order_by().values_list("issue").annotate(nombre=Count("pk")))
    journal.record(
        "medecin_traitant.repartition_envoyee",
        repartition,
        by=by,
        envoyees=issues.get(Issue.ENVOYEE, 0),
        sautees=issues.get(Issue.SAUTEE, 0),
    )
