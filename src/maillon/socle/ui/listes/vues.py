"""Named views of a list: the filters, sort and columns that a person wants to find again, as tabs above it. What is
typed is never kept: neither the search, nor a filter of free text."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, QueryDict

from ..composants import Onglet
from .modele import Liste

SEL = "ui.vues"
TOUT = "tout"


@dataclass(frozen=True, slots=True)
class Vue:
    """A view that somebody kept; `adresse` is a query string, empty for the list as it comes."""

    nom: str
    adresse: str
    defaut: bool

    def opens(self, chemin: str) -> str:
        return f"{chemin}?{self.adresse}" if self.adresse else f"{chemin}?vue={TOUT}"


def name_liste(request: HttpRequest) -> str:
    """Under which key the views of this list are kept: its page, in its community."""
    match = request.resolver_match
    return f"{match.view_name}:{match.kwargs.get('slug', '')}" if match else ""


def read_vues(request: HttpRequest) -> list[Vue]:
    """The views of this list that the person kept; they come with the account, without any query."""
    compte = getattr(request, "user", None)
    if compte is None or not compte.is_authenticated:
        return []
    return [Vue(**vue) for vue in compte.vues.get(name_liste(request), [])]


def write_adresse(liste: Liste, options: dict[str, list[tuple[str, str]]]) -> str:
    """What of the present state may be kept: chosen values, days, sort and columns."""
    suite = QueryDict(mutable=True)
    for filtre, valeur in liste.filtres_actifs:
        if filtre.genre != "texte" and (filtre.genre in {"depuis", "jusqu_a"} or valeur in dict(options[filtre.cle])):
            suite[filtre.cle] = valeur
    if liste.tri is not None:
        colonne, descendant = liste.tri
        tri = f"-{colonne.cle}" if descendant else colonne.cle
        if tri != liste.tri_defaut:
            suite["tri"] = tri
    if liste.colonnes_visibles != liste.colonnes_defaut:
        suite.setlist("col", [colonne.cle for colonne in liste.colonnes_visibles])
    return suite.urlencode()


def sign(**contenu: Any) -> str:
    """What the page hands to its form: nobody else chooses the list, what to keep, where to come back."""
    return signing.dumps(contenu, salt=SEL, compress=True)


def unsign(jeton: str) -> dict[str, Any]:
    """The same back; `signing.BadSignature` for anything else."""
    contenu: dict[str, Any] = signing.loads(jeton, salt=SEL)
    return contenu


def build_vues(request: HttpRequest, liste: Liste, options: dict[str, list[tuple[str, str]]]) -> dict[str, Any]:
    """Tabs, the view shown now if it is one of them, and what the form posts; empty for whoever has no account."""
    compte = getattr(request, "user", None)
    if compte is None or not compte.is_authenticated or not request.resolver_match:
        return {}
    vues, adresse = read_vues(request), write_adresse(liste, options)
    shown = next((vue for vue in vues if vue.adresse == adresse), None)
    onglets = [Onglet(vue.nom, vue.opens(request.path), vue is shown) for vue in vues]
    if vues and all(vue.adresse for vue in vues):
        onglets.insert(0, Onglet("Tout", f"{request.path}?vue={TOUT}", not adresse))
    return {
        "onglets": onglets if vues else [],
        "montree": shown,
        "autre": bool(adresse) and shown is None,
        "jeton": sign(liste=name_liste(request), chemin=request.path, adresse=adresse),
        "defaut": any(vue.defaut for vue in vues),
    }


def find_defaut(request: HttpRequest) -> str:
    """Where a list opened without any choice goes; empty to stay."""
    if request.method not in {"GET", "HEAD"} or request.GET:
        return ""
    vue = next((vue for vue in read_vues(request) if vue.defaut and vue.adresse), None)
    return vue.opens(request.path) if vue else ""
