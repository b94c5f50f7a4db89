"""Importing establishments from FINESS."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from maillon.communaute.lecture import (
    Codage,
    FichierRefuse,
    Refus,
    Source,
    find_extraction,
    list_sources,
    read_blocks,
)
from maillon.communaute.recherche import normalize_nom
from maillon.socle.identifiants import new_id

from .finess import LecteurFiness, LigneFiness

VERROU_FINESS = 4_201_003
# A truncated file is noticed by what it lacks.
PART_MAX = 0.20
SEUIL_LIGNES = 100
DOUBLON = "numéro FINESS répété"
CHAMPS = ("type", "nom", "nom_recherche", "siret", "commune_id", "adresse", "code_postal", "telephone")

ARRIVEE = """
CREATE TEMP TABLE arrivee_finess (
    id uuid, finess text, type text, nom text, nom_recherche text, siret text, commune_id text, adresse text,
    code_postal text, telephone text
) ON COMMIT DROP
"""
COMPARER = """
UPDATE arrivee_finess SET commune_id = NULL
    WHERE NOT EXISTS (SELECT FROM territoire_commune c WHERE c.code_insee = commune_id);
ANALYZE arrivee_finess
"""
_ANCIENNES, _NOUVELLES = (", ".join(f"{table}.{champ}" for champ in CHAMPS) for table in ("t", "a"))
# A structure that is itself a community, or a fictitious one, keeps what it says of itself.
MODIFIER = f"""
UPDATE structures_structure t SET {", ".join(f"{champ} = a.{champ}" for champ in CHAMPS)}
FROM arrivee_finess a WHERE a.finess = t.finess AND t.cpts_id IS NULL AND NOT t.fictive
    AND ({_ANCIENNES}) IS DISTINCT FROM ({_NOUVELLES})
"""  # noqa: S608 - constants of this module
AJOUTER = f"""
INSERT INTO structures_structure (id, finess, rna, courriel, fictive, {", ".join(CHAMPS)})
SELECT id, finess, '', '', false, {", ".join(CHAMPS)} FROM arrivee_finess a
WHERE NOT EXISTS (SELECT FROM structures_structure t WHERE t.finess = a.finess)
"""  # noqa: S608 - constants of this module
COMPTER = """
SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT FROM arrivee_finess a WHERE a.finess = t.finess))
FROM structures_structure t WHERE finess IS NOT NULL AND NOT fictive
"""


@dataclass(slots=True)
class Rapport:
    """What an import did, or would do. `absentes` are structures that the file no longer has: they are kept."""

    lignes: int = 0
    ajoutees: int = 0
    modifiees: int = 0
    absentes: int = 0
    refus: Counter[str] = field(default_factory=Counter)
    communes_inconnues: int = 0
    extrait_le: date | None = None
    duree_s: float = 0.0


def import_finess(
    *,
    chemin: Path,
    essai: bool = False,
    force: bool = False,
    refuse: Callable[[Refus], None] = lambda refus: None,
    advance: Callable[[int], None] = lambda octets: None,
) -> Rapport:
    """Bring the structures that have a FINESS number to what the file (text or archive) says, in one transaction.

    Beds, mail and RNA, which it does not say, are left as they are, and structures that it no longer has are kept.
    Raises FichierRefuse, in French, as `import_annuaire` does.
    """
    debut = time.monotonic()
    [source, *autres] = list_sources([chemin])
    if autres:
        raise FichierRefuse("L’archive contient plusieurs fichiers : donnez celui des établissements.")
    rapport = Rapport(extrait_le=find_extraction(source.nom))

    def note(refus: Refus) -> None:
        rapport.refus[refus.raison] += 1
        refuse(refus)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [VERROU_FINESS])
        if cursor.fetchone() != (True,):
            raise FichierRefuse("Un import des structures est déjà en cours : attendez qu’il se termine.")
        cursor.execute(ARRIVEE)
        _copy(cursor, source, rapport, note, advance)
        _apply(cursor, rapport, force=force)
        cursor.execute("DROP TABLE arrivee_finess")
        transaction.set_rollback(essai)
    rapport.duree_s = round(time.monotonic() - debut, 2)
    return rapport


def _copy(
    cursor: CursorWrapper,
    source: Source,
    rapport: Rapport,
    refuse: Callable[[Refus], None],
    advance: Callable[[int], None],
) -> None:
    vus: set[str] = set()
    with cursor.copy("COPY arrivee_finess FROM STDIN") as copy:
        for numero, texte, lue in _read(source, refuse, advance):
            rapport.lignes += 1
            if isinstance(lue, str):
                refuse(Refus(source.nom, numero, lue, texte[:300]))
            elif lue.finess in vus:
                refuse(Refus(source.nom, numero, DOUBLON, texte[:300]))
            else:
                vus.add(lue.finess)
                copy.write_row(
                    (
                        new_id(), lue.finess, lue.type, lue.nom, normalize_nom(lue.nom)[:160], lue.siret, lue.commune,
                        lue.adresse, lue.code_postal, lue.telephone,
                    )
                )  # fmt: skip


def _read(
    source: Source, refuse: Callable[[Refus], None], advance: Callable[[int], None]
) -> Iterator[tuple[int, str, LigneFiness | str]]:
    """Number, text and reading of each line of an establishment."""
    lecteur: LecteurFiness | None = None
    codage, numero = Codage(), 1
    with source.open() as file:
        for bloc in read_blocks(file, source.nom, advance=advance):
            texte = bloc.replace(b"\r\n", b"\n")
            lignes = texte.split(b"\n")
            lignes.pop()
            propres, illisibles = codage.check(lignes, texte)
            for rang, raison in illisibles:
                refuse(Refus(source.nom, numero + rang, raison, ""))
            for rang, octets in enumerate(propres, numero):
                ligne = octets.decode("utf-8-sig" if rang == 1 else "utf-8")
                if lecteur is None:
                    lecteur = LecteurFiness(ligne, source.nom)
                elif ligne and (lue := lecteur.read(ligne)) is not None:
                    yield rang, ligne, lue
            numero += len(lignes)


def _apply(cursor: CursorWrapper, rapport: Rapport, *, force: bool) -> None:
    cursor.execute("SELECT count(*) FROM arrivee_finess WHERE commune_id <> ''")
    [situees] = cursor.fetchone()
    cursor.execute(COMPARER)
    cursor.execute("SELECT count(*) FROM arrivee_finess WHERE commune_id IS NOT NULL")
    rapport.communes_inconnues = situees - cursor.fetchone()[0]
    cursor.execute(COMPTER)
    connues, rapport.absentes = cursor.fetchone()
    refusees = sum(rapport.refus.values())
    if not force and connues >= SEUIL_LIGNES and rapport.absentes > connues * PART_MAX:
        raise FichierRefuse(
            f"Ce fichier n’a pas {rapport.absentes} des {connues} structures connues : il semble incomplet. "
            "Téléchargez-le de nouveau ; s’il est bon, recommencez avec --force."
        )
    if not force and rapport.lignes >= SEUIL_LIGNES and refusees > rapport.lignes * PART_MAX:
        raise FichierRefuse(
            f"Ce fichier a {refusees} lignes refusées sur {rapport.lignes}. "
            "Téléchargez-le de nouveau ; s’il est bon, recommencez avec --force."
        )
    cursor.execute(MODIFIER)
    rapport.modifiees = cursor.rowcount
    cursor.execute(AJOUTER)
    rapport.ajoutees = cursor.rowcount
