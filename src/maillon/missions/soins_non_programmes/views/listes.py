"""Lists of appointments."""

from typing import ClassVar

from django.urls import reverse

from maillon.socle.ui.composants import Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from ..enums import EtatRendezVous
from ..models import RendezVous
from ..selectors.rendez_vous import MONTRES
from .commun import pastille_rendez_vous


class ListeRendezVous(Liste):
    """Without who comes: the sheet says it, with its trace."""

    titre: ClassVar[str] = "Rendez-vous donnés"
    objet: ClassVar[tuple[str, str]] = ("rendez-vous", "rendez-vous")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("debut", "Quand", "creneau.debut", genre="date_heure", tri="creneau__debut", principale=True),
        Colonne("professionnel", "Avec", lambda r: str(r.creneau.professionnel), tri="creneau__professionnel__nom"),
        Colonne("commune", "Commune du lieu", "creneau.lieu.commune.nom"),
        Colonne("etat", "État", pastille_rendez_vous, "pastille", tri=True),
        Colonne("origine", "Donné", lambda r: r.get_origine_display()),
        Colonne("cpts", "Communauté", "creneau.cpts.nom", facultative=True),
        Colonne("pris_le", "Donné le", genre="date_heure", tri=True, facultative=True),
        Colonne(
            "motif",
            "Annulé",
            lambda r: r.get_motif_annulation_display() if r.motif_annulation else "",
            facultative=True,
        ),
    )
    filtres: ClassVar[tuple[Filtre, ...]] = (
        Filtre("etat", "État", choix=[(etat, EtatRendezVous(etat).label) for etat in MONTRES]),
        Filtre("par_moi", "Donné par moi", genre="oui_non"),
        Filtre("depuis", "À partir du", "creneau__debut__date", "depuis"),
        Filtre("jusqu", "Jusqu’au", "creneau__debut__date", "jusqu_a"),
    )
    tri_defaut: ClassVar[str] = "-debut"
    export_nom: ClassVar[str] = "rendez-vous"
    vide: ClassVar[Vide] = Vide(
        "Aucun rendez-vous donné",
        "Cherchez un créneau libre\u00a0: le rendez-vous se donne en deux gestes.",
        icone="calendar-event",
    )

    def url_ligne(self, objet: RendezVous) -> str:
        return reverse("soins_rendez_vous", args=[self.request.cpts.slug, objet.pk])


class ListeMesRendezVous(ListeRendezVous):
    """Those that somebody gave, in the community or on a slot that another one shares; a professional's own besides."""

    titre: ClassVar[str] = "Mes rendez-vous"


class ListeDonnes(ListeRendezVous):
    """Those of a regulator, in every community of the territory."""

    titre: ClassVar[str] = "Mes rendez-vous donnés"
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        *ListeRendezVous.colonnes[:3],
        Colonne("cpts", "Communauté", "creneau.cpts.nom"),
        *ListeRendezVous.colonnes[3:4],
        Colonne("pris_le", "Donné le", genre="date_heure", tri=True),
    )

    filtres: ClassVar[tuple[Filtre, ...]] = (ListeRendezVous.filtres[0], *ListeRendezVous.filtres[2:])

    def url_ligne(self, objet: RendezVous) -> str:
        return reverse("soins_regulation_rendez_vous", args=[objet.pk])
