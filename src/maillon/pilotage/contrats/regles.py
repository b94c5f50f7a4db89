"""From rows or plain data to the facts that `regles.aci` takes. Pure: no query."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from maillon.regles import aci
from maillon.regles.erreurs import BaremeIncomplet
from maillon.regles.parametres import Statut

from .donnees import DonneesContrat, DonneesIndicateur
from .enums import Nature, SensIndicateur
from .models import Avenant, Contrat, Indicateur, MissionContrat, Palier
from .phrases import put_in_plural
from .termes import build_regles, list_termes


def compute_plafond(
    contrat: Contrat, missions: Sequence[MissionContrat], annee: int, avenants: Iterable[Avenant] = ()
) -> aci.Plafond:
    """Ceiling of a contract year, by parts when the texts give them, else the published total of the contract.

    Where only totals are published (2019 scale), the contract's own total wins over that of its size. `avenants` come
    with their missions; each counts from its date of effect.
    """
    termes = build_regles(list_termes(contrat, missions, avenants))
    try:
        plafond = aci.compute_plafond_termes(signature=contrat.signe_le, termes=termes, annee_contrat=annee)
    except BaremeIncomplet:
        if contrat.plafond_publie is None:
            raise
    else:
        if plafond.lignes or contrat.plafond_publie is None:
            return plafond
    total = aci.MontantsContrat(source=contrat.plafond_source or contrat.source, plafond=contrat.plafond_publie)
    connus = (replace(termes[0], montants=total), *termes[1:])
    return aci.compute_plafond_termes(signature=contrat.signe_le, termes=connus, annee_contrat=annee)


def compute_versements(
    contrat: Contrat, missions: Sequence[MissionContrat], avenants: Iterable[Avenant] = ()
) -> aci.Echeancier | None:
    """Payments of the whole contract for the missions already started; None when only a total is known."""
    termes = build_regles(list_termes(contrat, missions, avenants), started=True)
    try:
        return aci.compute_versements_termes(signature=contrat.signe_le, termes=termes)
    except BaremeIncomplet:
        return None


def compute_fixes(
    contrat: Contrat, missions: Sequence[MissionContrat], annee: int, avenants: Iterable[Avenant] = ()
) -> dict[str, aci.Montant]:
    """Fixed euros due for a contract year, prorated from each mission's start, by mission code and `fonctionnement`.

    Empty when the contract is only known by its total. A mission not started is due nothing. The year in which the
    contract ended early is due for its elapsed days.
    """
    echeancier = compute_versements(contrat, missions, avenants)
    if echeancier is None:
        return {}
    if is_interrompue(contrat, annee):
        termes = build_regles(list_termes(contrat, missions, avenants), started=True)
        compte = aci.compute_resiliation(signature=contrat.signe_le, termes=termes, le=contrat.periode.upper)
        return {ligne.poste: aci.Montant(ligne.du, ligne.statut) for ligne in compte.lignes}
    sommes: dict[str, aci.Montant] = {}
    for versement in echeancier.for_annee(annee):
        deja = [sommes[versement.poste]] if versement.poste in sommes else []
        sommes[versement.poste] = aci.Montant.somme([*deja, versement.montant])
    return sommes


def is_in_force(indicateur: Indicateur, jour: date) -> bool:
    """Whether an indicator is at the contract on a day."""
    return (indicateur.depuis is None or indicateur.depuis <= jour) and (
        indicateur.jusqu_a is None or jour < indicateur.jusqu_a
    )


def holds(indicateur: Indicateur, fin: date) -> bool:
    """Whether an indicator counts in the year that ends on `fin`, excluded: the annex of its last day is evaluated."""
    return (indicateur.depuis is None or indicateur.depuis < fin) and (
        indicateur.jusqu_a is None or indicateur.jusqu_a >= fin
    )


def indicateur_of_donnees(donnees: DonneesIndicateur) -> aci.Indicateur:
    """An indicator of plain data as the rules take it. Raises SaisieInvalide for an unknown mission."""
    return aci.Indicateur(
        code=donnees.code,
        libelle=donnees.libelle,
        mission=aci.Mission.read(donnees.mission),
        genre=Nature(donnees.nature).genre,
        paliers=tuple(aci.Palier(p.seuil, p.montant, p.libelle) for p in donnees.paliers),
        unite=donnees.unite,
        initial=donnees.reference,
        variation=donnees.variation,
        cible=donnees.cible,
        sens=aci.Sens(find_sens(donnees)),
        certificateur=donnees.certificateur,
        source=donnees.source,
    )


def indicateur_of_row(indicateur: Indicateur, paliers: Iterable[Palier], statut: Statut) -> aci.Indicateur:
    """A row and its tiers as the rules take them; `statut` is that of the envelope which the tiers share out."""
    return aci.Indicateur(
        code=indicateur.code,
        libelle=indicateur.libelle,
        mission=aci.Mission(indicateur.mission),
        genre=Nature(indicateur.nature).genre,
        paliers=tuple(aci.Palier(p.seuil, p.montant, p.libelle) for p in paliers),
        # The distance between two rates is said in points.
        unite="" if indicateur.nature == Nature.TAUX else indicateur.unite,
        unite_pluriel="" if indicateur.nature == Nature.TAUX else put_in_plural(indicateur.unite),
        initial=indicateur.reference,
        sens=aci.Sens(indicateur.sens),
        certificateur=indicateur.certificateur,
        source=indicateur.source,
        statut=statut,
    )


def find_sens(donnees: DonneesIndicateur) -> SensIndicateur:
    """The direction given, or that of the nature; a threshold under its reference goes down."""
    if donnees.sens is not None:
        return SensIndicateur(donnees.sens)
    if donnees.nature == Nature.STOCK_BAISSE:
        return SensIndicateur.BAISSE
    if donnees.nature == Nature.SEUIL and donnees.reference is not None and donnees.paliers:
        return SensIndicateur.BAISSE if donnees.paliers[0].seuil < donnees.reference else SensIndicateur.HAUSSE
    return SensIndicateur.HAUSSE


def find_annee(contrat: Contrat, on: date) -> tuple[int, date, date]:
    """Contract year in which `on` falls, its first day and the anniversary that closes it, or the early end.

    Before the signature it is year 1; after the end of the contract, the last year it had, even terminated early.
    """
    on = min(on, contrat.periode.upper - timedelta(days=1))
    anniversaires = aci.compute_anniversaires(contrat.signe_le, on=contrat.bareme_le)
    annee = 1
    for numero in range(1, len(anniversaires)):
        if on >= anniversaires[numero - 1]:
            annee = numero
    return annee, anniversaires[annee - 1], min(anniversaires[annee], contrat.periode.upper)


def find_annee_of(indicateur: Indicateur, on: date) -> int:
    """The contract year to show for an indicator: the current one, else the nearest in which it counts."""
    contrat = indicateur.contrat
    courante, _, _ = find_annee(contrat, on)
    anniversaires = aci.compute_anniversaires(contrat.signe_le, on=contrat.bareme_le)
    comptees = [n for n, fin in enumerate(anniversaires[1:], start=1) if holds(indicateur, fin)]
    return min(comptees, key=lambda n: abs(n - courante), default=courante)


def bounds_of(contrat: Contrat, annee: int) -> tuple[date, date]:
    """First day of a contract year and the day that closes it: its anniversary, or the early end of the contract."""
    anniversaires = aci.compute_anniversaires(contrat.signe_le, on=contrat.bareme_le)
    return anniversaires[annee - 1], min(anniversaires[annee], contrat.periode.upper)


def is_interrompue(contrat: Contrat, annee: int) -> bool:
    """Whether the contract ended inside this year."""
    anniversaires = aci.compute_anniversaires(contrat.signe_le, on=contrat.bareme_le)
    return anniversaires[annee - 1] < contrat.periode.upper < anniversaires[annee]


def check_donnees(donnees: DonneesContrat, enveloppes: dict[aci.Mission, Decimal]) -> None:
    """Raise DefinitionContradictoire with every contradiction of the annex, numbers included."""
    aci.check_indicateurs([indicateur_of_donnees(d) for d in donnees.indicateurs], enveloppes=enveloppes)
