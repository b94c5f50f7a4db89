"""The public notice, and the traces that a patient may be given."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillon.socle.droits.permissions import acces, acces_public
from maillon.socle.droits.requete import Requete
from maillon.socle.journal.models import Lecture
from maillon.socle.journal.services import record
from maillon.socle.ui.listes import afficher_liste

from .listes import ListeTraces
from .models import Patient
from .notices import NOTICE_VERSION, template_of
from .permissions import TRACES


@acces_public
@require_safe
def donnees(request: Requete, slug: str) -> HttpResponse:
    """The information notice in force: who, why, how long, which rights."""
    contexte = {
        "titre": "Vos données",
        "notice": template_of(NOTICE_VERSION),
        "version": NOTICE_VERSION,
        "dpo": settings.MAILLON_DPO,
        "mois": settings.MAILLON_CONSERVATION_PATIENTS_MOIS,
        "mois_traces": settings.MAILLON_CONSERVATION_LECTURES_MOIS,
    }
    return render(request, "patients/donnees.html", contexte)


@acces(TRACES)
@require_safe
def traces(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Who read this patient's data: to be shown, printed or exported for the person who asks."""
    patient = get_object_or_404(Patient.objects.traceable_by(request.acteur), pk=pk)
    record("patients.traces_lues", patient, by=request.acteur)
    contexte = {
        "titre": f"Accès aux données du patient {patient.reference}",
        "patient": patient,
        "fil": [("Journal", reverse("journal", args=(slug,))), (patient.reference, "")],
        "sous_titre": "Ce relevé peut être remis à la personne. Son identité n’y figure pas.",
    }
    rows = Lecture.objects.filter(cpts_id=patient.cpts_id, patient_id=patient.pk)
    return afficher_liste(request, ListeTraces, rows, gabarit="patients/traces.html", contexte=contexte)
