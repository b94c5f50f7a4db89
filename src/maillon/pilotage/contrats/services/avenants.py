"""Signing an avenant: the terms change from its date of effect, and the years before keep theirs."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from django.db import transaction

from maillon.regles import aci
from maillon.regles.erreurs import BaremeIncomplet, SaisieInvalide
from maillon.regles.parametres import Statut
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.journal import services as journal

from .. import regles
from ..donnees import DonneesAvenant, DonneesMission, Piece
from ..enums import EtatContrat, StatutMission
from ..models import Avenant, AvenantMission, Contrat, Indicateur, MissionContrat
from ..permissions import LIRE
from ..termes import TermesMission, build_montants, is_at
from .contrat import check_declares, create_indicateurs, find_taille
from .suites import request_releve, request_suivi


@transaction.atomic
def sign_avenant(*, contrat: Contrat, donnees: DonneesAvenant, by: Acteur) -> Avenant:
    """Enter an avenant, whole or not at all: its terms, its missions, the indicators it ends and those it brings.

    A mission left out of the list leaves the contract with its indicators. Under the new terms the indicators of each
    started mission must sum to its envelope. Raises SaisieInvalide, BaremeIncomplet or DefinitionContradictoire with
    the numbers that disagree, FichierRefuse for a document that is not accepted.
    """
    contrat = Contrat.objects.select_for_update().get(pk=contrat.pk)
    _check_effet(contrat, donnees)
    donnees = _rename_taken(contrat, donnees)
    avenant = _build_avenant(contrat, donnees)
    missions = {m.mission: m for m in contrat.missions.all()}
    entrees = _update_missions(contrat, donnees, missions)
    lignes = [_build_ligne(avenant, m) for m in donnees.missions]
    plafond = _compute_plafond(avenant, [TermesMission(missions[li.mission], li) for li in lignes])
    for ligne in lignes:
        ligne.enveloppe = _find_enveloppe(ligne, plafond)
    finis = _find_finis(contrat, donnees)
    _check_indicateurs(contrat, donnees, missions, lignes, finis)
    avenants = list(contrat.avenants.prefetch_related("missions"))
    avenant.document = _store(donnees.document, contrat, by)
    avenant.saisi_par = by.compte_id
    avenant.save(force_insert=True)
    for mission in missions.values():
        mission.save(force_insert=mission in entrees)
    AvenantMission.objects.bulk_create(lignes)
    Indicateur.objects.filter(pk__in=[i.pk for i in finis]).update(jusqu_a=donnees.effet_le)
    create_indicateurs(contrat, donnees.indicateurs, depuis=donnees.effet_le)
    # Refuses what no earlier check names: a start outside the contract, a mission that the accord does not know then.
    regles.compute_fixes(contrat, list(missions.values()), 1, [*avenants, avenant])
    journal.record(
        "pilotage.avenant_signe",
        avenant,
        by=by,
        numero=avenant.numero,
        effet_le=avenant.effet_le.isoformat(),
        missions=len(lignes),
        indicateurs_finis=len(finis),
        indicateurs_nouveaux=len(donnees.indicateurs),
    )
    request_releve(contrat.cpts_id)
    request_suivi(contrat.cpts_id)
    return avenant


def _check_effet(contrat: Contrat, donnees: DonneesAvenant) -> None:
    if contrat.etat != EtatContrat.ACTIF:
        raise SaisieInvalide(
            f"Le contrat est {contrat.get_etat_display()} : seul un contrat en vigueur a des avenants."
        )
    debut, fin = contrat.periode.lower, contrat.periode.upper
    if not debut < donnees.effet_le < fin:
        raise SaisieInvalide(
            f"L’avenant ne peut pas prendre effet le {donnees.effet_le:%d/%m/%Y} : le contrat va du "
            f"{debut:%d/%m/%Y} au {fin:%d/%m/%Y}, et un avenant vient après la signature."
        )
    if donnees.signe_le < debut:
        raise SaisieInvalide(f"L’avenant ne peut pas être signé le {donnees.signe_le:%d/%m/%Y}, avant le contrat.")
    for autre in contrat.avenants.all():
        if autre.numero == donnees.numero:
            raise SaisieInvalide(f"Le contrat a déjà un avenant n° {autre.numero} : donnez le numéro suivant.")
        if autre.effet_le >= donnees.effet_le:
            raise SaisieInvalide(
                f"L’avenant n° {autre.numero} prend effet le {autre.effet_le:%d/%m/%Y} : celui-ci doit prendre effet "
                "après lui."
            )


def _rename_taken(contrat: Contrat, donnees: DonneesAvenant) -> DonneesAvenant:
    """A replaced indicator keeps its code in the past: the new one bears the avenant's number after it."""
    deja = set(contrat.indicateurs.values_list("code", flat=True))
    indicateurs = [replace(i, code=f"{i.code}-a{donnees.numero}") if i.code in deja else i for i in donnees.indicateurs]
    return replace(donnees, indicateurs=indicateurs)


def _build_avenant(contrat: Contrat, donnees: DonneesAvenant) -> Avenant:
    """The new terms, whole: what the avenant leaves is taken from the terms before it."""
    avant: Contrat | Avenant = contrat.avenants.order_by("-effet_le").first() or contrat
    bareme_le = donnees.bareme_le or avant.bareme_le
    change = donnees.population is not None or donnees.taille is not None
    return Avenant(
        cpts_id=contrat.cpts_id,
        contrat=contrat,
        numero=donnees.numero,
        signe_le=donnees.signe_le,
        effet_le=donnees.effet_le,
        objet=donnees.objet,
        bareme_le=bareme_le,
        taille=find_taille(donnees.population, donnees.taille, bareme_le) if change else avant.taille,
        population=donnees.population if change else avant.population,
        millesime=donnees.millesime if change else avant.millesime,
        fonctionnement=donnees.fonctionnement,
        source=f"avenant n° {donnees.numero} signé le {donnees.signe_le:%d/%m/%Y}",
    )


