"""A document as an answer: always an attachment, its hash checked before the first byte, a large one sent by blocks."""

from urllib.parse import quote

from django.http import FileResponse, HttpResponse, HttpResponseBase

from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal import services as journal

from .models import Fichier
from .services import TAILLE_MAX, FichierRefuse, check_content


def serve_fichier(fichier: Fichier, *, by: Acteur) -> HttpResponseBase:
    """The document under its own name; 410 with the reason when its content is lost or was changed. Journalled."""
    try:
        chemin = check_content(fichier)
    except FichierRefuse as refus:
        return HttpResponse(str(refus), status=410, content_type="text/plain; charset=utf-8")
    journal.record("fichiers.ouvert", fichier, by=by)
    reponse: HttpResponseBase
    if fichier.taille > TAILLE_MAX:
        reponse = FileResponse(chemin.open("rb"), content_type=fichier.type)
    else:
        reponse = HttpResponse(chemin.read_bytes(), content_type=fichier.type)
    reponse["Content-Disposition"] = (
        f"attachment; filename=\"document\"; filename*=UTF-8''{quote(fichier.nom, safe='')}"
    )
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return reponse
