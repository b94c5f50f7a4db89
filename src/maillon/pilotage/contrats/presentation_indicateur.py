"""One indicator's sources and its projection, as its page shows them."""

from dataclasses import dataclass
from decimal import Decimal

from maillon.regles.aci.formats import format_nombre
from maillon.socle.ui.composants import Fait, Pastille
from maillon.socle.ui.typographie import compter, format_date

from .annee import IndicateurAnnee
from .enums import SOURCE_FICHIER
from .presentation import say_condition, say_valeur
from .prevision import Annee
from .projections import MOTS, IndicateurProjete


@dataclass(frozen=True, slots=True)
class Cas:
    """One end of a projection, or its middle: the value, the tier that it reaches and its euros."""

    libelle: str
    valeur: str
    palier: str
    euros: Decimal


def build_cas(projete: IndicateurProjete) -> list[Cas]:
    """The three cases, the least favourable first; none without projection or once the year is over."""
    if projete.issues is None or not projete.is_ouverte:
        return []
    indicateur = projete.ligne.indicateur
    issues = projete.issues
    trois = (
        ("Défavorable", issues.defavorable),
        ("Central", issues.centrale),
        ("Favorable", issues.favorable),
    )
    return [
        Cas(
            libelle,
            say_valeur(issue.valeur, indicateur.unite),
            say_condition(issue.palier.seuil, indicateur.sens, indicateur.unite) if issue.palier else "aucun",
            issue.euros,
        )
        for libelle, issue in trois
    ]


@dataclass(frozen=True, slots=True)
class PalierProjete:
    condition: str
    montant: Decimal
    mot: Pastille


def build_paliers_projetes(projete: IndicateurProjete) -> list[PalierProjete]:
    """Each tier and how likely it is to be reached by the anniversary, in one of three words."""
    if projete.issues is None:
        return []
    indicateur = projete.ligne.indicateur
    return [
        PalierProjete(
            say_condition(p.palier.seuil, indicateur.sens, indicateur.unite), p.palier.montant, MOTS[p.vraisemblance]
        )
        for p in projete.issues.paliers
    ]


def build_sources(ligne: IndicateurAnnee, annee: Annee) -> list[Fait]:
    """Each source of the value with what it last said; and the gap between what is certified and the acts."""
    indicateur, prevision = ligne.indicateur, ligne.prevision
    connus = [c for c in ligne.constats if c.le <= annee.on]
    fichiers = [c for c in connus if c.source.startswith(SOURCE_FICHIER)]
    certifies = [c for c in connus if c.certifie_par and c not in fichiers]
    declares = [c for c in connus if not c.certifie_par and c not in fichiers]
    faits = []
    if prevision.actes is not None:
        note = f"{compter(prevision.actes, 'acte compté', 'actes comptés')}, prévision à confirmer"
        faits.append(Fait("Actes de Maillon", say_valeur(prevision.valeur, indicateur.unite), note))
    for libelle, constats in (
        ("Fichier de l’Assurance Maladie", fichiers),
        ("Certificateur, document à l’appui", certifies),
        ("Déclaration de la communauté", declares),
    ):
        if constats:
            dernier = max(constats, key=lambda c: (c.le, c.saisi_le))
            faits.append(
                Fait(libelle, say_valeur(dernier.valeur, indicateur.unite), f"au {format_date(dernier.le, jour=False)}")
            )
    if prevision.actes is not None and ligne.certifie is not None and prevision.valeur is not None:
        ecart = prevision.valeur - ligne.certifie.valeur
        sens = "de plus" if ecart > 0 else "de moins"
        dit = f"{format_nombre(abs(ecart))} {sens} que le constat" if ecart else "aucun"
        faits.append(Fait("Écart entre les actes et le constat", dit, "la méthode est dite sous la valeur prévue"))
    return faits
