"""Accounts, members of a community, and sessions opened in a test client."""

import time
from datetime import date

import factory
from django.test import Client

from maillon.socle.comptes.models import Compte
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.droits.selectors import acteur_of_membre
from maillon.socle.droits.services import give_role


class CompteFabrique(factory.django.DjangoModelFactory):
    """Somebody at example.org. Traits: `medecin` has an RPPS number of an impossible range."""

    class Meta:
        model = Compte

    email = factory.Sequence(lambda n: f"personne-{n}@example.org")
    prenom = "Camille"
    nom = "Durand"

    class Params:
        medecin = factory.Trait(rpps=factory.Sequence(lambda n: f"999{n:08d}"))


def make_membre(cpts: Cpts, role: Role = Role.COORDINATION, *, compte: Compte | None = None) -> Membre:
    """A member of the community with this role since 2020."""
    compte = compte or CompteFabrique()
    with use_cpts(cpts.pk):
        return give_role(compte=compte, cpts=cpts, role=role, start=date(2020, 1, 1))


def make_acteur(cpts: Cpts, role: Role = Role.COORDINATION) -> Acteur:
    """The actor that a member of this role is, signed in with two factors."""
    membre = make_membre(cpts, role)
    return acteur_of_membre(membre.compte, membre, fort=True)


def sign_in(client: Client, compte: Compte, *, fort: bool = True) -> Client:
    """Open a session for this account, with two factors unless told; returns the client."""
    client.force_login(compte, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["account_authentication_methods_user"] = str(compte.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time()},
        *([{"method": "mfa", "type": "totp", "at": time.time()}] if fort else []),
    ]
    session.save()
    return client
