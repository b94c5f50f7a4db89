"""The addresses of FHIR. Every answer is a resource, errors too."""

import json
from functools import lru_cache
from urllib.parse import parse_qsl
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.urls import reverse

from maillon.socle.droits.permissions import acces_machine
from maillon.socle.droits.requete import Requete

from .. import services
from ..fhir.bundle import Adresses, render_bundle
from ..fhir.capacites import render_capacites
from ..fhir.ecriture import dump
from ..fhir.recherche import CHAMPS_MAX, parse_recherche
from ..fhir.refus import RequeteRefusee
from ..fhir.regulateur import parse_identifiant, parse_regulateur
from ..identite import PLATEFORME_SAS, answer
from ..models import Regulateur
from ..selectors import find_libres

ZERO = UUID(int=0)


def check_method(request: Requete, *allowed: str) -> None:
    if request.method not in allowed:
        raise RequeteRefusee(
            f"Cette adresse répond à {', '.join(allowed)} seulement.", status=405, code="not-supported"
        )


@lru_cache(maxsize=4)
def _around_slot(adresse: str) -> tuple[str, str]:
    """The address of the booking page, before and after the slot's id. It has parameters: the SAS adds one more."""
    before, after = reverse("soins_regulation_creneau", args=[ZERO]).split(str(ZERO))
    return f"{adresse}{before}", f"{after}?depuis=sas"


@acces_machine(PLATEFORME_SAS)
def metadata(request: Requete) -> HttpResponse:
    """What this service can do."""
    check_method(request, "GET", "HEAD")
    return answer(render_capacites(settings.MAILLON_SAS_ADRESSE))


@acces_machine(PLATEFORME_SAS)
def slot(request: Requete) -> HttpResponse:
    """Free slots of some professionals, over three days at most."""
    check_method(request, "GET", "HEAD")
    query = request.META.get("QUERY_STRING", "")
    recherche = parse_recherche(query)
    base = settings.MAILLON_SAS_ADRESSE
    adresses = Adresses(base, f"{base}/Slot?{query}", _around_slot(settings.MAILLON_ADRESSE))
    return answer(render_bundle(find_libres(recherche, acteur=request.acteur), adresses, cpts=recherche.cpts))


@acces_machine(PLATEFORME_SAS)
def practitioner(request: Requete) -> HttpResponse:
    """Open, change or close the account of a regulator."""
    check_method(request, "POST", "PUT")
    try:
        fiche = parse_regulateur(request.body)
    except RequestDataTooBig as error:
        raise RequeteRefusee("La ressource est trop grande.", status=413, code="too-long") from error
    if request.method == "POST":
        regulateur = services.create_regulateur(fiche=fiche, by=request.acteur)
        return _answer_regulateur(regulateur, request.body, status=201)
    identifiants = parse_identifiant(_read_identifier(request.META.get("QUERY_STRING", "")))
    written = services.update_regulateur(identifiants=identifiants, fiche=fiche, by=request.acteur)
    return _answer_regulateur(written.regulateur, request.body, status=201 if written.nouveau else 200)


def _read_identifier(query: str) -> str:
    try:
        fields = parse_qsl(query, keep_blank_values=True, max_num_fields=CHAMPS_MAX)
    except ValueError as error:
        raise RequeteRefusee("La requête a trop de paramètres.", code="too-long") from error
    values = [value for name, value in fields if name == "identifier"]
    if len(values) != 1:
        raise RequeteRefusee("Le paramètre identifier est obligatoire, une fois.", code="required")
    return values[0]


def _answer_regulateur(regulateur: Regulateur, body: bytes, *, status: int) -> HttpResponse:
    """What was sent, as kept: under our id."""
    resource = json.loads(body) | {"id": str(regulateur.pk)}
    response = answer(dump(resource), status=status)
    response["Location"] = f"{settings.MAILLON_SAS_ADRESSE}/Practitioner/{regulateur.pk}"
    return response


@acces_machine(PLATEFORME_SAS)
def autre(request: Requete, reste: str) -> HttpResponse:
    """Whatever else is asked."""
    raise RequeteRefusee("Maillon ne sert pas cette ressource.", status=404, code="not-found")
