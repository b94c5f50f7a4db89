"""What an indicator is expected to be worth at the anniversary, and by which method, said in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.socle.declarations import Agregat, IndicateurDeclare
from maillon.socle.ui.typographie import compter, format_nombre

from .actes import UN_JOUR, Compteur, Fenetre
from .enums import EtatConstat, Nature, SensIndicateur
from .models import Constat, Indicateur


@dataclass(frozen=True, slots=True)
class Annee:
    """A contract year [debut, fin[ as seen on a day."""

    numero: int
    debut: date
    fin: date
    on: date

    @property
    def jusqu_a(self) -> date:
        """End, excluded, of what has happened: acts of the day itself count."""
        return min(self.on + UN_JOUR, self.fin)

    def holds(self, le: date) -> bool:
        """Whether a value of this day tells the year: a value of the anniversary closes the year that ends."""
        return self.debut < le <= self.fin


@dataclass(frozen=True, slots=True)
class Prevision:
    """A forecast: `fenetre` is where its acts are counted, `actes` how many; both None when no act feeds it.

    `declaree` says that it rests on the community's word alone: its document is then due.
    """

    valeur: Decimal | None
    methode: str
    actes: int | None = None
    fenetre: Fenetre | None = None
    declaree: bool = False


def find_certifie(constats: Sequence[Constat], annee: Annee) -> Constat | None:
    """The certified value of the year: the newest one, whose tier is the euros constatés."""
    return _last(c for c in constats if c.etat == EtatConstat.CERTIFIE and annee.holds(c.le) and c.le <= annee.on)


def compute_prevision(
    indicateur: Indicateur,
    declare: IndicateurDeclare | None,
    constats: Sequence[Constat],
    *,
    annee: Annee,
    compteur: Compteur,
) -> Prevision:
    """The forecast of one indicator, by the method of its nature."""
    connus = [c for c in constats if c.le <= min(annee.on, annee.fin)]
    if declare is None:
        return _of_declaration(indicateur, connus, annee)
    if declare.agregat in (Agregat.RATE, Agregat.MEDIAN, Agregat.STOCK):
        return _of_measure(declare, annee, compteur)
    if indicateur.sens == SensIndicateur.BAISSE:
        return _of_stock(indicateur, declare, connus, annee, compteur)
    return _of_count(declare, connus, annee, compteur)


def _of_stock(
    indicateur: Indicateur, declare: IndicateurDeclare, constats: Sequence[Constat], annee: Annee, compteur: Compteur
) -> Prevision:
    """Lower is better: the last certified value at its date, minus the acts after that date."""
    certifie = _last(c for c in constats if c.etat == EtatConstat.CERTIFIE)
    if certifie is not None:
        base, le, nom = certifie.valeur, certifie.le, "Dernière valeur constatée"
    elif indicateur.reference is not None and indicateur.reference_le is not None:
        base, le, nom = indicateur.reference, indicateur.reference_le, "Valeur de référence"
    else:
        return Prevision(None, "Aucune valeur de référence ni constatée : la prévision ne peut pas partir.")
    fenetre = Fenetre(le + UN_JOUR, annee.jusqu_a)
    actes = compteur.count(declare, fenetre)
    total = compteur.aggregate(declare, fenetre) or Decimal(0)
    valeur = max(base - total, Decimal(0))
    methode = (
        f"{nom} ({format_nombre(base)} au {_jour(le)}) moins {_actes(actes)} depuis cette date. "
        "Le chiffre de l’Assurance Maladie bouge aussi pour d’autres raisons : départs, arrivées, retraites."
    )
    return Prevision(valeur, methode, actes, fenetre)


def _of_count(declare: IndicateurDeclare, constats: Sequence[Constat], annee: Annee, compteur: Compteur) -> Prevision:
    """Higher is better: what is certified this year plus the acts after, or the acts since the year began."""
    certifie = _last(c for c in constats if c.etat == EtatConstat.CERTIFIE and annee.holds(c.le))
    if certifie is None:
        fenetre = Fenetre(annee.debut, annee.jusqu_a)
        actes = compteur.count(declare, fenetre)
        methode = f"{_actes(actes).capitalize()} depuis le début de l’année de contrat, le {_jour(annee.debut)}."
        return Prevision(compteur.aggregate(declare, fenetre), methode, actes, fenetre)
    fenetre = Fenetre(certifie.le + UN_JOUR, annee.jusqu_a)
    actes = compteur.count(declare, fenetre)
    methode = (
        f"Valeur constatée ({format_nombre(certifie.valeur)} au {_jour(certifie.le)}) "
        f"plus {_actes(actes)} depuis cette date."
    )
    return Prevision(certifie.valeur + (compteur.aggregate(declare, fenetre) or Decimal(0)), methode, actes, fenetre)


def _of_measure(declare: IndicateurDeclare, annee: Annee, compteur: Compteur) -> Prevision:
    """A rate, a median or a stock that Maillon measures whole: over the year so far."""
    fenetre = Fenetre(annee.debut, annee.jusqu_a)
    actes = compteur.count(declare, fenetre)
    noms = {Agregat.RATE: "Taux mesuré", Agregat.MEDIAN: "Médiane mesurée", Agregat.STOCK: "Stock compté"}
    methode = f"{noms[declare.agregat]} par Maillon sur {_actes(actes)} depuis le {_jour(annee.debut)}."
    return Prevision(compteur.aggregate(declare, fenetre), methode, actes, fenetre)


def _of_declaration(indicateur: Indicateur, constats: Sequence[Constat], annee: Annee) -> Prevision:
    """No act feeds it: the last value told. A count or a deliverable starts again every year."""
    reprend = indicateur.nature in (Nature.LIVRABLE, Nature.COMPTE)
    dernier = _last(c for c in constats if annee.holds(c.le) or not reprend)
    if dernier is None:
        return Prevision(None, "Aucune valeur déclarée pour cette année de contrat.")
    qui = f"certifiée par {dernier.certifie_par}" if dernier.certifie_par else "déclarée par la communauté"
    methode = f"Dernière valeur {qui}, au {_jour(dernier.le)}."
    return Prevision(dernier.valeur, methode, declaree=not dernier.certifie_par)


def _last(constats: Iterable[Constat]) -> Constat | None:
    """The newest: by the day described, then by the moment of entry."""
    return max(constats, key=lambda c: (c.le, c.saisi_le, c.pk), default=None)


def _actes(nombre: int) -> str:
    return compter(nombre, "acte enregistré", "actes enregistrés") if nombre else "aucun acte enregistré"


def _jour(le: date) -> str:
    return f"{le:%d/%m/%Y}"
