"""Pay in the demonstration: rates, a year of participations in every state, one person near the cap, one employer."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from maillon.communaute.adhesions.enums import College
from maillon.communaute.adhesions.enums import Etat as EtatAdhesion
from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.adhesions.services import attach_personne
from maillon.communaute.personnes.models import Personne
from maillon.communaute.structures.enums import TypeStructure
from maillon.communaute.structures.models import Structure
from maillon.pilotage.contrats.donnees import Piece
from maillon.pilotage.indemnites.donnees import DonneesDeclaration, DonneesFrais
from maillon.pilotage.indemnites.enums import Etat, GenreFrais
from maillon.pilotage.indemnites.models import Approbation, Declaration
from maillon.pilotage.indemnites.services.approbation import approve, refuse, verify
from maillon.pilotage.indemnites.services.frais import declare_frais
from maillon.pilotage.indemnites.services.participations import declare
from maillon.pilotage.indemnites.services.situations import declare_situation
from maillon.pilotage.indemnites.services.tarifs import (
    add_bareme,
    add_convention,
    add_tarif,
    close,
    record_calcul,
)
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.droits.selectors import acteur_of_membre
from maillon.socle.ui.typographie import MOIS

from .communautes import Communaute
from .personnes import read_donnees

PAYES_APRES = timedelta(days=20)
RECU = b"Recu de demonstration : rien n'a ete achete.\n"
AVANCE = {"payee": 4, "approuvee": 3, "verifiee": 2, "declaree": 1, "refusee": 1, "proposee": 0}


class Scene:
    """Who is paid in one community, who checks, who agrees."""

    def __init__(self, communaute: Communaute, now: datetime) -> None:
        self.cpts = communaute.cpts
        self.now = now
        gens = Personne.objects.filter(cpts=self.cpts).select_related("professionnel", "structure", "cpts")
        self.membres = {une.nom: une for une in gens if une.membre_id}
        self.autres = [une for une in gens.order_by("pk") if une.membre_id is None and une.professionnel_id]
        self.verifie = self._acteur(Role.COORDINATION)
        self.approuve = [self._acteur(Role.PRESIDENT), self._acteur(Role.BUREAU)]

    def _acteur(self, role: Role) -> Acteur:
        membre = Membre.objects.select_related("compte").filter(cpts=self.cpts, roles__contains=[role]).first()
        assert membre is not None
        return acteur_of_membre(membre.compte, membre, fort=True)

    def approbateur(self, personne: Personne) -> Acteur:
        """Somebody of the bureau, never the person."""
        return next(une for une in self.approuve if une.membre_id != personne.membre_id)

    def bring(self, ligne: Approbation, row: dict[str, Any]) -> None:
        """Take a row through its steps, some days after it was declared."""
        but = AVANCE[row["etat"]]
        declare_le = self.now - timedelta(days=max(row["jours"] - 2, 0))
        if row["etat"] == "refusee":
            with horloge.at(declare_le + timedelta(days=3)):
                refuse(ligne=ligne, motif=row["motif"], by=self.verifie)
        if but >= 2:
            with horloge.at(min(declare_le + timedelta(days=3), self.now)):
                ligne = verify(ligne=ligne, by=self.verifie)
        if but >= 3:
            with horloge.at(min(declare_le + timedelta(days=6), self.now)):
                ligne = approve(ligne=ligne, by=self.approbateur(ligne.personne))
        if but == 4:
            ligne.payee_le = min(declare_le + PAYES_APRES, self.now).date()
            ligne.save(update_fields=["payee_le"])


def pay_members(communaute: Communaute, *, now: datetime) -> None:
    """Rates, participations and expenses, where the demonstration knows some."""
    donnees = next((d for d in read_donnees("indemnites") if d["cpts"] == communaute.cpts.slug), None)
    if donnees is None:
        return
    with use_cpts(communaute.cpts.pk):
        scene = Scene(communaute, now)
        debut = (now - timedelta(days=420)).date().replace(day=1)
        _decide(scene, donnees, debut)
        _hire(scene, donnees["employeur"], debut)
        for row in donnees["situations"]:
            _ask(scene, scene.membres[row["nom"]], Decimal(row.get("ailleurs", 0)), row.get("precision", ""))
        for row in donnees["participations"]:
            for une in _unfold(row, now):
                _declare(scene, une)
        _declare_others(scene, donnees["autres"])
        for row in donnees["frais"]:
            _spend(scene, row)


def _decide(scene: Scene, donnees: dict[str, Any], debut: date) -> None:
    cpts_id: UUID = scene.cpts.pk
    decision: dict[str, Any] = {"instance": "bureau", "decide_le": debut, "by": SYSTEME}
    for row in donnees["calculs"]:
        chiffres = {nom: Decimal(row[nom]) for nom in ("revenu_annuel", "heures_annuelles")}
        record_calcul(cpts_id=cpts_id, **{"commentaire": "", **row, **chiffres}, **decision)
    milieu = (scene.now - timedelta(days=330)).date().replace(day=1)
    for row in donnees["anciens"]:
        ancien = add_tarif(cpts_id=cpts_id, debut=debut, **{**row, "montant": Decimal(row["montant"])}, **decision)
        close(decision=ancien, on=milieu, by=SYSTEME)
    for row in donnees["tarifs"]:
        chiffres = {nom: Decimal(row[nom]) for nom in ("montant", "heures_max") if nom in row}
        add_tarif(cpts_id=cpts_id, debut=milieu, **{**row, **chiffres}, **decision)
    add_bareme(cpts_id=cpts_id, taux=Decimal(donnees["bareme"]), debut=debut, **decision)


def _hire(scene: Scene, row: dict[str, Any], debut: date) -> None:
    structure = Structure.objects.create(type=TypeStructure.CENTRE_SANTE, nom=row["nom"], fictive=True)
    adhesion = Adhesion.objects.create(
        cpts=scene.cpts, structure=structure, college=College.STRUCTURES, etat=EtatAdhesion.ACTIVE, debut=debut
    )
    add_convention(
        cpts_id=scene.cpts.pk,
        structure=structure,
        taux=Decimal(row["taux"]),
        debut=debut,
        fin=None,
        signee_le=debut,
        by=SYSTEME,
    )
    salariee = Personne.objects.create(
        cpts=scene.cpts,
        prenom=row["prenom"],
        nom=row["nom_salariee"],
        fonction=row["fonction"],
        courriel="celia.valentin@example.org",
        structure=structure,
    )
    attach_personne(adhesion=adhesion, personne=salariee, depuis=debut, by=SYSTEME, representant=True)
    scene.membres[salariee.nom] = salariee


def _ask(scene: Scene, personne: Personne, ailleurs: Decimal, precision: str) -> None:
    for annee in (scene.now.year, scene.now.year - 1):
        declare_situation(
            personne=personne,
            annee=annee,
            autre_cpts=ailleurs > 0,
            montant=ailleurs,
            precision=precision,
            by=SYSTEME,
        )


def _unfold(row: dict[str, Any], now: datetime) -> list[dict[str, Any]]:
    """A monthly row, once a month for the months ended `depuis` to `jusque` months ago; another one as it is."""
    if "depuis" not in row:
        return [row]
    lues, premier = [], now.date().replace(day=1)
    for rang in range(1, row["jusque"] + 1):
        dernier = premier - timedelta(days=1)
        premier = dernier.replace(day=1)
        if rang >= row["depuis"]:
            libelle = row["libelle"].replace("{mois}", MOIS[dernier.month - 1])
            lues.append({**row, "jours": (now.date() - dernier).days, "libelle": libelle})
    return lues


def _declare(scene: Scene, row: dict[str, Any]) -> None:
    le = (scene.now - timedelta(days=row["jours"])).date()
    with horloge.at(scene.now - timedelta(days=max(row["jours"] - 2, 0))):
        ligne = declare(
            personne=scene.membres[row["nom"]],
            donnees=DonneesDeclaration(
                le=le,
                heures=Decimal(str(row["heures"])),
                mission=row["mission"],
                libelle=row["libelle"],
                fonction=row["fonction"],
                employeur=row.get("employeur", False),
            ),
            by=SYSTEME,
        )
    if row["etat"] == "proposee":
        ligne.etat, ligne.source, ligne.preuve = Etat.PROPOSEE, "demonstration", "feuille de présence de démonstration"
        ligne.save()
        return
    scene.bring(ligne, row)


def _declare_others(scene: Scene, nombre: int) -> None:
    """Members without an account, in one write: approved ones are brought there by updates."""
    gens = scene.autres[:nombre]
    for rang, personne in enumerate(gens[:6]):
        _ask(scene, personne, Decimal(0), "")
        scene.membres[f"autre {rang}"] = personne
        etat = "verifiee" if rang % 2 else "approuvee"
        row = {"fonction": "participant", "mission": "parcours", "libelle": "Protocole plaies chroniques", "heures": 2}
        _declare(scene, {**row, "nom": f"autre {rang}", "jours": 30, "etat": etat})
    modele = Declaration.objects.filter(cpts=scene.cpts, fonction="participant", tarif__isnull=False).first()
    assert modele is not None
    Declaration.objects.bulk_create(
        Declaration(
            cpts=scene.cpts,
            personne=personne,
            le=(scene.now - timedelta(days=16)).date(),
            mission="parcours",
            libelle="Réunion pluriprofessionnelle",
            heures=Decimal(2),
            montant=Decimal(120),
            taux=modele.taux,
            mode=modele.mode,
            tarif=modele.tarif,
            nature=modele.nature,
            etat=Etat.PROPOSEE,
            source="demonstration",
            reference=f"pluri-{personne.pk}",
            preuve="feuille de présence de démonstration",
        )
        for personne in gens[6:]
    )


def _spend(scene: Scene, row: dict[str, Any]) -> None:
    le = (scene.now - timedelta(days=row["jours"])).date()
    kilometres = row["genre"] == GenreFrais.KILOMETRES
    with horloge.at(scene.now - timedelta(days=max(row["jours"] - 2, 0))):
        frais = declare_frais(
            personne=scene.membres[row["nom"]],
            donnees=DonneesFrais(
                le=le,
                genre=GenreFrais(row["genre"]),
                mission=row["mission"],
                libelle=row["libelle"],
                montant=None if kilometres else Decimal(row["montant"]),
                kilometres=Decimal(row["kilometres"]) if kilometres else None,
                justificatif=None if kilometres else Piece("recu.txt", RECU),
            ),
            by=SYSTEME,
        )
    scene.bring(frais, row)
