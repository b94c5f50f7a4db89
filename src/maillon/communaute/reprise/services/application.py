"""Writing a list in one transaction, and undoing it whole while nothing hangs on what it made."""

from collections import Counter, defaultdict
from dataclasses import replace
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Model

from maillon.communaute.adhesions.enums import Etat
from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.adhesions.services import AdhesionRefusee
from maillon.communaute.personnes.models import Personne
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal
from maillon.socle.lots import batched
from maillon.socle.progres import show_progres
from maillon.socle.taches import enqueue
from maillon.socle.ui.typographie import compter

from ..enums import ECRITES, Choix, EtatReprise, Issue
from ..examen import examine
from ..liens import count_pendants, get_modele
from ..models import LigneReprise, Reprise
from ..selectors import build_demande, read_reprise
from .ecriture import Ecrivain, write_plain
from .etats import RepriseRefusee, lock_reprise, move

# What an undoing removes, those that point to others first.
ORDRE = (
    "personnes.Appartenance",
    "adhesions.Adhesion",
    "personnes.Personne",
    "personnes.Groupe",
    "annuaire.Activite",
    "annuaire.Professionnel",
)
NATIONALES = ("annuaire.Activite", "annuaire.Professionnel")


@transaction.atomic
def ask_application(*, reprise: Reprise, by: Acteur) -> Reprise:
    """Have a list written by a job: the person may leave the page. Raises RepriseRefusee."""
    reprise = lock_reprise(reprise.pk)
    move(reprise, EtatReprise.APPLICATION)
    reprise.appliquee_par, reprise.erreur = by.compte_id, ""
    reprise.save(update_fields=["etat", "appliquee_par", "erreur"])
    journal.record("reprise.demandee", reprise, by=by)
    enqueue("reprise.appliquer", cpts_id=reprise.cpts_id, once=f"reprise:{reprise.pk}", reprise_id=str(reprise.pk))
    return reprise


@transaction.atomic
def apply_reprise(*, reprise_id: UUID, by: Acteur) -> None:
    """Write every row that adds or completes, or none. The list is read again: what changed since the dry run counts,
    and a row that became doubtful is left aside. A second call does nothing."""
    reprise = lock_reprise(reprise_id)
    if reprise.etat != EtatReprise.APPLICATION:
        return
    by = replace(by, compte_id=by.compte_id or reprise.appliquee_par)
    lignes = {ligne.numero: ligne for ligne in LigneReprise.objects.filter(reprise=reprise)}
    choix = {numero: ligne.choix for numero, ligne in lignes.items() if ligne.choix}
    fictive = Cpts.objects.values_list("fictive", flat=True).get(pk=reprise.cpts_id)
    ecrivain = Ecrivain(cpts_id=reprise.cpts_id, fictive=fictive, on=today(), by=by)
    tableau = read_reprise(reprise)
    for fait, verdict in enumerate(examine(tableau, build_demande(reprise, on=today()), choix), 1):
        ligne = lignes[verdict.numero]
        ligne.issue, ligne.motif = verdict.issue, verdict.motif[:400]
        ligne.differences = [list(difference) for difference in verdict.differences]
        if verdict.issue in ECRITES and verdict.choix != Choix.ECARTEE:
            try:
                with transaction.atomic():
                    ecrivain.write(verdict, ligne)
            except AdhesionRefusee as refus:
                ligne.cree, ligne.avant = [], {}
                ligne.issue, ligne.motif = Issue.REFUSEE, str(refus)[:400]
        show_progres(reprise.pk, fait, reprise.lues)
    for lot in batched(lignes.values(), 1_000):
        champs = ["issue", "motif", "differences", "personne", "faite", "cree", "avant"]
        LigneReprise.objects.bulk_update(lot, champs, batch_size=500)
    move(reprise, EtatReprise.APPLIQUEE)
    reprise.appliquee_le = now()
    reprise.save(update_fields=["etat", "appliquee_le"])
    comptes = Counter(str(ligne.issue) for ligne in lignes.values() if ligne.faite or ligne.issue not in ECRITES)
    journal.record("reprise.appliquee", reprise, by=by, lignes=dict(comptes))


