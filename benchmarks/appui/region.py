"""Eight hundred contracts, as a national agent would follow: their published figures are those of the demonstration."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from appui.grande import create_compte
from maillon.pilotage.contrats.enums import EtatContrat
from maillon.pilotage.contrats.models import Contrat, Releve
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.enums import RoleTerritorial
from maillon.socle.droits.models import AgentTerritorial
from maillon.socle.horloge import today

CONTRATS = 800
DEPARTEMENT, REGION = "975", "975"
PREFIXE = "region-"


@transaction.atomic
def build_region() -> None:
    """The communities, their contracts and their current figures; nothing when they are already there."""
    if Cpts.objects.filter(slug__startswith=PREFIXE).exists():
        return
    AgentTerritorial.objects.create(
        compte=create_compte("region"), role=RoleTerritorial.CPAM, departements=[DEPARTEMENT], regions=[]
    )
    hasard = random.Random(0)
    modele = _read_modele()
    for rang in range(CONTRATS):
        cpts = Cpts.objects.create(
            slug=f"{PREFIXE}{rang:03}",
            nom=f"CPTS de mesure {rang:03}",
            departement=DEPARTEMENT,
            region=REGION,
            fictive=True,
        )
        with use_cpts(cpts.pk):
            _sign(cpts, modele, hasard)


def _read_modele() -> Releve:
    """The figures of a contract of the demonstration."""
    with use_cpts(Cpts.objects.get(slug="grand-saint-etienne").pk):
        return Releve.objects.get(courant=True)


def _sign(cpts: Cpts, modele: Releve, hasard: random.Random) -> None:
    debut = today() - timedelta(days=hasard.randrange(1, 360))
    signe_le = debut.replace(year=debut.year - 2, day=min(debut.day, 28))
    contrat = Contrat.objects.create(
        cpts=cpts,
        etat=EtatContrat.ACTIF,
        signe_le=signe_le,
        periode=DateRange(signe_le, _anniversaire(signe_le, 5)),
        bareme_le=signe_le,
        taille=modele.taille,
        population=modele.population,
    )
    constate = Decimal(hasard.randrange(0, 60)) * 1000
    releve = Releve(
        **{
            champ.attname: getattr(modele, champ.attname)
            for champ in Releve._meta.concrete_fields
            if champ.name != "id"
        }
    )
    releve.cpts, releve.contrat, releve.annee = cpts, contrat, 3
    releve.debut, releve.fin = _anniversaire(signe_le, 2), _anniversaire(signe_le, 3)
    releve.constate, releve.encore_possible = constate, modele.variable - constate - modele.a_confirmer
    releve.save(force_insert=True)


def _anniversaire(jour: date, annees: int) -> date:
    return jour.replace(year=jour.year + annees)
