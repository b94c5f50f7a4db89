"""Communities, accounts and memberships for tests. Rows of a community are made inside `use_cpts` by the factories."""

import time
from datetime import date
from itertools import count

from django.test import Client

from maillon.socle.comptes.models import Compte
from maillon.socle.comptes.services import enrol_totp
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.droits.models import AgentTerritorial, Membre
from maillon.socle.droits.selectors import acteur_of_membre
from maillon.socle.droits.services import give_role

PHRASE = "le chamois traverse la neige"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_suite = count(1)


def make_cpts(nom: str = "CPTS d’essai", *, fictive: bool = False, **champs: object) -> Cpts:
    """A community of the Loire."""
    rang = next(_suite)
    values = {"slug": f"essai-{rang}", "nom": nom, "departement": "42", "region": "84", "fictive": fictive, **champs}
    return Cpts.objects.create(**values)


def make_compte(*, phrase: str | None = None, totp: bool = False, **champs: object) -> Compte:
    """Camille Durand, of example.org. `phrase` is the password, none by default; `totp` enrols SECRET."""
    rang = next(_suite)
    values = {"prenom": "Camille", "nom": "Durand", **champs}
    email = values.pop("email", f"camille.durand.{rang}@example.org")
    compte = Compte.objects.create_user(str(email), phrase, **values)
    if totp:
        enrol_totp(compte=compte, secret=SECRET)
    return compte


def make_membre(cpts: Cpts, *roles: Role, compte: Compte | None = None, mission: str = "", **champs: object) -> Membre:
    """A member with these roles since 2020."""
    compte = compte or make_compte(**champs)
    with use_cpts(cpts.pk):
        membre, _ = Membre.objects.get_or_create(cpts=cpts, compte=compte)
        for role in roles:
            membre = give_role(compte=compte, cpts=cpts, role=role, start=date(2020, 1, 1), mission=mission)
        return membre


def make_acteur(membre: Membre) -> Acteur:
    """The actor that a member is, signed in with two factors."""
    return acteur_of_membre(membre.compte, membre, fort=True)


def make_agent(role: RoleTerritorial, *, departement: str = "42", compte: Compte | None = None) -> AgentTerritorial:
    """An agent over one département."""
    return AgentTerritorial.objects.create(compte=compte or make_compte(), role=role, departements=[departement])


def enter(client: Client, compte: Compte, *, fort: bool = True) -> Client:
    """Sign this account in, with a second factor unless `fort` is false; returns the client."""
    client.force_login(compte, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["account_authentication_methods_user"] = str(compte.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time()},
        *([{"method": "mfa", "type": "totp", "at": time.time()}] if fort else []),
    ]
    session.save()
    return client