def _update_missions(
    contrat: Contrat, donnees: DonneesAvenant, missions: dict[str, MissionContrat]
) -> list[MissionContrat]:
    """Missions that leave and that enter; those that enter are added to `missions` and returned."""
    voulues = [m.code for m in donnees.missions]
    if len(set(voulues)) < len(voulues):
        raise SaisieInvalide("Une mission est donnée deux fois dans l’avenant.")
    for code, mission in missions.items():
        if code not in voulues and is_at(mission, donnees.effet_le):
            mission.jusqu_a = donnees.effet_le
        elif code in voulues and not is_at(mission, donnees.effet_le):
            raise SaisieInvalide(
                f"La mission « {mission.get_mission_display()} » a quitté le contrat le {mission.jusqu_a:%d/%m/%Y} : "
                "la reprendre demande un nouveau contrat."
            )
    entrees = [_enter_mission(contrat, donnees, m) for m in donnees.missions if m.code not in missions]
    missions |= {m.mission: m for m in entrees}
    return entrees


def _enter_mission(contrat: Contrat, donnees: DonneesAvenant, lue: DonneesMission) -> MissionContrat:
    aci.Mission.read(lue.code)
    demarree = lue.statut != StatutMission.PREVUE
    debut = (lue.debut or donnees.effet_le) if demarree else None
    if debut is not None and debut < donnees.effet_le:
        raise SaisieInvalide(
            f"La mission « {lue.code} » entre au contrat le {donnees.effet_le:%d/%m/%Y} : "
            f"elle ne peut pas avoir démarré le {debut:%d/%m/%Y}."
        )
    return MissionContrat(
        cpts_id=contrat.cpts_id,
        contrat=contrat,
        mission=lue.code,
        statut=lue.statut,
        debut=debut,
        depuis=donnees.effet_le,
    )


def _build_ligne(avenant: Avenant, lue: DonneesMission) -> AvenantMission:
    return AvenantMission(
        cpts_id=avenant.cpts_id,
        avenant=avenant,
        mission=lue.code,
        fixe=lue.fixe,
        fixe_suivantes=lue.fixe_suivantes,
        variable=lue.variable,
        activation=lue.activation,
    )


def _compute_plafond(avenant: Avenant, missions: Sequence[TermesMission]) -> aci.Plafond | None:
    """Ceiling of a whole year under the new terms; None where the texts give no parts."""
    try:
        return aci.compute_plafond(
            on=avenant.bareme_le,
            population=avenant.population,
            taille=None if avenant.population is not None else avenant.taille,
            missions=[m.code for m in missions],
            annee_contrat=2,
            montants=build_montants(missions, fonctionnement=avenant.fonctionnement, source=avenant.source),
        )
    except BaremeIncomplet:
        if avenant.contrat.plafond_publie is None:
            raise
        return None


def _find_enveloppe(ligne: AvenantMission, plafond: aci.Plafond | None) -> Decimal | None:
    if ligne.variable is not None or plafond is None:
        return ligne.variable
    return next((p.variable.valeur for p in plafond.lignes if p.poste == ligne.mission), None)


def _find_finis(contrat: Contrat, donnees: DonneesAvenant) -> list[Indicateur]:
    """Indicators in force that the avenant ends: those it names, and those of the missions that leave."""
    gardees = {m.code for m in donnees.missions}
    en_vigueur = [i for i in contrat.indicateurs.all() if regles.is_in_force(i, donnees.effet_le)]
    for code in donnees.retires:
        if code not in {i.code for i in en_vigueur}:
            raise SaisieInvalide(f"L’indicateur « {code} » n’est pas au contrat : il ne peut pas être retiré.")
    return [i for i in en_vigueur if i.code in donnees.retires or i.mission not in gardees]


def _check_indicateurs(
    contrat: Contrat,
    donnees: DonneesAvenant,
    missions: dict[str, MissionContrat],
    lignes: Iterable[AvenantMission],
    finis: Sequence[Indicateur],
) -> None:
    """The annex as it is from the date of effect: sums, contradictions, missions and computed figures."""
    check_declares({ligne.mission for ligne in lignes}, donnees.indicateurs)
    partis = {i.pk for i in finis}
    gardes = contrat.indicateurs.prefetch_related("paliers")
    definitions = [
        regles.indicateur_of_row(i, i.paliers.all(), Statut.VERIFIE)
        for i in gardes
        if i.pk not in partis and regles.is_in_force(i, donnees.effet_le)
    ]
    definitions += [regles.indicateur_of_donnees(i) for i in donnees.indicateurs]
    enveloppes = {
        aci.Mission(ligne.mission): ligne.enveloppe
        for ligne in lignes
        if ligne.enveloppe is not None and missions[ligne.mission].statut != StatutMission.PREVUE
    }
    aci.check_indicateurs(definitions, enveloppes=enveloppes)


def _store(document: Piece | None, contrat: Contrat, by: Acteur) -> Fichier | None:
    if document is None:
        return None
    return store_fichier(
        cpts_id=contrat.cpts_id, nom=document.nom, contenu=document.contenu, by=by, permission=LIRE.code
    )
