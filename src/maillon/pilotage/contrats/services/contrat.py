"""Entering a contract and starting its missions. Each is atomic, names its author and is journalled."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from maillon.regles import aci
from maillon.regles.aci.formats import format_nombre
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal

from .. import regles
from ..actes import find_declare
from ..donnees import DonneesContrat, DonneesIndicateur, DonneesMission
from ..enums import EtatContrat, StatutMission
from ..models import Contrat, Indicateur, MissionContrat, Palier
from ..termes import find_termes, is_at, list_termes
from .suites import request_releve, request_suivi


@transaction.atomic
def create_contrat(
    *, cpts_id: UUID, donnees: DonneesContrat, by: Acteur, etat: EtatContrat = EtatContrat.ACTIF
) -> Contrat:
    """Enter a contract with its missions, indicators and tiers, whole or not at all.

    Raises SaisieInvalide, BaremeIncomplet or DefinitionContradictoire (`maillon.regles.erreurs`): a French sentence
    that names the numbers which disagree.
    """
    contrat = _build_contrat(cpts_id, donnees, etat)
    missions = [_build_mission(contrat, mission) for mission in donnees.missions]
    plafond = regles.compute_plafond(contrat, missions, 1)
    for mission in missions:
        mission.enveloppe = _find_enveloppe(mission, plafond)
    check_declares({mission.mission for mission in missions}, donnees.indicateurs)
    engagees = {aci.Mission(m.mission): m.enveloppe for m in missions if m.statut != StatutMission.PREVUE}
    enveloppes = {code: enveloppe for code, enveloppe in engagees.items() if enveloppe is not None}
    regles.check_donnees(donnees, enveloppes if etat == EtatContrat.ACTIF else {})
    regles.compute_fixes(contrat, missions, 1)  # refuses a start outside the contract
    try:
        with transaction.atomic():
            contrat.save(force_insert=True)
    except IntegrityError as refus:
        if "contrat_un_seul_en_vigueur" not in str(refus):
            raise
        raise SaisieInvalide(
            "Cette communauté a déjà un contrat en vigueur sur cette période : terminez-le d’abord, "
            "ou entrez celui-ci comme « en préparation »."
        ) from None
    MissionContrat.objects.bulk_create(missions)
    create_indicateurs(contrat, donnees.indicateurs)
    journal.record(
        "pilotage.contrat_saisi",
        contrat,
        by=by,
        etat=etat,
        signe_le=contrat.signe_le.isoformat(),
        missions=len(missions),
        indicateurs=len(donnees.indicateurs),
    )
    request_releve(cpts_id)
    request_suivi(cpts_id)
    return contrat


def _build_contrat(cpts_id: UUID, donnees: DonneesContrat, etat: EtatContrat) -> Contrat:
    bareme_le = donnees.bareme_le or donnees.signe_le
    anniversaires = aci.compute_anniversaires(donnees.signe_le, on=bareme_le)
    return Contrat(
        cpts_id=cpts_id,
        etat=etat,
        signe_le=donnees.signe_le,
        periode=DateRange(donnees.signe_le, anniversaires[-1]),
        bareme_le=bareme_le,
        taille=find_taille(donnees.population, donnees.taille, bareme_le),
        population=donnees.population,
        millesime=donnees.millesime,
        fonctionnement=donnees.fonctionnement,
        plafond_publie=donnees.plafond_publie,
        plafond_source=donnees.plafond_source,
        source=donnees.source,
    )


def find_taille(population: int | None, taille: int | None, bareme_le: date) -> int:
    """The size given, or that of the population; both must agree."""
    if population is None:
        if taille is None:
            raise SaisieInvalide("Donnez soit la population, soit la taille de la communauté.")
        return int(aci.Taille.read(taille))
    calculee = int(aci.compute_taille(population, on=bareme_le))
    if taille not in (None, calculee):
        raise SaisieInvalide(
            f"Le contrat dit taille {taille}, mais {format_nombre(population)} habitants "
            f"font une taille {calculee}. Gardez l’un des deux."
        )
    return calculee


def _build_mission(contrat: Contrat, donnees: DonneesMission) -> MissionContrat:
    aci.Mission.read(donnees.code)
    engagee = donnees.statut != StatutMission.PREVUE
    return MissionContrat(
        cpts_id=contrat.cpts_id,
        contrat=contrat,
        mission=donnees.code,
        statut=donnees.statut,
        debut=(donnees.debut or contrat.signe_le) if engagee else None,
        fixe=donnees.fixe,
        fixe_suivantes=donnees.fixe_suivantes,
        variable=donnees.variable,
        activation=donnees.activation,
    )


def _find_enveloppe(mission: MissionContrat, plafond: aci.Plafond) -> Decimal | None:
    """The contract's own variable part, else the scale's; None when only a total is published."""
    if mission.variable is not None:
        return mission.variable
    part = next((ligne for ligne in plafond.lignes if ligne.poste == mission.mission), None)
    return part.variable.valeur if part is not None else None


def check_declares(codes: Collection[str], indicateurs: Iterable[DonneesIndicateur]) -> None:
    """Refuse an indicator of a mission that is not at the contract, or computed by a figure that nobody declares."""
    for indicateur in indicateurs:
        if indicateur.mission not in codes:
            aci.Mission.read(indicateur.mission)
            raise SaisieInvalide(
                f"L’indicateur « {indicateur.code} » relève de la mission « {indicateur.mission} », "
                "qui n’est pas au contrat."
            )
        if indicateur.code_declare and find_declare(indicateur) is None:
            raise SaisieInvalide(
                f"L’indicateur « {indicateur.code} » doit être calculé par « {indicateur.code_declare} », "
                "que Maillon ne connaît pas. Corrigez ce code ou laissez-le vide."
            )


def create_indicateurs(contrat: Contrat, donnees: Iterable[DonneesIndicateur], *, depuis: date | None = None) -> None:
    """Write indicators and their tiers; `depuis` is the effect of the avenant that brings them."""
    paliers = []
    for ordre, lu in enumerate(donnees, start=contrat.indicateurs.count() if depuis else 0):
        indicateur = Indicateur(
            cpts_id=contrat.cpts_id,
            contrat=contrat,
            mission=lu.mission,
            code=lu.code,
            depuis=depuis,
            code_declare=lu.code_declare,
            libelle=lu.libelle,
            definition=lu.definition,
            nature=lu.nature,
            unite=lu.unite,
            sens=regles.find_sens(lu),
            reference=lu.reference,
            # An annex gives the values known at signature, whenever the year is that they are compared with.
            reference_le=lu.reference_le or (None if lu.reference is None else contrat.signe_le),
            certificateur=lu.certificateur,
            preuve_demandee=lu.preuve_demandee,
            source=lu.source,
            ordre=ordre,
        )
        indicateur.save(force_insert=True)
        paliers += [
            Palier(cpts_id=contrat.cpts_id, indicateur=indicateur, seuil=p.seuil, montant=p.montant, libelle=p.libelle)
            for p in lu.paliers
        ]
    Palier.objects.bulk_create(paliers)


@transaction.atomic
def start_mission(*, mission: MissionContrat, le: date, by: Acteur) -> MissionContrat:
    """Record that a mission has started; its indicators must by then sum to its variable envelope.

    Raises SaisieInvalide for a date outside the contract or in the future, DefinitionContradictoire for the sums.
    """
    contrat = mission.contrat
    if not contrat.periode.lower <= le < contrat.periode.upper:
        raise SaisieInvalide(
            f"La mission ne peut pas démarrer le {le:%d/%m/%Y} : le contrat va du "
            f"{contrat.periode.lower:%d/%m/%Y} au {contrat.periode.upper:%d/%m/%Y}."
        )
    if le > today():
        raise SaisieInvalide(f"Le {le:%d/%m/%Y} n’est pas encore passé : revenez le jour du démarrage.")
    if not is_at(mission, le):
        raise SaisieInvalide(f"La mission « {mission.get_mission_display()} » n’est pas au contrat le {le:%d/%m/%Y}.")
    if contrat.etat == EtatContrat.ACTIF:
        _check_enveloppes(mission, le)
    mission.statut, mission.debut = StatutMission.DEMARREE, le
    mission.save(update_fields=["statut", "debut"])
    journal.record("pilotage.mission_demarree", mission, by=by, mission=mission.mission, le=le.isoformat())
    request_releve(contrat.cpts_id)
    request_suivi(contrat.cpts_id)
    return mission


@transaction.atomic
def deploy_mission(*, mission: MissionContrat, le: date, by: Acteur) -> MissionContrat:
    """Record that a mission is deployed, or the day of a deployment already known. Raises SaisieInvalide."""
    contrat = mission.contrat
    if mission.debut is None:
        raise SaisieInvalide("Cette mission n’est pas démarrée : enregistrez d’abord son démarrage.")
    if mission.deployee_le is not None:
        raise SaisieInvalide(f"Cette mission est déjà déployée depuis le {mission.deployee_le:%d/%m/%Y}.")
    if not mission.debut <= le < contrat.periode.upper:
        raise SaisieInvalide(
            f"La mission ne peut pas être déployée le {le:%d/%m/%Y} : elle a démarré le {mission.debut:%d/%m/%Y} "
            f"et le contrat finit le {contrat.periode.upper:%d/%m/%Y}."
        )
    if le > today():
        raise SaisieInvalide(f"Le {le:%d/%m/%Y} n’est pas encore passé : revenez le jour du déploiement.")
    mission.statut, mission.deployee_le = StatutMission.DEPLOYEE, le
    mission.save(update_fields=["statut", "deployee_le"])
    journal.record("pilotage.mission_deployee", mission, by=by, mission=mission.mission, le=le.isoformat())
    request_releve(contrat.cpts_id)
    request_suivi(contrat.cpts_id)
    return mission


def _check_enveloppes(mission: MissionContrat, le: date) -> None:
    """The indicators of a mission sum to its envelope, under the terms of its start and each that follow."""
    avenants = mission.contrat.avenants.prefetch_related("missions")
    termes = list_termes(mission.contrat, [mission], avenants)
    depart = find_termes(termes, le)
    siens = list(mission.contrat.indicateurs.filter(mission=mission.mission).prefetch_related("paliers"))
    for t in termes:
        sienne = t.find_mission(mission.mission)
        if t.depuis < depart.depuis or sienne is None or sienne.enveloppe is None:
            continue
        definitions = [
            regles.indicateur_of_row(i, i.paliers.all(), regles.Statut.VERIFIE)
            for i in siens
            if regles.is_in_force(i, t.depuis)
        ]
        aci.check_indicateurs(definitions, enveloppes={aci.Mission(mission.mission): sienne.enveloppe})
