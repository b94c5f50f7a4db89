"""The lists received, and the rows of one of them."""

from typing import Any

from django.urls import reverse

from maillon.socle.ui.composants import Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from .enums import EtatReprise, Issue
from .models import LigneReprise, Reprise
from .presentation import ETATS, list_options, show_issue


class ListeReprises(Liste):
    titre = "Listes reprises"
    objet = ("liste", "listes")
    colonnes = (
        Colonne("fichier", "Fichier", "fichier.nom", tri="fichier__nom", principale=True),
        Colonne("deposee_le", "Déposée le", genre="date", tri=True),
        Colonne("etat", "État", lambda r: ETATS[r.etat], "pastille", tri=True),
        Colonne("genre", "Personnes", lambda r: r.genre, tri=True),
        Colonne("lues", "Lignes", genre="nombre", tri=True),
        Colonne("appliquee_le", "Enregistrée le", genre="date", tri=True, facultative=True),
    )
    filtres = (Filtre("etat", "État", choix=EtatReprise.choices),)
    recherche = ("fichier__nom",)
    tri_defaut = "-deposee_le"
    export_nom = "listes-reprises"
    panneau = False
    vide = Vide(
        "Aucune liste reprise",
        "Vous tenez déjà une liste de membres dans un tableur ? Déposez-la : Maillon montre ce qu’elle "
        "changerait, puis l’enregistre d’un coup. Rien n’est à retaper.",
        icone="upload",
    )

    def url_ligne(self, objet: Reprise) -> str:
        return reverse("reprise:reprise", args=[self.request.cpts.slug, objet.pk])


class ListeLignes(Liste):
    titre = "Lignes"
    objet = ("ligne", "lignes")
    colonnes = (
        Colonne("numero", "Ligne", genre="nombre", tri=True),
        Colonne("nom", "Personne", lambda ligne: ligne.nom or "—", tri=True, principale=True),
        Colonne("issue", "Issue", show_issue, "pastille", tri=True),
        Colonne("motif", "Remarque", lambda ligne: _say(ligne), gabarit="reprise/_remarque.html"),
        Colonne("choix", "Décision", lambda ligne: _say_choix(ligne), gabarit="reprise/_decision.html"),
    )
    filtres = (Filtre("issue", "Issue", choix=Issue.choices),)
    recherche = ("nom",)
    tri_defaut = "numero"
    export_nom = "reprise"
    panneau = False
    vide = Vide("Aucune ligne", "Aucune ligne de la liste ne répond à ce filtre.")

    def prepare(self, objets: list[Any]) -> list[Any]:
        decidable = getattr(self.request, "decidable", False)
        for ligne in objets:
            ligne.options = list_options(ligne) if decidable else []
        return objets


def _say(ligne: LigneReprise) -> str:
    """The remark and the differences on one line, for exports."""
    ecarts = [f"{champ} : ici « {ici} », dans la liste « {dit} »" for champ, ici, dit in ligne.differences]
    return " ; ".join([*([ligne.motif] if ligne.motif else []), *ecarts])


def _say_choix(ligne: LigneReprise) -> str:
    return dict(list_options(ligne)).get(ligne.choix, "") if ligne.choix else ""
