"""The proxy and the service, with a local authority: who comes in, who is stopped, and by whom.

With nginx on the machine (or MAILLON_NGINX), the configuration that is shipped; without it a small proxy that keeps the
same rules, so that the service's side is tested everywhere.
"""

import http.client
import json
import socket
import ssl
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.autorite import Autorite, Piece, find_port, run_proxy
from fabriques.sas import CN, OU, SECRET, make_entetes, make_nom
from serveurs import serve


@dataclass
class Essai:
    """A service behind its proxy."""

    port: int
    interne: int
    serveur: Piece
    autorite: Autorite
    racine: Autorite

    def call(
        self, caller: Piece | None, *, name: str = "sas.essai.example", path: str = "/fhir/metadata", **headers: str
    ):
        """The status, the kind and the body of an answer; raises when the conversation is refused."""
        context = ssl.create_default_context(cafile=str(self.racine.racine.certificat))
        if caller is not None:
            context.load_cert_chain(caller.certificat, caller.cle)
        connection = http.client.HTTPSConnection(name, self.port, timeout=20)
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        connection.sock = context.wrap_socket(raw, server_hostname=name)
        connection.request("GET", path, headers={"Host": name, **headers})
        answer = connection.getresponse()
        found = answer.status, answer.headers.get("Content-Type", ""), answer.read()
        connection.close()
        return found


@pytest.fixture(scope="module")
def essai(bases, django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Essai]:
    dossier: Path = tmp_path_factory.mktemp("mtls")
    autorite, serveurs = Autorite(dossier, "appelants"), Autorite(dossier, "serveurs")
    revoque = autorite.sign("revoque", make_nom())
    certificat = serveurs.sign("serveur", make_nom("essai", ""), hotes=("sas.essai.example", "cpts.essai.example"))
    port = find_port()
    with django_db_blocker.unblock():
        base = bases.clone()
    reglages = {"MAILLON_SAS_SECRET": SECRET, "MAILLON_SAS_CN": CN, "MAILLON_SAS_OU": OU}
    reglages["MAILLON_HOTES"] = "localhost,sas.essai.example,cpts.essai.example"
    with serve({**base.environnement, **reglages}, dossier) as service:
        interne = int(service.url.rpartition(":")[2])
        values = {
            "MAILLON": f"localhost:{interne}",
            "ECOUTE": f"127.0.0.1:{port}",
            "NOM": "cpts.essai.example",
            "NOM_SAS": "sas.essai.example",
            "CERTIFICAT": certificat.certificat,
            "CLE": certificat.cle,
            "AUTORITE": autorite.racine.certificat,
            "REVOCATIONS": autorite.write_revocations(revoque),
            "SECRET": SECRET,
        }
        with run_proxy(dossier, port, values):
            yield Essai(port, interne, certificat, autorite, serveurs)
    bases.drop(base)


def test_the_platform_comes_in(essai: Essai) -> None:
    status, kind, body = essai.call(essai.autorite.sign("sas", make_nom()))
    assert (status, kind) == (200, "application/fhir+json")
    assert json.loads(body)["resourceType"] == "CapabilityStatement"


@pytest.mark.parametrize(("cn", "ou"), [("autre.example", OU), (CN, "000000000")])
def test_a_certificate_of_the_authority_is_not_enough(essai: Essai, cn: str, ou: str) -> None:
    status, kind, _ = essai.call(essai.autorite.sign("autre", make_nom(cn, ou)))
    assert (status, kind) == (403, "application/fhir+json")


def test_the_proxy_stops_those_without_a_valid_certificate(essai: Essai, tmp_path: Path) -> None:
    stranger = Autorite(tmp_path, "ailleurs").sign("pareil", make_nom())
    revoked = Piece(essai.autorite.dossier / "revoque.pem", essai.autorite.dossier / "revoque.key", None, None)
    expired = essai.autorite.sign("perime", make_nom(), jours=(-30, -2))
    early = essai.autorite.sign("futur", make_nom(), jours=(2, 30))
    for caller in (None, stranger, revoked, expired, early):
        try:
            status, _, body = essai.call(caller)
        except (ssl.SSLError, ConnectionError):
            continue
        assert status == 400, "the proxy itself refuses: the service is not asked"
        assert b"CapabilityStatement" not in body


def test_the_name_of_the_people_has_no_fhir(essai: Essai) -> None:
    for caller in (None, essai.autorite.sign("sas2", make_nom())):
        assert essai.call(caller, name="cpts.essai.example", **make_entetes())[0] == 404
    assert essai.call(None, name="cpts.essai.example", path="/sante/")[0] == 200


def test_headers_written_by_a_caller_do_not_count(essai: Essai) -> None:
    """The caller's certificate is allowed or not, whatever it writes about itself, however it spells it."""
    caller = essai.autorite.sign("menteur", make_nom("menteur.example"))
    forged = make_entetes()
    underscored = {name.replace("-", "_"): value for name, value in forged.items()}
    for headers in (forged, underscored, {**forged, **underscored}, {n.upper(): v for n, v in forged.items()}):
        assert essai.call(caller, **headers)[0] == 403


@pytest.mark.parametrize(
    "path",
    ["//fhir/metadata", "/%66hir/metadata", "/fhir%2Fmetadata", "/x/../fhir/metadata", "/./fhir/metadata",
     "/FHIR/metadata", "/fhir", "/fhir/metadata?x=/sante/"],
)  # fmt: skip
def test_no_way_round_from_the_name_of_the_people(essai: Essai, path: str) -> None:
    """Neither another spelling of the address nor the platform's own headers open it to the people's name."""
    for caller in (None, essai.autorite.sign("sas3", make_nom())):
        status, _, body = essai.call(caller, name="cpts.essai.example", path=path, **make_entetes())
        assert status in (301, 400, 403, 404)
        assert b"CapabilityStatement" not in body


def test_behind_the_proxy_the_secret_is_asked(essai: Essai) -> None:
    """Somebody on the machine who reaches the service itself, and forges all but the secret."""
    connection = http.client.HTTPConnection("localhost", essai.interne, timeout=20)
    headers = {**make_entetes(), "X-Maillon-Proxy": "x" * 40}
    connection.request("GET", "/fhir/metadata", headers=headers)
    assert connection.getresponse().status == 403
    connection.close()


def test_old_versions_of_tls_are_refused(essai: Essai) -> None:
    context = ssl.create_default_context(cafile=str(essai.racine.racine.certificat))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    connection = http.client.HTTPSConnection("127.0.0.1", essai.port, context=context, timeout=20)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        connection.connect()
