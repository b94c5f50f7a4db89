"""The lists of the desk."""

from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse

from maillon.communaute.patients.selectors import read_identites
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal
from maillon.socle.ui.composants import Pastille, Ton, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste
from maillon.socle.ui.typographie import format_date

from ..enums import OUVERTS, Action, Etat
from ..models import Demande
from ..permissions import EXPORTER_IDENTITES
from ..selectors import list_communes, list_responsables, search_demandes

TONS_ETAT: dict[str, Ton] = {
    Etat.DEPOSEE: "attente",
    Etat.QUALIFIEE: "attente",
    Etat.PROPOSEE: "cours",
    Etat.ACCEPTEE: "cours",
    Etat.PLACEE: "bien",
    Etat.CLOSE: "neutre",
}
NIVEAUX: dict[str, tuple[str, Ton]] = {
    "haute": ("haute", "alerte"),
    "moyenne": ("moyenne", "attente"),
    "normale": ("normale", "neutre"),
}
IDENTITE = frozenset({"nom", "telephone"})


ETATS_COURTS = {Etat.PROPOSEE: "proposée", Etat.ACCEPTEE: "acceptée"}  # the next step says the rest


def pastille_etat(demande: Demande) -> Pastille:
    etat = Etat(demande.etat)
    return Pastille(ETATS_COURTS.get(etat, etat.label), TONS_ETAT[etat])


def pastille_priorite(demande: Demande) -> Pastille:
    libelle, ton = NIVEAUX[demande.priorite_niveau]
    return Pastille(libelle, ton, "flag" if demande.priorite_niveau != "normale" else "")


COURTS = {
    Action.RECONTACTER: "Recueillir l’accord",
    Action.QUALIFIER: "Qualifier",
    Action.PROPOSER: "Proposer",
    Action.ATTENDRE_MEDECIN: "Attend un médecin",
    Action.ATTENDRE_PATIENT: "Attend le patient",
    Action.RAPPELER_PATIENT: "Appeler le patient",
    Action.PREMIER_RDV: "Premier rendez-vous",
    Action.DECLARATION: "Déclaration du médecin",
    Action.BILAN: "Nouvelles à trois mois",
    Action.DECIDER: "À décider",
}


def _is_late(demande: Demande) -> bool:
    return demande.prochaine_date is not None and demande.prochaine_date < today()


def _say_step(demande: Demande) -> str:
    """« Proposer, 16 novembre »."""
    if demande.prochaine_date is None:
        return ""
    return f"{COURTS[Action(demande.prochaine_action)]}, {format_date(demande.prochaine_date, jour=False)}"


def _next_step(demande: Demande) -> str:
    """The step as a file says it, late when its day has passed."""
    return f"{_say_step(demande)}{' (en retard)' if _is_late(demande) else ''}"


def _by_age(lignes: QuerySet[Any], brut: str) -> QuerySet[Any]:
    if brut == "retard":
        return lignes.filter(etat__in=OUVERTS, prochaine_date__lt=today())
    return lignes.filter(etat__in=OUVERTS, deposee_le__lt=now() - timedelta(days=int(brut)))


