"""Why somebody cannot take a shift beside what they hold: the rules of the problem, said in sentences. No database."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from maillon.regles.gardes import Affectation, Indisponibilite, Poste, Probleme
from maillon.socle.ui.typographie import format_date


@dataclass
class Registre:
    """Who holds what in a problem: asked again and again while a page shows every candidate."""

    probleme: Probleme
    tenus: dict[str, set[str]] = field(default_factory=dict)
    absences: dict[str, list[Indisponibilite]] = field(default_factory=dict)

    @classmethod
    def build(cls, probleme: Probleme, affectations: Iterable[Affectation]) -> "Registre":
        registre = cls(probleme)
        for affectation in affectations:
            registre.tenus.setdefault(affectation.personne, set()).add(affectation.poste)
        for absence in probleme.indisponibilites:
            registre.absences.setdefault(absence.personne, []).append(absence)
        return registre

    def list_postes(self, personne: str, *, sauf: Collection[str] = ()) -> list[Poste]:
        """What a person holds, but for some."""
        return [self.probleme.par_poste[cle] for cle in self.tenus.get(personne, ()) if cle not in sauf]

    def count_gardes(self, personne: str) -> int:
        return len(self.tenus.get(personne, ()))


def list_empechements(
    registre: Registre, personne_id: UUID | str, poste_id: UUID | str, *, sauf: Collection[str] = ()
) -> list[str]:
    """Every rule that this person would break by taking this shift, leaving those of `sauf`; empty when they may."""
    probleme, cle = registre.probleme, str(personne_id)
    poste, personne = probleme.par_poste[str(poste_id)], probleme.par_personne[cle]
    tenus = [p for p in registre.list_postes(cle, sauf=sauf) if p.cle != poste.cle]
    raisons = [absence.motif for absence in registre.absences.get(cle, ()) if absence.touches(poste)]
    limites, jour = personne.limites, probleme.jour(poste)
    if personne.profession != poste.profession:
        raisons.append("n’est pas de la profession")
    raisons += _check_ecarts(probleme, poste, tenus, limites.ecart_heures)
    semaine = [p for p in tenus if probleme.jour(p).isocalendar()[:2] == jour.isocalendar()[:2]]
    if limites.semaine is not None and len(semaine) >= limites.semaine:
        raisons.append(f"a déjà {len(semaine)} garde{'s' * (len(semaine) > 1)} cette semaine-là")
    if limites.week_ends is not None and (samedi := _find_samedi(jour)) is not None:
        others = {s for p in tenus if (s := _find_samedi(probleme.jour(p))) is not None}
        month = {s for s in others if (s.year, s.month) == (samedi.year, samedi.month)} - {samedi}
        if len(month) >= limites.week_ends:
            raisons.append(f"a déjà {len(month)} week-end{'s' * (len(month) > 1)} ce mois-là")
    return list(dict.fromkeys(raisons))


def _check_ecarts(probleme: Probleme, poste: Poste, tenus: Iterable[Poste], heures: int) -> list[str]:
    ecart = timedelta(hours=heures).total_seconds()
    raisons = []
    for autre in tenus:
        debut, fin = autre.debut.timestamp(), autre.fin.timestamp()
        if debut < poste.fin.timestamp() and poste.debut.timestamp() < fin:
            raisons.append("est déjà de garde à cette heure")
        elif debut < poste.fin.timestamp() + ecart and poste.debut.timestamp() < fin + ecart:
            raisons.append(f"est de garde {format_date(probleme.jour(autre))}, à moins de {heures}\u00a0h")
    return raisons


def _find_samedi(jour: date) -> date | None:
    """The Saturday of a day of the week-end; None in the week."""
    return jour - timedelta(days=jour.isoweekday() - 6) if jour.isoweekday() > 5 else None
