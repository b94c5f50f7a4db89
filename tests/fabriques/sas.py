"""The national platform of the SAS, as it calls: its certificate, verified by a proxy that knows the secret."""

import json
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import Client

from fabriques.medecin_traitant import Guichet
from fabriques.patients import make_patient
from fabriques.soins import make_creneau, make_pro, make_rendez_vous, make_soins
from fabriques.structures import StructureFabrique
from maillon.api.enums import EtatEnvoi
from maillon.api.fhir.regulateur import parse_regulateur
from maillon.api.identite import SAS
from maillon.api.models import EnvoiSas, Regulateur
from maillon.api.services import create_regulateur
from maillon.communaute.structures.enums import TypeStructure
from maillon.missions.soins_non_programmes.enums import Origine
from maillon.missions.soins_non_programmes.models import Creneau, RendezVous
from maillon.missions.soins_non_programmes.services import book
from maillon.socle.contexte import Contexte, use_contexte, use_cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.selectors import acteur_of_compte
from maillon.socle.horloge import now

SECRET = "un-secret-d-essai-entre-le-proxy-et-maillon"
CN, OU = "sas.essai.example", "318751275100020"
IDNPS = "urn:oid:1.2.250.1.71.4.2.1"
ID_SAS = "urn:oid:1.2.250.1.213.3.6"
INCLUSIONS = {"_include": ["Slot:schedule"], "_include:iterate": ["Schedule:actor"]}
INCLUSIONS_CPTS = {
    "_include": ["Slot:schedule", "Slot:service-type-reference"],
    "_include:iterate": ["Schedule:actor", "HealthcareService:organization"],
}


def make_nom(cn: str = CN, ou: str = OU) -> x509.Name:
    parts = ((NameOID.COUNTRY_NAME, "FR"), (NameOID.ORGANIZATION_NAME, "Essai"), (NameOID.ORGANIZATIONAL_UNIT_NAME, ou))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in (*parts, (NameOID.COMMON_NAME, cn)) if value])


@cache
def make_certificat(cn: str = CN, ou: str = OU) -> str:
    """A certificate of this name, as a proxy hands it on: PEM, escaped."""
    key = ec.generate_private_key(ec.SECP256R1())
    start = datetime(2026, 1, 1, tzinfo=UTC)
    name = make_nom(cn, ou)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + timedelta(days=3650))
    return quote(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))


def make_entetes(**changes: str) -> dict[str, str]:
    """The headers of the proxy for a call of the SAS; an empty one is left out."""
    headers = {
        "X-Maillon-Proxy": SECRET,
        "X-SSL-Client-Verify": "SUCCESS",
        "X-SSL-Client-Cert": make_certificat(),
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    return {name: value for name, value in headers.items() if value}


def make_sas(**changes: str) -> Client:
    """The platform. It says that it accepts `application/json+fhir`, as its guide does."""
    return Client(headers={"accept": "application/json+fhir", **make_entetes(**changes)})


def configure(settings: Any) -> None:
    """What an operator gives to let the platform in."""
    settings.MAILLON_SAS_SECRET, settings.MAILLON_SAS_CN, settings.MAILLON_SAS_OU = SECRET, [CN], [OU]
    settings.MAILLON_SAS_PROXYS = ["127.0.0.1"]


def make_cpts_sas(nom: str = "CPTS d’essai", finess: str | None = "420000018", **champs: Any) -> Guichet:
    """A community that the SAS knows by its FINESS number."""
    soins = make_soins(nom=nom, **champs)
    StructureFabrique(type=TypeStructure.CPTS, nom=nom, cpts=soins.cpts, finess=finess)
    return soins


def build_query(rpps: Iterable[str], *, cpts: bool = True, heures: float = 72, **changes: Any) -> str:
    """The query string of a search over the coming hours, as the platform writes it."""
    start = now()
    parameters: dict[str, Any] = {
        **(INCLUSIONS_CPTS if cpts else INCLUSIONS),
        "start": [
            f"ge{start.isoformat(timespec='milliseconds')}",
            f"le{(start + timedelta(hours=heures)).isoformat(timespec='milliseconds')}",
        ],
        "schedule.actor:Practitioner.identifier": ",".join(f"{IDNPS}|8{one}" for one in rpps),
        "status": "free",
        **changes,
    }
    return urlencode({name: value for name, value in parameters.items() if value is not None}, doseq=True)


def search(client: Client, rpps: Iterable[str], **changes: Any) -> dict[str, Any]:
    """The Bundle of a search."""
    answer = client.get(f"/fhir/Slot?{build_query(rpps, **changes)}")
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def make_practitioner(numero: int = 1, *, national: str = "", **changes: Any) -> dict[str, Any]:
    """A regulator as the SAS sends them; `national` is the national identifier, else the technical one of the SAS."""
    uuid = f"00000000-0000-4000-8000-{numero:012d}"
    identifier = {"system": IDNPS, "value": national} if national else {"system": ID_SAS, "value": uuid}
    return {
        "resourceType": "Practitioner",
        "meta": {"source": ID_SAS},
        "identifier": [identifier],
        "active": True,
        "name": [{"family": "Loridon", "given": ["Sébastien"]}],
        "telecom": [{"system": "email", "value": f"regulateur{numero}@example.org"}],
        **changes,
    }


def make_regulateur(numero: int = 1, **champs: Any) -> Regulateur:
    """A regulator whom the SAS has opened, over the Loire."""
    fiche = parse_regulateur(json.dumps(make_practitioner(numero, **champs)).encode())
    return create_regulateur(fiche=fiche, by=SAS)


def regulating(acteur: Acteur) -> AbstractContextManager[None]:
    """The transaction of a regulator's request."""
    return use_contexte(
        Contexte(cpts_regulees=acteur.cpts_regulees, acteur=acteur.etiquette, compte_id=acteur.compte_id)
    )


def make_rendez_vous_regule(soins: Guichet, creneau: Creneau, regulateur: Regulateur) -> RendezVous:
    """A booking given by this regulator, from outside the community. Call without any context."""
    acteur = replace(acteur_of_compte(regulateur.compte, fort=True), cpts_regulees=frozenset([soins.cpts.pk]))
    with use_cpts(soins.cpts.pk):
        patient = make_patient(soins.cpts)
    with regulating(acteur):
        return book(
            creneau_id=creneau.pk,
            patient=patient,
            by=acteur,
            cle_depot=uuid4().hex,
            origine=Origine.REGULATION,
        )


def make_envoi(soins: Guichet, etat: EtatEnvoi = EtatEnvoi.REFUSE) -> EnvoiSas:
    """A booking of which the SAS is told. Call inside `use_cpts`."""
    rendez_vous = make_rendez_vous(soins, make_creneau(soins, make_pro(soins)))
    return EnvoiSas.objects.create(
        cpts=soins.cpts,
        rendez_vous=rendez_vous,
        identifiant=rendez_vous.pk,
        etat=etat,
        erreur="réponse 422 : identifiant inconnu",
    )


def find(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The resources of one kind in a Bundle."""
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]
