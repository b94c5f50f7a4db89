"""Why somebody cannot take a shift beside what they hold, by the checker of the rule. No database."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from maillon.regles.gardes import Affectation, Probleme, list_obstacles


@dataclass
class Registre:
    """Who holds what in a problem: asked again and again while a page shows every candidate."""

    probleme: Probleme
    tenues: dict[str, list[Affectation]] = field(default_factory=dict)

    @classmethod
    def build(cls, probleme: Probleme, affectations: Iterable[Affectation]) -> "Registre":
        registre = cls(probleme)
        for affectation in affectations:
            registre.tenues.setdefault(affectation.personne, []).append(affectation)
        return registre

    def count_gardes(self, personne_id: UUID) -> int:
        return len(self.tenues.get(str(personne_id), ()))


def list_empechements(
    registre: Registre, personne_id: UUID, poste_id: UUID, *, sauf: Collection[UUID] = ()
) -> tuple[str, ...]:
    """The rules that this person would break by taking this shift, leaving those of `sauf`: a sentence each, empty when
    they may."""
    leaves = {str(cle) for cle in sauf}
    held = [a for a in registre.tenues.get(str(personne_id), ()) if a.poste not in leaves]
    fautes = list_obstacles(registre.probleme, held, str(personne_id), str(poste_id))
    return tuple(dict.fromkeys(faute.raison for faute in fautes))
