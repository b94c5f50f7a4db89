"""The request as our views receive it, once the door has said who asks and where."""

from django.http import HttpRequest

from maillon.socle.comptes.models import Compte
from maillon.socle.cpts.models import Cpts

from .acteur import Acteur
from .models import Lien


class Requete(HttpRequest):
    """For annotations only: `cpts` under a community's address, `lien` behind a signed link."""

    acteur: Acteur
    cpts: Cpts
    lien: Lien


class RequeteConnectee(Requete):
    """The same under `acces` and `acces_connecte`, which nobody passes without signing in."""

    user: Compte
