"""Communes (the true ones are in the template database) and territories."""

from datetime import date

import factory

from maillon.communaute.territoire.models import Commune, Territoire
from maillon.communaute.territoire.services import define_territoire
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME

# The eleven communes of the CPTS Grand Saint-Étienne (dossier of 8 November 2023).
GRAND_SAINT_ETIENNE = {
    "42218": "Saint-Étienne",
    "42237": "Saint-Jean-Bonnefonds",
    "42302": "Sorbiers",
    "42305": "La Talaudière",
    "42311": "La Tour-en-Jarez",
    "42092": "L’Étrat",
    "42275": "Saint-Priest-en-Jarez",
    "42330": "Villars",
    "42223": "Saint-Genest-Lerpt",
    "42189": "Roche-la-Molière",
    "42172": "Planfoy",
}


class CommuneFabrique(factory.django.DjangoModelFactory):
    """Saint-Étienne, as loaded, or another by its code. Trait: `invente` is a commune that does not exist."""

    class Meta:
        model = Commune
        django_get_or_create = ("code_insee",)

    code_insee = "42218"
    nom = "Saint-Étienne"
    departement = "42"
    region = "84"

    class Params:
        invente = factory.Trait(
            code_insee=factory.Sequence(lambda n: f"42{900 + n % 100}"), nom=factory.Sequence(lambda n: f"Essai {n}")
        )


def make_territoire(cpts: Cpts, *codes: str, start: date = date(2023, 11, 8)) -> Territoire:
    """The territory of a community, of the Grand Saint-Étienne by default. Call inside `use_cpts`."""
    return define_territoire(cpts_id=cpts.pk, codes=codes or tuple(GRAND_SAINT_ETIENNE), start=start, by=SYSTEME)
