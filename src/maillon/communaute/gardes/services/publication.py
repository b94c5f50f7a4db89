"""Publishing makes the drafts official, over all communities at once; replacing changes them as little as can be."""

from collections.abc import Collection
from uuid import UUID

from django.db import IntegrityError, transaction

from maillon.regles.gardes import Affectation
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal
from maillon.socle.ui.typographie import format_date

from ..enums import EtatGarde, EtatTableau, EtatVariante, NatureVariante, OrigineGarde
from ..models import ActionRefusee, Garde, Participant, Tableau, Variante
from ..notifications import TableauPublie
from ..selectors.credits import list_soldes, write_solde
from .ajustements import end_garde, write_garde
from .calculs import read_affectations
from .commun import lock_professionnels, lock_tableau
from .envois import tell_changement, write_to


@transaction.atomic
def publish_tableau(*, tableau_id: UUID, by: Acteur) -> Tableau:
    """Everybody reads the roster, and gets the link of their own duties. Raises ActionRefusee, naming who, when
    somebody is already on duty elsewhere at that time; nothing is published then."""
    tableau = lock_tableau(tableau_id)
    freeze_credits(tableau)
    tableau.move_to(EtatTableau.PUBLIE)
    gardes = list(tableau.gardes.filter(etat=EtatGarde.PROJET).select_related("professionnel", "participant__personne"))
    if not gardes:
        raise ActionRefusee("Personne n’est encore placé dans ce tableau\u00a0: calculez-le ou placez les gardes.")
    lock_professionnels(garde.professionnel_id for garde in gardes)
    _officialise(gardes)
    tableau.publie_le = now()
    tableau.save(update_fields=["etat", "publie_le"])
    journal.record("gardes.tableau_publie", tableau, by=by, gardes=len(gardes))
    people = {garde.participant_id: garde.participant for garde in gardes}
    write_to(tableau, people.values(), TableauPublie, occasion=f"{tableau.pk}")
    return tableau


def _officialise(gardes: Collection[Garde]) -> None:
    own = Garde.objects.filter(pk__in=[garde.pk for garde in gardes])
    try:
        with transaction.atomic():
            own.update(etat=EtatGarde.PUBLIEE, publiee_le=now())
    except IntegrityError as error:
        raise ActionRefusee(_find_conflit(gardes)) from error


def _find_conflit(gardes: Collection[Garde]) -> str:
    """The first duty that the database refuses, in a sentence."""
    for garde in gardes:
        try:
            with transaction.atomic():
                Garde.objects.filter(pk=garde.pk).update(etat=EtatGarde.PUBLIEE, publiee_le=now())
        except IntegrityError:
            return (
                f"{garde.professionnel} est déjà de garde {format_date(garde.debut)} à cette heure, dans un autre "
                "tableau ou une autre communauté. Donnez cette garde à quelqu’un d’autre, puis publiez."
            )
    return "Deux gardes d’une même personne se chevauchent."


def freeze_credits(tableau: Tableau) -> None:
    """Keep what the roster was built on, before it is official: duties from now on count for the next one."""
    soldes = list_soldes(tableau)
    people = list(tableau.participants.all())
    for participant in people:
        participant.credits = write_solde(soldes[participant.pk])
    Participant.objects.bulk_update(people, ["credits"])


@transaction.atomic
def close_tableau(*, tableau_id: UUID, by: Acteur) -> Tableau:
    """The period is over and every duty was said held or not. Raises ActionRefusee otherwise."""
    tableau = lock_tableau(tableau_id)
    if tableau.fin >= today():
        raise ActionRefusee(f"Ce tableau court jusqu’à {format_date(tableau.fin)}\u00a0: il se termine après.")
    left = tableau.gardes.filter(etat=EtatGarde.PUBLIEE).count()
    if left:
        raise ActionRefusee(f"Il reste {left} gardes à constater\u00a0: dites si elles ont été tenues.")
    tableau.move_to(EtatTableau.CLOS)
    tableau.clos_le = now()
    tableau.save(update_fields=["etat", "clos_le"])
    journal.record("gardes.tableau_clos", tableau, by=by)
    return tableau


@transaction.atomic
def reopen_tableau(*, tableau_id: UUID, by: Acteur) -> Tableau:
    """Something is still to be corrected."""
    tableau = lock_tableau(tableau_id)
    if tableau.etat != EtatTableau.CLOS:
        return tableau
    tableau.move_to(EtatTableau.PUBLIE)
    tableau.clos_le = None
    tableau.save(update_fields=["etat", "clos_le"])
    journal.record("gardes.tableau_rouvert", tableau, by=by)
    return tableau


@transaction.atomic
def apply_remplacement(*, variante_id: UUID, by: Acteur) -> int:
    """Put a replacement in place: duties that change hands are withdrawn and written anew, everybody concerned is told.
    Returns how many changed. Raises ActionRefusee when the roster changed since, or a duty has begun meanwhile."""
    tableau = lock_tableau(Variante.objects.values_list("tableau", flat=True).get(pk=variante_id))
    variante = Variante.objects.get(pk=variante_id)
    if variante.etat != EtatVariante.PRETE or variante.nature != NatureVariante.REMPLACEMENT or variante.retenue_le:
        raise ActionRefusee("Ce remplacement n’est pas prêt, ou il est déjà en place.")
    present = {
        Affectation(str(garde.poste_id), str(garde.participant_id)): garde
        for garde in tableau.gardes.officielles()
        .select_related("participant__personne", "professionnel", "poste")
        .order_by("debut")
    }
    wanted = set(read_affectations(variante))
    leaving = [garde for affectation, garde in present.items() if affectation not in wanted]
    coming = sorted(wanted - set(present))
    people = {str(p.pk): p for p in tableau.participants.select_related("personne")}
    postes = {str(poste.pk): poste for poste in tableau.postes.all()}
    if any(a.poste not in postes or a.personne not in people for a in coming):
        raise ActionRefusee("Le tableau a changé depuis ce calcul\u00a0: lancez-en un autre.")
    if any(postes[a.poste].debut <= now() for a in coming):
        raise ActionRefusee("Une des gardes à reprendre a commencé depuis ce calcul\u00a0: lancez-en un autre.")
    lock_professionnels([p.professionnel_id for p in people.values()])
    for garde in leaving:
        end_garde(garde)
    for affectation in coming:
        write_garde(tableau, postes[affectation.poste], people[affectation.personne], origine=OrigineGarde.REMPLACEMENT)
    variante.retenue_le = now()
    variante.save(update_fields=["retenue_le"])
    journal.record("gardes.remplacement", tableau, by=by, variante=variante.numero, gardes=len(leaving))
    concerned: dict[UUID, Participant] = {garde.participant_id: garde.participant for garde in leaving}
    concerned |= {people[a.personne].pk: people[a.personne] for a in coming}
    tell_changement(tableau, concerned.values())
    return len(leaving)
