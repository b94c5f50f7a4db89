"""A community of 300 members and 20 000 requests: the size of a region's history, inserted in bulk.

Rows are those that the services would have left (encrypted identities, fingerprints, journal, proposals, care
relations); only the path is shorter.
"""

from __future__ import annotations

import hashlib
import os
import random
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.hashers import make_password

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.patients.enums import Origine as OriginePatient
from maillon.communaute.patients.identites import SaisieIdentite, get_empreintes, seal
from maillon.communaute.patients.models import Identite, IndexIdentite, Patient, RelationSoin
from maillon.communaute.patients.notices import NOTICE_VERSION
from maillon.communaute.patients.services import retention_end
from maillon.communaute.sollicitations.enums import EtatAppel, EtatSollicitation
from maillon.communaute.sollicitations.models import Appel, Sollicitation
from maillon.missions.medecin_traitant import services as guichet
from maillon.missions.medecin_traitant.enums import (
    Action,
    Bilan,
    Cloture,
    Etat,
    Issue,
    MotifRefus,
    Origine,
)
from maillon.missions.medecin_traitant.models import GENRE, Compteur, Demande
from maillon.missions.medecin_traitant.services.commun import set_priorite
from maillon.portail.demo.communautes import Atelier, Communaute
from maillon.portail.demo.contrats import sign_contrat
from maillon.portail.demo.personnes import read_donnees
from maillon.portail.demo.services import publish
from maillon.regles.priorite import load_poids
from maillon.socle import horloge
from maillon.socle.comptes.models import Compte
from maillon.socle.comptes.services import enrol_totp
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import AgentTerritorial, Membre
from maillon.socle.droits.services import give_role
from maillon.socle.identifiants import new_id
from maillon.socle.journal.models import Entree, Lecture

SLUG = "grande-mesure"
DEMANDES = 20_000
LOT = 2_000
MOIS = 24
DONNEES: dict[str, Any] = {
    "slug": SLUG,
    "nom": "CPTS de la grande mesure",
    "departement": "38",
    "region": "84",
    "source": "base de mesure, données fictives",
    # Grenoble and its neighbours.
    "communes": ["38185", "38421", "38151", "38158", "38169", "38229", "38317", "38382", "38485", "38126"],
    "population": None,
    "contrat": {
        "signe_le": date(2023, 1, 15),
        "missions": ["acces", "parcours", "prevention", "crise", "qualite", "accompagnement"],
        "annexe": "grande",
    },
    "membres": {
        "publie": None,
        "professions": {
            "medecin_generaliste": 110, "infirmier": 80, "pharmacien": 40, "masseur_kinesitherapeute": 40,
            "orthophoniste": 15, "sage_femme": 10, "pedicure_podologue": 5,
        },
    },
}  # fmt: skip
# Shares of the states; the rest is placed.
PARTS = {Etat.DEPOSEE: 0.01, Etat.QUALIFIEE: 0.035, Etat.PROPOSEE: 0.02, Etat.ACCEPTEE: 0.01, Etat.CLOSE: 0.11}

MODELES: tuple[type[Any], ...] = (
    Patient, Identite, IndexIdentite, Demande, Appel, Sollicitation, RelationSoin, Entree, Lecture,
)  # fmt: skip


def build_grande() -> None:
    """Build the community, its accounts, its contract and its requests; nothing to do when it is there."""
    if Compte.objects.filter(email=f"coordination@{SLUG}.example.org").exists():
        return
    now = horloge.now()
    atelier = Atelier(premier_rpps=99_000_500_000)
    communaute = atelier.create_communaute(DONNEES, since=(now - timedelta(days=30 * MOIS)).date())
    offer_places(communaute, now)
    responsables = create_comptes(communaute, now)
    Depots(communaute, responsables, now).insert_all()
    sign_contrat(communaute, now=now)
    publish(communaute.cpts.pk)


def offer_places(communaute: Communaute, now: datetime) -> None:
    hasard = communaute.tirage.hasard
    with use_cpts(communaute.cpts.pk), horloge.at(now - timedelta(days=20)):
        for medecin in communaute.medecins:
            guichet.update_capacite(
                cpts_id=communaute.cpts.pk,
                professionnel=medecin,
                places=hasard.randrange(0, 60),
                accepte_visites=hasard.random() < 0.4,
                by=SYSTEME,
            )


