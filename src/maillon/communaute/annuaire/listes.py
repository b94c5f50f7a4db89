"""The results of a search in the directory, shown and exported."""

from typing import Any, ClassVar

from django.urls import reverse

from maillon.socle.journal import services as journal
from maillon.socle.ui.composants import Pastille, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste
from maillon.socle.ui.typographie import format_nombre, format_telephone

from .choix import Domicile, Langue, NouveauxPatients
from .enums import Profession
from .selectors.membres import Trouve

RAYONS = ((5, "5 km autour"), (10, "10 km autour"), (20, "20 km autour"), (30, "30 km autour"), (50, "50 km autour"))
PORTEES = (("tous", "Toute la France"),)
OUI = (("oui", "oui"),)
PATIENTS = {
    NouveauxPatients.OUI: Pastille("accepte", "bien"),
    NouveauxPatients.CONDITIONS: Pastille("sous conditions", "attente"),
    NouveauxPatients.NON: Pastille("n’accepte pas", "neutre", "circle-x"),
}


def show_patients(trouve: Trouve) -> Pastille | None:
    """Whether new patients are taken, as the person says."""
    if trouve.fiche is None or not trouve.fiche.nouveaux_patients:
        return None
    return PATIENTS[NouveauxPatients(trouve.fiche.nouveaux_patients)]


def show_domicile(trouve: Trouve) -> str:
    return Domicile(trouve.fiche.domicile).label if trouve.fiche and trouve.fiche.domicile else ""


def show_lieu(trouve: Trouve) -> str:
    """Address and commune of the first place, and how many others."""
    if trouve.lieu is None:
        return ""
    parts = [trouve.lieu.adresse, f"{trouve.lieu.code_postal} {trouve.lieu.libelle_commune}".strip()]
    others = len(trouve.lieux) - 1
    end = f" (et {others} autre{'s' if others > 1 else ''} lieu{'x' if others > 1 else ''})" if others else ""
    return ", ".join(part for part in parts if part) + end


def show_distance(trouve: Trouve) -> str:
    km = trouve.distance
    return "" if km is None else "sur place" if km < 0.5 else f"{format_nombre(round(km))} km"


class ListeAnnuaire(Liste):
    """Rows are already found, in their order."""

    titre: ClassVar[str] = "Annuaire des professionnels"
    objet: ClassVar[tuple[str, str]] = ("professionnel", "professionnels")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("nom", "Nom", principale=True),
        Colonne("profession", "Profession"),
        Colonne("savoir_faire", "Savoir-faire", lambda t: ", ".join(t.savoir_faire)),
        Colonne("lieu", "Lieu d’exercice", show_lieu),
        Colonne("distance", "Distance", show_distance),
        Colonne("telephone", "Téléphone", lambda t: format_telephone(t.lieu.telephone) if t.lieu else ""),
        Colonne("patients", "Nouveaux patients", show_patients, "pastille"),
        Colonne("domicile", "Visites à domicile", show_domicile),
        Colonne("langues", "Langues", lambda t: ", ".join(t.fiche.libelles_langues) if t.fiche else ""),
        Colonne("membre", "Communauté", lambda t: Pastille("membre", "bien") if t.membre else None, "pastille"),
        Colonne("rpps", "Numéro", facultative=True),
    )
    filtres: ClassVar[tuple[Filtre, ...]] = (
        Filtre("profession", "Profession", choix=Profession.choices),
        Filtre("savoir_faire", "Savoir-faire", genre="texte"),
        Filtre("commune", "Commune", genre="texte"),
        Filtre("rayon", "Distance", choix=RAYONS),
        Filtre("patients", "Accepte de nouveaux patients", choix=OUI),
        Filtre("domicile", "Visites à domicile", choix=OUI),
        Filtre("langue", "Langue", choix=Langue.choices),
        Filtre("portee", "Où chercher", choix=PORTEES),
    )
    recherche: ClassVar[tuple[str, ...]] = ("nom",)
    par_page: ClassVar[int] = 20
    export_nom: ClassVar[str] = "annuaire"

    @property
    def queryset(self) -> Any:
        """The people found: they are few, and their order is that of the search."""
        return self.base

    @property
    def colonnes_defaut(self) -> list[Colonne]:
        """What everybody needs, and the columns that answer to what was asked."""
        asked = {f.cle for f, _ in self.filtres_actifs}
        kept = {"nom", "profession", "lieu", "telephone", "patients"} | asked
        kept |= {"distance"} if "commune" in asked else set()
        kept |= {"membre"} if "portee" in asked else set()
        kept |= {"langues"} if "langue" in asked else set()
        return [c for c in self.colonnes if c.cle in kept]

    def url_ligne(self, objet: Trouve) -> str:
        return reverse("annuaire_fiche", args=[self.request.cpts.slug, objet.rpps])

    def on_export(self, objets: list[Any], format_export: str) -> None:
        journal.record(
            "annuaire.exporte",
            self.request.cpts,
            by=self.request.acteur,
            cpts_id=self.request.cpts.pk,
            format=format_export,
            nombre=len(objets),
        )


VIDE_MEMBRES = Vide(
    "Aucun professionnel dans la communauté",
    "Les membres apparaissent ici dès leur adhésion. Cherchez dans toute la France pour en inviter.",
    icone="users",
)
VIDE_NATIONAL = Vide(
    "L’annuaire national n’est pas encore importé",
    "Demandez à qui exploite Maillon de lancer « maillon annuaire importer » avec l’extraction du RPPS en libre accès. "
    "En attendant, la recherche porte sur les membres.",
    icone="search",
)
VIDE_QUESTION = Vide(
    "Qui cherchez-vous ?",
    "Tapez un nom, ou choisissez une profession ou une commune. Les accents et les fautes de frappe ne gênent pas.",
    icone="search",
)
