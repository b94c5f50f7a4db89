"""Plans: asked for, watched, compared, explained, taken up; and the replacement of somebody who drops out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete

from .. import presentation, selectors, services
from ..enums import EtatTableau, EtatVariante, NatureVariante
from ..forms import AbsenceForm, CalculForm
from ..models import ActionRefusee, Variante
from ..permissions import GERER
from ..selectors.probleme import list_affectations
from .commun import attempt, build_fil

DUREE_REMPLACEMENT = 20


@acces(GERER)
@require_http_methods(["GET", "POST"])
def variantes(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The plans of a roster side by side, and a new one."""
    tableau = selectors.get_tableau(pk, for_acteur=request.acteur)
    form = CalculForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt(
            request,
            lambda: services.launch_calcul(tableau_id=pk, by=request.acteur, **form.cleaned_data),
            done="Le calcul est lancé. Vous pouvez quitter cette page\u00a0: il continue.",
        )
        return redirect("gardes_variantes", slug=slug, pk=pk)
    rows = list(tableau.variantes.filter(nature=NatureVariante.COMPLETE))
    running = next((v for v in rows if v.etat == EtatVariante.EN_CALCUL), None)
    contexte = {
        "titre": "Construire le tableau",
        "sous_titre": tableau.nom,
        "fil": build_fil(request, tableau, "Variantes"),
        "tableau": tableau,
        "form": form,
        "variantes": [
            (v, presentation.show_variante(v), presentation.say_charges(v), presentation.say_bilan(v))
            for v in rows
            if v.etat != EtatVariante.EN_CALCUL
        ],
        "comparables": [(v, presentation.say_charges(v)) for v in reversed(rows) if v.etat == EtatVariante.PRETE][-4:],
        "a_calculer": tableau.etat == EtatTableau.CALCUL and running is None,
        "vide": not rows,
    }
    if running is not None:
        contexte |= _show_progress(running, slug)
    return render(request, "gardes/variantes.html", contexte, status=422 if form.errors else 200)


def _show_progress(variante: Variante, slug: str) -> dict[str, Any]:
    return {
        "courante": variante,
        "p": presentation.build_avancement(variante),
        "rafraichir": reverse("gardes_avancement", args=[slug, variante.pk]),
    }


@acces(GERER)
@require_safe
def avancement(request: Requete, slug: str, variante_id: UUID) -> HttpResponse:
    """The fragment that the page asks again; the whole page once it is done."""
    variante = selectors.get_variante(variante_id, for_acteur=request.acteur)
    if variante.etat != EtatVariante.EN_CALCUL:
        reponse = HttpResponse(status=200)
        reponse["HX-Redirect"] = reverse("gardes_variante", args=[slug, variante.pk])
        return reponse
    return render(request, "ui/avancement.html", _show_progress(variante, slug))


@acces(GERER)
@require_safe
def variante(request: Requete, slug: str, variante_id: UUID) -> HttpResponse:
    """One plan: what it covers, how it shares, every wish not granted and every shift left, with why."""
    found = selectors.get_variante(variante_id, for_acteur=request.acteur)
    tableau = found.tableau
    contexte: dict[str, Any] = {
        "titre": str(found) if found.nature == NatureVariante.COMPLETE else "Remplacement",
        "sous_titre": tableau.nom,
        "fil": build_fil(request, tableau, "Variante"),
        "tableau": tableau,
        "variante": found,
        "pastille_etat": presentation.show_variante(found),
        "remplacement": found.nature == NatureVariante.REMPLACEMENT,
    }
    if found.etat == EtatVariante.EN_CALCUL:
        contexte |= _show_progress(found, slug)
    elif found.etat == EtatVariante.ECHEC:
        contexte["raisons"] = presentation.build_contradiction(found, slug)
        contexte["a_relancer"] = tableau.etat == EtatTableau.CALCUL
    elif found.etat == EtatVariante.PRETE:
        equite = presentation.build_equite(found)
        en_place = [(a.poste, a.personne) for a in list_affectations(tableau)]
        contexte |= {
            "dit_bilan": presentation.say_bilan(found),
            "charges": presentation.say_charges(found),
            "preuve": presentation.say_preuve(found),
            "equite": [
                (selectors.say_profession(code), rows, presentation.draw_equite(rows), any(r.par_genre for r in rows))
                for code, rows in equite.items()
            ],
            "refus": presentation.list_refus(found),
            "manques": presentation.list_manques(found, slug),
            "mouvements": _list_mouvements(found, en_place) if not found.retenue_le else [],
            "retenable": not found.retenue_le and tableau.etat == EtatTableau.CALCUL,
            "applicable": not found.retenue_le and tableau.etat == EtatTableau.PUBLIE,
        }
    return render(request, "gardes/variante.html", contexte)


