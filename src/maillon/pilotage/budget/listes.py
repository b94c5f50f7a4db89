"""The list of operations, and how a state is shown."""

from typing import Any, ClassVar

from django.urls import reverse

from maillon.communaute.actions.models import Action
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Pastille, Ton, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from .enums import Categorie, EtatOperation, Poste, SensOperation
from .models import Operation

TONS: dict[str, Ton] = {"engagee": "cours", "payee": "bien", "annulee": "neutre"}


def show_etat(operation: Operation) -> Pastille:
    """The state, and whether the bureau is awaited."""
    if operation.attend_accord:
        return Pastille("attend l’accord du bureau", "attente")
    if operation.contrepasse_id:
        return Pastille("contre-passation", "neutre", "arrow-back-up")
    if operation.etat == EtatOperation.ENGAGEE and operation.le < today():
        return Pastille("engagée, échue", "attente")
    return Pastille(operation.get_etat_display(), TONS[operation.etat])


def _by_accord(lignes: Any, brut: str) -> Any:
    return lignes.waiting_approval() if brut == "oui" else lignes.exclude(pk__in=lignes.waiting_approval())


def _by_piece(lignes: Any, brut: str) -> Any:
    return lignes.without_piece() if brut == "oui" else lignes.exclude(pk__in=lignes.without_piece())


class ListeOperations(Liste):
    """Every operation that the person may read."""

    titre: ClassVar[str] = "Opérations"
    objet: ClassVar[tuple[str, str]] = ("opération", "opérations")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("libelle", "Libellé", tri=True, principale=True),
        Colonne("le", "Date", genre="date", tri=True),
        Colonne("montant", "Montant", valeur="signe", genre="euros", tri=True),
        Colonne("etat", "État", valeur=show_etat, genre="pastille", tri=True),
        Colonne("poste", "Mission", valeur=lambda o: o.get_poste_display(), tri=True),
        Colonne("categorie", "Catégorie", valeur=lambda o: o.get_categorie_display(), tri=True),
        Colonne("reference", "Référence", tri=True, facultative=True),
        Colonne("tiers", "Bénéficiaire ou payeur", tri=True, facultative=True),
        Colonne("sens", "Sens", valeur=lambda o: o.get_sens_display(), facultative=True),
        Colonne("action", "Fiche-action", tri="action__titre", facultative=True),
        Colonne("piece", "Pièce", valeur=lambda o: bool(o.piece_id), genre="oui_non", facultative=True),
    )
    filtres: ClassVar[tuple[Filtre, ...]] = (
        Filtre("etat", "État", choix=EtatOperation.choices),
        Filtre("poste", "Mission", choix=Poste.choices),
        Filtre("categorie", "Catégorie", choix=Categorie.choices),
        Filtre("sens", "Sens", choix=SensOperation.choices),
        Filtre("accord", "Attend l’accord", genre="oui_non", applique=_by_accord),
        Filtre("sans_piece", "Sans pièce", genre="oui_non", applique=_by_piece),
        Filtre("depuis", "Depuis", "le", "depuis"),
        Filtre("jusqu_a", "Jusqu’au", "le", "jusqu_a"),
    )
    recherche: ClassVar[tuple[str, ...]] = ("libelle", "reference", "tiers")
    recherche_libelle: ClassVar[str] = "Libellé, référence ou bénéficiaire"
    export_nom: ClassVar[str] = "operations"
    vide: ClassVar[Vide] = Vide(
        "Aucune opération",
        "Saisissez une dépense engagée ou payée, importez un tableau, ou créez vos dépenses mensuelles.",
        icone="wallet",
    )

    def __init__(self, queryset: Any, parametres: Any, *, request: Any = None) -> None:
        super().__init__(queryset, parametres, request=request)
        actions = Action.objects.filter(pk__in=queryset.order_by().values("action"))
        choix = list(actions.values_list("pk", "titre"))
        self.filtres = (*type(self).filtres, Filtre("action", "Fiche-action", choix=choix))  # type: ignore[misc] # theirs

    def url_ligne(self, objet: Operation) -> str:
        return reverse("budget:operation", args=[self.request.cpts.slug, objet.pk])
