"""The values of an indicator over time, against every tier, and where they lead."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from maillon.regles.projection import NIVEAU, Projection
from maillon.socle.ui.chronologies import Bande, Chronologie, Cible, SerieDatee, build_chronologie
from maillon.socle.ui.typographie import INSECABLE, format_euros, format_nombre

from .annee import IndicateurAnnee
from .enums import EtatConstat, Nature
from .prevision import Annee
from .projections import IndicateurProjete

Point = tuple[date, Decimal, bool]


def build_courbe(ligne: IndicateurAnnee, annee: Annee, projete: IndicateurProjete) -> Chronologie | None:
    """Values up to the anniversary of the year; None without any, and for a deliverable: it is done, or is not."""
    indicateur = ligne.indicateur
    if indicateur.nature == Nature.LIVRABLE:
        return None
    limite = min(annee.on, annee.fin)
    points = [(c.le, c.valeur, c.etat == EtatConstat.CERTIFIE) for c in ligne.constats if c.le <= limite]
    if indicateur.reference is not None and indicateur.reference_le is not None and indicateur.reference_le <= limite:
        points.insert(0, (indicateur.reference_le, indicateur.reference, True))
    return draw_courbe(
        points,
        paliers=[(p.seuil, p.montant) for p in ligne.paliers],
        prevu=ligne.prevision.valeur if ligne.prevision.actes is not None else None,
        on=limite,
        fin=annee.fin,
        unite=indicateur.unite,
        titre=_say(ligne, projete),
        projection=projete.projection if projete.is_ouverte else None,
    )


def draw_courbe(
    constats: Iterable[Point],
    *,
    paliers: Sequence[tuple[Decimal, Decimal]],
    prevu: Decimal | None,
    on: date,
    fin: date,
    unite: str,
    titre: str,
    projection: Projection | None = None,
) -> Chronologie | None:
    """Certified and declared values, the forecast of the acts at `on`, the projection at `fin`; a tier a line."""
    certifies: dict[date, float] = {}
    declares: dict[date, float] = {}
    for le, valeur, certifie in constats:  # a later row of the same day corrects
        (certifies if certifie else declares)[le] = float(valeur)
    if not certifies and not declares and prevu is None:
        return None
    series = [SerieDatee("Constaté", sorted(certifies.items()))] if certifies else []
    if declares:
        series.append(SerieDatee("Déclaré", sorted(declares.items()), relie=False))
    prevision = _follow(certifies, on, prevu)
    if prevision:
        series.append(SerieDatee("Prévu par les actes", prevision))
    bande = None
    if projection is not None:
        depart = max([*sorted(certifies.items()), *sorted(declares.items()), *prevision], key=lambda p: p[0])
        series.append(SerieDatee("Projeté", [depart, (fin, float(projection.central))]))
        etendue = (fin, float(projection.bas), float(projection.haut))
        bande = Bande(f"Intervalle à {NIVEAU}{INSECABLE}%", [(depart[0], depart[1], depart[1]), etendue])
    jours = [le for serie in series for le, _ in serie.points]
    return build_chronologie(
        titre=titre,
        series=series,
        debut=min(jours),
        fin=max(fin, *jours),
        cibles=[Cible(float(s), f"{_seuil(s, unite)} : {format_euros(m)}") for s, m in paliers],
        bande=bande,
        jour=on if on < fin else None,
        axe_y="En %" if unite == "%" else f"{unite[:1].upper()}{unite[1:]}" or "Valeur",
    )


def _follow(certifies: dict[date, float], on: date, prevu: Decimal | None) -> list[tuple[date, float]]:
    """The forecast, drawn from the last certified value so that the eye follows what it starts from."""
    if prevu is None:
        return []
    depart = max((jour for jour in certifies if jour < on), default=None)
    return ([(depart, certifies[depart])] if depart else []) + [(on, float(prevu))]


def _seuil(seuil: Decimal, unite: str) -> str:
    return f"{format_nombre(seuil)}{INSECABLE}%" if unite == "%" else format_nombre(seuil)


def _say(ligne: IndicateurAnnee, projete: IndicateurProjete) -> str:
    """The finding: what is still to do, or that nothing is."""
    prochain = ligne.resultat.prochain
    if prochain is None:
        return f"Le palier le plus haut est {'prévu, à confirmer' if ligne.montants.a_confirmer else 'atteint'}"
    if prochain.distance is None:
        return "Aucune valeur connue pour l’instant"
    return f"{prochain.phrase[0].upper()}{prochain.phrase[1:]}"
