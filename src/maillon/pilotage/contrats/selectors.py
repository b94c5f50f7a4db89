"""What pages of this room and of upper rooms read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, QuerySet, When
from django.http import Http404

from maillon.regles import aci
from maillon.socle.declarations import IndicateurDeclare
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.partage import shared
from maillon.socle.ui.typographie import compter, format_euros

from .actes import Fenetre, find_declare, get_rows
from .annee import AnneeContrat, IndicateurAnnee, Lacune, ProchainPalier, compute_annee
from .enums import EtatContrat
from .models import Contrat, ContratSigne, Indicateur
from .phrases import say_nombre
from .regles import find_annee

__all__ = ["AnneeContrat", "IndicateurAnnee", "compute_annee", "find_annee"]


def get_contrat(cpts_id: UUID, *, on: date | None = None) -> Contrat | None:
    """The contract in force on a day, else the most recent one of the community; a draft only where nothing else is."""
    contrats = Contrat.objects.filter(cpts_id=cpts_id)
    en_vigueur = contrats.filter(etat=EtatContrat.ACTIF, periode__contains=on or today()).first()
    brouillon = Case(When(etat=EtatContrat.BROUILLON, then=1), default=0)
    return en_vigueur or contrats.order_by(brouillon, "-signe_le").first()


def get_texte_signe(contrat: Contrat) -> ContratSigne | None:
    """Who signed, and the signed document; None when the entry did not say."""
    return ContratSigne.objects.select_related("document").filter(contrat=contrat).first()


def get_indicateur(pk: UUID, *, for_acteur: Acteur) -> Indicateur:
    """The indicator, or 404 when it does not exist or is not for this person."""
    visibles = Indicateur.objects.select_related("contrat", "cpts").visible_to(for_acteur)
    indicateur = visibles.filter(pk=pk).first()
    if indicateur is None or indicateur.cpts_id != for_acteur.cpts_id:
        raise Http404
    return indicateur


def find_ligne(annee: AnneeContrat, indicateur: Indicateur) -> IndicateurAnnee:
    """The indicator's line of the year, or 404 when an avenant brought it later, or ended it before."""
    for ligne in annee.indicateurs:
        if ligne.indicateur.pk == indicateur.pk:
            return ligne
    raise Http404


@dataclass(frozen=True, slots=True)
class ActesIndicateur:
    """The acts behind a forecast: those it counts, and those of the year that the certified value already holds."""

    declare: IndicateurDeclare
    comptes: QuerySet[Any]
    deja_constates: QuerySet[Any]


def get_actes(ligne: IndicateurAnnee, annee: AnneeContrat) -> ActesIndicateur | None:
    """The acts of an indicator, by the very window that its figure counts; None when no act feeds it."""
    declare = find_declare(ligne.indicateur)
    fenetre = ligne.prevision.fenetre
    if declare is None or fenetre is None:
        return None
    cpts_id = annee.contrat.cpts_id
    avant = Fenetre(annee.annee.debut, min(fenetre.debut, annee.annee.jusqu_a))
    return ActesIndicateur(declare, get_rows(declare, cpts_id, fenetre), get_rows(declare, cpts_id, avant))


# The year in sentences ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ResumeAnnee:
    """The year for a home page: `phrases` in order, the figures behind them in `annee`."""

    annee: AnneeContrat
    phrases: tuple[str, ...]
    prochains: tuple[ProchainPalier, ...]
    lacunes: tuple[Lacune, ...]


@shared
def resume_annee(cpts_id: UUID, on: date) -> ResumeAnnee | None:
    """Sentences and figures of the contract year in which `on` falls; None without a contract in force."""
    contrat = get_contrat(cpts_id, on=on)
    if contrat is None or contrat.etat != EtatContrat.ACTIF:
        return None
    annee = compute_annee(contrat, on)
    phrases = [say_annee(annee), say_euros(annee)]
    prochains = annee.prochains[:3]
    if prochains and not annee.is_close:
        phrases.append(say_prochain(prochains[0]))
    if annee.lacunes:
        phrases.append(say_lacunes(annee.lacunes))
    return ResumeAnnee(annee, tuple(phrases), prochains, annee.lacunes)