def create_comptes(communaute: Communaute, now: datetime) -> list[Membre]:
    """The accounts that the measure signs in as; returns the desk."""
    cpts, medecin = communaute.cpts, communaute.medecins[0]
    roles = {"coordination": Role.COORDINATION, "guichet": Role.INTERLOCUTEUR_SOCIAL, "medecin": Role.PROFESSIONNEL}
    membres = {}
    for nom, role in roles.items():
        compte = create_compte(nom, slug=cpts.slug, rpps=medecin.rpps if nom == "medecin" else None)
        with use_cpts(cpts.pk):
            membres[nom] = give_role(compte=compte, cpts=cpts, role=role, start=now.date() - timedelta(days=500))
            if nom == "coordination":
                give_role(compte=compte, cpts=cpts, role=Role.REFERENT_DONNEES, start=now.date() - timedelta(days=500))
    AgentTerritorial.objects.create(
        compte=create_compte("cpam", slug=cpts.slug), role="cpam", departements=["38"], regions=[]
    )
    return [membres["guichet"], membres["coordination"]]


def create_compte(nom: str, *, slug: str = SLUG, rpps: str | None = None) -> Compte:
    compte = Compte.objects.create(
        email=f"{nom}@{slug}.example.org",
        prenom=nom.capitalize(),
        nom="Mesure",
        rpps=rpps,
        fictif=True,
        password=make_password(settings.MAILLON_DEMO_PHRASE),
    )
    enrol_totp(compte=compte, secret="MAILLONDEMO" + "B" * 21)
    return compte


