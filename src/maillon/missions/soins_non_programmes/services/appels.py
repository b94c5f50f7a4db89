"""Asking for a request: the usual professional, waves by distance and by turn, who is on duty, the desk."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from maillon.communaute.sollicitations import services as sollicitations
from maillon.communaute.sollicitations.models import ActionRefusee as SollicitationRefusee
from maillon.regles.tour import Rang, cut
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal
from maillon.socle.taches import enqueue

from ..enums import SANS_REPONSE, EtatDemande
from ..models import GENRE, ActionRefusee, DemandeSoin
from ..notifications import DemandeEscaladee, absolute
from ..permissions import GERER
from ..selectors.candidats import find_de_garde, rank_candidats
from ..selectors.reglages import get_reglages
from .demandes import lock_demande, move, save

# How long the desk, the duty professional and the regulator have before the request comes up again.
ESCALADE = timedelta(minutes=15)


@transaction.atomic
def ask_professionnels(*, demande_id: UUID, by: Acteur) -> bool:
    """Ask those who were not asked yet: the usual professional, then waves by distance and by turn. False, and the
    request escalates, when nobody is left."""
    demande = lock_demande(demande_id)
    if demande.etat not in SANS_REPONSE or demande.etat == EtatDemande.ACCEPTEE:
        raise ActionRefusee(f"La demande {demande.reference} ne cherche plus personne\u00a0: rechargez la page.")
    reglages = get_reglages(demande.cpts_id)
    vagues = [[make_cible(rang) for rang in vague] for vague in cut(rank_candidats(demande), reglages.par_vague)]
    if not vagues:
        escalate(demande, by=by)
        return False
    delai = timedelta(minutes=reglages.vague_minutes)
    try:
        sollicitations.solicit(genre=GENRE, objet=demande, vagues=vagues, delai=delai, by=by)
    except SollicitationRefusee as refus:
        raise ActionRefusee(str(refus)) from refus
    return True


def make_cible(rang: Rang) -> sollicitations.Cible:
    """Why this one, in numbers that say nothing of the person."""
    one = rang.pressenti
    facts = {
        "minutes": one.minutes,
        "sollicitations": one.sollicitations,
        "acceptations": one.acceptations,
        "usuel": rang.usuel,
    }
    return sollicitations.Cible(UUID(one.cle), facts)


def escalate(demande: DemandeSoin, *, by: Acteur) -> None:
    """Nobody could: the request goes to the duty professional, to the desk and to the regulators of the territory, and
    comes up again. The request is locked by the caller."""
    fields = {"escaladee_le": demande.escaladee_le or now(), "prochaine_le": now() + ESCALADE}
    if demande.etat == EtatDemande.ESCALADEE:
        save(demande, **fields)
    else:
        move(demande, EtatDemande.ESCALADEE, **fields)
    journal.record("soins.demande_escaladee", demande, by=by)
    enqueue("soins.garde", cpts_id=demande.cpts_id, once=f"soins.garde:{demande.pk}", demande_id=str(demande.pk))
    warn_guichet(demande)


def warn_guichet(demande: DemandeSoin) -> None:
    """A mail to each person of the desk, once an hour."""
    occasion = f"{now():%Y%m%d%H}"
    lien = absolute("demande", demande.cpts.slug, demande.pk)
    roles = sorted(role.value for role in GERER.roles)
    desk = Membre.objects.filter(cpts_id=demande.cpts_id, actif=True, roles__overlap=roles).select_related("compte")
    for membre in desk:
        DemandeEscaladee(cpts=demande.cpts, objet_id=demande.pk, lien=lien).queue(
            to=membre.compte.email, occasion=f"{membre.pk}:{occasion}"
        )


@transaction.atomic
def ask_de_garde(*, demande_id: UUID, by: Acteur = SYSTEME) -> int:
    """Ask whoever is on duty now, even when they were asked before without answering. Returns how many were asked."""
    demande = lock_demande(demande_id)
    if demande.etat != EtatDemande.ESCALADEE:
        return 0
    on_duty = find_de_garde(demande.cpts_id, demande.profession, now())
    cibles = [sollicitations.Cible(pk, {"garde": True}) for pk in on_duty]
    asked = 0
    for cible in cibles:
        try:
            with transaction.atomic():
                delai = timedelta(minutes=get_reglages(demande.cpts_id).vague_minutes)
                sollicitations.solicit(genre=GENRE, objet=demande, vagues=[[cible]], delai=delai, by=by)
                asked += 1
        except SollicitationRefusee:  # asked already, or declined
            continue
    return asked
