"""The computation of an assignment: read the facts, apply the rule, write the lines. Three short steps, so that its
progress is seen and no transaction stays open while the rule works."""

from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import transaction

from maillon.regles.appariement import Affectation, Attente, Medecin, Patient, Reglages, assign, load_reglages
from maillon.regles.appariement import Repartition as Resultat
from maillon.regles.appariement.grille import build_grille
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..chiffres_repartition import (
    VERSION,
    Ordre,
    Presence,
    Remplacants,
    assign_by_arrival,
    reserve_places,
    summarise,
)
from ..enums_repartition import Decision, EtatRepartition
from ..models import LigneRepartition, Repartition
from ..selectors.appariement import Offre, describe_situation, read_offre, read_patients, with_limite
from ..selectors.repartitions import list_attendant
from .repartitions import lock_repartition

LOT_ECRITURE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Matiere:
    """All that the rule needs, read in one transaction."""

    parametres: dict[str, Any]
    reglages: Reglages
    patients: list[Patient]
    offre: Offre
    presences: dict[str, Presence]
    situations: dict[str, dict[str, Any]]
    rangs: dict[str, int]
    precedent: dict[str, str]
    deja: dict[str, int] = field(default_factory=dict)  # places that the desk's decisions already take


@dataclass(frozen=True, slots=True, kw_only=True)
class Calcul:
    """What the rule answered, with its figures and who comes next for each."""

    resultat: Resultat
    medecins: list[Medecin]
    suivants: dict[str, list[str]]
    chiffres: dict[str, Any]
    duree_ms: int


@transaction.atomic
def read_matiere(*, repartition_id: UUID) -> Matiere | None:
    """The facts of a run about to be computed; None when it no longer is."""
    repartition = lock_repartition(repartition_id)
    if repartition.etat != EtatRepartition.EN_CALCUL:
        return None
    parametres = repartition.parametres
    reglages = with_limite(load_reglages(on=today()), parametres["minutes_max"])
    lignes = list(repartition.lignes.values_list("demande", "professionnel", "decision"))
    decided = {demande for demande, _, decision in lignes if decision != Decision.PROPOSEE}
    waiting = list(list_attendant(repartition.cpts_id, parametres["niveaux"]))
    demandes = [demande for demande in waiting if demande.pk not in decided]
    offre = read_offre(repartition.cpts_id, reglages=reglages)
    deja: dict[str, int] = {}
    for _, professionnel, decision in lignes:
        if decision in (Decision.GARDER, Decision.CHANGER):
            deja[str(professionnel)] = deja.get(str(professionnel), 0) + 1
    Repartition.objects.filter(pk=repartition.pk).update(etape=1)
    return Matiere(
        parametres=parametres,
        reglages=reglages,
        patients=read_patients(demandes, offre=offre, reglages=reglages),
        offre=offre,
        presences={str(d.pk): Presence(d.priorite_niveau) for d in demandes},
        situations={str(d.pk): describe_situation(d) for d in demandes},
        rangs={str(demande.pk): rang for rang, demande in enumerate(waiting, start=1)},
        precedent={str(demande): str(medecin) for demande, medecin, _ in lignes if medecin},
        deja=deja,
    )


def apply_rule(matiere: Matiere) -> Calcul:
    """The rule, its figures, the doctors who come next. No database: the longest part holds nothing."""
    started = monotonic()
    reserved = reserve_places(matiere.offre.medecins, pour_cent=matiere.parametres["reserve"])
    medecins = [replace(m, places=max(0, m.places - matiere.deja.get(m.cle, 0))) for m in reserved]
    resultat = assign(
        matiere.patients,
        medecins,
        on=today(),
        reglages=matiere.reglages,
        precedent=matiere.precedent or None,
    )
    ordre = Ordre(build_grille(matiere.patients, medecins, matiere.reglages))
    libres = {bilan.medecin: bilan.places - bilan.nouveaux for bilan in resultat.bilans}
    remplacants = Remplacants(ordre, libres)
    others = matiere.parametres["medecins"] - 1
    suivants = {a.patient: remplacants.choose(a.patient, sauf=a.medecin, nombre=others) for a in resultat.affectations}
    chiffres = summarise(resultat, matiere.presences, sans_ordre=assign_by_arrival(ordre))
    chiffres["places_par_medecin"] = {medecin.cle: medecin.places for medecin in reserved}
    chiffres["retours"] = {cle: consigne.phrases for cle, consigne in matiere.offre.consignes.items()}
    return Calcul(
        resultat=resultat,
        medecins=medecins,
        suivants=suivants,
        chiffres=chiffres,
        duree_ms=round((monotonic() - started) * 1000),
    )


