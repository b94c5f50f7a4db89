"""Who is on duty, for everybody."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maillon.socle.droits.permissions import acces_public
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now
from maillon.socle.ui.typographie import local_day

from .. import selectors


@acces_public
@require_safe
def de_garde(request: Requete, slug: str) -> HttpResponse:
    """Now, then the week that comes; a name only when its owner allowed it. Search engines leave it alone."""
    lignes = [
        (selectors.say_profession(ligne.profession).capitalize(), ligne)
        for ligne in selectors.list_publiques(request.cpts, now())
    ]
    suite = [(metier, ligne) for metier, ligne in lignes if not ligne.en_cours]
    contexte = {
        "titre": "Qui est de garde ?",
        "en_cours": [(metier, ligne) for metier, ligne in lignes if ligne.en_cours],
        "jours": [(jour, list(group)) for jour, group in groupby(suite, key=lambda one: local_day(one[1].debut))],
    }
    reponse = render(request, "gardes/public.html", contexte)
    reponse["X-Robots-Tag"] = "noindex, noarchive"
    return reponse
