"""Where what a professional says differs from what the national directory says. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .choix import ChampCorrige
from .models import Activite, Correction, key_of


@dataclass(frozen=True, slots=True)
class Difference:
    """A correction in force beside the national value. `attend`: that value has changed since; somebody must choose."""

    correction: Correction
    activite: Activite
    libelle: str
    valeur: str
    nationale: str
    attend: bool


@dataclass(frozen=True, slots=True)
class LieuCorrige:
    """A place as the community shows it: the corrections where there are some, else the national facts."""

    activite: Activite
    adresse: str
    telephone: str
    courriel: str
    corriges: frozenset[str] = field(default_factory=frozenset)


def compare(activites: Iterable[Activite], corrections: Sequence[Correction]) -> list[Difference]:
    """Corrections that say something else than the directory does today; those of a place that is gone are left out."""
    places = {(activite.professionnel_id, key_of(activite)): activite for activite in activites}
    found = []
    for correction in corrections:
        activite = places.get((correction.professionnel_id, correction.lieu))
        if activite is None:
            continue
        nationale = getattr(activite, correction.champ)
        if _differ(correction.champ, correction.valeur, nationale):
            found.append(
                Difference(
                    correction=correction,
                    activite=activite,
                    libelle=ChampCorrige(correction.champ).label,
                    valeur=correction.valeur,
                    nationale=nationale,
                    attend=_differ(correction.champ, correction.nationale, nationale),
                )
            )
    return found


def correct(activites: Iterable[Activite], differences: Sequence[Difference]) -> list[LieuCorrige]:
    """Places with what people said of them."""
    said: dict[object, dict[str, str]] = {}
    for difference in differences:
        said.setdefault(difference.activite.pk, {})[difference.correction.champ] = difference.valeur
    lieux = []
    for activite in activites:
        own = said.get(activite.pk, {})
        lieux.append(
            LieuCorrige(
                activite=activite,
                adresse=own.get(ChampCorrige.ADRESSE, activite.adresse),
                telephone=own.get(ChampCorrige.TELEPHONE, activite.telephone),
                courriel=own.get(ChampCorrige.COURRIEL, activite.courriel),
                corriges=frozenset(own),
            )
        )
    return lieux


def _differ(champ: str, valeur: str, nationale: str) -> bool:
    """Whether two values say different things: telephones by their digits, texts without regard to case and spaces."""
    if champ == ChampCorrige.TELEPHONE:
        return [c for c in valeur if c.isdigit()] != [c for c in nationale if c.isdigit()]
    return valeur.casefold().split() != nationale.casefold().split()
