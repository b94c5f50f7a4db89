"""One shift: who holds it, who could, who is asked; and shifts added or removed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from maillon.communaute.sollicitations.selectors import build_vagues
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.typographie import format_date

from .. import presentation, selectors, services
from ..enums import EtatTableau
from ..forms import PosteForm, PosteNouveauForm
from ..heures import build_plage, say_heures
from ..models import ActionRefusee, Poste
from ..permissions import GERER
from .commun import attempt, build_fil


@acces(GERER)
@require_http_methods(["GET", "POST"])
def poste(request: Requete, slug: str, poste_id: UUID) -> HttpResponse:
    """Who is on it, who may take it, why the others may not; how many and where."""
    found = selectors.get_poste(poste_id, for_acteur=request.acteur)
    initial = {"nombre": found.nombre, "lieu": found.lieu, "telephone": found.telephone}
    form = PosteForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_poste(poste_id=found.pk, by=request.acteur, **form.cleaned_data)
            messages.success(request, "C’est enregistré.")
            return redirect("gardes_poste", slug=slug, poste_id=found.pk)
        except ActionRefusee as refus:
            form.add_error("nombre", str(refus))
    return render(request, "gardes/poste.html", _describe(request, found, form), status=422 if form.errors else 200)


def _describe(request: Requete, found: Poste, form: PosteForm) -> dict[str, Any]:
    tableau = found.tableau
    placable = tableau.etat in (EtatTableau.CALCUL, EtatTableau.PUBLIE) and found.fin > now()
    gardes = list(found.gardes.vivantes().select_related("participant__personne", "professionnel").order_by("place"))
    candidats = selectors.list_candidats(found) if placable else []
    manquent = max(0, found.nombre - len(gardes))
    return {
        "titre": f"{format_date(found.jour).capitalize()}, {say_heures(found.debut, found.fin, tableau.cpts.fuseau)}",
        "sous_titre": selectors.say_profession(found.profession).capitalize(),
        "fil": build_fil(request, tableau, format_date(found.jour)),
        "poste": found,
        "tableau": tableau,
        "gardes": [(garde, presentation.show_etat(garde)) for garde in gardes],
        "manquent": manquent,
        "placable": placable,
        "publie": tableau.etat == EtatTableau.PUBLIE,
        "possibles": [candidat for candidat in candidats if not candidat.raisons],
        "empeches": [candidat for candidat in candidats if candidat.raisons],
        "vagues": build_vagues(services.GENRE, found.pk) if tableau.is_officiel else [],
        "form": form,
    }


@acces(GERER)
@require_POST
def donner(request: Requete, slug: str, poste_id: UUID) -> HttpResponse:
    """Give a free place to somebody; undone in one touch while it is a draft."""
    found = selectors.get_poste(poste_id, for_acteur=request.acteur)
    qui = selectors.get_participant(_read_uuid(request.POST.get("participant", "")), for_acteur=request.acteur)
    try:
        garde = services.assign_garde(
            poste_id=found.pk,
            participant_id=qui.pk,
            by=request.acteur,
            malgre=request.POST.get("malgre") == "1",
        )
    except ActionRefusee as refus:
        messages.error(request, str(refus))
    else:
        offer_undo(request, f"{qui.personne} est de garde.", reverse("gardes_reprendre", args=[slug, garde.pk]))
    return redirect("gardes_poste", slug=slug, poste_id=found.pk)


def _read_uuid(brut: str) -> UUID:
    try:
        return UUID(brut)
    except ValueError:
        return UUID(int=0)


@acces(GERER)
@require_POST
def reprendre(request: Requete, slug: str, garde_id: UUID) -> HttpResponse:
    """Take a duty from somebody: its place is open."""
    garde = selectors.get_garde(garde_id, for_acteur=request.acteur)
    if attempt(request, lambda: services.withdraw_garde(garde_id=garde.pk, by=request.acteur)):
        messages.success(request, f"{garde.participant.personne} n’a plus cette garde.")
    return redirect("gardes_poste", slug=slug, poste_id=garde.poste_id)


@acces(GERER)
@require_POST
def volontaires(request: Requete, slug: str, poste_id: UUID) -> HttpResponse:
    """Ask who may take it, in waves."""
    found = selectors.get_poste(poste_id, for_acteur=request.acteur)
    attempt(
        request,
        lambda: services.call_volontaires(poste_id=found.pk, by=request.acteur),
        done="Les volontaires sont appelés\u00a0: le premier qui accepte a la garde.",
    )
    return redirect("gardes_poste", slug=slug, poste_id=found.pk)


@acces(GERER)
@require_POST
def supprimer(request: Requete, slug: str, poste_id: UUID) -> HttpResponse:
    """A shift that is no longer needed."""
    found = selectors.get_poste(poste_id, for_acteur=request.acteur)
    done = attempt(
        request,
        lambda: services.remove_poste(poste_id=found.pk, by=request.acteur),
        done="Cette garde n’est plus à pourvoir.",
    )
    if done is None:
        return redirect("gardes_poste", slug=slug, poste_id=found.pk)
    return redirect("gardes_tableau", slug=slug, pk=found.tableau_id)


@acces(GERER)
@require_http_methods(["GET", "POST"])
def nouveau(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """One more shift."""
    tableau = selectors.get_tableau(pk, for_acteur=request.acteur)
    form = PosteNouveauForm(request.POST or None, initial={"nombre": 1, "jour": tableau.debut})
    if request.method == "POST" and form.is_valid():
        lu = dict(form.cleaned_data)
        debut, fin = build_plage(lu["jour"], lu.pop("de"), lu.pop("a"), tableau.cpts.fuseau)
        try:
            added = services.add_poste(tableau_id=pk, debut=debut, fin=fin, by=request.acteur, **lu)
            return redirect("gardes_poste", slug=slug, poste_id=added.pk)
        except ActionRefusee as refus:
            form.add_error("jour", str(refus))
    contexte = {
        "titre": "Ajouter une garde",
        "fil": build_fil(request, tableau, "Ajouter"),
        "form": form,
        "annuler": reverse("gardes_tableau", args=[slug, pk]),
    }
    return render(request, "gardes/formulaire.html", contexte, status=422 if form.errors else 200)
