"""Feeds, linked calendars and busy times: build inside `use_cpts`."""

from typing import Any

from maillon.communaute.agenda.enums import GenreExterne
from maillon.communaute.agenda.models import AgendaExterne, Flux
from maillon.communaute.agenda.services import link_externe, open_flux
from maillon.communaute.personnes.models import Personne
from maillon.socle.droits.acteur import SYSTEME


def make_flux(personne: Personne, **champs: Any) -> tuple[Flux, str]:
    """The feed of a person, with its token."""
    return open_flux(personne=personne, by=SYSTEME, **champs)


def make_externe(personne: Personne, **champs: Any) -> AgendaExterne:
    """An iCal address that nobody answers at."""
    valeurs = {
        "libelle": "Mon cabinet",
        "genre": GenreExterne.ICAL,
        "adresse": "https://agenda.example.org/secret.ics",
        "utilisateur": "",
        "secret": "",
        **champs,
    }
    return link_externe(personne=personne, by=SYSTEME, **valeurs)
