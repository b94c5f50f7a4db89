"""The poll, for the organiser: slots, answers, the best date."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete

from .. import presentation, selectors, services
from ..enums import Etat
from ..forms import CreneauxForm
from ..models import ActionRefusee, Creneau
from ..permissions import GERER
from .commun import attempt, build_fil


@acces(GERER)
@require_http_methods(["GET", "POST"])
def sondage(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Propose dates, see what people say, choose."""
    reunion = selectors.get_reunion(pk, for_acteur=request.acteur)
    found = selectors.get_sondage(reunion)
    initial = {"repondre_avant": found.repondre_avant if found else None}
    deja = found is not None and found.creneaux.exists()
    form = CreneauxForm(request.POST or None, initial=initial, deja=deja)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_creneaux(
                reunion_id=pk,
                creneaux=form.creneaux,
                repondre_avant=form.cleaned_data["repondre_avant"],
                by=request.acteur,
            )
            messages.success(request, "Les dates proposées sont enregistrées.")
            return redirect("reunions:sondage", slug=slug, pk=pk)
        except ActionRefusee as refus:
            form.add_error(None, str(refus))
    contexte = {
        "titre": "Sondage de date",
        "sous_titre": reunion.titre,
        "fil": build_fil(request, reunion, "Sondage"),
        "reunion": reunion,
        "sondage": found,
        "ouvert": reunion.etat == Etat.PREPARATION and (found is None or found.clos_le is None),
        "etat": presentation.show_etat(reunion),
        "grille": selectors.build_grille(found) if found else None,
        "invites": reunion.participations.count(),
        "form": form,
    }
    return render(request, "reunions/sondage.html", contexte, status=422 if form.errors else 200)


@acces(GERER)
@require_POST
def envoyer_sondage(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Ask everybody, or again those who said nothing."""
    reunion = selectors.get_reunion(pk, for_acteur=request.acteur)
    found = selectors.get_sondage(reunion)
    if found is not None and found.envoye_le is not None:
        attempt(
            request,
            lambda: services.remind_sondage(reunion_id=pk, by=request.acteur),
            done="Le rappel part aux personnes qui n’ont rien dit.",
        )
    else:
        attempt(
            request,
            lambda: services.send_sondage(reunion_id=pk, by=request.acteur),
            done="Le sondage part : chacun reçoit son lien personnel.",
        )
    return redirect("reunions:sondage", slug=slug, pk=pk)


def _get_creneau(request: Requete, pk: UUID, creneau_id: UUID) -> Creneau:
    reunion = selectors.get_reunion(pk, for_acteur=request.acteur)
    found = Creneau.objects.filter(pk=creneau_id, sondage__reunion=reunion).first()
    if found is None:
        raise Http404
    return found


@acces(GERER)
@require_POST
def creneau(request: Requete, slug: str, pk: UUID, creneau_id: UUID) -> HttpResponse:
    """One slot: choose it, or propose it no more (`geste`)."""
    found = _get_creneau(request, pk, creneau_id)
    by = request.acteur
    if request.POST.get("geste") == "retirer":
        attempt(
            request,
            lambda: services.remove_creneau(creneau_id=found.pk, by=by),
            done="Cette date n’est plus proposée.",
        )
        return redirect("reunions:sondage", slug=slug, pk=pk)
    done = attempt(
        request,
        lambda: services.choose_creneau(reunion_id=pk, creneau_id=found.pk, by=by),
        done="La date est choisie. Les réponses du sondage valent premières réponses.",
    )
    return redirect("reunions:convoquer" if done else "reunions:sondage", slug=slug, pk=pk)
