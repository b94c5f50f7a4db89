"""The one helper that views call: page, htmx fragment or export of a list."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from maillon.socle.horloge import today

from .exports import ECRIVAINS, TYPES
from .modele import Colonne, Filtre, Liste
from .vues import TOUT, build_vues, find_defaut

FRAGMENT = "liste"


def describe_entetes(liste: Liste) -> list[dict[str, Any]]:
    """Heads of the visible columns: where each click leads, and what is sorted now."""
    entetes = []
    for colonne in liste.colonnes_visibles:
        triee = liste.tri is not None and liste.tri[0] is colonne
        descendant = bool(triee and liste.tri and liste.tri[1])
        entetes.append(
            {
                "colonne": colonne,
                "id": f"tri-{colonne.cle}",
                "aria": ("descending" if descendant else "ascending") if triee else "",
                "adresse": liste.address(tri=colonne.cle if descendant or not triee else f"-{colonne.cle}")
                if colonne.champs_tri
                else "",
            }
        )
    return entetes


def describe_filtres(liste: Liste) -> list[tuple[Filtre, list[tuple[str, str]], str]]:
    actifs = {f.cle: v for f, v in liste.filtres_actifs}
    return [(f, f.options(), actifs.get(f.cle, "")) for f in liste.filtres]


def describe_choix(liste: Liste) -> list[tuple[Colonne, bool]]:
    """The columns that one may hide or show."""
    visibles = {c.cle for c in liste.colonnes_visibles}
    return [(c, c.cle in visibles) for c in liste.colonnes]


def export(liste: Liste, format_export: str) -> HttpResponse:
    """The selected rows as a file; an unknown format or a list without export is a 404."""
    if format_export not in ECRIVAINS or not liste.export_nom:
        raise Http404
    liste.on_export(liste.objets_exportes, format_export)
    reponse = HttpResponse(ECRIVAINS[format_export](liste), content_type=TYPES[format_export])
    nom = f"{liste.export_nom}-{today().isoformat()}.{format_export}"
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    reponse["X-Content-Type-Options"] = "nosniff"
    return reponse


def build_contexte(liste: Liste) -> dict[str, Any]:
    """What `ui/liste.html` reads."""
    filtres = describe_filtres(liste)
    sans_filtre = liste.address(q=None, **{f.cle: None for f in liste.filtres})
    vues = build_vues(liste.request, liste, {f.cle: options for f, options, _ in filtres}) if liste.request else {}
    return {
        "liste": liste,
        "liste_vues": vues,
        "liste_entetes": describe_entetes(liste),
        "liste_filtres": filtres,
        "liste_choix": describe_choix(liste),
        "liste_adresse_page": _before_number(liste.address()),
        "liste_sans_filtre": f"?vue={TOUT}" if sans_filtre == "?" and vues.get("defaut") else sans_filtre,
        "liste_exports": [(f, liste.address(export=f)) for f in ECRIVAINS] if liste.export_nom else [],
    }


def _before_number(adresse: str) -> str:
    return f"{adresse}&page=" if adresse != "?" else "?page="


def read_parametres(request: HttpRequest, classe: type[Liste]) -> QueryDict:
    """What the request asks of the list: its address, and for a private search the body of the POST beside it.

    A private search written in an address is not obeyed, so that nobody makes or keeps such an address.
    """
    if not classe.recherche_privee:
        return request.GET
    parametres = request.GET.copy()
    parametres.pop("q", None)
    for cle, valeurs in request.POST.lists():
        parametres.setlist(cle, valeurs)
    parametres.pop("csrfmiddlewaretoken", None)
    return parametres


def afficher_liste(
    request: HttpRequest,
    classe: type[Liste],
    queryset: QuerySet[Any],
    *,
    gabarit: str = "ui/page_liste.html",
    contexte: dict[str, Any] | None = None,
) -> HttpResponse:
    """Answers with the page of a list, its fragment (htmx), or its export (`?export=csv|xlsx|pdf`).

    `queryset` is already limited to what the actor may see, with its `select_related`. `contexte` goes to the
    template as it is (`fil`, `sous_titre`, …). A page of one's own extends `ui/page_liste.html` or includes
    `ui/liste.html`. The view of a list with `recherche_privee` accepts POST; filters, sort and page stay in the
    address, which the answer to htmx gives, and where a POST that searches nothing is sent back.
    """
    fragment = request.headers.get("HX-Target") == FRAGMENT
    if not fragment and (chosen := find_defaut(request)):
        return HttpResponseRedirect(chosen)
    liste = classe(queryset, read_parametres(request, classe), request=request)
    if "export" in liste.parametres:
        return export(liste, str(liste.parametres["export"]))
    adresse = request.path + liste.address(page=liste.parametres.get("page")).removesuffix("?")
    if request.method == "POST" and not fragment and not liste.texte:
        return HttpResponseRedirect(adresse, status=303)
    donnees = {"titre": liste.titre, **(contexte or {}), **build_contexte(liste)}
    reponse = render(request, "ui/_liste_resultats.html" if fragment else gabarit, donnees)
    patch_vary_headers(reponse, ["HX-Target"])
    if fragment and classe.recherche_privee:
        # A page is a step of the history; filters and sort replace the current one.
        reponse["HX-Push-Url" if "page" in request.GET else "HX-Replace-Url"] = adresse
    return reponse
