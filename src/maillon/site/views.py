"""Whether the service answers, and what it says when it cannot."""

import sys

from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import resolve
from django.views.decorators.http import require_safe
from django.views.defaults import server_error

from maillon.socle.base_absente import REESSAYER_S, is_base_absente, was_committing
from maillon.socle.droits.middleware import get_acces
from maillon.socle.droits.permissions import Machine, acces_public

FRAGMENT = "Maillon redémarre\u00a0: la page n’a pas été mise à jour. Attendez quelques secondes, puis recommencez."
FRAGMENT_ENVOI = (
    "Maillon redémarre\u00a0: ce que vous venez d’envoyer n’a pas été enregistré. Attendez quelques secondes, puis "
    "recommencez."
)
FRAGMENT_INCERTAIN = (
    "Maillon redémarre, et ne sait pas si ce que vous venez d’envoyer est enregistré. Attendez quelques secondes, "
    "rechargez la page et vérifiez avant de recommencer."
)


@acces_public
@require_safe
def sante(request: HttpRequest) -> HttpResponse:
    """Whether this process answers and reaches its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        if not is_base_absente(error):
            raise
        return _wait(JsonResponse({"etat": "base injoignable"}, status=503))
    return JsonResponse({"etat": "ok"})


def panne(request: HttpRequest) -> HttpResponse:
    """What answers an exception: 503 while the database is away, without asking it anything; 500 otherwise."""
    error = sys.exc_info()[1]
    if not isinstance(error, Exception) or not is_base_absente(error):
        return server_error(request)
    machine = _find_machine(request)
    if machine is not None:
        return machine.echoue(request, error)
    sure = request.method in ("GET", "HEAD", "OPTIONS")
    uncertain = not sure and (was_committing(error) or getattr(request, "repondue", False))
    if request.headers.get("HX-Request"):
        text = FRAGMENT if sure else FRAGMENT_INCERTAIN if uncertain else FRAGMENT_ENVOI
        return _wait(HttpResponse(text, content_type="text/plain; charset=utf-8", status=503))
    context = {"lecture": sure, "incertain": uncertain, "reessayer": REESSAYER_S}
    return _wait(HttpResponse(render_to_string("503.html", context), status=503))  # no request: nothing reads a session


def _find_machine(request: HttpRequest) -> Machine | None:
    """The machine that asks, answered in the words of its protocol."""
    try:
        acces = get_acces(resolve(request.path_info).func)
    except Http404:
        return None
    return acces.machine if acces is not None else None


def _wait(response: HttpResponse) -> HttpResponse:
    response["Retry-After"] = str(REESSAYER_S)
    return response
