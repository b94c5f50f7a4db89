"""What if: another contract for a community, another scale for a territory. Nothing is written."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from maillon.regles.aci.simulation import read_grille
from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today

from . import bareme as bareme_territoire
from . import presentation, selectors
from .calcul import FaitsContrat, Resultat, compute_scenario
from .exports import export_communautes
from .forms import BaremeForm, HypotheseForm, initial_of
from .permissions import SIMULER, SIMULER_TERRITOIRE

SECOND = "second"


@acces(SIMULER)
@require_GET
def contrat(request: Requete, slug: str) -> HttpResponse:
    """The contract as it is beside one or two hypotheses: inhabitants, missions, starts, tiers reached."""
    faits = selectors.get_faits(request.cpts.pk)
    formulaires = _build_forms(request.GET, HypotheseForm, faits=faits, initial=initial_of(faits))
    resultats = [_try(faits, form) for form in formulaires]
    actuel = compute_scenario(faits, selectors.as_is(faits))
    calcules = [resultat for resultat in resultats if resultat is not None]
    return render(
        request,
        "simulations/contrat.html",
        {
            "titre": "Simuler",
            "faits": faits,
            "formulaires": formulaires,
            "second": SECOND in request.GET,
            "colonnes": presentation.name_columns(actuel, calcules),
            "annees": presentation.compare_annees(actuel, calcules),
            "postes": presentation.compare_postes(actuel, calcules),
            "phrases": presentation.say_differences(actuel, calcules),
            "graphique": presentation.draw_annees(actuel, calcules),
            "a_confirmer": any(r.a_confirmer for r in (actuel, *calcules)),
            "adresse_second": presentation.add_second(request.GET, SECOND),
        },
        status=422 if any(form.errors for form in formulaires) else 200,
    )


def _build_forms(
    lu: QueryDict, classe: type[Any], *, initial: dict[str, Any] | None = None, **options: Any
) -> list[Any]:
    """The first scenario, and the second one when it was asked for; unbound before anything was typed."""
    prefixes = ("a", "b") if SECOND in lu else ("a",)
    return [
        classe(
            lu if any(cle.startswith(f"{prefixe}-") for cle in lu) else None,
            prefix=prefixe,
            initial=initial,
            **options,
        )
        for prefixe in prefixes
    ]


def _try(faits: FaitsContrat, form: HypotheseForm) -> Resultat | None:
    if not form.is_bound:
        return compute_scenario(faits, selectors.as_is(faits))
    if not form.is_valid():
        return None
    try:
        return compute_scenario(faits, form.read_hypothese())
    except ErreurRegle as refus:
        form.add_error(None, str(refus))
        return None


@acces(SIMULER_TERRITOIRE)
@require_GET
def bareme(request: Requete) -> HttpResponse:
    """The yearly cost of one or two other scales over every contract of the territory that follows the scale."""
    actuelle = read_grille(today())
    formulaires = _build_forms(request.GET, BaremeForm, grille=actuelle)
    grilles = [form.scenario if form.is_bound and form.is_valid() else actuelle for form in formulaires]
    releves = selectors.list_releves(request.acteur)
    comparaison = bareme_territoire.compare(bareme_territoire.read_contrats(releves), actuelle, grilles)
    if request.GET.get("export") == "xlsx":
        return export_communautes(comparaison)
    return render(
        request,
        "simulations/bareme.html",
        {
            "titre": "Simuler un barème",
            "fil": [("Contrats du territoire", reverse("portefeuille:contrats")), ("Simuler un barème", "")],
            "formulaires": formulaires,
            "second": SECOND in request.GET,
            "comparaison": comparaison,
            "scenarios": presentation.name_scenarios(len(grilles)),
            "phrase": presentation.say_cout(comparaison),
            "graphique": presentation.draw_postes(comparaison),
            "adresse_second": presentation.add_second(request.GET, SECOND),
            "adresse_export": f"?{request.GET.urlencode()}&export=xlsx" if request.GET else "?export=xlsx",
            "bornes": [(form, list(form.bornes)) for form in formulaires],
        },
        status=422 if any(form.errors for form in formulaires) else 200,
    )