def say_annee(annee: AnneeContrat) -> str:
    """« Votre année 3 finit dans 29 jours. Hors crise elle vaut 367 500 €, dont 107 500 € à démontrer. »"""
    if annee.is_interrompue:
        return _say_interrompue(annee)
    if annee.is_close:
        debut = f"Votre année {annee.annee.numero} est finie depuis le {annee.annee.fin:%d/%m/%Y}."
    else:
        debut = f"Votre année {annee.annee.numero} finit dans {compter(annee.jours_restants, 'jour')}."
    plafond = annee.plafond
    sujet = "Hors crise elle" if plafond.activation.valeur else "Elle"
    vaut = f" {sujet} {'valait' if annee.is_close else 'vaut'} {format_euros(plafond.hors_activation.valeur)}"
    reserve = ", montant à confirmer" if plafond.hors_activation.a_confirmer else ""
    part = f", dont {format_euros(annee.variable)} à démontrer" if annee.variable else ""
    crise = ""
    if plafond.activation.valeur:
        crise = (
            f" Si l’ARS reconnaît une crise, {format_euros(plafond.activation.valeur)} s’y ajoutent "
            f"({format_euros(plafond.total.valeur)} au plus)."
        )
    return f"{debut}{vaut}{part}{reserve}.{crise}"


def _say_interrompue(annee: AnneeContrat) -> str:
    """« Le contrat a pris fin le 01/04/2026, après 100 jours de son année 3 sur 365. … »"""
    debut, fin, numero = annee.annee.debut, annee.annee.fin, annee.annee.numero
    entiere = aci.compute_anniversaires(annee.contrat.signe_le, on=annee.contrat.bareme_le)[numero] - debut
    phrase = (
        f"Le contrat a pris fin le {fin:%d/%m/%Y}, après {compter((fin - debut).days, 'jour')} sur {entiere.days} "
        f"de son année {numero}."
    )
    if annee.fixe is not None:
        reserve = ", montant à confirmer" if annee.fixe.a_confirmer else ""
        fixe = format_euros(annee.fixe.valeur)
        phrase += f" Au prorata, {fixe} sont dus pour le fonctionnement et les parts fixes{reserve}."
    return (
        f"{phrase} Aucun texte trouvé ne dit comment s’évalue la part variable d’une année interrompue\u00a0: "
        "ce qui suit dit où en étaient les indicateurs ce jour-là."
    )


def say_euros(annee: AnneeContrat) -> str:
    """« Constaté 61 000 € ; à confirmer 18 500 € ; encore possible 28 000 €. »"""
    montants = annee.montants
    parts = [
        f"Constaté {format_euros(montants.constate)}",
        f"à confirmer {format_euros(montants.a_confirmer)}",
        f"encore possible {format_euros(montants.encore_possible + annee.non_reparti)}"
        if not annee.is_close
        else f"perdu {format_euros(montants.perdu + annee.non_reparti)}",
    ]
    return "\u202f; ".join(parts) + "."


def say_prochain(prochain: ProchainPalier) -> str:
    """« Palier proche : encore 1 patient en ALD pour 3 000 € de plus, il reste 29 jours. »"""
    return f"Palier proche\u00a0: {prochain.phrase}, il reste {compter(prochain.jours, 'jour')}."


def say_lacunes(lacunes: Iterable[Lacune]) -> str:
    """« 4 500 € sans justificatif : deux émargements, un compte rendu. »"""
    lacunes = list(lacunes)
    manques: dict[str, int] = {}
    for lacune in lacunes:
        manques[lacune.libelle] = manques.get(lacune.libelle, 0) + lacune.nombre
    euros = format_euros(sum((lacune.euros for lacune in lacunes), Decimal(0)))
    return f"{euros} sans justificatif\u00a0: {', '.join(say_nombre(n, nom) for nom, n in manques.items())}."
