"""The four communities of the demonstration: tenant, territory, members, accounts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from maillon.communaute.adhesions.enums import College
from maillon.communaute.adhesions.enums import Etat as EtatAdhesion
from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.annuaire.enums import ModeExercice, Profession
from maillon.communaute.annuaire.models import Activite, Professionnel
from maillon.communaute.structures.enums import TypeStructure
from maillon.communaute.structures.models import Structure
from maillon.communaute.territoire.models import Commune
from maillon.communaute.territoire.services import define_territoire
from maillon.socle.chiffrement import normalize
from maillon.socle.comptes.models import Compte
from maillon.socle.comptes.services import enrol_totp
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import AgentTerritorial
from maillon.socle.droits.services import give_role

from .personnes import METIERS, Personne, Tirage, read_donnees

# RPPS numbers begin with 1 or 8: none begins with 99.
PREMIER_RPPS = 99_000_000_000


@dataclass(slots=True)
class Communaute:
    """A community being built: what later steps of the demonstration need."""

    cpts: Cpts
    donnees: dict[str, Any]
    communes: list[Commune]
    medecins: list[Professionnel]
    tirage: Tirage


class Atelier:
    """Makes members and accounts; numbers run on over the communities from `premier_rpps`."""

    def __init__(self, premier_rpps: int = PREMIER_RPPS) -> None:
        self._rpps = premier_rpps
        self._mot_de_passe = make_password(settings.MAILLON_DEMO_PHRASE)
        self._secret = 0

    def create_communaute(self, donnees: dict[str, Any], *, since: date) -> Communaute:
        """The tenant, its structure, its territory and its members; `since` is when members joined at the latest."""
        cpts = Cpts.objects.create(
            slug=donnees["slug"],
            nom=donnees["nom"],
            departement=donnees["departement"],
            region=donnees["region"],
            telephone="04 65 71 00 00",
            courriel=f"contact@{donnees['slug']}.example.org",
            patients_ouverts_le=donnees["contrat"]["signe_le"],
            fictive=True,
        )
        tirage = Tirage(donnees["slug"])
        with use_cpts(cpts.pk):
            signe_le: date = donnees["contrat"]["signe_le"]
            define_territoire(cpts_id=cpts.pk, codes=donnees["communes"], start=signe_le, by=SYSTEME)
            communes = list(Commune.objects.filter(pk__in=donnees["communes"]).order_by("pk"))
            Structure.objects.create(
                type=TypeStructure.CPTS, nom=cpts.nom, commune=communes[0], cpts=cpts, fictive=True
            )
            medecins = self._create_members(cpts, donnees, communes, tirage, since=since)
        return Communaute(cpts, donnees, communes, medecins, tirage)

    def _create_members(
        self, cpts: Cpts, donnees: dict[str, Any], communes: list[Commune], tirage: Tirage, *, since: date
    ) -> list[Professionnel]:
        named = [row for row in read_donnees("comptes") if row.get("cpts") == cpts.slug and "metier" in row]
        professionnels: list[Professionnel] = []
        for metier, nombre in donnees["membres"]["professions"].items():
            profession, savoir_faire = METIERS[metier]
            people = [Personne(row["prenom"], row["nom"], femme=False) for row in named if row["metier"] == metier]
            people += [tirage.personne() for _ in range(nombre - len(people))]
            for personne in people:
                self._rpps += 1
                civilite = "Dr" if profession == Profession.MEDECIN else ""
                professionnels.append(
                    Professionnel(
                        rpps=str(self._rpps),
                        nom=personne.nom,
                        prenom=personne.prenom,
                        civilite=civilite,
                        profession=profession,
                        savoir_faire=savoir_faire,
                        fictif=True,
                        nom_recherche=normalize(f"{personne.nom} {personne.prenom}"),
                    )
                )
        Professionnel.objects.bulk_create(professionnels)
        weights = [float(commune.superficie_km2 or 1) for commune in communes]
        Activite.objects.bulk_create(
            Activite(
                professionnel=professionnel,
                mode_exercice=ModeExercice.LIBERAL,
                commune=(commune := tirage.hasard.choices(communes, weights)[0]),
                adresse=tirage.adresse(),
                code_postal=(commune.codes_postaux or [""])[0],
                telephone=tirage.telephone(),
                courriel=f"{normalize(f'{professionnel.prenom} {professionnel.nom}').replace(' ', '.')}@example.org",
                lon=commune.lon,
                lat=commune.lat,
            )
            for professionnel in professionnels
        )
        self._admit(cpts, donnees, professionnels, tirage, since=since)
        return [p for p in professionnels if p.is_medecin_generaliste]

    def _admit(
        self, cpts: Cpts, donnees: dict[str, Any], professionnels: list[Professionnel], tirage: Tirage, *, since: date
    ) -> None:
        signe_le: date = donnees["contrat"]["signe_le"]
        jours = max((since - signe_le).days, 1)
        adhesions = [
            Adhesion(
                cpts=cpts,
                professionnel=professionnel,
                college=College.MEDECINS if professionnel.profession == Profession.MEDECIN else College.PROFESSIONNELS,
                etat=EtatAdhesion.ACTIVE,
                debut=date.fromordinal(signe_le.toordinal() + int(jours * tirage.hasard.random() ** 2)),
            )
            for professionnel in professionnels
        ]
        for numero in range(donnees["membres"].get("laboratoires", 0)):
            laboratoire = Structure.objects.create(
                type=TypeStructure.LABORATOIRE, nom=f"Laboratoire de démonstration {numero + 1}", fictive=True
            )
            adhesions.append(
                Adhesion(
                    cpts=cpts,
                    structure=laboratoire,
                    college=College.STRUCTURES,
                    etat=EtatAdhesion.ACTIVE,
                    debut=signe_le,
                )
            )
        Adhesion.objects.bulk_create(adhesions)

    def create_compte(self, row: dict[str, Any], *, since: date) -> Compte:
        """An account whose password and second factor are shown, with its roles in a community or over a territory."""
        personne = Personne(row["prenom"], row["nom"], femme=False)
        rpps = None
        if "metier" in row:
            rpps = Professionnel.objects.get(prenom=row["prenom"], nom=row["nom"], fictif=True).rpps
        compte = Compte.objects.create(
            email=personne.courriel,
            prenom=row["prenom"],
            nom=row["nom"],
            rpps=rpps,
            fictif=True,
            password=self._mot_de_passe,
        )
        self._secret += 1
        enrol_totp(compte=compte, secret=_totp_secret(self._secret))
        if "agent" in row:
            AgentTerritorial.objects.create(
                compte=compte,
                role=row["agent"],
                departements=row.get("departements", []),
                regions=row.get("regions", []),
            )
            return compte
        cpts = Cpts.objects.get(slug=row["cpts"])
        with use_cpts(cpts.pk):
            for role in row["roles"]:
                is_referent = role == Role.REFERENT_MISSION
                give_role(
                    compte=compte,
                    cpts=cpts,
                    role=Role(role),
                    start=since,
                    mission=row.get("mission", "") if is_referent else "",
                )
        return compte


def _totp_secret(numero: int) -> str:
    """A valid base-32 secret that everybody can read: the accounts of the demonstration protect nothing."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return f"MAILLONDEMO{alphabet[numero % 32]}{alphabet[numero // 32]}" + "A" * 19
