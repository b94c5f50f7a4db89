"""Quorum, proxies and votes, while the meeting is held."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete

from .. import presentation, selectors, services
from ..enums import STATUTAIRES, ChoixVote, Etat, EtatResolution, Majorite, ModeVote, PreuvePouvoir
from ..forms import ComptageForm, PouvoirForm, ReglesForm, ResolutionForm
from ..models import Participation, Pouvoir, Resolution, Reunion
from ..permissions import GERER, REGLER, VOIR
from .commun import attempt, build_fil, show_quorum
from .seances import render_fermes


def _get_convoquee(request: Requete, pk: UUID) -> Reunion:
    """A meeting that was convoked under the rules of a body; Http404 for any other."""
    reunion = selectors.get_reunion(pk, for_acteur=request.acteur)
    if reunion.type not in STATUTAIRES or getattr(reunion, "convocation", None) is None:
        raise Http404
    return reunion


def build_direct(reunion: Reunion) -> dict[str, Any]:
    """What moves during the meeting: quorum, votes open, voices given."""
    convocation = reunion.convocation
    quorum, quorum_dit = show_quorum(reunion)
    resolutions = selectors.list_resolutions(reunion)
    exprimees = selectors.count_voix(reunion)
    return {
        "reunion": reunion,
        "convocation": convocation,
        "quorum": quorum,
        "quorum_dit": quorum_dit,
        "resolutions": [
            {
                "r": resolution,
                "etat": presentation.show_resolution(resolution),
                "resultat": presentation.say_resultat(resolution),
                "exprimees": exprimees.get(resolution.pk, 0),
                "form": ComptageForm(auto_id=f"comptage_{resolution.rang}_%s"),
            }
            for resolution in resolutions
        ],
        "ouverts": [r for r in resolutions if r.etat == EtatResolution.OUVERTE],
    }


@acces(VOIR)
@require_safe
def votes(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The quorum now, the texts put to the vote; for a voter, the vote that awaits them."""
    reunion = selectors.get_reunion(pk, for_acteur=request.acteur)
    if reunion.type in STATUTAIRES and getattr(reunion, "convocation", None) is None:
        return render_fermes(request, reunion)
    return _render(request, _get_convoquee(request, pk))


def _render(request: Requete, reunion: Reunion, **formulaires: Any) -> HttpResponse:
    organise = request.acteur.can(GERER)
    mienne = selectors.get_participation(reunion, for_acteur=request.acteur)
    convocation = reunion.convocation
    contexte = {
        "titre": "Quorum et votes",
        "sous_titre": f"{reunion.titre} – {presentation.say_quand(reunion)}",
        "fil": build_fil(request, reunion, "Quorum et votes"),
        "organise": organise,
        "en_cours": reunion.etat == Etat.CONVOQUEE,
        "bulletins": selectors.list_bulletins(mienne) if mienne else [],
        "choix": ChoixVote.choices,
        "form_resolution": ResolutionForm(
            initial={"mode": ModeVote.MAIN_LEVEE, "majorite": convocation.majorite}, auto_id="resolution_%s"
        ),
        **build_direct(reunion),
    }
    if organise:
        votants = selectors.list_participations(reunion).filter(votant=True)
        contexte |= {
            "pouvoirs": selectors.list_pouvoirs(reunion),
            "form_pouvoir": PouvoirForm(votants=votants, auto_id="pouvoir_%s"),
        }
    refuse = any(form.errors for form in formulaires.values())
    return render(request, "reunions/votes.html", contexte | formulaires, status=422 if refuse else 200)


