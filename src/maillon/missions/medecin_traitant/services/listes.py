"""The waiting list of a spreadsheet: received, read, looked at before anything is written, abandoned or forgotten."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from maillon.communaute.reprise.enums import EN_COURS, RETOURS, TRANSITIONS, EtatReprise
from maillon.communaute.reprise.models import Correspondance
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.fichiers.contenu import detect_type
from maillon.socle.fichiers.entetes import sign_entetes
from maillon.socle.fichiers.enums import TypeFichier
from maillon.socle.fichiers.services import FichierRefuse, check_type, clean_nom
from maillon.socle.fichiers.tableaux import Limites, Tableau, TableauIllisible, read_tableau
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal
from maillon.socle.lots import batched
from maillon.socle.progres import show_progres
from maillon.socle.taches import enqueue

from ..attente.colonnes import (
    ListeNettoyee,
    clean_liste,
    find_manque,
    is_sans_titres,
    propose_colonnes,
    read_liste,
    write_liste,
)
from ..enums import IssueAttente
from ..models import ActionRefusee, LigneAttente, ListeAttente
from ..selectors.attente import examine

USAGE = "liste d’attente"
# A short list is read while the person waits; a long one by a job, with its progress.
IMMEDIAT = 500
# A list that nobody finishes is forgotten with its content.
JOURS_OUBLI = 7
CONSEIL = "Gardez une ligne par personne qui attend un médecin traitant."
LIMITES = Limites(
    lignes=25_000,
    cellules=900_000,
    trop_de_lignes=f"Cette liste a plus de 25\u00a0000 lignes. {CONSEIL}",
    trop_de_cellules=f"Cette liste a trop de cellules. {CONSEIL}",
    trop_de_colonnes=f"Cette liste a plus de 60 colonnes. {CONSEIL}",
)


def lock_liste(pk: UUID) -> ListeAttente:
    """The list as it is now, until the end of the transaction."""
    return ListeAttente.objects.select_for_update(of=("self",)).get(pk=pk)


def move_liste(liste: ListeAttente, etat: EtatReprise) -> None:
    """Check the transition; the caller saves. Raises ActionRefusee."""
    if etat not in TRANSITIONS[EtatReprise(liste.etat)]:
        raise ActionRefusee(f"Cette liste est {liste.get_etat_display()} : rechargez la page.")
    liste.etat = etat


def _read(nom: str, contenu: bytes, feuille: str) -> Tableau:
    if contenu.startswith(b"PK\x03\x04") and detect_type(contenu) is not TypeFichier.XLSX:
        raise ActionRefusee("Ce fichier n’est pas un classeur Excel sans macro. Enregistrez-le en .xlsx ou en CSV.")
    try:
        check_type(nom, contenu)
        return read_tableau(contenu, limites=LIMITES, feuille=feuille)
    except (FichierRefuse, TableauIllisible) as refus:
        raise ActionRefusee(str(refus)) from None


def _clean(tableau: Tableau, *, cpts_id: UUID) -> tuple[ListeNettoyee, dict[str, str], bool]:
    """What is kept of a table, how its columns are read, and whether somebody already said so."""
    signature = sign_entetes(tableau.entetes, usage=USAGE)
    gardee = Correspondance.objects.filter(cpts_id=cpts_id, signature=signature).first()
    proposees = {titre: champ.value for titre, champ in propose_colonnes(tableau.entetes).items()}
    colonnes = gardee.colonnes if gardee else proposees
    liste = clean_liste(tableau, {**proposees, **colonnes})
    return liste, {titre: c for titre, c in colonnes.items() if titre in liste.tableau.entetes}, gardee is not None


@transaction.atomic
def deposit_attente(*, cpts_id: UUID, nom: str, contenu: bytes, feuille: str = "", by: Acteur) -> ListeAttente:
    """Keep a waiting list, encrypted and without the columns that must not be kept. When its titles were read before,
    the same reading is used at once. Raises ActionRefusee for what is not a table; nothing of it is kept.
    """
    nom = clean_nom(f"{nom[:-4]}.csv" if nom.lower().endswith(".tsv") else nom)
    tableau = _read(nom, contenu, feuille)
    if is_sans_titres(tableau.entetes):
        raise ActionRefusee(
            "La première ligne de ce fichier est une personne, pas des titres. Ajoutez au-dessus une ligne de titres : "
            "Nom, Prénom, Téléphone, Commune…"
        )
    lue, colonnes, connue = _clean(tableau, cpts_id=cpts_id)
    if not lue.tableau.entetes:
        raise ActionRefusee("Aucune colonne de ce fichier ne peut être gardée : vérifiez la feuille et ses titres.")
    liste = ListeAttente(
        cpts_id=cpts_id,
        nom=nom,
        feuille=tableau.feuille,
        colonnes=colonnes,
        ecartees=[list(paire) for paire in lue.ecartees],
        lues=len(tableau.lignes),
        deposee_par=by.compte_id,
    )
    liste.seal(write_liste(lue.tableau))
    liste.save(force_insert=True)
    journal.record(
        "medecin_traitant.liste_deposee", liste, by=by, lignes=liste.lues, colonnes_ecartees=len(lue.ecartees)
    )
    if connue and not find_manque(colonnes):
        _start_examen(liste, by=by)
    return liste


@transaction.atomic
def choose_colonnes_attente(*, liste_id: UUID, colonnes: Mapping[str, str], by: Acteur) -> ListeAttente:
    """Say what each column holds, keep it for the next list with the same titles, and look at what the list would do.

    Raises ActionRefusee when the columns do not name somebody who can be called.
    """
    liste = lock_liste(liste_id)
    if liste.etat == EtatReprise.A_VERIFIER:
        move_liste(liste, EtatReprise.A_LIRE)
    if manque := find_manque(colonnes):
        raise ActionRefusee(manque)
    entetes, _ = read_liste(liste.unseal())
    liste.colonnes = {titre: champ for titre, champ in colonnes.items() if champ and titre in entetes}
    liste.save()
    toutes = [*entetes, *(titre for titre, _ in liste.ecartees)]
    Correspondance.objects.update_or_create(
        cpts_id=liste.cpts_id,
        signature=sign_entetes(toutes, usage=USAGE),
        defaults={"colonnes": liste.colonnes, "modifiee_le": now()},
    )
    journal.record("medecin_traitant.liste_colonnes", liste, by=by, colonnes=len(liste.colonnes))
    _start_examen(liste, by=by)
    return liste


def _start_examen(liste: ListeAttente, *, by: Acteur) -> None:
    move_liste(liste, EtatReprise.EXAMEN)
    liste.erreur = ""
    liste.save(update_fields=["etat", "erreur"])
    if liste.lues <= IMMEDIAT:
        run_examen(liste_id=liste.pk, by=by)
        liste.refresh_from_db()
        return
    cle = f"mt-liste:{liste.pk}"
    enqueue("medecin_traitant.examiner_liste", cpts_id=liste.cpts_id, once=cle, liste_id=str(liste.pk))


@transaction.atomic
def run_examen(*, liste_id: UUID, by: Acteur = SYSTEME) -> None:
    """Write what each row would do, in place of what was written before. A second call does nothing."""
    liste = lock_liste(liste_id)
    if liste.etat != EtatReprise.EXAMEN:
        return
    LigneAttente.objects.filter(liste=liste).delete()
    comptes: Counter[str] = Counter()
    fait = 0
    for lot in batched(examine(liste, by=by), 1_000):
        comptes.update(str(verdict.issue) for verdict in lot)
        LigneAttente.objects.bulk_create(
            LigneAttente(
                cpts_id=liste.cpts_id,
                liste=liste,
                numero=verdict.numero,
                issue=verdict.issue,
                motif=verdict.motif[:300],
                deja=verdict.deja,
            )
            for verdict in lot
            if verdict.issue != IssueAttente.AJOUT or verdict.motif
        )
        fait += len(lot)
        show_progres(liste.pk, fait, liste.lues)
    move_liste(liste, EtatReprise.A_VERIFIER)
    liste.comptes = dict(comptes)
    liste.save(update_fields=["etat", "comptes"])


@transaction.atomic
def abandon_liste(*, liste_id: UUID, by: Acteur) -> ListeAttente:
    """Close a list without writing anything; its content is erased at once."""
    liste = lock_liste(liste_id)
    move_liste(liste, EtatReprise.ABANDONNEE)
    _empty(liste)
    journal.record("medecin_traitant.liste_abandonnee", liste, by=by)
    return liste


def _empty(liste: ListeAttente) -> None:
    liste.seal("")
    LigneAttente.objects.filter(liste=liste).delete()
    liste.save(update_fields=["etat", "contenu"])


@transaction.atomic
def forget_listes(*, cpts_id: UUID) -> int:
    """Lists that nobody finished within a week are abandoned, with their content. Returns how many."""
    vieilles = ListeAttente.objects.select_for_update().filter(
        cpts_id=cpts_id,
        etat__in=[EtatReprise.A_LIRE, EtatReprise.A_VERIFIER],
        deposee_le__lt=now() - timedelta(days=JOURS_OUBLI),
    )
    listes = list(vieilles)
    for liste in listes:
        liste.etat = EtatReprise.ABANDONNEE
        _empty(liste)
        journal.record("medecin_traitant.liste_abandonnee", liste, by=SYSTEME)
    return len(listes)


@transaction.atomic
def fail_liste(*, liste_id: UUID, raison: str) -> None:
    """Put a list whose job stopped back where a person can take it up, with the reason."""
    liste = lock_liste(liste_id)
    if liste.etat in EN_COURS:
        liste.etat = RETOURS[EtatReprise(liste.etat)]
        liste.erreur = raison[:300]
        liste.save(update_fields=["etat", "erreur"])


def on_behalf(by: Acteur, compte_id: UUID | None) -> Acteur:
    """The job acts for the person who asked for it."""
    return replace(by, compte_id=by.compte_id or compte_id)
