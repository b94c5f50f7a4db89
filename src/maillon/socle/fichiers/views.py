from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete

from .models import Fichier
from .permissions import OUVRIR
from .selectors import may_open
from .telechargement import serve_fichier


@acces(OUVRIR)
@require_GET
def telecharger(request: Requete, slug: str, pk: UUID) -> HttpResponseBase:
    """The document, always as an attachment: what was uploaded is never shown inside our pages."""
    fichier = get_object_or_404(Fichier, pk=pk, cpts=request.cpts)
    if not may_open(fichier, for_acteur=request.acteur):
        raise Http404
    return serve_fichier(fichier, by=request.acteur)
