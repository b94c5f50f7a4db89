"""The ACI contracts of the demonstration, their indicators, the values certified or declared, and some evidence."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from maillon.communaute.territoire.selectors import compute_population
from maillon.pilotage.contrats.actes import find_declare
from maillon.pilotage.contrats.donnees import DonneesContrat, DonneesIndicateur, DonneesMission, DonneesPalier
from maillon.pilotage.contrats.enums import EtatContrat, Nature, SensIndicateur, StatutMission
from maillon.pilotage.contrats.models import Contrat, Indicateur
from maillon.pilotage.contrats.services import attach_preuve, create_contrat, record_constat
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME

from .communautes import Communaute
from .personnes import read_donnees

JOURS_DU_CONSTAT = 75
ANNEXE = "annexe fictive de démonstration"


def sign_contrat(communaute: Communaute, *, now: datetime) -> Contrat:
    """Enter the contract and what is known of its indicators on the day of the demonstration."""
    donnees = communaute.donnees
    terms = donnees["contrat"]
    taille = terms["annexe"]
    rows = [row for row in read_donnees("annexes") if taille in row["paliers"]] if taille else []
    with use_cpts(communaute.cpts.pk), horloge.at(now):
        contrat = create_contrat(
            cpts_id=communaute.cpts.pk,
            donnees=_read_contrat(donnees, rows),
            by=SYSTEME,
            etat=EtatContrat.CLOS if _is_over(terms["signe_le"], now.date()) else EtatContrat.ACTIF,
        )
        for row in rows:
            _record(communaute, contrat, row, taille, now=now)
    return contrat


def _is_over(signe_le: date, on: date) -> bool:
    return on >= signe_le.replace(year=signe_le.year + 5)


def _read_contrat(donnees: dict[str, Any], rows: list[dict[str, Any]]) -> DonneesContrat:
    terms, population = donnees["contrat"], donnees["population"]
    size: dict[str, Any] = {}
    if population:
        size = {"population": population["valeur"]}
        if not population.get("annoncee"):
            size["millesime"] = population["millesime"]
    else:
        total = compute_population(donnees["communes"], 2019)
        size = {"population": total.total, "millesime": total.millesime}
    published = terms.get("plafond_publie")
    return DonneesContrat(
        signe_le=terms["signe_le"],
        missions=[
            DonneesMission(code=code, statut=StatutMission.DEPLOYEE, debut=terms["signe_le"])
            for code in terms["missions"]
        ],
        indicateurs=[_read_indicateur(row, terms) for row in rows],
        plafond_publie=Decimal(published) if published else None,
        plafond_source=donnees["source"] if published else "",
        source=donnees["source"],
        **size,
    )


def _read_indicateur(row: dict[str, Any], terms: dict[str, Any]) -> DonneesIndicateur:
    taille = terms["annexe"]
    reference = row.get("reference", {}).get(taille)
    return DonneesIndicateur(
        mission=row["mission"],
        code=row["code"],
        libelle=row["libelle"],
        nature=Nature(row["nature"]),
        unite=row["unite"],
        sens=SensIndicateur(row["sens"]),
        reference=None if reference is None else Decimal(str(reference)),
        reference_le=None if reference is None else terms["signe_le"],
        code_declare=_read_declare(row, taille),
        certificateur=row["certificateur"],
        preuve_demandee=row["preuve"],
        paliers=[
            DonneesPalier(seuil=Decimal(str(seuil)), montant=Decimal(montant))
            for seuil, montant in row["paliers"][taille]
        ],
        source=ANNEXE,
    )


def _read_declare(row: dict[str, Any], taille: str) -> str:
    """The figure that feeds an indicator: everywhere, or in the communities whose acts the demonstration plays."""
    declare = row.get("declare_par", "")
    return str(declare.get(taille, "") if isinstance(declare, dict) else declare)


def _record(communaute: Communaute, contrat: Contrat, row: dict[str, Any], taille: str, *, now: datetime) -> None:
    indicateur = contrat.indicateurs.get(code=row["code"])
    # A value of the anniversary itself closes the year before.
    opening = _year_start(contrat.signe_le, now.date()) + timedelta(days=1)
    le = min(max(now.date() - timedelta(days=JOURS_DU_CONSTAT), opening), now.date())
    certified = row.get("constate", {}).get(taille)
    if certified == "palier":
        certified = _one_short(communaute, indicateur, row, taille, since=le, until=now.date())
    if certified is not None:
        record_constat(
            indicateur=indicateur,
            valeur=Decimal(str(certified)),
            le=le,
            by=SYSTEME,
            source=f"{row['certificateur']} ; valeur fictive",
            certifie_par=row["certificateur"],
        )
    declared = row.get("declare", {}).get(taille)
    if declared:
        record_constat(
            indicateur=indicateur,
            valeur=Decimal(str(declared)),
            le=max(now.date() - timedelta(days=9), le),
            by=SYSTEME,
            source="déclaration de la communauté ; valeur fictive",
        )
    if row.get("document"):
        attach_preuve(
            indicateur=indicateur,
            libelle=row["preuve"],
            le=le,
            nom=f"{row['code']}.txt",
            contenu=f"{row['preuve']} – document fictif de la démonstration de Maillon.\n".encode(),
            by=SYSTEME,
        )


def _one_short(
    communaute: Communaute, indicateur: Indicateur, row: dict[str, Any], taille: str, *, since: date, until: date
) -> int:
    """The certified stock from which the acts recorded since leave the forecast one act above the last tier."""
    declared = find_declare(indicateur)
    if declared is None:
        raise LookupError(f"Aucune mission ne déclare « {indicateur.code_declare} ».")
    # The forecast counts from the day after the certified value.
    acts = declared.rows(communaute.cpts.pk, since + timedelta(days=1), until + timedelta(days=1)).count()
    lowest = min(seuil for seuil, _ in row["paliers"][taille])
    return int(lowest) + 1 + acts


def _year_start(signe_le: date, on: date) -> date:
    """The last anniversary of the contract."""
    this_year = signe_le.replace(year=on.year)
    return this_year if this_year <= on else signe_le.replace(year=on.year - 1)
