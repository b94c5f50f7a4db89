"""Where a scenario starts from: the contract of a community, or its territory when it has none."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from maillon.communaute.territoire.selectors import get_population
from maillon.pilotage.contrats.annee import IndicateurAnnee, compute_annee
from maillon.pilotage.contrats.models import Releve
from maillon.pilotage.contrats.presentation import say_condition
from maillon.pilotage.contrats.selectors import get_contrat
from maillon.pilotage.contrats.termes import build_regle, find_termes, list_termes
from maillon.regles import aci
from maillon.regles.aci import Mission
from maillon.regles.aci.bareme import load_bareme
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today

from .calcul import FaitsContrat, Hypothese, IndicateurSimule

SANS_TERRITOIRE = 60_000


def get_faits(cpts_id: UUID) -> FaitsContrat:
    """The contract in force and the tiers forecast today; without one, the accord's missions from today on."""
    contrat = get_contrat(cpts_id)
    if contrat is None or contrat.population is None or not _publishes_parts(contrat.bareme_le):
        territoire = get_population(cpts_id, on=today())
        population = (contrat.population if contrat else None) or (territoire.total if territoire else None)
        return FaitsContrat(
            signature=today(),
            on=today(),
            population=population or SANS_TERRITOIRE,
            missions=aci.missions_of(today()),
            contrat=False,
        )
    annee = compute_annee(contrat, today())
    missions = list(contrat.missions.all())
    avenants = contrat.avenants.prefetch_related("missions")
    en_vigueur = find_termes(list_termes(contrat, missions, avenants), today())
    termes = build_regle(en_vigueur)
    return FaitsContrat(
        signature=contrat.signe_le,
        on=termes.on or contrat.bareme_le,
        population=termes.population or contrat.population,
        missions=tuple(Mission(m.code) for m in en_vigueur.missions),
        demarrages={Mission(m.code): m.mission.debut for m in en_vigueur.missions if m.mission.debut},
        montants=termes.montants,
        indicateurs=tuple(_simule(ligne) for ligne in annee.indicateurs),
        annee=annee.annee.numero,
    )


def list_releves(acteur: Acteur) -> QuerySet[Releve]:
    """The current figures of the contracts in force of an agent's territory."""
    return Releve.objects.visible_to(acteur).courants().en_vigueur(today())


def _publishes_parts(on: date) -> bool:
    """Whether the scale of a date gives the part of each mission: that of 2019 only gives totals."""
    return load_bareme()["mission_acces"].is_known(on)


def _simule(ligne: IndicateurAnnee) -> IndicateurSimule:
    indicateur, regle = ligne.indicateur, ligne.resultat.indicateur
    paliers = regle.paliers_by_difficulty()
    prevu = ligne.resultat.palier_prevu
    return IndicateurSimule(
        pk=indicateur.pk,
        libelle=indicateur.libelle,
        mission=Mission(indicateur.mission),
        paliers=tuple((say_condition(p.seuil, indicateur.sens, indicateur.unite), p.montant) for p in paliers),
        prevu=paliers.index(prevu) + 1 if prevu else 0,
    )


def as_is(faits: FaitsContrat) -> Hypothese:
    """The contract as it is, with the tiers forecast today."""
    return Hypothese(faits.population, faits.missions, faits.demarrages, {i.pk: i.prevu for i in faits.indicateurs})
