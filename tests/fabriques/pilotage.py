"""Contracts and acts for tests. Build inside `use_cpts(cpts.pk)`."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import factory
from django.utils import timezone

from maillon.pilotage.contrats.donnees import DonneesContrat, DonneesIndicateur, DonneesMission, DonneesPalier
from maillon.pilotage.contrats.enums import Nature, SensIndicateur, StatutMission
from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.contrats.services import create_contrat, record_constat
from maillon.socle.cpts.models import Cpts
from maillon.socle.declarations import Acte, Agregat, IndicateurDeclare, Sens
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.identifiants import new_id
from maillon.socle.journal.models import Entree

PARIS = ZoneInfo("Europe/Paris")
SIGNATURE = date(2023, 12, 22)


def palier(seuil: str | int, montant: str | int, libelle: str = "") -> DonneesPalier:
    return DonneesPalier(seuil=Decimal(seuil), montant=Decimal(montant), libelle=libelle)


class DonneesIndicateurFabrique(factory.Factory):
    """A deliverable of 35 000 €, alone in the mission `acces` of a size 3."""

    class Meta:
        model = DonneesIndicateur

    mission = "acces"
    code = factory.Sequence(lambda n: f"indicateur-{n}")
    libelle = "Annuaire en ligne"
    nature = Nature.LIVRABLE
    paliers = factory.LazyFunction(lambda: [palier(1, 35000)])
    unite = "annuaire"
    preuve_demandee = "compte rendu"

    class Params:
        # The example of the annexes: 219–101 pays 3 000, 100–51 pays 6 000, 50 and less pays 9 000.
        ald = factory.Trait(
            code="ald",
            libelle="Patients en ALD sans médecin traitant",
            nature=Nature.STOCK_BAISSE,
            paliers=factory.LazyFunction(lambda: [palier(219, 3000), palier(100, 6000), palier(50, 9000)]),
            unite="patient en ALD",
            reference=Decimal(219),
            reference_le=SIGNATURE,
            certificateur="CPAM",
            preuve_demandee="suivi nominatif",
        )
        depistage = factory.Trait(
            mission="prevention",
            code="sein",
            libelle="Dépistage du cancer du sein",
            nature=Nature.TAUX,
            unite="%",
            reference=Decimal("66.26"),
            paliers=factory.LazyFunction(
                lambda: [
                    palier("69.70", 1000, "socle"),
                    palier("72.40", 2500, "intermédiaire"),
                    palier(75, 3500, "objectif"),
                ]
            ),
        )
        soirees = factory.Trait(
            code="soirees",
            libelle="Deux soirées tenues",
            unite="soirée",
            preuve_demandee="émargement",
            paliers=factory.LazyFunction(lambda: [palier(2, 5000)]),
        )
        participants = factory.Trait(
            mission="prevention",
            code="participants",
            libelle="Participants",
            nature=Nature.COMPTE,
            sens=SensIndicateur.HAUSSE,
            unite="participant",
            preuve_demandee="émargement",
            paliers=factory.LazyFunction(lambda: [palier(10, 2000), palier(20, 14000)]),
        )


class DonneesContratFabrique(factory.Factory):
    """A contract of size 3 with the mission `acces` (35 000 € variable): ALD 9 000 and a deliverable of 26 000."""

    class Meta:
        model = DonneesContrat

    signe_le = SIGNATURE
    population = 97000
    millesime = 2020
    missions = factory.LazyFunction(lambda: [DonneesMission(code="acces")])
    indicateurs = factory.LazyFunction(
        lambda: [
            DonneesIndicateurFabrique(ald=True),
            DonneesIndicateurFabrique(code="annuaire", paliers=[palier(1, 26000)]),
        ]
    )

    class Params:
        # Croix-Rousse Presqu'île: 457 500 €, of which 67 500 only in a crisis.
        croix_rousse = factory.Trait(
            missions=factory.LazyFunction(
                lambda: [
                    DonneesMission(
                        code=code, statut=StatutMission.DEMARREE if code in ("acces", "crise") else StatutMission.PREVUE
                    )
                    for code in ("acces", "parcours", "prevention", "crise", "accompagnement")
                ]
            ),
        )


def make_contrat_ald(cpts: Cpts) -> Contrat:
    """A contract whose ALD indicator is fed by acts, and was certified at 105 by the CPAM on 1 September 2026."""
    contrat = create_contrat(
        cpts_id=cpts.pk,
        donnees=DonneesContratFabrique(
            indicateurs=[
                DonneesIndicateurFabrique(ald=True, code_declare="essai.actes"),
                DonneesIndicateurFabrique(code="annuaire", paliers=[palier(1, 26000)]),
            ]
        ),
        by=SYSTEME,
    )
    record_constat(
        indicateur=contrat.indicateurs.get(code="ald"),
        valeur=Decimal(105),
        le=date(2026, 9, 1),
        by=SYSTEME,
        source="statistiques",
        certifie_par="CPAM de la Loire",
    )
    return contrat


# A figure fed by acts: the entries of the journal named `essai.acte` stand for acts of a mission. ---------------------


def _rows(cpts_id, start, end):
    bornes = [datetime(d.year, d.month, d.day, tzinfo=PARIS) for d in (start, end)]
    return Entree.objects.filter(cpts_id=cpts_id, evenement="essai.acte", le__gte=bornes[0], le__lt=bornes[1]).order_by(
        "-le", "-id"
    )


def _to_acte(row) -> Acte:
    return Acte(
        reference=str(row.objet_id),
        le=timezone.localtime(row.le).date(),
        nature="Médecin traitant trouvé",
        etat="close",
        empreinte=row.details.get("empreinte", ""),
        commune=row.details.get("commune", ""),
        preuve="déclaration",
    )


DECLARE = IndicateurDeclare(
    code="essai.actes",
    mission="acces",
    libelle="Actes d’essai",
    definition="Les actes du test.",
    unite="acte",
    sens=Sens.HAUSSE,
    certificateur="CPAM",
    preuve="suivi",
    rows=_rows,
    to_acte=_to_acte,
    url_row=lambda row: f"/compte/?acte={row.objet_id}",
    agregat=Agregat.COUNT,
)


def create_acte(cpts_id, le: date, *, commune: str = "", empreinte: str = "a" * 64, jours: int = 0) -> Entree:
    moment = datetime(le.year, le.month, le.day, 10, tzinfo=PARIS) + timedelta(days=jours)
    return Entree.objects.create(
        cpts_id=cpts_id,
        evenement="essai.acte",
        objet_type="essai",
        objet_id=new_id(),
        le=moment,
        acteur=SYSTEME.etiquette,
        details={"commune": commune, "empreinte": empreinte},
    )
