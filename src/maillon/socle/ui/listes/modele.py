"""What a list declares, and the rows that a request selects from it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, reduce
from operator import or_
from typing import Any, ClassVar, Literal

from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date

from .. import typographie
from ..composants import Pastille, Vide

Genre = Literal["texte", "nombre", "euros", "date", "date_heure", "pastille", "oui_non"]
RESERVES = frozenset({"q", "tri", "page", "col", "export", "vue"})


@dataclass(frozen=True)
class Colonne:
    """One column.

    `valeur` is an attribute path (`commune.nom`), or a function of the row; by default the attribute `cle`.
    `tri` is the database field (or tuple of fields) to sort on; True takes `cle`, an empty text forbids sorting.
    `facultative` columns are hidden until chosen. `gabarit` renders the cell (it receives `objet` and `valeur`);
    exports then take the value. `principale` bears the link of the row.
    """

    cle: str
    libelle: str
    valeur: str | Callable[[Any], Any] = ""
    genre: Genre = "texte"
    tri: bool | str | tuple[str, ...] = ""
    principale: bool = False
    facultative: bool = False
    gabarit: str = ""

    @property
    def champs_tri(self) -> tuple[str, ...]:
        if isinstance(self.tri, tuple):
            return self.tri
        return (self.cle,) if self.tri is True else (self.tri,) if self.tri else ()

    @property
    def is_nombre(self) -> bool:
        return self.genre in {"nombre", "euros"}

    def read(self, objet: Any) -> Any:
        """The cell's value: a number, a date, a text, a `Pastille` or None."""
        if callable(self.valeur):
            return self.valeur(objet)
        valeur = objet
        for nom in (self.valeur or self.cle).split("."):
            try:
                valeur = valeur.get(nom) if isinstance(valeur, dict) else getattr(valeur, nom)
            except ObjectDoesNotExist:
                return None
            if valeur is None:
                return None
        return valeur() if callable(valeur) else valeur

    def show(self, valeur: Any) -> str:
        """The value as people read it; an absent one is an empty text."""
        if valeur is None or valeur == "":
            return ""
        if self.genre == "oui_non":
            return "oui" if valeur else "non"
        ecrit: dict[str, Callable[[Any], str]] = {
            "nombre": typographie.format_nombre,
            "euros": typographie.format_euros,
            "date": lambda d: typographie.format_date(d, jour=False),
            "date_heure": typographie.format_date_heure,
        }
        return ecrit.get(self.genre, str)(valeur)


@dataclass(frozen=True)
class Filtre:
    """One filter on a declared database field.

    `genre`: `choix` (exact, among `choix`), `texte` (contains), `oui_non`, `depuis` (≥ day), `jusqu_a` (≤ day).
    `choix` is a sequence of (value, label) or a function that returns one. `applique(queryset, valeur)` replaces the
    simple comparison where one field is not enough.
    """

    cle: str
    libelle: str
    champ: str = ""
    genre: Literal["choix", "texte", "oui_non", "depuis", "jusqu_a"] = "choix"
    choix: Sequence[tuple[Any, str]] | Callable[[], Iterable[tuple[Any, str]]] = ()
    applique: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None

    def options(self) -> list[tuple[str, str]]:
        if self.genre == "oui_non":
            return [("oui", "Oui"), ("non", "Non")]
        return [(str(v), str(t)) for v, t in (self.choix() if callable(self.choix) else self.choix)]

    def apply(self, queryset: QuerySet[Any], brut: str) -> QuerySet[Any]:
        """Rows that pass; a value that is not one of the choices or not a date filters nothing."""
        champ = self.champ or self.cle
        if self.genre in {"choix", "oui_non"} and brut not in dict(self.options()):
            return queryset
        if self.applique is not None:
            return self.applique(queryset, brut)
        if self.genre in {"depuis", "jusqu_a"}:
            jour = _read_day(brut)
            comparaison = "gte" if self.genre == "depuis" else "lte"
            return queryset.filter(**{f"{champ}__{comparaison}": jour}) if jour else queryset
        if self.genre == "oui_non":
            return queryset.filter(**{champ: brut == "oui"})
        return queryset.filter(**{f"{champ}__icontains" if self.genre == "texte" else champ: brut})

    def describe(self, brut: str) -> str:
        """How a filter in use is said above the list and in exports."""
        if self.genre in {"choix", "oui_non"}:
            return f"{self.libelle} : {dict(self.options()).get(brut, brut)}"
        jour = _read_day(brut) if self.genre in {"depuis", "jusqu_a"} else None
        return f"{self.libelle} : {typographie.format_date(jour, jour=False) if jour else brut}"


