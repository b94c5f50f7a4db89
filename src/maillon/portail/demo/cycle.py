"""The past of the demonstration's communities: true signatures and aids, every other date fictitious and said so."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from maillon.pilotage.contrats.donnees import Piece
from maillon.pilotage.contrats.enums import StatutMission
from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.contrats.services import deploy_mission
from maillon.pilotage.cycle.donnees import DonneesJalon, DonneesSignature
from maillon.pilotage.cycle.enums import NatureJalon, Partie
from maillon.pilotage.cycle.services import record_jalon, record_numeros, refresh_suivi
from maillon.regles.aci.cycle import add_months
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME

from .communautes import Communaute

FICTIVE = "Date fictive de démonstration."
# Months before the signature.
LETTRE, AIDE, DEPOT, VALIDATION = 16, 12, 7, 6
# Communities whose press document says the aid of the ARS: 15 000 €.
AIDEES = ("croix-rousse-presqu-ile", "vaulx-en-velin", "venissieux")
QUALITES = {
    Partie.CPTS: ("Signataire fictif", "présidence de l’association"),
    Partie.ASSURANCE_MALADIE: ("Signataire fictif", "direction de la caisse primaire"),
    Partie.ARS: ("Signataire fictif", "direction départementale de l’agence"),
}


def play_cycle(communaute: Communaute, contrat: Contrat, *, now: datetime) -> None:
    """Give a community its past: projet, aid, signature, deployed missions, dialogues."""
    with use_cpts(communaute.cpts.pk), horloge.at(now):
        slug, signe_le = communaute.cpts.slug, contrat.signe_le
        jalons = [
            DonneesJalon(nature=NatureJalon.LETTRE, le=find_ouvre(add_months(signe_le, -LETTRE)), note=FICTIVE),
            DonneesJalon(nature=NatureJalon.DEPOT, le=find_ouvre(add_months(signe_le, -DEPOT)), note=FICTIVE),
            DonneesJalon(nature=NatureJalon.VALIDATION, le=find_ouvre(add_months(signe_le, -VALIDATION)), note=FICTIVE),
            _sign(communaute, signe_le),
            *_dialogues(signe_le, min(contrat.periode.upper, now.date())),
        ]
        if slug in AIDEES:
            source = f"{communaute.donnees['source']}. {FICTIVE}"
            jalons.append(
                DonneesJalon(
                    nature=NatureJalon.AIDE, le=add_months(signe_le, -AIDE), montant=Decimal(15000), note=source
                )
            )
        for jalon in jalons:
            record_jalon(cpts_id=communaute.cpts.pk, donnees=jalon, by=SYSTEME)
        for mission in contrat.missions.filter(statut=StatutMission.DEPLOYEE, deployee_le=None):
            deploy_mission(mission=mission, le=find_ouvre(add_months(signe_le, 17)), by=SYSTEME)
        rang = sorted(["grand-saint-etienne", "croix-rousse-presqu-ile", "vaulx-en-velin", "venissieux"]).index(slug)
        record_numeros(
            cpts_id=communaute.cpts.pk,
            finess=f"{communaute.cpts.departement}00000{rang:02d}",
            rna=f"W{communaute.cpts.departement}00000{rang:02d}",
            by=SYSTEME,
        )
        refresh_suivi(cpts_id=communaute.cpts.pk)


def _sign(communaute: Communaute, signe_le: date) -> DonneesJalon:
    texte = f"Contrat de {communaute.cpts.nom}, document fictif de la démonstration de Maillon.\n"
    return DonneesJalon(
        nature=NatureJalon.ACI,
        le=signe_le,
        note=f"{communaute.donnees['source']}. Signataires et document fictifs.",
        piece=Piece("contrat-signe.txt", texte.encode()),
        signatures=tuple(
            DonneesSignature(partie=partie, nom=nom, qualite=qualite, le=signe_le)
            for partie, (nom, qualite) in QUALITES.items()
        ),
    )


def find_ouvre(jour: date) -> date:
    """The day itself, or the Monday after a week-end."""
    return jour + timedelta(days=7 - jour.weekday() if jour.weekday() > 4 else 0)


def _dialogues(signe_le: date, jusqu_a: date) -> list[DonneesJalon]:
    """Two a year, until some weeks ago."""
    jours = [find_ouvre(add_months(signe_le, mois)) for annee in range(5) for mois in (12 * annee + 6, 12 * annee + 13)]
    return [
        DonneesJalon(nature=NatureJalon.DIALOGUE, le=jour, note=FICTIVE)
        for jour in jours
        if jour < jusqu_a - timedelta(days=30)
    ]
