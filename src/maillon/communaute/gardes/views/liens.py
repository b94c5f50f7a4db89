"""Pages of personal links, without account: say one's days, answer a colleague, see one's duties.

GET changes nothing.
"""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from maillon.socle.droits.permissions import acces_lien
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now

from .. import presentation, selectors, services
from ..enums import EtatEchange, EtatTableau
from .commun import attempt
from .participants import take_voeux


@acces_lien(services.LIEN_VOEUX)
@require_http_methods(["GET", "HEAD", "POST"])
def voeux(request: Requete, jeton: str) -> HttpResponse:
    """Tap the days; changed as long as the wishes are open."""
    found = selectors.get_participant(request.lien.objet_id, for_acteur=request.acteur)
    done, saisie = take_voeux(request, found, public=request.POST.get("nom_public") == "1")
    if done:
        return redirect("gardes_lien_voeux", jeton=jeton)
    contexte = {"titre": "Vos disponibilités", "sous_titre": found.tableau.nom, **saisie}
    return render(request, "gardes/lien_voeux.html", contexte)


@acces_lien(services.LIEN_ECHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def echange(request: Requete, jeton: str) -> HttpResponse:
    """What a colleague offers, and two answers."""
    found = selectors.get_echange(request.lien.objet_id, for_acteur=request.acteur)
    contexte: dict[str, Any] = {"titre": "Un collègue vous propose une garde", "echange": found}
    if request.method == "POST":
        geste, by = request.POST.get("geste"), request.acteur
        if geste == "accepter" and attempt(request, lambda: services.accept_echange(echange_id=found.pk, by=by)):
            contexte["donnee"] = "acceptee"
        elif geste == "refuser" and attempt(request, lambda: services.refuse_echange(echange_id=found.pk, by=by)):
            contexte["donnee"] = "refusee"
        found.refresh_from_db(fields=["etat"])
    contexte["ouvert"] = found.etat == EtatEchange.PROPOSE and found.garde.debut > now()
    return render(request, "gardes/lien_echange.html", contexte)


@acces_lien(services.LIEN_MIENNES)
@require_safe
def miennes(request: Requete, jeton: str) -> HttpResponse:
    """One's own duties of the community, to read; changing them asks for the account or the telephone."""
    found = selectors.get_participant(request.lien.objet_id, for_acteur=request.acteur)
    if found.tableau.etat not in (EtatTableau.PUBLIE, EtatTableau.CLOS):
        raise Http404
    mine = selectors.build_miennes(found.cpts_id, Q(professionnel=found.professionnel_id), now())
    contexte = {
        "titre": "Vos gardes",
        "participant": found,
        "mes": mine,
        "passees": [(garde, presentation.show_etat(garde)) for garde in mine.passees],
    }
    return render(request, "gardes/lien_miennes.html", contexte)
