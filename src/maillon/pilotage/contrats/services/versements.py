"""Money received and the decisions that make it due; the end of a contract and what follows it."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from maillon.regles import aci
from maillon.regles.aci.formats import format_euros
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal

from ..donnees import Piece
from ..echeances import compute_echeancier
from ..enums import RECETTES, GenreDecision, NatureVersement
from ..models import Contrat, Decision, VersementRecu
from ..permissions import LIRE
from .suites import request_releve


@transaction.atomic
def record_versement(
    *,
    contrat: Contrat,
    le: date,
    montant: Decimal,
    annee: int,
    nature: NatureVersement,
    by: Acteur,
    poste: str = "",
    libelle: str = "",
    document: Piece | None = None,
) -> VersementRecu:
    """Keep what arrived on the account for a contract year (0: before the contract); a repayment is negative.

    The same line sent twice is kept once. Raises SaisieInvalide for an impossible date, year, poste or amount,
    FichierRefuse for a document that is not accepted.
    """
    _check_recu(contrat, le, montant, annee, nature, poste)
    Contrat.objects.select_for_update().get(pk=contrat.pk)
    faits = {"le": le, "montant": montant, "annee": annee, "nature": nature, "poste": poste, "libelle": libelle}
    if deja := contrat.versements_recus.filter(**faits).first():
        return deja
    fichier = None
    if document is not None:
        fichier = store_fichier(
            cpts_id=contrat.cpts_id, nom=document.nom, contenu=document.contenu, by=by, permission=LIRE.code
        )
    recu = VersementRecu(cpts_id=contrat.cpts_id, contrat=contrat, document=fichier, saisi_par=by.compte_id, **faits)
    recu.save(force_insert=True)
    journal.record(
        "pilotage.versement_recu", recu, by=by, le=le.isoformat(), montant=str(montant), annee=annee, nature=nature
    )
    request_releve(contrat.cpts_id)
    return recu


def _check_recu(contrat: Contrat, le: date, montant: Decimal, annee: int, nature: str, poste: str) -> None:
    if le > today():
        raise SaisieInvalide(f"Le {le:%d/%m/%Y} n’est pas encore passé : un versement reçu est déjà arrivé.")
    duree = len(aci.compute_anniversaires(contrat.signe_le, on=contrat.bareme_le)) - 1
    if not 0 <= annee <= duree:
        raise SaisieInvalide(f"L’année de contrat « {annee} » n’existe pas : un contrat dure {duree} ans.")
    if not montant.is_finite() or montant != round(montant, 2):
        raise SaisieInvalide(f"Le montant « {montant} » n’est pas en euros et centimes.")
    if poste not in ("", "fonctionnement"):
        aci.Mission.read(poste)
    if nature in RECETTES and montant <= 0:
        raise SaisieInvalide(
            f"Un versement reçu est positif, pas de {format_euros(montant)}. Pour de l’argent rendu, choisissez "
            "« remboursement »."
        )
    if nature == NatureVersement.REMBOURSEMENT and montant >= 0:
        raise SaisieInvalide(f"Un remboursement s’écrit en négatif : {format_euros(-abs(montant))}.")


@transaction.atomic
def remove_versement(*, recu: VersementRecu, by: Acteur) -> None:
    """Take back a line entered by mistake; the history keeps it."""
    journal.record(
        "pilotage.versement_retire", recu, by=by, le=recu.le.isoformat(), montant=str(recu.montant), annee=recu.annee
    )
    recu.delete()
    request_releve(recu.cpts_id)


@transaction.atomic
def record_decision(
    *,
    contrat: Contrat,
    genre: GenreDecision,
    le: date,
    annee: int,
    by: Acteur,
    mission: str = "",
    montant: Decimal | None = None,
) -> Decision:
    """Keep the evaluation of a year, a crisis that the ARS recognised, or its start-up aid; a new entry corrects.

    With `mission` and `montant`, an evaluation says what it grants; without, only when it takes place. The schedule is
    computed with it before anything is kept: raises SaisieInvalide as it does.
    """
    Contrat.objects.select_for_update().get(pk=contrat.pk)
    if mission:
        aci.Mission.read(mission)
    if genre == GenreDecision.ACTIVATION:
        annee = sum(jour <= le for jour in aci.compute_anniversaires(contrat.signe_le, on=contrat.bareme_le))
    elif genre == GenreDecision.AIDE:
        annee = 0
    decision, _ = Decision.objects.update_or_create(
        contrat=contrat,
        genre=genre,
        annee=annee,
        mission=mission,
        defaults={"cpts_id": contrat.cpts_id, "le": le, "montant": montant, "saisie_par": by.compte_id},
    )
    compute_echeancier(contrat, today())  # refuses what contradicts the contract; the transaction is then undone
    journal.record(
        "pilotage.decision_de_paiement", decision, by=by, genre=genre, le=le.isoformat(), annee=annee, mission=mission
    )
    request_releve(contrat.cpts_id)
    return decision
