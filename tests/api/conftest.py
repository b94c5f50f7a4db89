"""The platform of the SAS, let in and told; slots that it reads."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from api.plateforme import Plateforme, Serveur, read
from fabriques.sas import (
    configure,
    make_cpts_sas,
    make_regulateur,
    make_rendez_vous_regule,
    make_sas,
    search,
)
from fabriques.soins import make_creneau, make_pro
from fabriques.structures import StructureFabrique
from maillon.missions.soins_non_programmes.enums import Audience, Modalite
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.horloge import now


@pytest.fixture
def sas(db, settings) -> Client:
    configure(settings)
    return make_sas()


@pytest.fixture
def soins(db):
    """A community that the SAS knows."""
    return make_cpts_sas()


@pytest.fixture
def pro(soins):
    """A general practitioner whose place is a structure of the FINESS directory."""
    with use_cpts(soins.cpts.pk):
        pro = make_pro(soins, nom="Forêt", generaliste=True)
        pro.lieu.structure = StructureFabrique(finess="420000026")
        pro.lieu.code_postal = "42000"
        pro.lieu.save()
        return pro


@pytest.fixture
def creneaux(soins, pro):
    with use_cpts(soins.cpts.pk):
        return [
            make_creneau(soins, pro, dans=2),
            make_creneau(soins, pro, dans=3, audiences=[Audience.PUBLIC, Audience.CPTS]),
            make_creneau(
                soins, pro, dans=4, audiences=[Audience.PRO, Audience.SNP], reservable=False, modalite=Modalite.DISTANCE
            ),
        ]


@pytest.fixture
def bundle(sas, pro, creneaux) -> dict:
    return search(sas, [pro.professionnel.rpps])


@pytest.fixture
def bundle_ps(sas, pro, creneaux) -> dict:
    """The form of the single professional."""
    return search(sas, [pro.professionnel.rpps], cpts=False)


@pytest.fixture
def plateforme(settings) -> Iterator[type[Plateforme]]:
    kind = type("Essai", (Plateforme,), {"humeur": [], "recus": [], "connus": {}, "attente": threading.Event()})
    server = Serveur(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.MAILLON_SAS_URL = f"http://127.0.0.1:{server.server_port}/sas/fhir"
    settings.MAILLON_SAS_OID = "urn:oid:1.2.250.1.999"
    settings.MAILLON_SAS_DELAI_S = 0.4
    yield kind
    kind.attente.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def regule(soins, plateforme):
    """A booking that a regulator gave."""
    with use_cpts(soins.cpts.pk):
        creneau = make_creneau(soins, make_pro(soins, generaliste=True), dans=-0.2)
    with horloge.at(now() - timedelta(hours=1)):
        return read(soins, make_rendez_vous_regule(soins, creneau, make_regulateur()))