@acces(VOIR)
@require_safe
def direct(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The fragment that the page asks again every few seconds."""
    return render(request, "reunions/_direct.html", build_direct(_get_convoquee(request, pk)))


@acces(VOIR)
@require_POST
def voter(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Somebody with an account votes."""
    reunion = _get_convoquee(request, pk)
    mienne = selectors.get_participation(reunion, for_acteur=request.acteur)
    if mienne is not None:
        cast(request, mienne)
    return redirect("reunions:votes", slug=slug, pk=pk)


def cast(request: Requete, participation: Participation) -> bool:
    """What a voter posts, from the page or from a link."""
    choix, resolution = request.POST.get("choix", ""), request.POST.get("resolution", "")
    known = Resolution.objects.filter(reunion=participation.reunion_id).values_list("pk", flat=True)
    found = next((pk for pk in known if str(pk) == resolution), None)
    if found is None or choix not in ChoixVote.values:
        messages.error(request, "Choisissez pour, contre ou abstention.")
        return False
    return attempt(
        request,
        lambda: services.cast_voix(
            resolution_id=found, participation_id=participation.pk, choix=ChoixVote(choix), by=request.acteur
        ),
        done="Votre vote est enregistré.",
    )


@acces(GERER)
@require_POST
def nouvelle_resolution(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Prepare a text to be voted."""
    reunion = _get_convoquee(request, pk)
    form = ResolutionForm(request.POST, auto_id="resolution_%s")
    if not form.is_valid():
        return _render(request, reunion, form_resolution=form)
    lu = form.cleaned_data
    attempt(
        request,
        lambda: services.save_resolution(
            reunion_id=pk,
            titre=lu["titre"],
            texte=lu["texte"],
            mode=ModeVote(lu["mode"]),
            majorite=Majorite(lu["majorite"]),
            by=request.acteur,
        ),
        done="La résolution est prête.",
    )
    return redirect("reunions:votes", slug=slug, pk=pk)


@acces(GERER)
@require_POST
def resolution(request: Requete, slug: str, pk: UUID, resolution_id: UUID) -> HttpResponse:
    """One text: open its vote, close it, keep the voices counted in the room, take it away (`geste`)."""
    _get_convoquee(request, pk)
    found = get_object_or_404(Resolution, pk=resolution_id, reunion=pk)
    geste, by = request.POST.get("geste"), request.acteur
    if geste == "ouvrir":
        attempt(request, lambda: services.open_vote(resolution_id=found.pk, by=by), done="Le vote est ouvert.")
    elif geste == "clore":
        attempt(request, lambda: services.close_vote(resolution_id=found.pk, by=by), done="Le vote est clos.")
    elif geste == "retirer":
        attempt(
            request,
            lambda: services.remove_resolution(resolution_id=found.pk, by=by),
            done="La résolution est retirée.",
        )
    else:
        form = ComptageForm(request.POST)
        if form.is_valid():
            attempt(
                request,
                lambda: services.count_main_levee(resolution_id=found.pk, by=by, **form.cleaned_data),
                done="Le résultat est enregistré.",
            )
        else:
            messages.error(request, "Comptez les voix pour, contre et les abstentions : 0 s’il n’y en a pas.")
    return redirect("reunions:votes", slug=slug, pk=pk)


@acces(GERER)
@require_POST
def enregistrer_pouvoir(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Keep a proxy that came on paper."""
    reunion = _get_convoquee(request, pk)
    votants = selectors.list_participations(reunion).filter(votant=True)
    form = PouvoirForm(request.POST, votants=votants, auto_id="pouvoir_%s")
    if not form.is_valid():
        return _render(request, reunion, form_pouvoir=form)
    lu = form.cleaned_data
    attempt(
        request,
        lambda: services.give_pouvoir(
            mandant_id=lu["mandant"].pk,
            mandataire_id=lu["mandataire"].pk,
            preuve=PreuvePouvoir.PAPIER,
            by=request.acteur,
        ),
        done=f"{lu['mandataire'].personne} porte le pouvoir de {lu['mandant'].personne}.",
    )
    return redirect("reunions:votes", slug=slug, pk=pk)


@acces(GERER)
@require_POST
def retirer_pouvoir(request: Requete, slug: str, pk: UUID, pouvoir_id: UUID) -> HttpResponse:
    """Take back a proxy, on the word of who gave it."""
    _get_convoquee(request, pk)
    found = get_object_or_404(Pouvoir, pk=pouvoir_id, reunion=pk)
    attempt(
        request,
        lambda: services.revoke_pouvoir(pouvoir_id=found.pk, by=request.acteur),
        done="Le pouvoir est retiré.",
    )
    return redirect("reunions:votes", slug=slug, pk=pk)


@acces(GERER)
@require_safe
def regles(request: Requete, slug: str) -> HttpResponse:
    """What the statutes say of each body."""
    return _render_regles(request)


def _render_regles(request: Requete, refuse: ReglesForm | None = None) -> HttpResponse:
    regle = request.acteur.can(REGLER)
    en_vigueur = selectors.list_regles(request.cpts.pk)
    contexte = {
        "titre": "Règles des instances",
        "sous_titre": "Ce que vos statuts disent du délai de convocation, du quorum, des pouvoirs et de la majorité",
        "fil": build_fil(request, None, "Règles des instances"),
        "regle": regle,
        "instances": [
            (one, refuse if refuse and refuse.prefix == one.type else ReglesForm(regles=one)) for one in en_vigueur
        ],
    }
    return render(request, "reunions/regles.html", contexte, status=422 if refuse else 200)


@acces(REGLER)
@require_http_methods(["POST"])
def regles_instance(request: Requete, slug: str, instance: str) -> HttpResponse:
    """Keep the rules of one body."""
    en_vigueur = next((one for one in selectors.list_regles(request.cpts.pk) if one.type == instance), None)
    if en_vigueur is None:
        raise Http404
    form = ReglesForm(request.POST, regles=en_vigueur)
    if not form.is_valid():
        return _render_regles(request, form)
    services.set_regles(cpts_id=request.cpts.pk, type_reunion=en_vigueur.type, donnees=form.build(), by=request.acteur)
    messages.success(request, "Les règles sont enregistrées. Les réunions déjà convoquées gardent les leurs.")
    return redirect("reunions:regles", slug=slug)