class Depots:
    """Draws requests and writes them by lots, with all that hangs on them."""

    nombre = DEMANDES
    parts: ClassVar[dict[Etat, float]] = PARTS

    def __init__(self, communaute: Communaute, responsables: list[Membre], now: datetime) -> None:
        self.communaute, self.responsables, self.now = communaute, responsables, now
        self.cpts = communaute.cpts
        self.poids = load_poids(on=now.date())
        self.hasard = random.Random(SLUG)
        self.etats = [etat for etat, part in self.parts.items() for _ in range(int(self.nombre * part))]
        self.etats += [Etat.PLACEE] * (self.nombre - len(self.etats))
        self.hasard.shuffle(self.etats)
        self.lot: dict[type[Any], list[Any]] = {}

    premier = 0  # the number of the first request to draw

    def insert_all(self) -> None:
        for start in range(0, len(self.etats), LOT):
            with use_cpts(self.cpts.pk):
                self.insert(range(start, min(start + LOT, len(self.etats))))
        annees = {self.now.year - n for n in range(3)}
        with use_cpts(self.cpts.pk):
            Compteur.objects.bulk_create(
                [Compteur(cpts=self.cpts, annee=annee, dernier=self.nombre) for annee in sorted(annees)],
                update_conflicts=True,
                unique_fields=["cpts", "annee"],
                update_fields=["dernier"],
            )

    def write(self, modele: type[Any], lignes: list[Any]) -> None:
        modele.objects.bulk_create(lignes, batch_size=2_000)

    def draw_nom(self) -> str:
        noms = read_donnees("noms")["noms"]
        return f"{self.hasard.choice(noms)} {self.hasard.choice(noms)}"

    def insert(self, rangs: range) -> None:
        self.lot = {modele: [] for modele in MODELES}
        for rang in rangs:
            self._draw(rang)
        for modele in MODELES:
            self.write(modele, self.lot[modele])

    def _draw(self, rang: int) -> None:
        hasard, etat = self.hasard, self.etats[rang]
        rang += self.premier
        ouverte = etat in (Etat.DEPOSEE, Etat.QUALIFIEE, Etat.PROPOSEE, Etat.ACCEPTEE)
        age_jours = hasard.uniform(0.1, 120) if ouverte else hasard.uniform(30, 30 * MOIS)
        depot = self.now - timedelta(days=age_jours)
        naissance = date(self.now.year - min(96, max(2, int(hasard.gauss(58, 20)))), hasard.randrange(1, 13), 1)
        patient = self._draw_patient(naissance, depot)
        demande = Demande(
            cpts=self.cpts,
            patient=patient,
            commune_id=patient.commune_id,
            annee_naissance=naissance.year,
            reference=f"MT-{depot.year}-{rang:05d}",
            etat=etat,
            origine=hasard.choice([Origine.PUBLIC, Origine.GUICHET, Origine.PROFESSIONNEL]),
            ald=hasard.random() < 0.4,
            c2s=hasard.random() < 0.2,
            ame=hasard.random() < 0.03,
            plus_de_70=self.now.year - naissance.year > 70,
            ne_peut_se_deplacer=hasard.random() < 0.1,
            deposee_le=depot,
            cle_depot=f"mesure-{rang}",
            code_suivi=os.urandom(16),
        )
        set_priorite(demande, poids=self.poids)
        self._note(demande, "deposee", depot, origine="public")
        self._live(demande, depot, naissance)
        self.lot[Demande].append(demande)

    def _draw_patient(self, naissance: date, depot: datetime) -> Patient:
        hasard, noms = self.hasard, read_donnees("noms")
        patient = Patient(
            cpts=self.cpts,
            commune=hasard.choice(self.communaute.communes),
            annee_naissance=naissance.year,
            notice_version=NOTICE_VERSION,
            notice_le=depot,
            origine=OriginePatient.PUBLIC,
            derniere_activite_le=depot,
            conserver_jusque=retention_end(self.now.date()),
        )
        prenom = hasard.choice(noms["prenoms_f"] + noms["prenoms_m"])
        identite = SaisieIdentite(
            nom=self.draw_nom(),
            prenom=prenom,
            naissance=naissance,
            telephone=self.communaute.tirage.telephone(),
            courriel=f"patient.{hasard.randrange(10**9)}@example.org",
            adresse=self.communaute.tirage.adresse(),
        )
        row_id = new_id()
        cpts_id = self.cpts.pk
        self.lot[Patient].append(patient)
        self.lot[Identite].append(
            Identite(id=row_id, cpts=self.cpts, patient=patient, **seal(identite, cpts_id=cpts_id, row_id=row_id))
        )
        self.lot[IndexIdentite] += [
            IndexIdentite(cpts=self.cpts, patient=patient, empreinte=empreinte)
            for empreinte in get_empreintes(identite, cpts_id=cpts_id)
        ]
        return patient

    def _live(self, demande: Demande, depot: datetime, naissance: date) -> None:
        """Bring the request to its state, by the steps that lead there."""
        hasard, etat = self.hasard, demande.etat
        suites = {
            Etat.DEPOSEE: Action.QUALIFIER,
            Etat.QUALIFIEE: Action.PROPOSER,
            Etat.PROPOSEE: Action.ATTENDRE_MEDECIN,
            Etat.ACCEPTEE: Action.ATTENDRE_PATIENT,
        }
        if suite := suites.get(Etat(etat)):
            demande.prochaine_action = suite
            demande.prochaine_date = self.now.date() + timedelta(days=hasard.randrange(-3, 8))
        demande.responsable = hasard.choice(self.responsables)
        if etat == Etat.DEPOSEE:
            return
        demande.qualifiee_le = depot + timedelta(days=1)
        self._note(demande, "qualifiee", demande.qualifiee_le)
        self._read(demande, demande.qualifiee_le)
        if etat == Etat.CLOSE:
            demande.motif_cloture, demande.close_le = hasard.choice(Cloture.values), depot + timedelta(days=9)
            self._note(demande, "close", demande.close_le, motif=demande.motif_cloture)
        elif etat != Etat.QUALIFIEE:
            self._propose(demande, depot, naissance)

    def _propose(self, demande: Demande, depot: datetime, naissance: date) -> None:
        hasard = self.hasard
        envoyee = min(depot + timedelta(days=hasard.uniform(2, 12)), self.now - timedelta(minutes=5))
        medecins = hasard.sample(self.communaute.medecins, 2)
        appel = self._open_appel(demande, envoyee)
        if hasard.random() < 0.4:
            self._add(appel, demande, medecins[0], envoyee, EtatSollicitation.REFUSEE, motif_refus=MotifRefus.COMPLET)
        if demande.etat == Etat.PROPOSEE:
            self._add(appel, demande, medecins[1], self.now - timedelta(days=1), EtatSollicitation.ENVOYEE)
            return
        self._add(appel, demande, medecins[1], envoyee, EtatSollicitation.ACCEPTEE)
        demande.medecin, demande.acceptee_le = medecins[1], envoyee + timedelta(hours=5)
        self._note(demande, "acceptee", demande.acceptee_le)
        if demande.etat == Etat.ACCEPTEE:
            return
        demande.placee_le = envoyee + timedelta(days=hasard.uniform(1, 4))
        demande.age_placement = demande.placee_le.year - naissance.year
        demande.empreinte = hashlib.sha256(str(demande.pk).encode()).hexdigest()
        self._note(demande, "placee", demande.placee_le)
        demande.issue = Issue.MEDECIN_SUIVI if demande.ame else Issue.MEDECIN_TRAITANT
        nouvelles = demande.placee_le + timedelta(days=91)
        if nouvelles <= self.now:
            demande.bilan, demande.bilan_le, demande.suivi_fini_le = Bilan.SUIVI, nouvelles, nouvelles
        else:
            demande.prochaine_action, demande.prochaine_date = Action.BILAN, nouvelles.date()
        self.lot[RelationSoin].append(
            RelationSoin(
                cpts=self.cpts,
                patient=demande.patient,
                rpps=medecins[1].rpps,
                depuis=demande.placee_le.date(),
                motif="medecin_traitant",
            )
        )

    def _open_appel(self, demande: Demande, envoyee: datetime) -> Appel:
        etats = {Etat.PROPOSEE: EtatAppel.OUVERT, Etat.ACCEPTEE: EtatAppel.RESERVE, Etat.PLACEE: EtatAppel.POURVU}
        etat = etats[Etat(demande.etat)]
        delai = timedelta(days=5)
        appel = Appel(
            cpts=self.cpts,
            genre=GENRE,
            objet_id=demande.pk,
            etat=etat,
            delai=delai,
            vague=1,
            ouvert_le=envoyee,
            prochaine_vague_le=self.now + delai if etat == EtatAppel.OUVERT else None,
            clos_le=envoyee + delai if etat == EtatAppel.POURVU else None,
        )
        self.lot[Appel].append(appel)
        return appel

    def _add(
        self,
        appel: Appel,
        demande: Demande,
        medecin: Professionnel,
        envoyee: datetime,
        etat: EtatSollicitation,
        **champs: Any,
    ) -> None:
        repondue = None if etat == EtatSollicitation.ENVOYEE else envoyee + timedelta(hours=5)
        self.lot[Sollicitation].append(
            Sollicitation(
                cpts=self.cpts,
                appel=appel,
                professionnel=medecin,
                vague=1,
                rang=len(champs),
                etat=etat,
                envoyee_le=envoyee,
                expire_le=envoyee + timedelta(days=5),
                repondue_le=repondue,
                **champs,
            )
        )
        self._note(demande, "proposee", envoyee, medecin=str(medecin.pk))
        if champs:
            self._note(demande, "refusee", envoyee + timedelta(hours=5), motif=champs["motif_refus"])

    def _note(self, demande: Demande, code: str, le: datetime, **details: str) -> None:
        compte = self.responsables[0].compte_id
        self.lot[Entree].append(
            Entree(
                cpts=self.cpts,
                le=le,
                acteur="membre:interlocuteur_social",
                compte_id=compte,
                evenement=f"medecin_traitant.{code}",
                objet_type="medecin_traitant.demande",
                objet_id=demande.pk,
                details=details,
            )
        )

    def _read(self, demande: Demande, le: datetime) -> None:
        self.lot[Lecture].append(
            Lecture(
                cpts=self.cpts,
                le=le,
                acteur="membre:interlocuteur_social",
                compte_id=self.responsables[0].compte_id,
                patient_id=demande.patient_id,
                quoi="identite",
                pourquoi="fiche du guichet",
            )
        )
