"""Home pages, one for each kind of person, and the public page of a community."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillon.communaute.gardes.permissions import REPONDRE as REPONDRE_GARDES
from maillon.communaute.gardes.selectors import find_prochaine
from maillon.communaute.sollicitations.permissions import REPONDRE as REPONDRE_SOLLICITATIONS
from maillon.communaute.sollicitations.selectors import list_attendues
from maillon.communaute.territoire.selectors import get_population
from maillon.missions.medecin_traitant.permissions import DEPOSER, GERER, REPONDRE
from maillon.missions.medecin_traitant.services import is_guichet_ouvert
from maillon.missions.soins_non_programmes.permissions import CHERCHER, PUBLIER
from maillon.pilotage.contrats.permissions import LIRE, LIRE_TERRITOIRE
from maillon.pilotage.contrats.selectors import resume_annee
from maillon.pilotage.portefeuille.selectors import compute_totaux, list_courants
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.enums import Genre
from maillon.socle.droits.permissions import acces, acces_public
from maillon.socle.droits.requete import Requete, RequeteConnectee
from maillon.socle.droits.selectors import get_memberships
from maillon.socle.horloge import now, today
from maillon.socle.partage import share
from maillon.socle.ui.contexte import find_url

from . import presentation, selectors
from .permissions import ACCUEIL, ACCUEIL_TERRITOIRE


@acces_public
@require_safe
def accueil(request: Requete) -> HttpResponse:
    """Everybody's front door: the person's own home, or what Maillon is and which communities it serves."""
    acteur = request.acteur
    if not request.user.is_authenticated:
        return render(
            request,
            "portail/entree.html",
            {"titre": "Maillon", "communautes": Cpts.objects.order_by("nom"), "demo": settings.DEMO},
        )
    memberships = get_memberships(request.user)
    if acteur.genre is Genre.AGENT and not memberships:
        return redirect("accueil_territoire")
    if len(memberships) == 1 and acteur.genre is not Genre.AGENT:
        return redirect("accueil_cpts", slug=memberships[0].cpts.slug)
    return render(
        request,
        "portail/choix.html",
        {"titre": "Où allez-vous ?", "memberships": memberships, "agent": acteur.genre is Genre.AGENT},
    )


@acces(ACCUEIL)
@require_safe
def accueil_cpts(request: RequeteConnectee, slug: str) -> HttpResponse:
    """The home of a member: who waits, what expires, what is not proven, then the year of the contract."""
    acteur, cpts = request.acteur, request.cpts
    attendues = list_attendues(for_acteur=acteur, moment=now()) if acteur.can(REPONDRE_SOLLICITATIONS) else []
    with share():
        resume = resume_annee(cpts.pk, today()) if acteur.can(LIRE) else None
        colonnes = selectors.get_colonnes(cpts.pk, acteur, now(), shown=reverse("sollicitations:liste", args=[slug]))
    return render(
        request,
        "portail/accueil_cpts.html",
        {
            "titre": presentation.greet(request.user),
            "titre_onglet": "Aujourd’hui",
            "aujourd_hui": now(),
            "attendues": attendues,
            "trouver": acteur.can(CHERCHER) and not acteur.can(GERER) and is_guichet_ouvert(cpts),
            "deposer": acteur.can(DEPOSER) and not acteur.can(GERER) and is_guichet_ouvert(cpts),
            "garde": find_prochaine(acteur, now()) if acteur.can(REPONDRE_GARDES) else None,
            "places": selectors.get_places(cpts.pk, acteur) if acteur.can(REPONDRE) else None,
            "creneaux": selectors.get_creneaux(cpts, acteur) if acteur.can(PUBLIER) else None,
            "colonnes": colonnes,
            "resume": resume,
            "premier_pas": None if resume else presentation.build_premier_pas(cpts, acteur),
            "annees": presentation.build_annees(resume, slug) if resume else [],
            "prochains": presentation.build_prochains(resume, slug) if resume else [],
        },
    )


@acces(ACCUEIL_TERRITOIRE)
@require_safe
def accueil_territoire(request: RequeteConnectee) -> HttpResponse:
    """The home of an agent: the communities of the territory on a map and in a list, deadlines and euros engaged."""
    acteur = request.acteur
    if not acteur.can(LIRE_TERRITOIRE):
        return redirect("soins_regulation")
    communautes = selectors.get_communautes(acteur)
    alertes = selectors.get_alertes_territoire(acteur, now())
    return render(
        request,
        "portail/accueil_territoire.html",
        {
            "titre": "Les communautés de votre territoire",
            "carte": presentation.build_carte_territoire(communautes),
            "communautes": communautes,
            "chiffres": presentation.build_chiffres_territoire(compute_totaux(list_courants(acteur)), len(communautes)),
            "a_lire": [alerte for alerte in alertes if alerte.colonne == "attend"],
            "echeances": [
                *(alerte for alerte in alertes if alerte.colonne != "attend"),
                *presentation.build_echeances(communautes),
            ],
        },
    )


@acces_public
@require_safe
def page_publique(request: Requete, slug: str) -> HttpResponse:
    """What a community is and what it does for those who live there."""
    cpts = request.cpts
    population = get_population(cpts.pk, on=today())
    return render(
        request,
        "portail/page_publique.html",
        {
            "titre": cpts.nom,
            "guichet_ouvert": is_guichet_ouvert(cpts),
            "annuaire": find_url("annuaire_public", slug),
            "gardes": find_url("gardes_public", slug),
            "carte": presentation.build_carte_communaute(population),
            "population": population,
            "membres": selectors.count_members(cpts.pk),
        },
    )
