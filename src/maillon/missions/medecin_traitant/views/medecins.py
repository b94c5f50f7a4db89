"""The doctor meets new patients. What is asked of doctors is answered in `communaute.sollicitations`."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maillon.communaute.patients.selectors import read_identites
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete

from ..enums import Etat
from ..models import Demande
from ..permissions import REPONDRE
from ..selectors import view_as_medecin


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
