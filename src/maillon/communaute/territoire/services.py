"""Loading the national geography, and giving a community its territory."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.backends.utils import CursorWrapper

from maillon.communaute.recherche import normalize_nom
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from .fichiers import COMMUNES, DEPARTEMENTS_REGIONS, compute_empreinte, read_rows
from .models import Departement, FichierCharge, Region, Territoire, TerritoireCommune
from .selectors import CompositionRefusee, get_communes

VERROU_CHARGEMENT = 4_201_001
COLONNES = (
    "code_insee", "nom", "nom_recherche", "type", "commune_parente_id", "codes_postaux", "departement", "region",
    "epci", "epci_nom", "superficie_km2", "lon", "lat",
)  # fmt: skip
MILLESIMES = ("2019", "2020", "2021", "2022")

STAGING = """
CREATE TEMP TABLE chargement (
    code_insee text, nom text, nom_recherche text, type text, commune_parente_id text, codes_postaux varchar[],
    departement text, region text, epci text, epci_nom text, superficie_km2 numeric, lon float8, lat float8,
    millesimes int[], municipales int[]
) ON COMMIT DROP
"""
_LISTE = ", ".join(COLONNES)
_ANCIENNES, _NOUVELLES = (", ".join(f"{table}.{column}" for column in COLONNES) for table in ("t", "s"))
UPSERT_COMMUNES = f"""
UPDATE territoire_commune t SET {", ".join(f"{column} = s.{column}" for column in COLONNES[1:])}
FROM chargement s WHERE s.code_insee = t.code_insee
    AND ({_ANCIENNES}) IS DISTINCT FROM ({_NOUVELLES});
INSERT INTO territoire_commune ({_LISTE})
SELECT {_LISTE} FROM chargement s
WHERE NOT EXISTS (SELECT FROM territoire_commune t WHERE t.code_insee = s.code_insee)
"""  # noqa: S608 - constants of this module
UPSERT_POPULATIONS = """
CREATE TEMP TABLE chargement_population ON COMMIT DROP AS
SELECT code_insee AS commune_id, millesime, municipale
FROM chargement, unnest(millesimes, municipales) AS p (millesime, municipale);
DELETE FROM territoire_population t WHERE NOT EXISTS (
    SELECT FROM chargement_population s
    WHERE (s.commune_id, s.millesime, s.municipale) = (t.commune_id, t.millesime, t.municipale));
INSERT INTO territoire_population (commune_id, millesime, municipale)
SELECT commune_id, millesime, municipale FROM chargement_population s
WHERE NOT EXISTS (
    SELECT FROM territoire_population t WHERE (t.commune_id, t.millesime) = (s.commune_id, s.millesime))
ORDER BY commune_id, millesime
"""


def load_communes() -> bool:
    """Load communes, populations, départements and régions from the shipped files; False when already done.

    One transaction. The files' fingerprints are kept, so that a second run only compares them.
    """
    empreintes = {path.name: compute_empreinte(path) for path in (COMMUNES, DEPARTEMENTS_REGIONS)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [VERROU_CHARGEMENT])
        loaded = dict(FichierCharge.objects.filter(nom__in=empreintes).values_list("nom", "empreinte"))
        if loaded == empreintes:
            return False
        _load_departements()
        _load_communes(cursor)
        FichierCharge.objects.bulk_create(
            [FichierCharge(nom=nom, empreinte=empreinte, charge_le=now()) for nom, empreinte in empreintes.items()],
            update_conflicts=True,
            unique_fields=["nom"],
            update_fields=["empreinte", "charge_le"],
        )
    return True


def _load_departements() -> None:
    rows = list(read_rows(DEPARTEMENTS_REGIONS))
    Region.objects.bulk_create(
        [Region(code=row["code"], nom=row["nom"]) for row in rows if row["niveau"] == "region"],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["nom"],
    )
    Departement.objects.bulk_create(
        [
            Departement(code=row["code"], nom=row["nom"], region_id=row["region"])
            for row in rows
            if row["niveau"] == "departement"
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["nom", "region"],
    )


def _load_communes(cursor: CursorWrapper) -> None:
    cursor.execute(STAGING)
    with cursor.copy("COPY chargement FROM STDIN") as copy:
        for row in read_rows(COMMUNES):
            copy.write_row(_to_staging(row))
    cursor.execute(UPSERT_COMMUNES)
    cursor.execute(UPSERT_POPULATIONS)
    cursor.execute("ANALYZE territoire_commune")


def _to_staging(row: dict[str, str]) -> tuple[str | None, ...]:
    """A line of the file in the columns of `chargement`; arrays as PostgreSQL writes them."""
    populations = _to_populations(row)
    return (
        row["code_insee"],
        row["nom"],
        normalize_nom(row["nom"]),
        row["type"],
        row["commune_parente"] or None,
        "{" + row["codes_postaux"].replace("|", ",") + "}",
        row["departement"],
        row["region"],
        row["epci"],
        row["epci_nom"],
        row["superficie_km2"] or None,
        row["lon"] or None,
        row["lat"] or None,
        "{" + ",".join(populations) + "}",
        "{" + ",".join(populations.values()) + "}",
    )


def _to_populations(row: dict[str, str]) -> dict[str, str]:
    """Populations by vintage, as the source states them. A commune counted in one year only (Mayotte, 2017) has that
    vintage alone, although the source repeats it in the columns of the others; where no year is stated, there is none.
    """
    if not (stated := row["population_year"]):
        return {}
    years = MILLESIMES if stated > MILLESIMES[-1] else ()
    return {year: row[f"pop_{year}"] for year in years if row[f"pop_{year}"]} | {stated: row["population"]}


@transaction.atomic
def define_territoire(
    *, cpts_id: UUID, codes: Sequence[str], start: date, by: Acteur, end: date | None = None
) -> Territoire:
    """Give a community its communes from `start` (to `end`, excluded); the territory in force until then ends there.

    Raises CompositionRefusee for wrong codes, or when a territory already starts at that date or later.
    """
    communes = get_communes(codes)
    previous = Territoire.objects.select_for_update().filter(cpts_id=cpts_id, periode__overlap=DateRange(start, end))
    for territoire in previous:
        if territoire.periode.lower is None or territoire.periode.lower >= start:
            raise CompositionRefusee(
                "Un territoire commence déjà à cette date ou plus tard : choisissez une autre date."
            )
        territoire.periode = (territoire.periode.lower, start)
        territoire.save(update_fields=["periode"])
    territoire = Territoire.objects.create(cpts_id=cpts_id, periode=(start, end))
    TerritoireCommune.objects.bulk_create(
        TerritoireCommune(cpts_id=cpts_id, territoire=territoire, commune=commune) for commune in communes
    )
    journal.record("territoire.defini", territoire, by=by, communes=len(communes), debut=start.isoformat())
    return territoire


@transaction.atomic
def found_cpts(*, slug: str, nom: str, codes: Sequence[str], start: date, by: Acteur) -> Cpts:
    """Open a community with its territory from `start`; its département and région are those of its first commune.

    Raises CompositionRefusee, in French: short address taken or ill-formed, name missing, wrong codes.
    """
    cpts = Cpts(slug=slug, nom=nom.strip())
    communes = get_communes(codes)
    cpts.departement, cpts.region = communes[0].departement, communes[0].region
    try:
        cpts.full_clean()
    except ValidationError as refusal:
        raise CompositionRefusee(" ".join(refusal.messages)) from None
    cpts.save(force_insert=True)
    with use_cpts(cpts.pk):
        define_territoire(cpts_id=cpts.pk, codes=codes, start=start, by=by)
    return cpts