def _list_mouvements(found: Variante, en_place: list[tuple[str, str]]) -> list[presentation.Mouvement]:
    """What would change; of a plan of the whole roster, only what somebody holds already."""
    moves = presentation.list_mouvements(found, en_place)
    return moves if found.nature == NatureVariante.REMPLACEMENT else [move for move in moves if move.prise]


@acces(GERER)
@require_POST
def retenir(request: Requete, slug: str, variante_id: UUID) -> HttpResponse:
    """Take a plan up (or a replacement), or stop its computation: `geste` says what."""
    found = selectors.get_variante(variante_id, for_acteur=request.acteur)
    geste, by = request.POST.get("geste", ""), request.acteur
    if geste == "arreter":
        services.fail_calcul(variante_id=found.pk, raison="Calcul arrêté à votre demande.")
        messages.success(request, "Le calcul est arrêté.")
        return redirect("gardes_variantes", slug=slug, pk=found.tableau_id)
    if found.nature == NatureVariante.REMPLACEMENT:
        done = attempt(request, lambda: services.apply_remplacement(variante_id=found.pk, by=by))
        if done is not None:
            messages.success(request, "Le remplacement est en place\u00a0: les personnes concernées sont prévenues.")
    else:
        done = attempt(
            request,
            lambda: services.keep_variante(variante_id=found.pk, by=by),
            done="Ce plan est retenu. Ajustez-le à la main s’il le faut, puis publiez.",
        )
    if done is None:
        return redirect("gardes_variante", slug=slug, variante_id=found.pk)
    return redirect("gardes_tableau", slug=slug, pk=found.tableau_id)


@acces(GERER)
@require_http_methods(["GET", "POST"])
def remplacer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Somebody drops out: the roster in place, with as few changes for the others as can be."""
    tableau = selectors.get_tableau(pk, for_acteur=request.acteur)
    people = [
        (str(p.pk), f"{p.personne} ({selectors.say_profession(p.professionnel.profession)})")
        for p in tableau.participants.select_related("personne", "professionnel")
    ]
    form = AbsenceForm(request.POST or None, participants=people)
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        try:
            found = services.launch_remplacement(
                tableau_id=pk,
                participant_id=UUID(lu["participant"]),
                du=lu["du"],
                au=lu["au"],
                duree=DUREE_REMPLACEMENT,
                by=request.acteur,
            )
            return redirect("gardes_variante", slug=slug, variante_id=found.pk)
        except ActionRefusee as refus:
            form.add_error(None, str(refus))
    contexte = {
        "titre": "Remplacer quelqu’un",
        "sous_titre": "Maillon cherche qui prend ses gardes en changeant le moins possible celles des autres. Vous "
        "relisez avant que rien ne change.",
        "fil": build_fil(request, tableau, "Remplacer"),
        "form": form,
        "envoyer": "Chercher un remplacement",
        "annuler": reverse("gardes_tableau", args=[slug, pk]),
    }
    return render(request, "gardes/formulaire.html", contexte, status=422 if form.errors else 200)
