"""Feeds that a person opens and closes, and the calendars that they keep elsewhere."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.qr import draw_qr

from .. import selectors, services
from ..enums import GenreExterne
from ..forms import ExterneForm
from ..permissions import LIRE


def _fil(slug: str, *suite: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Agenda", reverse("agenda:agenda", args=[slug])), *suite]


@acces(LIRE)
@require_safe
def abonnements(request: Requete, slug: str) -> HttpResponse:
    """Feeds open, groups to subscribe to, calendars linked."""
    return _show(request)


def _show(request: Requete, **suite: Any) -> HttpResponse:
    personne = get_personne_of(request.acteur)
    flux = selectors.list_flux(personne)
    tenus = {f.groupe_id for f in flux}
    return render(
        request,
        "agenda/abonnements.html",
        {
            "titre": "Mes abonnements",
            "sous_titre": "Retrouver l’agenda de la communauté dans le vôtre, et y faire savoir quand vous êtes pris.",
            "fil": _fil(request.cpts.slug, ("Mes abonnements", "")),
            "le_mien": next((f for f in flux if f.personne_id), None),
            "de_groupes": [f for f in flux if f.groupe_id],
            "groupes": [groupe for groupe in selectors.list_groupes(request.acteur) if groupe.pk not in tenus],
            "externes": selectors.show_externes(personne),
            **suite,
        },
    )


@acces(LIRE)
@require_POST
def ouvrir(request: Requete, slug: str) -> HttpResponse:
    """Open a feed and show its address, once: it is kept nowhere."""
    demande = request.POST.get("groupe", "")
    groupe = selectors.get_groupe(_read_uuid(demande), for_acteur=request.acteur) if demande else None
    personne = services.keep_personne(by=request.acteur)
    flux, jeton = services.open_flux(personne=personne, groupe=groupe, by=request.acteur)
    adresse = settings.MAILLON_ADRESSE + reverse("agenda:flux", args=[jeton])
    webcal = "webcal://" + adresse.split("://", 1)[1]
    return _show(request, ouvert=flux, adresse=adresse, webcal=webcal, qr=draw_qr(webcal))


def _read_uuid(brut: str) -> UUID:
    try:
        return UUID(brut)
    except ValueError:
        return UUID(int=0)


@acces(LIRE)
@require_POST
def fermer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Stop a feed."""
    services.close_flux(flux=selectors.get_flux(pk, for_acteur=request.acteur), by=request.acteur)
    messages.success(request, "L’abonnement est fermé\u00a0: son adresse ne donne plus rien.")
    return redirect("agenda:abonnements", slug=slug)


@sensitive_post_parameters("adresse", "utilisateur", "secret")
@acces(LIRE)
@require_http_methods(["GET", "POST"])
def ajouter(request: Requete, slug: str) -> HttpResponse:
    """Link a calendar kept elsewhere."""
    form = ExterneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        try:
            services.link_externe(
                personne=services.keep_personne(by=request.acteur),
                libelle=lu["libelle"],
                genre=GenreExterne(lu["genre"]),
                adresse=lu["adresse"],
                utilisateur=lu["utilisateur"],
                secret=lu["secret"],
                by=request.acteur,
            )
            messages.success(request, f"«\u00a0{lu['libelle']}\u00a0» est relié\u00a0: Maillon le lit dans un instant.")
            return redirect("agenda:abonnements", slug=slug)
        except services.TropDAgendas as refus:
            form.add_error(None, str(refus))
    titre = "Relier un agenda"
    retour = reverse("agenda:abonnements", args=[slug])
    contexte = {"titre": titre, "fil": _fil(slug, ("Mes abonnements", retour), (titre, "")), "form": form}
    return render(request, "agenda/externe.html", {**contexte, "retour": retour}, status=422 if form.errors else 200)


@acces(LIRE)
@require_POST
def relire(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Read a calendar again now."""
    agenda = selectors.get_externe(pk, for_acteur=request.acteur)
    services.request_lecture(agenda.cpts_id, agenda.pk)
    messages.success(request, f"«\u00a0{agenda.libelle}\u00a0» sera relu dans un instant.")
    return redirect("agenda:abonnements", slug=slug)


@acces(LIRE)
@require_POST
def retirer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Forget a calendar."""
    agenda = selectors.get_externe(pk, for_acteur=request.acteur)
    services.unlink_externe(agenda=agenda, by=request.acteur)
    messages.success(request, f"«\u00a0{agenda.libelle}\u00a0» est retiré, avec tout ce qui en avait été lu.")
    return redirect("agenda:abonnements", slug=slug)
