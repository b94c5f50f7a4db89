"""People kept twice: the pairs, the preview, the merge and its undoing."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.personnes.models import Personne
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.composants import Vide

from .. import selectors, services
from ..doublons import compare_champs, count_suites, find_refus, list_paires
from ..forms import FusionForm
from ..permissions import REPRENDRE
from ..presentation import build_rubriques


@acces(REPRENDRE)
@require_safe
def doublons(request: Requete, slug: str) -> HttpResponse:
    """Pairs that may be one person, and the merges done."""
    paires = list_paires(request.cpts.pk)
    return render(
        request,
        "reprise/doublons.html",
        {
            "titre": "Doublons",
            "fil": [("Communauté", ""), ("Doublons", "")],
            "onglets": build_rubriques(slug, "doublons"),
            "paires": paires,
            "fusions": selectors.list_fusions(request.cpts.pk),
            "vide": Vide(
                "Aucun doublon probable",
                "Maillon compare les noms, les courriels et les numéros RPPS de toutes les personnes de la communauté.",
                icone="checks",
            ),
        },
    )


def _get_personnes(request: Requete, gardee: UUID, absorbee: UUID) -> tuple[Personne, Personne]:
    found = selectors.get_personnes([gardee, absorbee], for_acteur=request.acteur)
    if gardee not in found or absorbee not in found:
        raise Http404
    return found[gardee], found[absorbee]


@acces(REPRENDRE)
@require_http_methods(["GET", "HEAD", "POST"])
def reunir(request: Requete, slug: str, gardee: UUID, absorbee: UUID) -> HttpResponse:
    """The two rows side by side: what is kept, what moves; then the merge."""
    garde, autre = _get_personnes(request, gardee, absorbee)
    champs = compare_champs(garde, autre)
    form = FusionForm(request.POST if request.method == "POST" else None, champs=champs)
    if request.method == "POST" and form.is_valid():
        try:
            fusion = services.merge_personnes(gardee=garde, absorbee=autre, prises=form.prises, by=request.acteur)
        except services.FusionRefusee as refus:
            messages.error(request, str(refus))
        else:
            annuler_url = reverse("reprise:annuler_fusion", args=[slug, fusion.pk])
            offer_undo(request, f"Les deux fiches de {garde} n’en font plus qu’une.", annuler_url)
        return redirect("reprise:doublons", slug=slug)
    contexte = {
        "titre": "Est-ce la même personne ?",
        "titre_onglet": "Doublon",
        "fil": [("Doublons", reverse("reprise:doublons", args=[slug])), (str(garde), "")],
        "gardee": garde,
        "absorbee": autre,
        "champs": champs,
        "suites": count_suites(garde, autre),
        "refus": find_refus(garde, autre),
        "form": form,
    }
    return render(request, "reprise/reunir.html", contexte, status=422 if form.errors else 200)


@acces(REPRENDRE)
@require_POST
def distinguer(request: Requete, slug: str, gardee: UUID, absorbee: UUID) -> HttpResponse:
    """Say that they are two people."""
    garde, autre = _get_personnes(request, gardee, absorbee)
    services.distinguish(une=garde, autre=autre, by=request.acteur)
    messages.success(request, "Ce sont deux personnes : elles ne vous seront plus proposées ensemble.")
    return redirect("reprise:doublons", slug=slug)


@acces(REPRENDRE)
@require_POST
def annuler(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Separate two rows again."""
    fusion = selectors.get_fusion(pk, for_acteur=request.acteur)
    try:
        services.undo_fusion(fusion=fusion, by=request.acteur)
        messages.success(request, "Les deux fiches sont de nouveau séparées.")
    except services.FusionRefusee as refus:
        messages.error(request, str(refus))
    return redirect("reprise:doublons", slug=slug)
