"""Monthly spending."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Vide
from maillon.socle.ui.typographie import compter

from .. import selectors, services
from ..forms import ArretForm, SerieForm
from ..models import Serie
from ..permissions import ECRIRE, LIRE


@acces(LIRE)
@require_GET
def liste(request: Requete, slug: str) -> HttpResponse:
    """Those in course first, then those over."""
    return _show(request)


def _show(
    request: Requete, status: int = 200, form: ArretForm | None = None, ouverte: UUID | None = None
) -> HttpResponse:
    slug, jour = request.cpts.slug, today()
    toutes = list(Serie.objects.filter(cpts=request.cpts))
    en_cours = [serie for serie in toutes if serie.au >= jour]
    ecrire = request.acteur.can(ECRIRE)
    return render(
        request,
        "budget/series.html",
        {
            "titre": "Dépenses mensuelles",
            "fil": [("Budget", reverse("budget:accueil", args=[slug])), ("Dépenses mensuelles", "")],
            "en_cours": en_cours,
            "finies": [serie for serie in toutes if serie.au < jour],
            "mensuel": sum(serie.montant for serie in en_cours if serie.du <= jour),
            "ecrire": ecrire,
            "form": form or ArretForm(),
            "ouverte": ouverte,
            "vide": Vide(
                "Aucune dépense mensuelle",
                "Un salaire, un loyer, un abonnement : saisi une fois, il est engagé chaque mois jusqu’à sa fin.",
                "Ajouter une dépense mensuelle" if ecrire else "",
                reverse("budget:serie_nouvelle", args=[slug]),
                "calendar-plus",
            ),
        },
        status=status,
    )


@acces(ECRIRE)
@require_http_methods(["GET", "POST"])
def nouvelle(request: Requete, slug: str) -> HttpResponse:
    """Commit the same spending each month."""
    form = SerieForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            serie = services.create_serie(cpts_id=request.cpts.pk, donnees=form.read_donnees(), by=request.acteur)
            nombre = compter(serie.operations.count(), "échéance engagée", "échéances engagées")
            messages.success(request, f"« {serie.libelle} » : {nombre}.")
            return redirect("budget:series", slug=slug)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    retour = reverse("budget:series", args=[slug])
    return render(
        request,
        "budget/formulaire.html",
        {
            "titre": "Ajouter une dépense mensuelle",
            "fil": [
                ("Budget", reverse("budget:accueil", args=[slug])),
                ("Dépenses mensuelles", retour),
                ("Ajouter", ""),
            ],
            "form": form,
            "retour": retour,
        },
        status=422 if form.errors else 200,
    )


@acces(ECRIRE)
@require_POST
def arreter(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """End it: later months are cancelled."""
    serie = selectors.get_serie(pk, for_acteur=request.acteur)
    form = ArretForm(request.POST)
    if form.is_valid():
        try:
            annulees = services.stop_serie(serie=serie, au=form.cleaned_data["au"], by=request.acteur)
            nombre = compter(annulees, "échéance annulée", "échéances annulées")
            messages.success(request, f"« {serie.libelle} » s’arrête : {nombre}.")
            return redirect("budget:series", slug=slug)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return _show(request, status=422, form=form, ouverte=pk)
