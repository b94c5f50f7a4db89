"""The doctor, telephone first: say places in ten seconds, meet new patients. What is asked of doctors is answered in
`communaute.sollicitations`."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from maillon.communaute.patients.selectors import read_identites
from maillon.communaute.sollicitations.selectors import get_professionnel
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete

from .. import services
from ..enums import Etat
from ..forms import PlacesForm
from ..models import Demande
from ..permissions import REPONDRE
from ..selectors import get_capacite, view_as_medecin
from .commun import attempt, places_initial


@acces(REPONDRE)
@require_http_methods(["GET", "HEAD", "POST"])
def mes_places(request: Requete, slug: str) -> HttpResponse:
    """What I offer, in ten seconds."""
    medecin = get_professionnel(request.acteur)
    if medecin is None or not medecin.is_medecin_generaliste:
        raise Http404
    capacite = get_capacite(cpts_id=request.cpts.pk, professionnel=medecin)
    form = PlacesForm(request.POST or None, initial=places_initial(capacite))
    if request.method == "POST" and form.is_valid():
        attempt(
            request,
            lambda: services.update_capacite(
                cpts_id=request.cpts.pk, professionnel=medecin, **form.cleaned_data, by=request.acteur
            ),
            done="Vos places sont à jour. Merci.",
        )
        return redirect("medecin_traitant_mes_places", slug=slug)
    contexte = {"titre": "Mes places", "form": form, "capacite": capacite}
    return render(request, "medecin_traitant/mes_places.html", contexte, status=422 if form.errors else 200)


@acces(REPONDRE, patients=True)
@require_safe
def mes_patients(request: Requete, slug: str) -> HttpResponse:
    """Patients who said yes: their identity, by the care relation, with a trace of each reading."""
    acteur = request.acteur
    placed = list(
        Demande.objects.visible_to(acteur)
        .filter(etat=Etat.PLACEE, medecin__rpps=acteur.rpps or "")
        .select_related("patient__commune")
        .order_by("-placee_le")[:50]
    )
    identites = read_identites(
        [demande.patient_id for demande in placed], quoi="identite", pourquoi="nouveaux patients", by=acteur
    )
    contexte = {
        "titre": "Mes nouveaux patients",
        "patients": [
            (demande, identites[demande.patient_id], view_as_medecin(demande))
            for demande in placed
            if demande.patient_id in identites
        ],
    }
    return render(request, "medecin_traitant/mes_patients.html", contexte)
