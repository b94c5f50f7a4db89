from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.journal import services as journal

from .models import Fichier
from .permissions import OUVRIR
from .selectors import may_open
from .services import FichierRefuse, read_fichier


@acces(OUVRIR)
@require_GET
def telecharger(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The document, always as an attachment: what was uploaded is never shown inside our pages."""
    fichier = get_object_or_404(Fichier, pk=pk, cpts=request.cpts)
    if not may_open(fichier, for_acteur=request.acteur):
        raise Http404
    try:
        contenu = read_fichier(fichier)
    except FichierRefuse as refus:
        return HttpResponse(str(refus), status=410, content_type="text/plain; charset=utf-8")
    journal.record("fichiers.ouvert", fichier, by=request.acteur)
    reponse = HttpResponse(contenu, content_type=fichier.type)
    reponse["Content-Disposition"] = (
        f"attachment; filename=\"document\"; filename*=UTF-8''{quote(fichier.nom, safe='')}"
    )
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return reponse
