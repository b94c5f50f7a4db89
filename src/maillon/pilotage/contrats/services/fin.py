"""The end of a contract: terminated early, closed at its term, renewed; a draft put in force."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from maillon.regles import aci
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal

from .. import regles
from ..donnees import DonneesContrat, DonneesIndicateur, DonneesMission, DonneesPalier
from ..echeances import EcheancierContrat, compute_echeancier, compute_resiliation, list_avances
from ..enums import EtatContrat, Nature, SensIndicateur, StatutMission
from ..models import Contrat, Indicateur
from ..termes import find_termes, list_termes
from .contrat import create_contrat
from .suites import request_releve, request_suivi


def simulate_resiliation(contrat: Contrat, *, le: date) -> aci.Resiliation:
    """The account of a contract if it ended on `le`. Raises SaisieInvalide outside it, or where its parts lack."""
    suivi = _read_echeancier(contrat)
    return compute_resiliation(contrat, suivi.termes, list_avances(suivi.recus), le=le)


def _read_echeancier(contrat: Contrat) -> EcheancierContrat:
    suivi = compute_echeancier(contrat, today())
    if suivi is None:
        raise SaisieInvalide(
            "Ce contrat n’est connu que par son total : le remboursement se calcule sur le fonctionnement et les "
            "parts fixes, qui manquent."
        )
    return suivi


@transaction.atomic
def terminate_contrat(*, contrat: Contrat, le: date, by: Acteur) -> aci.Resiliation:
    """End a contract early, on `le` (first day without it): its period is shortened and it is closed.

    Raises SaisieInvalide for a date outside the contract, in the future or before an avenant, or a contract not in
    force.
    """
    contrat = Contrat.objects.select_for_update().get(pk=contrat.pk)
    if contrat.etat != EtatContrat.ACTIF:
        raise SaisieInvalide(f"Le contrat est {contrat.get_etat_display()} : il n’y a rien à résilier.")
    if le > today():
        raise SaisieInvalide(f"Le {le:%d/%m/%Y} n’est pas encore passé : enregistrez la résiliation ce jour-là.")
    if tardif := contrat.avenants.filter(effet_le__gte=le).first():
        raise SaisieInvalide(
            f"L’avenant n° {tardif.numero} prend effet le {tardif.effet_le:%d/%m/%Y}, après cette résiliation : "
            "choisissez une date qui le suit."
        )
    compte = simulate_resiliation(contrat, le=le)
    contrat.periode = DateRange(contrat.periode.lower, le)
    contrat.etat = EtatContrat.CLOS
    contrat.save(update_fields=["periode", "etat"])
    journal.record(
        "pilotage.contrat_resilie",
        contrat,
        by=by,
        le=le.isoformat(),
        a_rembourser=str(compte.a_rembourser),
        reste_du=str(compte.reste_du),
    )
    request_releve(contrat.cpts_id)
    request_suivi(contrat.cpts_id)
    return compte


@transaction.atomic
def close_finished(*, cpts_id: UUID, by: Acteur = SYSTEME) -> int:
    """Close the contracts whose term has come; returns how many."""
    finis = Contrat.objects.select_for_update().filter(
        cpts_id=cpts_id, etat=EtatContrat.ACTIF, periode__endswith__lte=today()
    )
    for contrat in finis:
        contrat.etat = EtatContrat.CLOS
        contrat.save(update_fields=["etat"])
        journal.record("pilotage.contrat_clos", contrat, by=by, fin=contrat.periode.upper.isoformat())
        request_releve(cpts_id)
        request_suivi(cpts_id)
    return len(finis)


@transaction.atomic
def renew_contrat(*, contrat: Contrat, by: Acteur) -> Contrat:
    """Prepare the contract that follows, as a draft that begins where the old one ends, with its last terms.

    Missions are planned anew; indicators are copied with their references, to be corrected before it is in force.
    Raises SaisieInvalide for a draft, or when the next contract is already there.
    """
    if contrat.etat == EtatContrat.BROUILLON:
        raise SaisieInvalide("Un contrat en préparation ne se renouvelle pas.")
    debut = contrat.periode.upper
    if Contrat.objects.filter(cpts_id=contrat.cpts_id, signe_le__gte=debut).exists():
        raise SaisieInvalide(f"Un contrat qui commence le {debut:%d/%m/%Y} ou après est déjà préparé.")
    termes = find_termes(
        list_termes(contrat, list(contrat.missions.all()), contrat.avenants.prefetch_related("missions")),
        debut - timedelta(days=1),
    )
    indicateurs = [i for i in contrat.indicateurs.prefetch_related("paliers") if regles.holds(i, debut)]
    donnees = DonneesContrat(
        signe_le=debut,
        population=termes.porteur.population,
        millesime=termes.porteur.millesime,
        taille=termes.porteur.taille,
        fonctionnement=termes.porteur.fonctionnement,
        missions=[
            DonneesMission(
                code=m.code,
                statut=StatutMission.PREVUE,
                fixe=m.montants.fixe,
                fixe_suivantes=m.montants.fixe_suivantes,
                variable=m.montants.variable,
                activation=m.montants.activation,
            )
            for m in termes.missions
        ],
        indicateurs=_copy_indicateurs(indicateurs),
        source="contrat à signer",
    )
    nouveau = create_contrat(cpts_id=contrat.cpts_id, donnees=donnees, by=by, etat=EtatContrat.BROUILLON)
    journal.record("pilotage.contrat_renouvele", nouveau, by=by, ancien=str(contrat.pk), debut=debut.isoformat())
    return nouveau


def _copy_indicateurs(indicateurs: Sequence[Indicateur]) -> list[DonneesIndicateur]:
    copies = []
    for i in indicateurs:
        copies.append(
            DonneesIndicateur(
                mission=i.mission,
                code=i.code,
                code_declare=i.code_declare,
                libelle=i.libelle,
                definition=i.definition,
                nature=Nature(i.nature),
                paliers=[DonneesPalier(seuil=p.seuil, montant=p.montant, libelle=p.libelle) for p in i.paliers.all()],
                unite=i.unite,
                sens=SensIndicateur(i.sens),
                reference=i.reference,
                reference_le=i.reference_le,
                certificateur=i.certificateur,
                preuve_demandee=i.preuve_demandee,
                source="annexe du contrat précédent, à confirmer",
            )
        )
    return copies


@transaction.atomic
def activate_contrat(*, contrat: Contrat, by: Acteur) -> Contrat:
    """Put a draft in force: from then on its years count. The database checks the sums of its started missions.

    Raises SaisieInvalide when another contract still covers its period.
    """
    contrat = Contrat.objects.select_for_update().get(pk=contrat.pk)
    if contrat.etat != EtatContrat.BROUILLON:
        raise SaisieInvalide(f"Le contrat est {contrat.get_etat_display()} : il n’y a rien à mettre en vigueur.")
    if contrat.signe_le > today():
        raise SaisieInvalide(
            f"Le contrat commence le {contrat.signe_le:%d/%m/%Y} : mettez-le en vigueur ce jour-là, une fois signé."
        )
    contrat.etat = EtatContrat.ACTIF
    try:
        with transaction.atomic():
            contrat.save(update_fields=["etat"])
    except IntegrityError as refus:
        if "contrat_un_seul_en_vigueur" not in str(refus):
            raise
        raise SaisieInvalide(
            "Un autre contrat est encore en vigueur sur cette période : terminez-le d’abord."
        ) from None
    journal.record("pilotage.contrat_en_vigueur", contrat, by=by, signe_le=contrat.signe_le.isoformat())
    request_releve(contrat.cpts_id)
    request_suivi(contrat.cpts_id)
    return contrat