@transaction.atomic
def ask_annulation(*, reprise: Reprise, by: Acteur) -> Reprise:
    """Have what a list wrote undone, whole. Raises RepriseRefusee when something hangs on it since."""
    reprise = lock_reprise(reprise.pk)
    move(reprise, EtatReprise.ANNULATION)
    _refuse_pendants(_list_cree(reprise))
    reprise.annulee_par, reprise.erreur = by.compte_id, ""
    reprise.save(update_fields=["etat", "annulee_par", "erreur"])
    journal.record("reprise.annulation_demandee", reprise, by=by)
    enqueue("reprise.annuler", cpts_id=reprise.cpts_id, once=f"reprise:{reprise.pk}", reprise_id=str(reprise.pk))
    return reprise


@transaction.atomic
def undo_reprise(*, reprise_id: UUID, by: Acteur) -> None:
    """Remove what a list made and give back what it replaced. A second call does nothing.

    Raises RepriseRefusee when something hangs on it since.
    """
    reprise = lock_reprise(reprise_id)
    if reprise.etat != EtatReprise.ANNULATION:
        return
    by = replace(by, compte_id=by.compte_id or reprise.annulee_par)
    cree = _list_cree(reprise)
    _refuse_pendants(cree)
    replacees = LigneReprise.objects.filter(reprise=reprise, faite=True).exclude(avant={})
    for ligne in replacees.select_related("personne__professionnel", "personne__structure"):
        _give_back(ligne)
    LigneReprise.objects.filter(reprise=reprise).update(personne=None)
    try:
        with transaction.atomic():
            for label in ORDRE:
                _remove(label, cree.get(label, []))
    except DatabaseError:
        raise RepriseRefusee(
            "Cette liste ne peut plus être annulée : la base refuse d’effacer ce qu’elle a créé."
        ) from None
    move(reprise, EtatReprise.ANNULEE)
    reprise.annulee_le = now()
    reprise.save(update_fields=["etat", "annulee_le"])
    journal.record("reprise.annulee", reprise, by=by, retires={label: len(cles) for label, cles in cree.items()})


def _list_cree(reprise: Reprise) -> dict[str, list[str]]:
    """Keys of what the list made, by model."""
    cree: dict[str, list[str]] = defaultdict(list)
    for liste in LigneReprise.objects.filter(reprise=reprise, faite=True).values_list("cree", flat=True):
        for label, cle in liste:
            cree[label].append(cle)
    return cree


def _refuse_pendants(cree: dict[str, list[str]]) -> None:
    """Raises RepriseRefusee naming what was done since with the people of the list."""
    siens = {(label, cle) for label, cles in cree.items() for cle in cles}
    pendants: Counter[str] = Counter()
    for label, cles in cree.items():
        if label not in NATIONALES:
            pendants += count_pendants(get_modele(label), [UUID(cle) for cle in cles], ignore=siens)
    if pendants:
        detail = ", ".join(f"{nom} ({nombre})" for nom, nombre in sorted(pendants.items()))
        raise RepriseRefusee(
            f"Cette liste ne peut plus être annulée : {compter(pendants.total(), 'enregistrement', 'enregistrements')} "
            f"en dépendent depuis : {detail}. Corrigez plutôt les fiches une à une."
        )


def _give_back(ligne: LigneReprise) -> None:
    """Values that the row replaced on somebody already known, unless they changed again since."""
    avant = dict(ligne.avant)
    if demande := avant.pop("adhesion_demandee", None):
        Adhesion.objects.filter(pk=demande, etat=Etat.ACTIVE).update(etat=Etat.DEMANDEE, debut=None)
    if avant and ligne.personne is not None:
        siens = {champ: write_plain(getattr(ligne.personne, champ)) for champ in avant}
        rendus = {champ: ancien for champ, (ancien, ecrit) in avant.items() if siens[champ] == ecrit}
        Personne.objects.filter(pk=ligne.personne.pk).update(**rendus)


def _remove(label: str, cles: list[str]) -> None:
    modele: type[Model] = get_modele(label)
    for lot in batched(cles, 1_000):
        if label not in NATIONALES:
            modele._base_manager.filter(pk__in=lot).delete()
        elif not _try_remove(modele, lot):  # a national row that another community has come to need stays
            for cle in lot:
                _try_remove(modele, [cle])


def _try_remove(modele: type[Model], cles: list[str]) -> bool:
    try:
        with transaction.atomic():
            modele._base_manager.filter(pk__in=cles).delete()
    except IntegrityError:
        return False
    return True
