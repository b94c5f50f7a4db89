"""What the pages of lists taken over and of duplicates read."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from maillon.communaute.personnes.models import Personne
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.services import read_fichier
from maillon.socle.fichiers.tableaux import Limites, Tableau, read_tableau

from .enums import ECRITES, Choix, EtatReprise, Genre, Issue
from .examen import Demande
from .models import Fusion, LigneReprise, Reprise

CONSEIL = "Gardez les lignes et les colonnes de votre liste de membres."
LIMITES = Limites(
    lignes=25_000,
    cellules=900_000,
    trop_de_lignes=f"Cette liste a plus de 25\u00a0000 lignes. {CONSEIL}",
    trop_de_cellules=f"Cette liste a trop de cellules. {CONSEIL}",
    trop_de_colonnes=f"Cette liste a plus de 60 colonnes. {CONSEIL}",
)


def read_liste(contenu: bytes, *, feuille: str = "", apercu: int | None = None) -> Tableau:
    """The table of a list. Raises TableauIllisible."""
    return read_tableau(contenu, limites=LIMITES, feuille=feuille, apercu=apercu)


def read_reprise(reprise: Reprise, *, apercu: int | None = None) -> Tableau:
    """The list as it was received. Raises TableauIllisible or FichierRefuse."""
    return read_liste(read_fichier(reprise.fichier), feuille=reprise.feuille, apercu=apercu)


def build_demande(reprise: Reprise, *, on: date) -> Demande:
    """How this list is to be read, today being `on`."""
    return Demande(reprise.cpts_id, reprise.colonnes, Genre(reprise.genre), reprise.date_defaut, on)


def list_reprises(cpts_id: UUID) -> QuerySet[Reprise]:
    return Reprise.objects.filter(cpts_id=cpts_id).select_related("fichier")


def get_reprise(pk: UUID, *, for_acteur: Acteur) -> Reprise:
    """The list of the person's community, or 404."""
    reprise = Reprise.objects.select_related("fichier").filter(pk=pk).first()
    if reprise is None or reprise.cpts_id != for_acteur.cpts_id:
        raise Http404
    return reprise


def count_issues(reprise: Reprise) -> Counter[str]:
    """Rows by what they do, and `decidees`, the doubtful ones that somebody settled."""
    lignes = LigneReprise.objects.filter(reprise=reprise).order_by()
    return Counter(dict(lignes.values_list("issue").annotate(Count("pk"))))


def count_a_decider(reprise: Reprise) -> int:
    """Doubtful rows on which nobody has decided yet."""
    return LigneReprise.objects.filter(reprise=reprise, issue=Issue.DOUTEUSE, choix="").count()


def has_decisions(reprise: Reprise) -> bool:
    """Whether somebody may decide of at least one row: a doubt, a difference, or what was already decided."""
    rows = LigneReprise.objects.filter(reprise=reprise)
    return rows.filter(Q(issue=Issue.DOUTEUSE) | ~Q(differences=[]) | ~Q(choix="")).exists()


def find_deja(reprise: Reprise) -> Reprise | None:
    """The same file, already recorded."""
    return (
        list_reprises(reprise.cpts_id)
        .filter(fichier__empreinte=reprise.fichier.empreinte, etat=EtatReprise.APPLIQUEE)
        .exclude(pk=reprise.pk)
        .first()
    )


def count_decidees(reprise: Reprise) -> int:
    """Rows that would not be written by themselves, and that a decision makes write."""
    lignes = LigneReprise.objects.filter(reprise=reprise).exclude(choix="").exclude(choix=Choix.ECARTEE)
    return lignes.exclude(issue__in=ECRITES).count()


def list_fusions(cpts_id: UUID) -> list[Fusion]:
    """The last merges that still hold."""
    rows = Fusion.objects.filter(cpts_id=cpts_id, annulee_le=None).select_related("gardee", "absorbee")
    return list(rows[:50])


def get_fusion(pk: UUID, *, for_acteur: Acteur) -> Fusion:
    """The merge of the person's community, or 404."""
    fusion = Fusion.objects.filter(pk=pk).first()
    if fusion is None or fusion.cpts_id != for_acteur.cpts_id:
        raise Http404
    return fusion


def get_personnes(cles: Iterable[UUID], *, for_acteur: Acteur) -> dict[UUID, Personne]:
    """People of the person's community by key, not merged, with what merging compares."""
    rows = Personne.objects.visible_to(for_acteur).filter(pk__in=list(cles), fusionnee_dans=None)
    return {p.pk: p for p in rows.select_related("professionnel", "membre__compte", "structure")}
