"""The page of a signed link: accept or decline without account. GET changes nothing; no identity is ever shown."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from maillon.socle.droits.permissions import acces_lien
from maillon.socle.droits.requete import Requete

from .. import services
from ..enums import EtatSollicitation, MotifRetrait
from ..selectors import get_sollicitation, present
from .commun import attempt


@acces_lien(services.LIEN_SOLLICITATION, patients=True)
@require_http_methods(["GET", "HEAD", "POST"])
def sollicitation(request: Requete, jeton: str) -> HttpResponse:
    """What is asked, without identity, and two answers."""
    acteur = request.acteur
    found = get_sollicitation(request.lien.objet_id, for_acteur=acteur)
    presented = present([found])
    if not presented:
        raise Http404
    genre = presented[0].genre
    contexte: dict[str, Any] = {"titre": genre.titre, "attendue": presented[0]}
    if request.method == "POST":
        geste, motif = request.POST.get("geste"), request.POST.get("motif", "")
        if geste == "accepter":
            if attempt(request, lambda: services.accept(sollicitation_id=found.pk, by=acteur)):
                contexte["donnee"] = "acceptee"
                if genre.ensuite_lien is not None:
                    return redirect(genre.ensuite_lien(found.appel.objet_id))
        elif motif in dict(genre.motifs) and attempt(
            request, lambda: services.decline(sollicitation_id=found.pk, motif=motif, by=acteur)
        ):
            contexte["donnee"] = "refusee"
        found.refresh_from_db(fields=["etat", "motif_retrait"])
    contexte["ouverte"] = found.etat == EtatSollicitation.ENVOYEE
    contexte["autre"] = found.motif_retrait == MotifRetrait.AUTRE
    return render(request, "sollicitations/lien.html", contexte)
