"""The page of the signed link that ends information mailings. GET changes nothing."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from maillon.communaute.personnes.models import Personne
from maillon.socle.droits.permissions import acces_lien
from maillon.socle.droits.requete import Requete

from ..models import Desabonnement
from ..services import envois as services


@acces_lien(services.LIEN_DESABONNEMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def desabonnement(request: Requete, jeton: str) -> HttpResponse:
    """Receive no more information mailings, or receive them again."""
    personne = get_object_or_404(Personne, pk=request.lien.objet_id, cpts=request.cpts)
    if request.method == "POST":
        reprendre = request.POST.get("geste") == "reprendre"
        (services.resubscribe if reprendre else services.unsubscribe)(personne=personne, by=request.acteur)
    contexte = {
        "titre": "Les informations de la communauté",
        "desabonnee": Desabonnement.objects.filter(personne=personne).exists(),
        "fait": request.method == "POST",
    }
    return render(request, "messagerie/desabonnement.html", contexte)
