"""A body that meets without having been convoked: why nobody votes, and what can be done."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now

from .. import presentation, selectors, services
from ..codes import is_ouverte
from ..enums import SANS_CONVOCATION, STATUTAIRES, Etat
from ..forms import SansConvocationForm
from ..models import ActionRefusee, Reunion
from ..permissions import GERER
from .commun import build_fil


def render_fermes(request: Requete, reunion: Reunion, form: SansConvocationForm | None = None) -> HttpResponse:
    """The page of votes, while nobody has a voice."""
    organise = request.acteur.can(GERER)
    en_seance = reunion.etat == Etat.PREPARATION and is_ouverte(reunion.debut, reunion.fin, now())
    permis = reunion.type in SANS_CONVOCATION
    contexte = {
        "titre": "Quorum et votes",
        "sous_titre": f"{reunion.titre} – {presentation.say_quand(reunion)}",
        "fil": build_fil(request, reunion, "Quorum et votes"),
        "reunion": reunion,
        "organise": organise,
        "en_seance": en_seance,
        "permis": permis,
        "passee": reunion.fin is not None and reunion.fin <= now(),
        "a_venir": reunion.etat == Etat.PREPARATION and reunion.debut is not None and reunion.debut > now(),
        "form": (form or SansConvocationForm()) if organise and en_seance and permis else None,
    }
    return render(request, "reunions/votes_fermes.html", contexte, status=422 if form else 200)


@acces(GERER)
@require_POST
def sans_convocation(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Every member is there: let them vote, on the word of the statutes."""
    reunion = selectors.get_reunion(pk, for_acteur=request.acteur)
    if reunion.type not in STATUTAIRES:
        raise Http404
    if reunion.etat != Etat.PREPARATION:
        return redirect("reunions:votes", slug=slug, pk=pk)
    form = SansConvocationForm(request.POST)
    if form.is_valid():
        try:
            services.open_sans_convocation(reunion_id=pk, motif=form.cleaned_data["motif"], by=request.acteur)
            return redirect("reunions:votes", slug=slug, pk=pk)
        except ActionRefusee as refus:
            form.add_error("motif", str(refus))
    return render_fermes(request, reunion, form)
