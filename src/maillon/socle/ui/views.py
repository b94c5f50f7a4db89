"""The gallery: every component in every state, for those who build pages. Closed in production."""

from collections.abc import Callable
from functools import wraps
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from maillon.socle.droits.permissions import acces_public

from . import annonces, exemples
from .contexte import Cadre, Lien, Rubrique
from .listes import afficher_liste


def outside_production(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def closed(request: HttpRequest, **arguments: Any) -> HttpResponse:
        if settings.MODE not in {"demo", "tests"}:
            raise Http404
        return view(request, **arguments)

    return acces_public(require_http_methods(["GET", "HEAD", "POST"])(closed))


def dress(request: HttpRequest) -> Cadre:
    """A frame as a coordinator sees it, without any account behind."""
    request.cpts = SimpleNamespace(nom="CPTS Grand Saint-Étienne", slug="galerie")  # type: ignore[attr-defined]
    ici = reverse("galerie")
    formulaire = reverse("galerie_formulaire")
    liste = reverse("galerie_liste", args=(3000,))
    courante = request.path
    return Cadre(
        rubriques=(
            Rubrique("Aujourd’hui", (Lien("Aujourd’hui", ici, "home", courante == ici),)),
            Rubrique(
                "Accès aux soins",
                (
                    Lien("Demandes de médecin traitant", liste, "stethoscope", courante == liste),
                    Lien("Saisir une demande", formulaire, "user-plus", courante == formulaire),
                    Lien("Soins non programmés", "#snp", "calendar-time"),
                ),
            ),
            Rubrique("Communauté", (Lien("Annuaire", "#annuaire", "users"), Lien("Réunions", "#reunions", "messages"))),
            Rubrique("Pilotage", (Lien("Contrat et indicateurs", "#contrat", "report-money"),)),
            Rubrique("Territoire", (Lien("Carte et population", "#carte", "map-2"),)),
        ),
        bas=[
            Lien("Aujourd’hui", ici, "home", courante == ici),
            Lien("Demandes", liste, "stethoscope", courante == liste),
            Lien("Saisir", formulaire, "user-plus", courante == formulaire),
            Lien("Contrat", "#contrat", "report-money"),
        ],
        nouveau=[Lien("Demande de médecin traitant", formulaire, "stethoscope"), Lien("Réunion", "#", "calendar-plus")],
        communautes=[
            Lien("CPTS Grand Saint-Étienne", ici, "building-community", True),
            Lien("CPTS Croix-Rousse Presqu’île", "#", "building-community"),
        ],
        accueil=ici,
        recherche="#recherche",
        securite="#",
        deconnexion="#",
        nom="Camille Peyrachon-Delorme",
        demo=True,
        demo_url="#",
    )


@outside_production
def galerie(request: HttpRequest) -> HttpResponse:
    """Every component, in its states; `?annonces` shows the toasts."""
    cadre = dress(request)
    if "annonces" in request.GET:
        annonces.offer_undo(request, "La demande DMT-2026-0412 est close.", "#")
        messages.error(request, "Le message n’est pas parti. Il reste dans la file et sera renvoyé dans dix minutes.")
    return render(request, "ui/galerie.html", {"cadre": cadre, **exemples.build_contexte(request)})


@outside_production
def galerie_formulaire(request: HttpRequest) -> HttpResponse:
    """A form in steps: empty by GET, with its errors by POST (nothing is kept)."""
    form = exemples.DemandeForm(request.POST or None)
    form.is_valid()
    contexte = {"cadre": dress(request), "form": form, "etapes": exemples.ETAPES, "titre": "Saisir une demande"}
    contexte["fil"] = [("Accès aux soins", "#"), ("Demandes", "#"), ("Nouvelle demande", "")]
    return render(request, "ui/galerie_formulaire.html", contexte)


@outside_production
def galerie_compte(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/galerie_compte.html", {"form": exemples.ConnexionForm(), "titre": "Se connecter"})


@outside_production
def galerie_publique(request: HttpRequest) -> HttpResponse:
    dress(request)
    return render(request, "ui/galerie_publique.html", {"titre": "Vous n’avez pas de médecin traitant ?"})


@outside_production
def galerie_liste(request: HttpRequest, nombre: int) -> HttpResponse:
    """A list of 0, 1, 30 or 3 000 rows."""
    lignes = exemples.LignesInventees.build(min(nombre, 5000))
    contexte = {"cadre": dress(request), "fil": [("Accueil", "#"), ("Accès aux soins", "#"), ("Demandes", "")]}
    return afficher_liste(request, exemples.ListeDemandesInventees, lignes, contexte=contexte)  # type: ignore[arg-type]


@outside_production
def galerie_fiche(request: HttpRequest, numero: int) -> HttpResponse:
    """The sheet that a row opens, alone or in the side panel."""
    contexte = exemples.build_contexte(request)
    liste = reverse("galerie_liste", args=(3000,))
    contexte |= {"cadre": dress(request), "titre": f"Demande DMT-2026-{numero:04d}", "sous_titre": ""}
    contexte["fil"] = [("Accès aux soins", "#"), ("Demandes", liste), (f"DMT-2026-{numero:04d}", "")]
    return render(request, "ui/galerie_fiche.html", contexte)
