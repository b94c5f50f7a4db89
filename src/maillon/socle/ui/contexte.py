"""The frame of every page: menu, bottom bar, communities, demonstration banner.

Computed only if the template shows the frame: htmx partials and mails pay nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from maillon.socle.cpts.models import Cpts
from maillon.socle.declarations import EntreeMenu, collect
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.models import Membre

RUBRIQUES = (
    "Aujourd’hui",
    "Accès aux soins",
    "Parcours",
    "Prévention",
    "Crise",
    "Qualité",
    "Accompagnement",
    "Communauté",
    "Pilotage",
    "Territoire",
)
NOUVEAU = "Nouveau"  # entries of this heading fill the + menu instead of the rail
ONGLETS_TELEPHONE = 4  # and « Menu », five in all


@dataclass(frozen=True)
class Lien:
    libelle: str
    url: str
    icone: str = "circle"
    actif: bool = False


@dataclass(frozen=True)
class Rubrique:
    """A heading of the rail; `onglets` are its pages that are tabs of one of its lines."""

    libelle: str
    liens: tuple[Lien, ...]
    onglets: tuple[Lien, ...] = ()


@dataclass
class Cadre:
    """What the frame shows to this person, on this page."""

    rubriques: tuple[Rubrique, ...] = ()
    bas: list[Lien] = field(default_factory=list)
    nouveau: Sequence[Lien] = ()
    onglets: list[Lien] = field(default_factory=list)
    communautes: list[Lien] = field(default_factory=list)
    accueil: str = "/"
    page_publique: str = "/"
    recherche: str = ""
    securite: str = ""
    aide: str = ""
    deconnexion: str = ""
    nom: str = ""
    demo: bool = False
    demo_url: str = ""


def find_url(nom: str, *slugs: str) -> str:
    """Address of a named page, within the community if it takes one; empty when the page does not exist."""
    for arguments in (slugs, ()):
        try:
            return reverse(nom, args=arguments)
        except NoReverseMatch:
            continue
    return ""


def get_communautes(acteur: Acteur | None, cpts: Cpts | None) -> list[Lien]:
    """Communities between which this person may switch."""
    if acteur is None or acteur.compte_id is None:
        return []
    membres = Membre.objects.filter(compte_id=acteur.compte_id, actif=True).select_related("cpts")
    return [
        Lien(m.cpts.nom, f"/c/{m.cpts.slug}/", "building-community", cpts is not None and m.cpts_id == cpts.pk)
        for m in membres.order_by("cpts__nom")
    ]


def mark_current(urls: Iterable[str], chemin: str) -> dict[str, bool]:
    """The current entry is the one whose address is the longest beginning of the page's own."""
    urls = list(urls)
    meilleure = max((u for u in urls if chemin == u or (u != "/" and chemin.startswith(u))), key=len, default=None)
    return {u: u == meilleure for u in urls}


def build_onglets(entrees: Sequence[tuple[EntreeMenu, str]], chemin: str) -> list[Lien]:
    """The tabs shown on this very page: the line of the rail first, then what stands under it."""
    ici = next((e for e, u in entrees if u == chemin and e.rubrique != NOUVEAU), None)
    racine = (ici.sous or ici.url_name) if ici else ""
    meres = [(e, u) for e, u in entrees if racine and e.url_name == racine]
    filles = [(e, u) for e, u in entrees if racine and e.sous == racine]
    if not (meres and filles):
        return []
    return [Lien(e.libelle, u, actif=u == chemin) for e, u in (*meres, *filles)]


def build_bas(entrees: Sequence[tuple[EntreeMenu, str]], courante: dict[str, bool], *, connecte: bool) -> list[Lien]:
    """The bottom bar: what this person does most, in one word each; on a page outside any community, the way home."""
    if not entrees and connecte:
        return [Lien("Aujourd’hui", "/", "home")]
    return [Lien(e.court or e.libelle, u, e.icone or "circle", courante[u]) for e, u in entrees[:ONGLETS_TELEPHONE]]


@lru_cache(maxsize=256)
def list_entrees(roles: Acteur, *slugs: str) -> tuple[tuple[EntreeMenu, str], ...]:
    """The entries of the menu open to these roles (an actor who has nothing else), with their addresses."""
    return tuple(
        (entree, url)
        for entree in sorted(collect("menu"), key=lambda e: (e.ordre, e.libelle))
        if (entree.permission is None or roles.can(entree.permission))
        and (slugs or not entree.de_cpts)
        and (url := find_url(entree.url_name, *slugs))
    )


def build_cadre(request: HttpRequest) -> Cadre:
    """Frame of one request, from what the apps declare and what this person may do."""
    acteur: Acteur | None = getattr(request, "acteur", None)
    cpts: Cpts | None = getattr(request, "cpts", None)
    slugs = (cpts.slug,) if cpts else ()
    entrees = list_entrees(Acteur(genre=acteur.genre, roles=acteur.roles), *slugs) if acteur is not None else ()
    courante = mark_current((url for _, url in entrees), request.path)
    noms_ouverts = {e.url_name for e, _ in entrees}
    meres = {e.sous for e, u in entrees if e.sous in noms_ouverts and courante[u]}

    def select(rubrique: str, *, onglets: bool = False) -> tuple[Lien, ...]:
        return tuple(
            Lien(e.libelle, u, e.icone or "circle", courante[u] or e.url_name in meres)
            for e, u in entrees
            if e.rubrique.replace("'", "’") == rubrique and (e.sous in noms_ouverts) is onglets
        )

    noms = dict.fromkeys([*RUBRIQUES, *(e.rubrique.replace("'", "’") for e, _ in entrees if e.rubrique != NOUVEAU)])
    return Cadre(
        rubriques=tuple(Rubrique(nom, liens, select(nom, onglets=True)) for nom in noms if (liens := select(nom))),
        bas=build_bas(
            [(e, u) for e, u in entrees if e.telephone], courante, connecte=bool(acteur and acteur.is_connecte)
        ),
        nouveau=select(NOUVEAU),
        onglets=build_onglets(entrees, request.path),
        communautes=get_communautes(acteur, cpts),
        accueil=f"/c/{cpts.slug}/" if cpts else "/",
        page_publique=(find_url("page_publique", *slugs) if slugs else "") or "/",
        recherche=find_url("recherche", *slugs),
        securite=find_url("mfa_index"),
        aide=find_url("aide_pour", match.view_name) if (match := request.resolver_match) else "",
        deconnexion=find_url("account_logout"),
        nom=acteur.nom if acteur else "",
        demo=getattr(settings, "DEMO", False),
        demo_url=find_url("demo"),
    )


def cadre(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `cadre`, computed on first use."""
    return {"cadre": SimpleLazyObject(lambda: build_cadre(request))}
