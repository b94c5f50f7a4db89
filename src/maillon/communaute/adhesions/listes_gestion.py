"""Lists of those who keep the membership: applications, dues."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse

from maillon.communaute.recherche import normalize_nom
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Pastille, Ton, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from .enums import EtatCandidature, EtatCotisation, ModePaiement, Origine
from .models import Candidature, Cotisation
from .relances import describe_palier
from .selectors import find_adresses, get_colleges

TONS_CANDIDATURE: dict[str, Ton] = {
    "invitee": "cours",
    "deposee": "attente",
    "acceptee": "bien",
    "refusee": "neutre",
    "retiree": "neutre",
}
MODES = dict(ModePaiement.choices)


def show_candidature(candidature: Candidature) -> Pastille:
    return Pastille(candidature.get_etat_display(), TONS_CANDIDATURE[candidature.etat])


def show_cotisation(cotisation: Cotisation) -> Pastille:
    """Due becomes late the day after its date."""
    if cotisation.etat == EtatCotisation.DUE:
        late = cotisation.campagne.echeance < today()
        return Pastille("en retard", "alerte") if late else Pastille("à payer", "attente")
    return Pastille(cotisation.get_etat_display(), "bien" if cotisation.etat == EtatCotisation.PAYEE else "neutre")


def describe_adherent(cotisation: Cotisation) -> str:
    """The surname first, as the list is sorted."""
    professionnel = cotisation.adhesion.professionnel
    return f"{professionnel.nom} {professionnel.prenom}" if professionnel else str(cotisation.adhesion.structure)


class ListeCandidatures(Liste):
    titre: ClassVar[str] = "Candidatures"
    objet: ClassVar[tuple[str, str]] = ("candidature", "candidatures")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("nom", "Nom", lambda c: f"{c.nom} {c.prenom}", tri=("nom", "prenom"), principale=True),
        Colonne("etat", "État", show_candidature, "pastille", tri=True),
        Colonne("profession", "Profession", tri=True),
        Colonne("lieu", "Lieu", tri=True),
        Colonne("deposee_le", "Reçue le", genre="date", tri=True),
        Colonne("decidee_le", "Décidée le", genre="date", tri=True),
        Colonne("origine", "Origine", lambda c: c.get_origine_display(), tri=True, facultative=True),
        Colonne("structure_nom", "Au nom de", facultative=True),
        Colonne("courriel", "Courriel", facultative=True),
        Colonne("telephone", "Téléphone", facultative=True),
        Colonne("rpps", "Numéro RPPS", facultative=True),
    )
    filtres: ClassVar[tuple[Filtre, ...]] = (
        Filtre("etat", "État", choix=EtatCandidature.choices),
        Filtre("origine", "Origine", choix=Origine.choices),
        Filtre("depuis", "Reçue depuis", "deposee_le", "depuis"),
    )
    recherche: ClassVar[tuple[str, ...]] = ("nom__unaccent", "prenom__unaccent", "rpps", "structure_nom__unaccent")
    recherche_libelle: ClassVar[str] = "Nom, numéro RPPS ou structure"
    tri_defaut: ClassVar[str] = "-deposee_le"
    export_nom: ClassVar[str] = "candidatures"
    vide: ClassVar[Vide] = Vide(
        "Aucune candidature",
        "Invitez des professionnels, ou donnez l’adresse du formulaire public : chaque candidature attend ici.",
        icone="user-plus",
    )

    def url_ligne(self, objet: Candidature) -> str:
        return reverse("adhesions_candidature", args=[self.request.cpts.slug, objet.pk])


def _by_retard(dues: QuerySet[Any], brut: str) -> QuerySet[Any]:
    late = dues.filter(etat=EtatCotisation.DUE, campagne__echeance__lt=today())
    return late if brut == "oui" else dues.exclude(pk__in=late.values("pk"))


class ListeCotisations(Liste):
    objet: ClassVar[tuple[str, str]] = ("cotisation", "cotisations")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("nom", "Membre", describe_adherent, tri="nom_tri", principale=True),
        Colonne("college", "Collège", "college_nom", tri=("college", "nom_tri")),
        Colonne("montant", "Montant", genre="euros", tri=True),
        Colonne("etat", "État", show_cotisation, "pastille", tri=("etat", "nom_tri")),
        Colonne("paye_le", "Payée le", genre="date", tri=True),
        Colonne("rappel", "Dernier rappel", lambda c: describe_palier(c.rappels[-1]) if c.rappels else ""),
        Colonne("mode", "Moyen", lambda c: MODES.get(c.mode, ""), tri=True, facultative=True),
        Colonne("courriel", "Courriel", facultative=True),
        Colonne("motif", "Motif d’exemption", facultative=True),
    )
    recherche: ClassVar[tuple[str, ...]] = ("nom_tri__contains",)
    recherche_libelle: ClassVar[str] = "Nom du membre"
    tri_defaut: ClassVar[str] = "nom"
    export_nom: ClassVar[str] = "cotisations"
    vide: ClassVar[Vide] = Vide(
        "Aucune cotisation", "Aucun membre ne doit de cotisation cette année.", icone="coin-euro"
    )

    def __init__(self, queryset: QuerySet[Any], parametres: Any, *, request: Requete) -> None:
        super().__init__(queryset, parametres, request=request)
        self.colleges = get_colleges(request.cpts.pk)
        self.filtres = (  # type: ignore[misc] # the colleges are those of this community
            Filtre("etat", "État", choix=EtatCotisation.choices),
            Filtre("retard", "En retard", genre="oui_non", applique=_by_retard),
            Filtre("college", "Collège", choix=list(self.colleges.items())),
            Filtre("mode", "Moyen", choix=ModePaiement.choices),
        )

    def search(self, lignes: QuerySet[Any]) -> QuerySet[Any]:
        """Names without accents, as they are kept."""
        for mot in normalize_nom(self.texte).split():
            lignes = lignes.filter(nom_tri__contains=mot)
        return lignes

    def prepare(self, objets: list[Any]) -> list[Any]:
        """Colleges and addresses, all at once."""
        adresses = find_adresses(cotisation.adhesion for cotisation in objets)
        for cotisation in objets:
            cotisation.college_nom = self.colleges.get(cotisation.college, cotisation.college)
            cotisation.courriel = adresses[cotisation.adhesion_id]
        return objets

    def url_ligne(self, objet: Cotisation) -> str:
        return reverse("adhesions_cotisation", args=[self.request.cpts.slug, objet.pk])