def _read_day(brut: str) -> date | None:
    try:
        return parse_date(brut)
    except ValueError:
        return None


@dataclass(frozen=True)
class Cellule:
    colonne: Colonne
    valeur: Any

    @property
    def texte(self) -> str:
        return self.colonne.show(self.valeur)

    @property
    def is_pastille(self) -> bool:
        return isinstance(self.valeur, Pastille)


@dataclass(frozen=True)
class Ligne:
    objet: Any
    url: str
    cellules: list[Cellule]


class FeuilletsParCles(Paginator):
    """Pages whose rows are found by their keys, in the same query: a far page sorts keys, not whole joined rows."""

    def page(self, number: int | str) -> Page[Any]:
        numero = self.validate_number(number)
        debut = (numero - 1) * self.per_page
        lignes: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        cles = lignes.values("pk")[debut : debut + self.per_page]
        return Page(lignes.filter(pk__in=cles), numero, self)


class Liste:
    """Base of every list. A subclass declares; `afficher_liste` shows it or exports it."""

    titre: ClassVar[str] = ""
    objet: ClassVar[tuple[str, str]] = ("ligne", "lignes")
    colonnes: ClassVar[Sequence[Colonne]] = ()
    filtres: ClassVar[Sequence[Filtre]] = ()
    recherche: ClassVar[Sequence[str]] = ()  # database lookups of the typed search, e.g. ("nom", "reference")
    recherche_libelle: ClassVar[str] = "Rechercher"
    recherche_privee: ClassVar[bool] = False  # what is typed may name a patient: sent by POST, never in an address
    tri_defaut: ClassVar[str] = ""  # a column's key, with "-" in front for the other way
    par_page: ClassVar[int] = 50
    export_nom: ClassVar[str] = ""  # empty: no export
    export_max: ClassVar[int] = 20_000
    vide: ClassVar[Vide] = Vide("Rien ici pour l’instant")
    panneau: ClassVar[bool] = True  # rows open beside the list on wide screens
    # Hundreds of thousands of rows: keys alone are sorted to find a page, and its rows are read afterwards.
    tres_longue: ClassVar[bool] = False

    def __init__(self, queryset: QuerySet[Any], parametres: QueryDict, *, request: Any = None) -> None:
        self.base = queryset
        self.parametres = parametres
        self.request = request

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cles = [c.cle for c in cls.colonnes]
        noms = [f.cle for f in cls.filtres]
        if len(set(cles)) != len(cles) or len(set(noms)) != len(noms) or RESERVES & set(noms):
            raise ImproperlyConfigured(f"{cls.__name__} : une clé de colonne ou de filtre est répétée ou réservée.")
        if cls.tri_defaut and cls.tri_defaut.lstrip("-") not in cles:
            raise ImproperlyConfigured(f"{cls.__name__} : tri_defaut ne nomme pas une colonne.")
        if cls.recherche_privee and any(f.genre == "texte" for f in cls.filtres):
            raise ImproperlyConfigured(f"{cls.__name__} : un filtre de texte irait dans l’adresse d’une liste privée.")

    # What a subclass may add.

    def url_ligne(self, objet: Any) -> str:
        """Address of the row's page; an empty text for rows that do not open."""
        return ""

    def prepare(self, objets: list[Any]) -> list[Any]:
        """Completes the rows about to be shown or exported, all at once: the place for one query more, not one each."""
        return objets

    def on_export(self, objets: list[Any], format_export: str) -> None:
        """Called inside the request's transaction before an export leaves: the place for its trace."""

    def search(self, lignes: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that hold every word typed; a list of encrypted names replaces it by its own search."""
        for mot in self.texte.split():
            lignes = lignes.filter(reduce(or_, (Q(**{_contains(champ): mot}) for champ in self.recherche), Q()))
        return lignes

    # What a request selects.

    @property
    def colonnes_defaut(self) -> list[Colonne]:
        return [c for c in self.colonnes if not c.facultative]

    @cached_property
    def colonnes_visibles(self) -> list[Colonne]:
        """The columns chosen by `col=`, in declared order; the main one is always there."""
        choisies = set(self.parametres.getlist("col"))
        if not choisies & {c.cle for c in self.colonnes}:
            return self.colonnes_defaut
        return [c for c in self.colonnes if c.cle in choisies or c.principale]

    @cached_property
    def texte(self) -> str:
        return self.parametres.get("q", "").strip().replace("\x00", "")[:100]

    @cached_property
    def filtres_actifs(self) -> list[tuple[Filtre, str]]:
        valeurs = ((f, self.parametres.get(f.cle, "").strip().replace("\x00", "")[:200]) for f in self.filtres)
        return [(f, v) for f, v in valeurs if v]

    @cached_property
    def tri(self) -> tuple[Colonne, bool] | None:
        """The column sorted on and whether downwards; only declared, sortable columns are obeyed."""
        for demande in (self.parametres.get("tri", ""), self.tri_defaut):
            cle = demande.removeprefix("-")
            for colonne in self.colonnes:
                if colonne.cle == cle and colonne.champs_tri:
                    return colonne, demande.startswith("-")
        return None

    @cached_property
    def queryset(self) -> QuerySet[Any]:
        """The rows selected, sorted; screen and exports read this one queryset."""
        lignes = self.base
        if self.texte:
            lignes = self.search(lignes)
        for filtre, valeur in self.filtres_actifs:
            lignes = filtre.apply(lignes, valeur)
        if self.tri is not None:
            colonne, descendant = self.tri
            signe = "-" if descendant else ""
            lignes = lignes.order_by(*(signe + champ for champ in colonne.champs_tri), "pk")
        elif not lignes.ordered:
            lignes = lignes.order_by("pk")
        return lignes

    @cached_property
    def page(self) -> Page[Any]:
        feuillets = FeuilletsParCles if self.tres_longue else Paginator
        return feuillets(self.queryset, self.par_page).get_page(self.parametres.get("page"))

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def accord(self) -> str:
        """The noun of the rows as the filter `pluriel` takes it."""
        return ",".join(self.objet)

    @property
    def is_filtree(self) -> bool:
        return bool(self.texte or self.filtres_actifs)

    @property
    def criteres(self) -> list[str]:
        """The filters in use, in words."""
        mots = [f"« {self.texte} »"] if self.texte and self.recherche else []
        return mots + [f.describe(v) for f, v in self.filtres_actifs]

    def build_lignes(self, objets: Iterable[Any]) -> list[Ligne]:
        return [
            Ligne(o, self.url_ligne(o), [Cellule(c, c.read(o)) for c in self.colonnes_visibles])
            for o in self.prepare(list(objets))
        ]

    @cached_property
    def lignes(self) -> list[Ligne]:
        """The rows of the current page."""
        return self.build_lignes(self.page.object_list)

    @cached_property
    def objets_exportes(self) -> list[Any]:
        """Every selected row, all pages, up to `export_max`."""
        return self.prepare(list(self.queryset[: self.export_max]))

    def build_table(self) -> tuple[list[str], list[list[Any]]]:
        """Heads and raw values of every selected row, as exports write them: what the screen shows, all its pages."""
        return (
            [c.libelle for c in self.colonnes_visibles],
            [[_plain(c, c.read(o)) for c in self.colonnes_visibles] for o in self.objets_exportes],
        )

    def address(self, **remplace: str | None) -> str:
        """The query string of this list with some parameters replaced (None removes them).

        A private search is never in it: it travels in the body of a POST, beside the address.
        """
        suite = self.parametres.copy()
        suite.pop("export", None)
        suite.pop("vue", None)
        if self.recherche_privee:
            for cle in set(suite) - (RESERVES - {"q"} | {f.cle for f in self.filtres}):
                del suite[cle]
        if self.colonnes_visibles == self.colonnes_defaut:
            suite.pop("col", None)
        for cle, valeur in {"page": None, **remplace}.items():
            suite.pop(cle, None)
            if valeur is not None:
                suite[cle] = valeur
        for cle in [c for c, v in suite.lists() if not any(v)]:
            del suite[cle]
        return "?" + suite.urlencode()


def _contains(champ: str) -> str:
    suffixes = ("__icontains", "__istartswith", "__iexact", "__trigram_similar", "__contains")
    return champ if champ.endswith(suffixes) else f"{champ}__icontains"


def _plain(colonne: Colonne, valeur: Any) -> Any:
    """A cell for an export: numbers and dates stay what they are, everything else becomes text."""
    if valeur is None or (isinstance(valeur, int | float | Decimal | date | datetime) and not isinstance(valeur, bool)):
        return valeur
    return colonne.show(valeur)
