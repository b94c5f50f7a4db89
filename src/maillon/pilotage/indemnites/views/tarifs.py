"""What the bodies decided: rates, calculations, scale, employers."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillon.regles import indemnites as regles
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.typographie import format_euros

from ..enums import Fonction, Mode, Nature, Poste
from ..forms.tarifs import BaremeForm, CalculForm, ClotureForm, ConventionForm, TarifForm
from ..models import BaremeKilometrique, ConventionEmployeur, Tarif
from ..permissions import GERER, LIRE
from ..presentation import say_mission, say_periode, say_tarif
from ..selectors.gens import list_employeurs
from ..selectors.tarifs import FENETRE, Reglement, count_gardes_sans_tarif, get_reglement
from ..services import tarifs as services
from .commun import REFUS, attempt, build_onglets

CLOTURES: dict[str, Any] = {"tarif": Tarif, "bareme": BaremeKilometrique, "convention": ConventionEmployeur}


@acces(LIRE)
@require_GET
def tarifs(request: Requete, slug: str) -> HttpResponse:
    """Everything decided, and what is contestable in it."""
    reglement = get_reglement(request.cpts.pk, today())
    contexte = {
        "titre": "Tarifs et conventions",
        "onglets": build_onglets(request, "tarifs"),
        "reglement": reglement,
        "tarifs": [_row(tarif) for tarif in reglement.tarifs],
        "anciens": [_row(tarif) for tarif in reglement.anciens],
        "conventions": [{"convention": c, **_row_periode(c)} for c in reglement.conventions],
        "baremes": [{"bareme": b, **_row_periode(b)} for b in reglement.baremes],
        "uniformes": _say_uniformes(reglement),
        "gardes": None if reglement.has_gardes else _propose_gardes(request),
        "gerer": request.acteur.can(GERER),
        "form_cloture": ClotureForm(),
    }
    return render(request, "indemnites/tarifs.html", contexte)


def _row(tarif: Tarif) -> dict[str, Any]:
    return {
        "tarif": tarif,
        "mission": say_mission(tarif.mission) if tarif.mission else "Toutes",
        "profession": tarif.get_profession_display() if tarif.profession else "Toutes",
        "montant": say_tarif(tarif),
        **_row_periode(tarif),
    }


def _row_periode(decision: Any) -> dict[str, Any]:
    """The period in words, and the dialogue that ends it while it runs."""
    ouverte = decision.periode.upper is None or decision.periode.upper > today()
    return {"periode": say_periode(decision.periode), "dialogue": f"clore-{decision.pk}" if ouverte else ""}


def _say_uniformes(reglement: Reglement) -> str:
    """Which hourly indemnités are the same for all."""
    return ", ".join(dict.fromkeys(tarif.get_fonction_display() for tarif in reglement.uniformes))


SIX_HEURES = Decimal(6)


def _propose_gardes(request: Requete) -> dict[str, Any]:
    """What a community without any rate of duty may begin with: by the hour or by the duty, at the only amount that a
    text gives to something alike."""
    on = today()
    repere = regles.get_repere_garde(on)
    heure, garde = repere.prorate(Decimal(1)), repere.prorate(SIX_HEURES)
    adresse = reverse("indemnites:decider", args=[request.cpts.slug, "tarif"])
    commun = {"fonction": Fonction.GARDE, "mission": Poste.ACCES, "nature": Nature.REMUNERATION}
    return {
        "sans": count_gardes_sans_tarif(request.cpts.pk, on - FENETRE, on),
        "repere": repere,
        "choix": [
            (
                f"{dit}\u00a0: {format_euros(montant)}",
                f"{adresse}?{urlencode(commun | {'mode': mode, 'montant': montant})}",
            )
            for dit, mode, montant in (
                ("À l’heure", Mode.HEURE, heure),
                ("À la garde, de six heures", Mode.SEANCE, garde),
            )
        ],
    }


PREREMPLIS = ("fonction", "mission", "nature", "mode", "montant")
FORMULAIRES: dict[str, tuple[str, Any, Any, str]] = {
    "tarif": ("Décider un tarif", TarifForm, services.add_tarif, "Le tarif est enregistré."),
    "calcul": ("Enregistrer un calcul par profession", CalculForm, services.record_calcul, "Le calcul est enregistré."),
    "bareme": ("Décider un barème kilométrique", BaremeForm, services.add_bareme, "Le barème est enregistré."),
    "convention": (
        "Enregistrer une convention d’employeur",
        ConventionForm,
        services.add_convention,
        "La convention est enregistrée.",
    ),
}


@acces(GERER)
@require_http_methods(["GET", "POST"])
def decider(request: Requete, slug: str, quoi: str) -> HttpResponse:
    """Record a decision: a rate, a calculation, a scale, a convention."""
    if quoi not in FORMULAIRES:
        raise Http404
    titre, formulaire, service, dit = FORMULAIRES[quoi]
    options: dict[str, Any] = {"structures": list_employeurs(request.cpts.pk)} if quoi == "convention" else {}
    if quoi == "tarif":
        options["initial"] = {nom: request.GET[nom] for nom in PREREMPLIS if nom in request.GET}
    form = formulaire(request.POST or None, request.FILES or None, **options)
    page = reverse("indemnites:tarifs", args=[slug])
    if request.method == "POST" and form.is_valid():
        try:
            service(cpts_id=request.cpts.pk, by=request.acteur, **form.read())
            messages.success(request, dit)
            return redirect(page)
        except REFUS as refus:
            form.add_error(None, str(refus))
    contexte = {
        "titre": titre,
        "fil": [("Tarifs et conventions", page), (titre, "")],
        "form": form,
        "envoyer": "Enregistrer",
        "annuler": page,
    }
    return render(request, "indemnites/formulaire.html", contexte, status=422 if form.errors else 200)


@acces(GERER)
@require_POST
def clore(request: Requete, slug: str, quoi: str, pk: UUID) -> HttpResponse:
    """End a rate, a scale or a convention."""
    decision = CLOTURES[quoi].objects.filter(cpts=request.cpts, pk=pk).first() if quoi in CLOTURES else None
    if decision is None:
        raise Http404
    form = ClotureForm(request.POST)
    if form.is_valid():
        on = form.cleaned_data["on"]
        attempt(
            request,
            lambda: services.close(decision=decision, on=on, by=request.acteur),
            done="C’est clos. Ce qui a été payé avant garde son montant.",
        )
    else:
        messages.error(request, "Indiquez le premier jour où cela ne vaut plus.")
    return redirect("indemnites:tarifs", slug=slug)
