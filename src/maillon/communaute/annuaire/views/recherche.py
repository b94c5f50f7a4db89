"""Searching, for members: list and map."""

import re
from dataclasses import replace
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from maillon.communaute.territoire.models import Commune
from maillon.communaute.territoire.selectors import get_codes_by_cpts, search_communes
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.listes.vue import build_contexte, export

from .. import presentation
from ..choix import Langue
from ..enums import Profession
from ..listes import RAYONS, VIDE_MEMBRES, VIDE_NATIONAL, VIDE_QUESTION, ListeAnnuaire
from ..permissions import GERER, VOIR
from ..selectors.fiches import get_source
from ..selectors.membres import Criteres, Trouve, list_savoir_faire, measure_communes, search_annuaire

CODE = re.compile(r"\(([0-9][0-9AB][0-9]{3})\)\s*$|^([0-9][0-9AB][0-9]{3})$")
PROPOSITIONS = 8
RESULTATS = "annuaire-resultats"


@acces(VOIR)
@require_safe
def recherche(request: Requete, slug: str) -> HttpResponse:
    """Members at once; the whole country when asked. As one types, the list and the map follow."""
    savoir_faire = list_savoir_faire()
    criteres, ecrite = _read(request.GET, dict(savoir_faire), request.cpts.departement)
    source = get_source()
    trouves = search_annuaire(request.cpts.pk, criteres)
    labels = dict(savoir_faire)
    people = [
        replace(t, savoir_faire=tuple(labels.get(code, code) for code in t.savoir_faire)) for t in trouves.personnes
    ]
    parametres = request.GET.copy()
    if criteres.commune:
        parametres["commune"] = ecrite
    liste = ListeAnnuaire(people, parametres, request=request)  # type: ignore[arg-type]
    if "export" in request.GET:
        return export(liste, request.GET["export"])
    contexte = {
        **build_contexte(liste),
        "titre": "Annuaire",
        "fil": [("Communauté", ""), ("Annuaire", "")],
        "criteres": criteres,
        "commune_ecrite": ecrite,
        "commune_inconnue": bool(ecrite) and criteres.commune is None,
        "trouves": trouves,
        "source": presentation.describe_source(source),
        "vide": _choose_vide(criteres, people, source is not None),
        "savoir_faire": savoir_faire,
        "professions": Profession.choices,
        "rayons": RAYONS,
        "langues": Langue.choices,
        "gerer": request.acteur.can(GERER),
        **_build_carte(request, criteres, people, liste, source),
    }
    cible = request.headers.get("HX-Target")
    gabarits = {"liste": "ui/_liste_resultats.html", RESULTATS: "annuaire/_resultats.html"}
    reponse = render(request, gabarits.get(cible or "", "annuaire/recherche.html"), contexte)
    patch_vary_headers(reponse, ["HX-Target"])
    return reponse


def _read(parametres: QueryDict, savoir_faire: dict[str, str], departement: str) -> tuple[Criteres, str]:
    """What is asked, and the commune as it stands in its field; unknown values ask nothing."""
    ecrite = _text(parametres, "commune")
    commune = _find_commune(ecrite, departement)
    rayon = _text(parametres, "rayon")
    code = _text(parametres, "savoir_faire")
    langue = _text(parametres, "langue")
    profession = _text(parametres, "profession")
    criteres = Criteres(
        texte=_text(parametres, "q"),
        profession=profession if profession in Profession.values else "",
        savoir_faire=code if code in savoir_faire else "",
        commune=commune,
        rayon=next((km for km, _ in RAYONS if str(km) == rayon), 0),
        patients=_text(parametres, "patients") == "oui",
        domicile=_text(parametres, "domicile") == "oui",
        langue=langue if langue in Langue.values else "",
        tous=_text(parametres, "portee") == "tous",
    )
    return criteres, f"{commune.nom} ({commune.pk})" if commune else ecrite


def _text(parametres: QueryDict, nom: str) -> str:
    return parametres.get(nom, "").strip().replace("\x00", "")[:100]


def _find_commune(texte: str, departement: str) -> Commune | None:
    """The commune chosen among the proposals (its code is in brackets), else the nearest name typed: of several with
    one name, that of the community's département."""
    if found := CODE.search(texte):
        known = Commune.objects.filter(pk=found[1] or found[2]).first()
        if known is not None:
            return known
    near = search_communes(texte, limit=PROPOSITIONS) if texte else []
    same = [commune for commune in near if commune.nom_recherche == near[0].nom_recherche]
    return min(same, key=lambda commune: commune.departement != departement, default=None)


def _choose_vide(criteres: Criteres, people: list[Trouve], importe: bool) -> Any:
    """The empty state that says what to do; None when there is somebody, or when filters left nobody."""
    if people:
        return None
    if criteres.national:
        return VIDE_NATIONAL if not importe else VIDE_QUESTION if criteres.vides else None
    return VIDE_MEMBRES if criteres.vides and not criteres.sur_fiche else None


def _build_carte(
    request: Requete, criteres: Criteres, people: list[Trouve], liste: ListeAnnuaire, source: Any
) -> dict[str, Any]:
    if criteres.commune:
        codes = list(measure_communes(criteres.commune, criteres.rayon))
    else:
        codes = get_codes_by_cpts([request.cpts.pk], on=today()).get(request.cpts.pk, [])
    adresse = liste.address(commune=None, rayon=None)
    base = request.path + (f"{adresse}&" if adresse != "?" else "?")
    carte, ailleurs = presentation.build_carte_resultats(people, codes, base, source)
    return {"carte": carte, "ailleurs": ailleurs}


@acces(VOIR)
@require_safe
def communes(request: Requete, slug: str) -> HttpResponse:
    """Proposals under the field of the commune, as one types."""
    texte = _text(request.GET, "commune")
    found = search_communes(texte, limit=PROPOSITIONS) if len(texte) > 1 else []
    return render(request, "annuaire/_communes.html", {"communes": found})


def build_fil(request: Requete, *noms: str) -> list[tuple[str, str]]:
    annuaire = reverse("annuaire_recherche", args=[request.cpts.slug])
    return [("Communauté", ""), ("Annuaire", annuaire), *((nom, "") for nom in noms)]