class ListeDemandes(Liste):
    """Requests with their names, each read leaving its trace; first in rank first."""

    titre: ClassVar[str] = "Demandes de médecin traitant"
    objet: ClassVar[tuple[str, str]] = ("demande", "demandes")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("choix", "Choisir", valeur=lambda d: "", gabarit="medecin_traitant/_case.html"),
        Colonne("reference", "Référence", tri=True, principale=True),
        Colonne("nom", "Nom", valeur=lambda d: d.identite.nom_complet if d.identite else "identité effacée"),
        Colonne("etat", "État", valeur=pastille_etat, genre="pastille"),
        Colonne("priorite", "Priorité", valeur=pastille_priorite, genre="pastille", tri="priorite_score"),
        Colonne("commune", "Commune", valeur="commune.nom", tri="commune__nom_recherche"),
        Colonne("deposee_le", "Déposée", genre="date", tri=True),
        Colonne(
            "prochaine_date",
            "Prochaine étape",
            valeur=_next_step,
            tri=True,
            gabarit="medecin_traitant/_prochaine_etape.html",
        ),
        Colonne(
            "responsable", "Suivie par", valeur=lambda d: str(d.responsable) if d.responsable else "", facultative=True
        ),
        Colonne("telephone", "Téléphone", valeur=lambda d: d.telephone, facultative=True),
        Colonne("origine", "Origine", valeur=lambda d: d.get_origine_display(), facultative=True),
        Colonne("medecin", "Médecin", valeur=lambda d: str(d.medecin) if d.medecin else "", facultative=True),
        Colonne("ald", "ALD", genre="oui_non", facultative=True),
    )
    recherche: ClassVar[tuple[str, ...]] = ("reference",)
    recherche_libelle: ClassVar[str] = "Nom, téléphone ou référence"
    recherche_privee: ClassVar[bool] = True
    export_nom: ClassVar[str] = "demandes-medecin-traitant"
    par_page: ClassVar[int] = 30
    tres_longue: ClassVar[bool] = True
    par_lot: ClassVar[bool] = True  # several may be ticked and handled at once
    vide: ClassVar[Vide] = Vide(
        "Aucune demande en cours",
        "Ici arrivent les demandes du formulaire public, et celles que vous saisissez au téléphone.",
        icone="stethoscope",
    )

    def url_ligne(self, objet: Demande) -> str:
        return reverse("medecin_traitant_fiche", args=[self.request.cpts.slug, objet.pk])

    @property
    def is_export(self) -> bool:
        return "export" in self.parametres

    @property
    def shows_identite(self) -> bool:
        """On screen to whoever handles requests; in a file, to whoever may take names out."""
        return not self.is_export or self.request.acteur.can(EXPORTER_IDENTITES)

    @cached_property
    def colonnes_visibles(self) -> list[Colonne]:
        hidden = frozenset() if self.shows_identite else IDENTITE
        if self.is_export or not self.par_lot:
            hidden |= {"choix"}
        return [colonne for colonne in super().colonnes_visibles if colonne.cle not in hidden]

    def search(self, lignes: QuerySet[Any]) -> QuerySet[Any]:
        """A reference, or a name or telephone found through its fingerprints; each hit leaves its trace."""
        return search_demandes(lignes, self.texte, by=self.request.acteur, toutes=not self.par_lot)

    def prepare(self, objets: list[Demande]) -> list[Demande]:
        """The names of the page, in one traced reading."""
        identites = {}
        if self.shows_identite and IDENTITE & {colonne.cle for colonne in self.colonnes_visibles}:
            identites = read_identites(
                [demande.patient_id for demande in objets],
                quoi="identite",
                pourquoi="export du guichet" if self.is_export else "liste du guichet",
                by=self.request.acteur,
            )
        for demande in objets:
            identite = identites.get(demande.patient_id)
            demande.etape, demande.en_retard = _say_step(demande), _is_late(demande)  # type: ignore[attr-defined]
            demande.identite = identite  # type: ignore[attr-defined]
            demande.telephone = (identite.proche_telephone or identite.telephone) if identite else ""  # type: ignore[attr-defined]
        return objets

    def on_export(self, objets: list[Demande], format_export: str) -> None:
        cpts = self.request.cpts
        journal.record(
            "medecin_traitant.exportee",
            cpts,
            by=self.request.acteur,
            cpts_id=cpts.pk,
            nombre=len(objets),
            format=format_export,
            noms=self.shows_identite,
        )


def build_liste(request: Requete, etats: tuple[Etat, ...]) -> type[ListeDemandes]:
    """The list of one community, with its communes and its desk among the filters."""
    cpts_id = request.cpts.pk
    communes = [(commune.pk, commune.nom) for commune in list_communes(cpts_id)]
    membres = [(str(membre.pk), str(membre)) for membre in list_responsables(cpts_id)]
    ouvertes = etats == OUVERTS
    ages = [("7", "Plus de 7 jours"), ("30", "Plus de 30 jours"), ("90", "Plus de 90 jours"), ("retard", "Date passée")]

    class ListeDeLaCommunaute(ListeDemandes):
        titre: ClassVar[str] = ListeDemandes.titre if ouvertes else "Demandes terminées"
        par_lot: ClassVar[bool] = ouvertes
        # Of all those that ended, a commune is filtered: sorting by it would join and sort hundreds of thousands.
        colonnes: ClassVar[tuple[Colonne, ...]] = tuple(
            colonne if ouvertes or colonne.cle != "commune" else replace(colonne, tri="")
            for colonne in ListeDemandes.colonnes
        )
        filtres: ClassVar[tuple[Filtre, ...]] = (
            Filtre("etat", "État", choix=[(etat.value, etat.label) for etat in etats]),
            Filtre("priorite", "Priorité", champ="priorite_niveau", choix=[(n, n) for n in NIVEAUX]),
            *([Filtre("age", "Attend depuis", choix=ages, applique=_by_age)] if ouvertes else []),
            Filtre("commune", "Commune", champ="commune", choix=communes),
            Filtre("responsable", "Suivie par", choix=membres),
        )

    return ListeDeLaCommunaute


class ListeMesDemandes(Liste):
    """Requests that this person filed for others: state only."""

    titre: ClassVar[str] = "Mes demandes déposées"
    objet: ClassVar[tuple[str, str]] = ("demande", "demandes")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("reference", "Référence", tri=True, principale=True),
        Colonne("etat", "État", valeur=pastille_etat, genre="pastille"),
        Colonne("commune", "Commune", valeur="commune.nom"),
        Colonne("deposee_le", "Déposée", genre="date", tri=True),
    )
    tri_defaut: ClassVar[str] = "-deposee_le"
    panneau: ClassVar[bool] = False
    vide: ClassVar[Vide] = Vide(
        "Vous n’avez déposé aucune demande",
        "Quand une personne que vous suivez n’a pas de médecin traitant, déposez la demande avec elle.",
        icone="user-plus",
    )

    def url_ligne(self, objet: Demande) -> str:
        return reverse("medecin_traitant_ma_demande", args=[self.request.cpts.slug, objet.pk])