@transaction.atomic
def write_calcul(*, repartition_id: UUID, matiere: Matiere, calcul: Calcul) -> bool:
    """Replace the lines that the desk did not decide by what was computed; False when the run was given up."""
    repartition = lock_repartition(repartition_id)
    if repartition.etat != EtatRepartition.EN_CALCUL:
        return False
    repartition.lignes.filter(decision=Decision.PROPOSEE).delete()
    lignes = [
        *(_pair(repartition, a, matiere, calcul) for a in calcul.resultat.affectations),
        *(_wait(repartition, a, matiere) for a in calcul.resultat.attentes),
    ]
    LigneRepartition.objects.bulk_create(lignes, batch_size=LOT_ECRITURE)
    certificat = calcul.resultat.certificat
    repartition.etat = EtatRepartition.A_REVOIR
    repartition.chiffres, repartition.duree_ms, repartition.regle = calcul.chiffres, calcul.duree_ms, VERSION
    repartition.certificat = {
        "prouve": certificat.prouve,
        "faisable": certificat.faisable,
        "priorite": certificat.priorite,
        "optimal": certificat.optimal,
        "cout": certificat.cout,
        "borne": certificat.borne,
    }
    repartition.passages += 1
    repartition.calculee_le = now()
    repartition.save()
    journal.record(
        "medecin_traitant.repartition_calculee",
        repartition,
        by=SYSTEME,
        demandes=len(lignes),
        avec_medecin=len(calcul.resultat.affectations),
    )
    return True


def _pair(repartition: Repartition, a: Affectation, matiere: Matiere, calcul: Calcul) -> LigneRepartition:
    before = matiere.precedent.get(a.patient)
    return LigneRepartition(
        cpts_id=repartition.cpts_id,
        repartition=repartition,
        demande_id=UUID(a.patient),
        rang=matiere.rangs[a.patient],
        professionnel_id=UUID(a.medecin),
        calcule_id=UUID(a.medecin),
        suivants=[UUID(cle) for cle in calcul.suivants[a.patient]],
        minutes=a.trajet.minutes,
        avant_id=UUID(before) if before and before != a.medecin else None,
        explication={
            "situation": matiere.situations[a.patient],
            "minutes": a.trajet.minutes,
            "km": None if a.trajet.km is None else round(a.trajet.km, 1),
            "choix": a.choix,
            "possibles": a.possibles,
            "plus_proches": a.plus_proches,
            "second": a.second,
            "second_minutes": a.second_trajet.minutes if a.second_trajet else None,
            "raisons": list(a.raisons),
        },
    )


def _wait(repartition: Repartition, a: Attente, matiere: Matiere) -> LigneRepartition:
    before = matiere.precedent.get(a.patient)
    return LigneRepartition(
        cpts_id=repartition.cpts_id,
        repartition=repartition,
        demande_id=UUID(a.patient),
        rang=matiere.rangs[a.patient],
        raison=str(a.motif),
        avant_id=UUID(before) if before else None,
        explication={
            "situation": matiere.situations[a.patient],
            "bloquants": len(a.bloquants),
            "raisons": list(a.raisons),
        },
    )


def compute_repartition(*, repartition_id: UUID) -> bool:
    """The three steps in a row, in the transaction of the caller: for a small list, a demonstration, a test."""
    matiere = read_matiere(repartition_id=repartition_id)
    return matiere is not None and write_calcul(
        repartition_id=repartition_id, matiere=matiere, calcul=apply_rule(matiere)
    )


@transaction.atomic
def fail_repartition(*, repartition_id: UUID, raison: str) -> None:
    """Close a run that could not be computed, and say why; another may then be launched."""
    repartition = lock_repartition(repartition_id)
    if repartition.etat != EtatRepartition.EN_CALCUL:
        return
    repartition.etat, repartition.erreur, repartition.close_le = EtatRepartition.ECHEC, raison[:300], now()
    repartition.save(update_fields=["etat", "erreur", "close_le"])
    journal.record("medecin_traitant.repartition_echec", repartition, by=SYSTEME)
