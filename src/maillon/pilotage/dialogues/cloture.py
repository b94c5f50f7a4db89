"""What closing a dialogue would make certain, and its euros before and after. Reads, writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.pilotage.contrats.annee import AnneeContrat, IndicateurAnnee, compute_annee
from maillon.regles import aci
from maillon.socle.horloge import today

from .enums import Organisme, Position
from .models import CompteRendu, Dialogue, Transmission
from .selectors import Fil


@dataclass(frozen=True, slots=True)
class Retenue:
    """One indicator at closing: the value that becomes certified, or why it does not."""

    fil: Fil
    ligne: IndicateurAnnee
    valeur: Decimal | None
    raison: str = ""
    apres: aci.Repartition | None = None

    @property
    def gain(self) -> Decimal:
        """Euros that become certain; negative when the value accepted is worse than the one certified before."""
        return self.apres.constate - self.ligne.montants.constate if self.apres else Decimal(0)


@dataclass(frozen=True, slots=True)
class Cloture:
    """The year before and after the closing."""

    le: date
    retenues: tuple[Retenue, ...]
    en_suspens: tuple[Retenue, ...]
    avant: Decimal
    apres: Decimal


def find_accord(fil: Fil) -> tuple[Decimal | None, str]:
    """The value on which those who certify agree, else why there is none. A contest by either of the two stops it."""
    contestent = fil.holding(Position.CONTESTE)
    if contestent:
        return None, f"contesté par {_list(contestent)}"
    certificateurs = fil.certificateurs
    manquent = [o for o in certificateurs if o not in fil.holding(Position.ACCEPTE)]
    if manquent:
        return None, f"pas encore accepté par {_list(manquent)}"
    valeurs = {fil.derniers[o].valeur for o in certificateurs}
    if len(valeurs) > 1:
        return None, "la CPAM et l’ARS ont accepté deux valeurs différentes"
    return valeurs.pop(), ""


def _list(organismes: Sequence[Organisme]) -> str:
    return " et ".join(organisme.avec_article for organisme in organismes)


def preview_cloture(
    dialogue: Dialogue, transmission: Transmission, fils: Sequence[Fil], compte_rendu: CompteRendu | None
) -> Cloture:
    """What would be certified today: accepted by those who certify it, who signed the minutes, and not known already.

    The values describe the day of the figures transmitted, or the anniversary that closed the year.
    """
    annee = compute_annee(dialogue.contrat, today(), numero=dialogue.annee)
    le = min(transmission.arrete.fin, annee.annee.fin)
    lignes = {ligne.indicateur.pk: ligne for ligne in annee.indicateurs}
    retenues: list[Retenue] = []
    en_suspens: list[Retenue] = []
    for fil in fils:
        ligne = lignes.get(fil.id)
        if ligne is None:
            continue
        valeur, raison = find_accord(fil)
        if valeur is not None:
            raison = _find_obstacle(fil, ligne, valeur, le, compte_rendu)
        (en_suspens if raison else retenues).append(Retenue(fil, ligne, None if raison else valeur, raison))
    resultats = _compute_apres(annee, retenues)
    retenues = [Retenue(r.fil, r.ligne, r.valeur, apres=resultats[r.ligne.indicateur.code].montants) for r in retenues]
    return Cloture(
        le=le,
        retenues=tuple(retenues),
        en_suspens=tuple(en_suspens),
        avant=annee.montants.constate,
        apres=sum((resultat.montants.constate for resultat in resultats.values()), Decimal(0)),
    )


def _find_obstacle(
    fil: Fil, ligne: IndicateurAnnee, valeur: Decimal, le: date, compte_rendu: CompteRendu | None
) -> str:
    certifie = ligne.certifie
    if certifie is not None and certifie.le > le:
        return f"une valeur plus récente est certifiée, au {certifie.le:%d/%m/%Y}"
    if certifie is not None and certifie.valeur == valeur:
        return "déjà certifié à cette valeur"
    absents = [o for o in fil.certificateurs if not _is_signed_by(compte_rendu, o)]
    return f"compte rendu à signer par {_list(absents)}" if absents else ""


def _is_signed_by(compte_rendu: CompteRendu | None, organisme: Organisme) -> bool:
    if compte_rendu is None or not compte_rendu.is_signe:
        return False
    return (compte_rendu.signe_cpam_le if organisme is Organisme.CPAM else compte_rendu.signe_ars_le) is not None


def _compute_apres(annee: AnneeContrat, retenues: Sequence[Retenue]) -> dict[str, aci.ResultatIndicateur]:
    """The year again, with these values certified."""
    constatees = {i.indicateur.code: i.certifie.valeur for i in annee.indicateurs if i.certifie}
    constatees |= {r.ligne.indicateur.code: r.valeur for r in retenues if r.valeur is not None}
    variable = aci.compute_variable(
        on=annee.annee.on,
        fin_periode=annee.annee.fin,
        indicateurs=[ligne.resultat.indicateur for ligne in annee.indicateurs],
        constatees=constatees,
        prevues={
            ligne.indicateur.code: ligne.prevision.valeur
            for ligne in annee.indicateurs
            if ligne.prevision.valeur is not None
        },
    )
    return {resultat.indicateur.code: resultat for resultat in variable.resultats}
