"""« Ma journée »: the calls to make now, the tasks, and what else fell due."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maillon.communaute.patients.selectors import read_identites
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today

from ..enums import Action, IssueAppel
from ..permissions import GERER
from ..selectors import list_responsables, read_journee
from .listes import pastille_priorite

TOUS = "tous"


@acces(GERER, patients=True)
@require_safe
def journee(request: Requete, slug: str) -> HttpResponse:
    """Mine, or (`?qui=`) somebody else's, or everybody's. Names are read for the calls only, with their trace."""
    acteur = request.acteur
    membres = list_responsables(request.cpts.pk)
    qui = request.GET.get("qui", str(acteur.membre_id))
    chosen = next((membre for membre in membres if str(membre.pk) == qui), None)
    if chosen is None:
        qui = TOUS
    found = read_journee(for_acteur=acteur, responsable_id=chosen.pk if chosen else None)
    identites = read_identites(
        [demande.patient_id for demande in found.appels], quoi="telephone", pourquoi="appels du jour", by=acteur
    )
    contexte = {
        "titre": "Ma journée au guichet",
        "journee": found,
        "appels": [(d, identites.get(d.patient_id), pastille_priorite(d)) for d in found.appels],
        "issues": [choix for choix in IssueAppel.choices if choix[0] != IssueAppel.RAPPELER],
        "a_repartir": sum(demande.prochaine_action == Action.PROPOSER for demande in found.autres),
        "membres": membres,
        "qui": qui,
        "jour": today(),
    }
    return render(request, "medecin_traitant/journee.html", contexte)
