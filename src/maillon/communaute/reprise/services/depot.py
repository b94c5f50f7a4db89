"""Depositing a list, saying how it is read, looking at what it would do, deciding what is doubtful."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.contenu import detect_type
from maillon.socle.fichiers.entetes import sign_entetes
from maillon.socle.fichiers.enums import TypeFichier
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.fichiers.tableaux import TableauIllisible
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal
from maillon.socle.lots import batched
from maillon.socle.progres import show_progres
from maillon.socle.taches import enqueue

from ..colonnes import find_manque, propose_colonnes
from ..enums import Choix, EtatReprise, Genre, Issue
from ..examen import Verdict, examine
from ..models import Correspondance, LigneReprise, Reprise
from ..permissions import REPRENDRE
from ..selectors import build_demande, read_liste, read_reprise
from .etats import RepriseRefusee, lock_reprise, move

# A short list is read while the person waits; a long one by a job, with its progress.
IMMEDIAT = 1_000


@transaction.atomic
def deposit_liste(
    *, cpts_id: UUID, nom: str, contenu: bytes, genre: Genre, date_defaut: date | None = None, by: Acteur
) -> Reprise:
    """Keep a list to take over. When its titles were read before, the same reading is used at once.

    Raises RepriseRefusee for a content that is not a table, FichierRefuse for another type: neither is kept.
    """
    if contenu.startswith(b"PK\x03\x04") and detect_type(contenu) is not TypeFichier.XLSX:
        raise RepriseRefusee("Ce fichier n’est pas un classeur Excel sans macro. Enregistrez-le en .xlsx ou en CSV.")
    nom = f"{nom[:-4]}.csv" if nom.lower().endswith(".tsv") else nom
    try:
        tableau = read_liste(contenu)
    except TableauIllisible as refus:
        raise RepriseRefusee(str(refus)) from None
    fichier = store_fichier(cpts_id=cpts_id, nom=nom, contenu=contenu, by=by, permission=REPRENDRE.code)
    gardee = Correspondance.objects.filter(cpts_id=cpts_id, signature=sign_entetes(tableau.entetes)).first()
    proposees = propose_colonnes(tableau.entetes)
    reprise = Reprise(
        cpts_id=cpts_id,
        fichier=fichier,
        feuille=tableau.feuille,
        genre=genre,
        date_defaut=date_defaut or today(),
        colonnes=gardee.colonnes if gardee else {titre: champ.value for titre, champ in proposees.items()},
        deposee_par=by.compte_id,
        lues=len(tableau.lignes),
    )
    reprise.save(force_insert=True)
    journal.record("reprise.deposee", reprise, by=by, empreinte=fichier.empreinte, lignes=reprise.lues)
    if gardee is not None:
        _start_examen(reprise)
    return reprise


@transaction.atomic
def choose_colonnes(
    *, reprise: Reprise, colonnes: Mapping[str, str], genre: Genre, date_defaut: date, feuille: str, by: Acteur
) -> Reprise:
    """Say what each column holds, keep it for the next list with the same titles, and look at what the list would do.

    Raises RepriseRefusee when the columns do not name anybody, or when the list cannot be read any more.
    """
    reprise = lock_reprise(reprise.pk)
    if reprise.etat == EtatReprise.A_VERIFIER:
        move(reprise, EtatReprise.A_LIRE)
    if manque := find_manque(colonnes):
        raise RepriseRefusee(manque)
    autre_feuille = feuille != reprise.feuille
    reprise.feuille, reprise.genre, reprise.date_defaut = feuille, genre, date_defaut
    reprise.colonnes = {titre: champ for titre, champ in colonnes.items() if champ}
    tableau = read_reprise(reprise, apercu=None if autre_feuille else 1)
    if autre_feuille:
        reprise.lues = len(tableau.lignes)
    reprise.save()
    Correspondance.objects.update_or_create(
        cpts_id=reprise.cpts_id,
        signature=sign_entetes(tableau.entetes),
        defaults={"colonnes": reprise.colonnes, "modifiee_le": now()},
    )
    journal.record("reprise.colonnes", reprise, by=by, colonnes=len(reprise.colonnes))
    _start_examen(reprise)
    return reprise


def _start_examen(reprise: Reprise) -> None:
    move(reprise, EtatReprise.EXAMEN)
    reprise.erreur = ""
    reprise.save(update_fields=["etat", "erreur"])
    if reprise.lues <= IMMEDIAT:
        run_examen(reprise_id=reprise.pk)
        reprise.refresh_from_db()
    else:
        enqueue("reprise.examiner", cpts_id=reprise.cpts_id, once=f"reprise:{reprise.pk}", reprise_id=str(reprise.pk))


@transaction.atomic
def run_examen(*, reprise_id: UUID) -> None:
    """Write what each row would do, in place of what was written before; decisions already taken are kept."""
    reprise = lock_reprise(reprise_id)
    if reprise.etat != EtatReprise.EXAMEN:
        return
    choix = dict(LigneReprise.objects.filter(reprise=reprise).exclude(choix="").values_list("numero", "choix"))
    LigneReprise.objects.filter(reprise=reprise).delete()
    tableau = read_reprise(reprise)
    fait = 0
    for lot in batched(examine(tableau, build_demande(reprise, on=today()), choix), 1_000):
        LigneReprise.objects.bulk_create(build_ligne(reprise, verdict) for verdict in lot)
        fait += len(lot)
        show_progres(reprise.pk, fait, reprise.lues)
    move(reprise, EtatReprise.A_VERIFIER)
    reprise.save(update_fields=["etat"])


def build_ligne(reprise: Reprise, verdict: Verdict) -> LigneReprise:
    """A row of the dry run as it is kept."""
    return LigneReprise(
        cpts_id=reprise.cpts_id,
        reprise=reprise,
        numero=verdict.numero,
        nom=verdict.nom[:170],
        issue=verdict.issue,
        motif=verdict.motif[:400],
        differences=[list(difference) for difference in verdict.differences],
        candidats=[list(candidat) for candidat in verdict.candidats],
        choix=verdict.choix,
        personne=verdict.personne,
    )


@transaction.atomic
def decide_lignes(*, reprise: Reprise, choix: Mapping[int, str], by: Acteur) -> int:
    """Record what somebody decides of rows, by number: a candidate's key, or one of `Choix`. Returns how many changed.

    A decision that the row does not offer is refused.
    """
    reprise = lock_reprise(reprise.pk)
    if reprise.etat != EtatReprise.A_VERIFIER:
        raise RepriseRefusee("Cette liste n’attend plus de décision : rechargez la page.")
    changees = []
    for ligne in LigneReprise.objects.select_for_update().filter(reprise=reprise, numero__in=choix):
        decision = choix[ligne.numero]
        if decision not in list_choix(ligne):
            raise RepriseRefusee(f"La ligne {ligne.numero} n’offre pas ce choix : rechargez la page.")
        if decision != ligne.choix:
            ligne.choix = decision
            changees.append(ligne)
    LigneReprise.objects.bulk_update(changees, ["choix"], batch_size=500)
    if changees:
        journal.record("reprise.decidee", reprise, by=by, lignes=len(changees))
    return len(changees)


def list_choix(ligne: LigneReprise) -> list[str]:
    """What may be decided of a row."""
    if ligne.issue == Issue.DOUTEUSE:
        return [Choix.AUCUN, *(cle for cle, _ in ligne.candidats), Choix.NOUVELLE, Choix.ECARTEE]
    if ligne.differences:
        return [Choix.AUCUN, Choix.LISTE]
    return [Choix.AUCUN]


@transaction.atomic
def abandon_reprise(*, reprise: Reprise, by: Acteur) -> Reprise:
    """Close a list without writing anything; what was read of its people is erased, the document stays."""
    reprise = lock_reprise(reprise.pk)
    move(reprise, EtatReprise.ABANDONNEE)
    LigneReprise.objects.filter(reprise=reprise).delete()
    reprise.save(update_fields=["etat"])
    journal.record("reprise.abandonnee", reprise, by=by)
    return reprise
