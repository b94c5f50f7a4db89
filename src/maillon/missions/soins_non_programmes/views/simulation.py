"""What another offer would have answered to the requests of the past: variants side by side."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillon.regles.simulation_soins import Modification, Sens, apply_modifications, replay
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete

from ..forms.simulation import VarianteForm
from ..permissions import VOIR_TOTAUX
from ..presentation_simulation import Variante, build_comparaison, say_modification
from ..selectors import simulation, tensions
from ..selectors.indicateurs import get_promesse
from ..selectors.periodes import Periode, find_periode
from .chiffres import choose

PERIODES = (("13", "3 mois"), ("26", "6 mois"), ("52", "12 mois"))
DEFAUT = "52"
NOMS = (("v1", "Variante A"), ("v2", "Variante B"))


@acces(VOIR_TOTAUX)
@require_safe
def simuler(request: Requete, slug: str) -> HttpResponse:
    """The page, and its variants as the address says them. Constant queries; nothing is kept."""
    periode = find_periode(int(choose(request, "periode", PERIODES, DEFAUT))).passee
    matiere = simulation.read_matiere(request.cpts, periode)
    professions = _list_professions(request, matiere)
    formulaires = [(nom, _make_form(request, prefixe, professions, periode)) for prefixe, nom in NOMS]
    refuse = any(form.is_bound and not form.is_valid() for _, form in formulaires)
    variantes = [Variante("Ce qui était ouvert", "", replay(matiere.arrivees, matiere.places))]
    for nom, form in formulaires:
        modification = _read(form)
        if modification is not None:
            offre = apply_modifications(matiere.places, [modification], jours=matiere.jours)
            variantes.append(Variante(nom, say_modification(modification), replay(matiere.arrivees, offre)))
    contexte = {
        "titre": "Simuler une autre présence",
        "fil": [("Soins du jour en chiffres", reverse("soins_chiffres", args=[slug])), ("Simuler", "")],
        "formulaires": formulaires,
        "periodes": PERIODES,
        "periode": choose(request, "periode", PERIODES, DEFAUT),
        "vide": not matiere.arrivees,
        "comparaison": build_comparaison(variantes, depuis=next(iter(matiere.jours), periode.debut))
        if matiere.arrivees
        else None,
    }
    return render(request, "soins_non_programmes/simulation.html", contexte, status=422 if refuse else 200)


def _list_professions(request: Requete, matiere: simulation.Matiere) -> list[str]:
    """Those promised, then the others that ask or offer."""
    promis = get_promesse(request.cpts.pk)[2]
    vues = {arrivee.profession for arrivee in matiere.arrivees} | {place.profession for place in matiere.places}
    return [*promis, *sorted(vues - set(promis))]


def _make_form(request: Requete, prefixe: str, professions: list[str], periode: Periode) -> VarianteForm:
    """Bound to the address when it speaks of this variant; the first one starts from where most people lack a slot."""
    if any(cle.startswith(f"{prefixe}-") for cle in request.GET) and request.GET.get(f"{prefixe}-combien"):
        return VarianteForm(request.GET, prefix=prefixe, professions=professions)
    if prefixe == "v1" and "periode" not in request.GET:
        return VarianteForm(_suggest(request, professions, periode), prefix=prefixe, professions=professions)
    depart = {"sens": Sens.EN_PLUS.value, "jours": ["0", "1", "2", "3", "4"], "de": "14:00", "a": "20:00", "duree": 20}
    return VarianteForm(prefix=prefixe, professions=professions, initial=depart)


def _suggest(request: Requete, professions: list[str], periode: Periode) -> dict[str, Any]:
    """One professional more around the hour at which most people find no slot."""
    pire = tensions.compute_tensions(request.cpts.pk, periode).find_pire()
    profession = pire.profession if pire and pire.profession in professions else professions[0]
    heure = pire.heure if pire else 17
    return {
        "v1-sens": Sens.EN_PLUS.value,
        "v1-combien": 1,
        "v1-profession": profession,
        "v1-jours": ["0", "1", "2", "3", "4"],
        "v1-de": f"{heure:02d}:00",
        "v1-a": f"{min(heure + 2, 20):02d}:00",
        "v1-duree": 20,
    }


def _read(form: VarianteForm) -> Modification | None:
    if not form.is_bound or not form.is_valid():
        return None
    modification: Modification = form.cleaned_data["modification"]
    return modification
