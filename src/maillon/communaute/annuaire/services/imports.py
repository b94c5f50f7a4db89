"""Importing the national directory."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from maillon.communaute.lecture import FichierRefuse, Refus, Source, find_extraction, list_sources
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.identifiants import new_id

from ..importation.chargement import Bilan, Chargement
from ..importation.lignes import Lecteur
from ..models import ImportAnnuaire, Mouvement
from .professionnels import refresh_professionnels

VERROU_IMPORT = 4_201_002
# A truncated file must not empty the directory.
PART_MAX = 0.20
SEUIL_LIGNES = 100
# What an import changed is kept so long.
CONSERVATION_JOURS = 730


@dataclass(slots=True)
class Rapport:
    """What an import did, or would do."""

    bilans: list[Bilan] = field(default_factory=list)
    refus: Counter[str] = field(default_factory=Counter)
    communes_inconnues: int = 0
    extrait_le: date | None = None
    professionnels: int = 0
    duree_s: float = 0.0

    @property
    def changes(self) -> int:
        return sum(bilan.changes for bilan in self.bilans)


def import_annuaire(
    *,
    chemins: Sequence[Path],
    by: Acteur,
    essai: bool = False,
    force: bool = False,
    refuse: Callable[[Refus], None] = lambda refus: None,
    advance: Callable[[int], None] = lambda octets: None,
) -> Rapport:
    """Bring the national directory to what these files (text or archive) say, in one transaction.

    Lines that cannot be read are left out, counted, and given one by one to `refuse`. With `essai` everything is
    computed and nothing is kept. Raises FichierRefuse, in French: not a file of the directory, broken or swollen
    archive, another import under way, more than a fifth of the lines gone or unreadable (unless `force`).
    """
    debut = time.monotonic()
    sources = list_sources(chemins)
    rapport = Rapport()

    def note(refus: Refus) -> None:
        rapport.refus[refus.raison] += 1
        refuse(refus)

    with transaction.atomic(), connection.cursor() as cursor:
        _prepare(cursor)
        importe = new_id()
        touches: set[str] = set()
        for source in sources:
            chargement = Chargement(cursor, source, refuse=note, advance=advance)
            bilan = chargement.run(importe=importe, essai=essai)
            _check_bilan(rapport, bilan, chargement, force=force)
            rapport.bilans.append(bilan)
            touches |= chargement.touches
            rapport.communes_inconnues += chargement.communes_inconnues
            _keep_recolte(cursor, chargement.lecteur)
        rapport.extrait_le = max(filter(None, (find_extraction(source.nom) for source in sources)), default=None)
        rapport.professionnels = refresh_professionnels(touches)
        rapport.duree_s = round(time.monotonic() - debut, 2)
        if rapport.changes:
            _record(importe, rapport, sources, by=by)
        transaction.set_rollback(essai)
    return rapport


def _prepare(cursor: CursorWrapper) -> None:
    """One import at a time, which may take longer than a request."""
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [VERROU_IMPORT])
    if cursor.fetchone() != (True,):
        raise FichierRefuse("Un import de l’annuaire est déjà en cours : attendez qu’il se termine.")
    cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL work_mem = '64MB'")
    # One line in a hundred is wanted: each by its index, rather than the whole table.
    cursor.execute("SET LOCAL random_page_cost = 1.1")


def _check_bilan(rapport: Rapport, bilan: Bilan, chargement: Chargement, *, force: bool) -> None:
    if any(autre.genre == bilan.genre for autre in rapport.bilans):
        raise FichierRefuse(f"Deux des fichiers sont des « {chargement.forme.titre} » : n’en donnez qu’un de chaque.")
    if force:
        return
    connues = len(chargement.connues)
    if connues >= SEUIL_LIGNES and bilan.terminees > connues * PART_MAX:
        raise FichierRefuse(
            f"« {bilan.nom} » mettrait fin à {bilan.terminees} lignes sur {connues} : il semble incomplet. "
            "Téléchargez-le de nouveau ; s’il est bon, recommencez avec --force."
        )
    if bilan.lignes >= SEUIL_LIGNES and bilan.refusees > bilan.lignes * PART_MAX:
        [(raison, _)] = rapport.refus.most_common(1)
        raise FichierRefuse(
            f"« {bilan.nom} » a {bilan.refusees} lignes refusées sur {bilan.lignes} (le plus souvent : {raison}). "
            "Téléchargez-le de nouveau ; s’il est bon, recommencez avec --force."
        )


def _keep_recolte(cursor: CursorWrapper, lecteur: Lecteur) -> None:
    """Words of the names and labels of the codes, by which people search."""
    if lecteur.mots:
        _keep_mots(cursor, lecteur.mots)
    cursor.executemany(
        "INSERT INTO annuaire_libelle (nomenclature, code, libelle) VALUES (%s, %s, %s)"
        " ON CONFLICT (nomenclature, code) DO UPDATE SET libelle = EXCLUDED.libelle"
        " WHERE annuaire_libelle.libelle <> EXCLUDED.libelle",
        [(*cle, libelle) for cle, libelle in lecteur.libelles.items()],
    )


def _keep_mots(cursor: CursorWrapper, mots: set[bytes]) -> None:
    cursor.execute("CREATE TEMP TABLE mots_lus (mot text) ON COMMIT DROP")
    with cursor.copy("COPY mots_lus FROM STDIN") as copy:
        copy.write(b"".join(mot + b"\n" for mot in mots))
    cursor.execute(
        "INSERT INTO annuaire_mot (mot) SELECT mot FROM mots_lus ON CONFLICT DO NOTHING; DROP TABLE mots_lus"
    )


def _record(importe: UUID, rapport: Rapport, sources: Sequence[Source], *, by: Acteur) -> None:
    ImportAnnuaire.objects.create(
        pk=importe,
        le=now(),
        par=by.nom or by.etiquette,
        fichiers=[
            {**asdict(bilan), "octets": source.taille} for bilan, source in zip(rapport.bilans, sources, strict=True)
        ],
        extrait_le=rapport.extrait_le,
        refus=dict(rapport.refus),
        communes_inconnues=rapport.communes_inconnues,
        duree_s=rapport.duree_s,
    )
    Mouvement.objects.filter(importe__le__lt=now() - timedelta(days=CONSERVATION_JOURS)).delete()
