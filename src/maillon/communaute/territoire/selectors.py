"""Finding communes, adding up their populations, and the territory of a community at a date."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from uuid import UUID

from django.db.models import Case, Q, When

from maillon.communaute.recherche import filter_noms

from .enums import Niveau
from .fichiers import Anneau, read_contours
from .models import Commune, Departement, Population, Territoire, TerritoireCommune


class CompositionRefusee(ValueError):
    """These codes do not make a territory; the message is a French sentence for the person who gave them."""


class CommuneInconnue(CompositionRefusee):
    """A code that no commune has."""


class PopulationAbsente(CompositionRefusee):
    """A commune has no population for the vintage asked."""


@dataclass(frozen=True, slots=True)
class PopulationCommune:
    code_insee: str
    nom: str
    municipale: int


@dataclass(frozen=True, slots=True)
class PopulationTerritoire:
    """Municipal population of a set of communes: inhabitants, and the vintage that they are of."""

    total: int
    millesime: int
    communes: tuple[PopulationCommune, ...]


@dataclass(frozen=True, slots=True)
class Zone:
    """An area to draw: rings of (longitude, latitude) in WGS84, painted with the even-odd rule."""

    id: str
    nom: str
    rings: tuple[Anneau, ...]


def search_communes(texte: str, *, limit: int = 20) -> list[Commune]:
    """Communes by name (accents, « St » and typing errors forgiven), postal code or INSEE code; the nearest first."""
    texte = texte.strip().upper()
    if len(texte) == 5 and texte[2:].isdigit():
        by_postal_code = Q(codes_postaux__contains=[texte])
        rows = Commune.objects.filter(by_postal_code | Q(code_insee=texte))
        return list(rows.order_by(Case(When(by_postal_code, then=0), default=1), "nom_recherche")[:limit])
    if texte.isdigit():
        return list(Commune.objects.filter(code_insee__startswith=texte).order_by("code_insee")[:limit])
    return list(filter_noms(Commune.objects.all(), texte)[:limit])


def get_communes(codes: Sequence[str]) -> list[Commune]:
    """The communes of these codes, in their order.

    Raises CompositionRefusee when the list is empty, gives a commune twice or together with one of its
    arrondissements, and CommuneInconnue, with suggestions, when a code does not exist.
    """
    if not codes:
        raise CompositionRefusee("Indiquez au moins une commune.")
    found = Commune.objects.in_bulk(set(codes))
    for code in codes:
        if code not in found:
            raise CommuneInconnue(_explain_unknown(code))
    communes = [found[code] for code in codes]
    for commune in communes:
        if codes.count(commune.code_insee) > 1:
            raise CompositionRefusee(f"La commune {commune} ({commune.code_insee}) est indiquée deux fois.")
        parent = found.get(commune.commune_parente_id or "")
        if parent is not None:
            raise CompositionRefusee(
                f"{commune} ({commune.code_insee}) fait déjà partie de {parent} ({parent.code_insee}) : "
                "gardez la commune entière ou ses arrondissements, sinon ils comptent deux fois."
            )
    return communes


def _explain_unknown(code: str) -> str:
    if not Commune.objects.exists():
        return "Les communes ne sont pas encore chargées : lancez « maillon migrer », puis recommencez."
    near = (search_communes(code, limit=3) if len(code) > 2 else []) or _get_near_codes(code)
    sentence = f"Aucune commune n’a le code Insee « {code} »."
    if not near:
        return f"{sentence} Un code a cinq caractères, par exemple 42218 pour Saint-Étienne."
    names = ", ".join(f"{commune.code_insee} ({commune})" for commune in near)
    return f"{sentence} Vouliez-vous dire {names} ?"


def _get_near_codes(code: str) -> list[Commune]:
    codes = Commune.objects.filter(code_insee__startswith=code[:2].upper()).values_list("code_insee", flat=True)
    near = get_close_matches(code.upper(), codes, n=3, cutoff=0.75)
    return sorted(Commune.objects.filter(pk__in=near), key=lambda commune: near.index(commune.pk))


def get_millesimes(codes: Collection[str] | None = None) -> list[int]:
    """Vintages of population known, for some of these communes or for any, in order."""
    populations = Population.objects.all() if codes is None else Population.objects.filter(commune__in=codes)
    return sorted(populations.order_by().values_list("millesime", flat=True).distinct())


def compute_population(codes: Sequence[str], millesime: int) -> PopulationTerritoire:
    """Inhabitants (municipal population, Insee) of these communes together, for one vintage.

    Raises PopulationAbsente when a commune has none for that vintage, and as `get_communes` for wrong codes.
    """
    communes = get_communes(codes)
    populations = dict(
        Population.objects.filter(commune__in=communes, millesime=millesime).values_list("commune_id", "municipale")
    )
    for commune in communes:
        if commune.code_insee not in populations:
            raise PopulationAbsente(_explain_absent(commune, millesime))
    lines = tuple(PopulationCommune(c.code_insee, c.nom, populations[c.code_insee]) for c in communes)
    return PopulationTerritoire(total=sum(line.municipale for line in lines), millesime=millesime, communes=lines)


def _explain_absent(commune: Commune, millesime: int) -> str:
    known = [str(year) for year in get_millesimes([commune.code_insee])]
    sentence = f"La population {millesime} n’est pas connue pour {commune} ({commune.code_insee})"
    if not known:
        return f"{sentence}, ni celle d’une autre année."
    return f"{sentence}. {'Millésimes disponibles' if len(known) > 1 else 'Millésime disponible'} : {', '.join(known)}."


def get_territoire(cpts_id: UUID, *, on: date) -> Territoire | None:
    """The territory of a community at a date, its communes by name already read; None when it has none."""
    return Territoire.objects.filter(cpts_id=cpts_id, periode__contains=on).prefetch_related("communes").first()


def get_codes_by_cpts(cpts_ids: Iterable[UUID], *, on: date) -> dict[UUID, list[str]]:
    """Codes of the communes of several communities at a date, in one query (a map of a département)."""
    rows = TerritoireCommune.objects.filter(cpts_id__in=list(cpts_ids), territoire__periode__contains=on)
    codes: dict[UUID, list[str]] = {}
    for cpts_id, code in rows.order_by("commune_id").values_list("cpts_id", "commune_id"):
        codes.setdefault(cpts_id, []).append(code)
    return codes


def get_population(cpts_id: UUID, *, on: date) -> PopulationTerritoire | None:
    """Inhabitants of a community by the last vintage known for all its communes; None without territory."""
    codes = get_codes_by_cpts([cpts_id], on=on).get(cpts_id, [])
    if not codes:
        return None
    for millesime in reversed(get_millesimes(codes)):
        try:
            return compute_population(codes, millesime)
        except PopulationAbsente:
            continue
    return None


def get_zones(codes: Collection[str], *, level: Niveau = Niveau.COMMUNE) -> list[Zone]:
    """What a map draws: communes (or arrondissements), or whole départements, of these codes, in the codes' order.

    Unknown codes and places without contours (overseas collectivities) are left out.
    """
    if level == Niveau.DEPARTEMENT:
        rings = read_contours("departements")
        names = dict(Departement.objects.filter(pk__in=codes).values_list("code", "nom"))
    else:
        rows = Commune.objects.filter(pk__in=codes).values_list("code_insee", "nom", "departement")
        names = {code: nom for code, nom, _ in rows}
        files = [read_contours(departement) for departement in sorted({departement for *_, departement in rows})]
        rings = {code: found[code] for found in files for code in names if code in found}
    return [Zone(code, names[code], rings[code]) for code in codes if code in names and code in rings]
