"""The list of an assignment: one line a request, without anybody's name."""

from typing import Any, ClassVar

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from maillon.socle.droits.requete import Requete
from maillon.socle.journal import services as journal
from maillon.socle.ui.composants import Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from ..enums_repartition import Decision, EtatRepartition, Issue
from ..models import LigneRepartition, Repartition
from ..presentation_repartition import RAISONS, show_decision
from ..selectors import list_communes
from ..selectors.repartitions import RETENUE, list_medecins_retenus, precise_raison
from .listes import NIVEAUX, pastille_priorite

BESOINS = {"ald": "ALD", "visite": "visites à domicile", "enfant": "enfant", "pmr": "accès en fauteuil roulant"}
SITUATIONS = {
    "retenue": ("Avec un médecin", RETENUE),
    "attend": ("Attend encore", Q(professionnel__isnull=True) & ~Q(decision=Decision.RETIRER)),
    "retiree": ("Retirée par le guichet", Q(decision=Decision.RETIRER)),
    "decidee": ("Gardée ou changée par le guichet", Q(decision__in=[Decision.GARDER, Decision.CHANGER])),
    "changee": ("Autre médecin qu’au calcul précédent", Q(avant__isnull=False) & ~Q(avant=F("professionnel"))),
    "sautee": ("Non envoyée", Q(issue=Issue.SAUTEE)),
}


def _by_situation(lignes: QuerySet[Any], brut: str) -> QuerySet[Any]:
    return lignes.filter(SITUATIONS[brut][1])


def say_besoins(ligne: LigneRepartition) -> str:
    """The needs that the computation took into account."""
    besoins = ligne.explication.get("situation", {}).get("besoins", [])
    return ", ".join(BESOINS.get(besoin, besoin) for besoin in besoins)


def say_medecin(ligne: LigneRepartition) -> str:
    """The doctor, or why there is none."""
    if ligne.professionnel is not None:
        return str(ligne.professionnel)
    code = precise_raison(ligne.raison, ligne.explication.get("situation", {}).get("besoins", []))
    return RAISONS.get(code, RAISONS["besoin"])[1]


CALCUL = Vide("Le calcul est en cours", "Les demandes s’affichent ici dès qu’il est fini.", icone="clock")


class ListeLignes(Liste):
    """The pairs found, and those who still wait; first in rank first."""

    titre: ClassVar[str] = "Répartition de la liste d’attente"
    objet: ClassVar[tuple[str, str]] = ("demande", "demandes")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("rang", "Rang", genre="nombre", tri=True),
        Colonne("reference", "Demande", valeur="demande.reference", tri="demande__reference", principale=True),
        Colonne("priorite", "Priorité", valeur=lambda ligne: pastille_priorite(ligne.demande), genre="pastille"),
        Colonne(
            "commune", "Commune", valeur="demande.patient.commune.nom", tri="demande__patient__commune__nom_recherche"
        ),
        Colonne("besoins", "Besoins", valeur=say_besoins),
        Colonne("medecin", "Médecin", valeur=say_medecin, tri="professionnel__nom_recherche"),
        Colonne("minutes", "Trajet (min)", genre="nombre", tri=True),
        Colonne("decision", "Décision", valeur=show_decision, genre="pastille"),
        Colonne("saut", "Pourquoi non envoyée", valeur=lambda ligne: ligne.get_saut_display(), facultative=True),
        Colonne(
            "suivants", "Médecins suivants", valeur=lambda ligne: len(ligne.suivants), genre="nombre", facultative=True
        ),
    )
    recherche: ClassVar[tuple[str, ...]] = ("demande__reference", "professionnel__nom_recherche")
    recherche_libelle: ClassVar[str] = "Référence ou médecin"
    tri_defaut: ClassVar[str] = "rang"
    export_nom: ClassVar[str] = "repartition"
    par_page: ClassVar[int] = 30
    vide: ClassVar[Vide] = Vide(
        "Aucune demande n’attendait", "Il n’y avait personne à répartir ce jour-là.", icone="users"
    )
    repartition: ClassVar[Repartition]

    def url_ligne(self, objet: LigneRepartition) -> str:
        return reverse(
            "medecin_traitant_repartition_ligne", args=[self.request.cpts.slug, objet.repartition_id, objet.pk]
        )

    def on_export(self, objets: list[LigneRepartition], format_export: str) -> None:
        journal.record(
            "medecin_traitant.repartition_exportee",
            self.repartition,
            by=self.request.acteur,
            nombre=len(objets),
            format=format_export,
        )


def build_liste_lignes(request: Requete, run: Repartition) -> type[ListeLignes]:
    """The list of one run, with its doctors and the community's communes among the filters."""
    communes = [(commune.pk, commune.nom) for commune in list_communes(request.cpts.pk)]
    medecins = [(str(medecin.pk), str(medecin)) for medecin in list_medecins_retenus(run)]
    situations = [(code, libelle) for code, (libelle, _) in SITUATIONS.items()]

    class ListeDeLaRepartition(ListeLignes):
        repartition: ClassVar[Repartition] = run
        vide: ClassVar[Vide] = CALCUL if run.etat == EtatRepartition.EN_CALCUL else ListeLignes.vide
        filtres: ClassVar[tuple[Filtre, ...]] = (
            Filtre("situation", "Situation", choix=situations, applique=_by_situation),
            Filtre("medecin", "Médecin", champ="professionnel", choix=medecins),
            Filtre("priorite", "Priorité", champ="demande__priorite_niveau", choix=[(n, n) for n in NIVEAUX]),
            Filtre("commune", "Commune", champ="demande__patient__commune", choix=communes),
        )

    return ListeDeLaRepartition
