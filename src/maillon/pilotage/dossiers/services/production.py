"""Making a pack, one document after the other. Each step may run twice: what is made is not made again."""

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from maillon.pilotage.arretes.contenu import build_contenu
from maillon.pilotage.contrats.releves import refresh_releve
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.fichiers.enums import TypeFichier
from maillon.socle.fichiers.services import store_produit
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import GENRES_RESERVES, EtatDossier, GenrePiece
from ..matiere import assemble
from ..models import Dossier, PieceDossier
from ..permissions import LIRE, PREPARER
from .pieces import has_gardees, name_piece, write_piece

TYPES = {
    GenrePiece.DOSSIER: TypeFichier.PDF,
    GenrePiece.INDICATEURS: TypeFichier.XLSX,
    GenrePiece.RAPPORT_WORD: TypeFichier.DOCX,
    GenrePiece.RAPPORT_PDF: TypeFichier.PDF,
    GenrePiece.TABLEAU: TypeFichier.XLSX,
    GenrePiece.ARCHIVE: TypeFichier.ZIP,
    GenrePiece.ARCHIVE_COMPLETE: TypeFichier.ZIP,
}


@transaction.atomic
def freeze_matiere(*, dossier_id: UUID) -> list[GenrePiece]:
    """Freeze what the documents are made from, and say which are to be made; empty when the pack is already done."""
    dossier = _lock(dossier_id)
    if dossier.etat == EtatDossier.PRET:
        return []
    if dossier.matiere is None:
        dossier.matiere = _assemble(dossier)
    genres = list_genres(dossier)
    dossier.etat, dossier.raison, dossier.total = EtatDossier.EN_COURS, "", len(genres)
    dossier.save(update_fields=["matiere", "etat", "raison", "total"])
    return genres


def _assemble(dossier: Dossier) -> dict[str, Any]:
    contrat, arrete = dossier.contrat, dossier.arrete
    if arrete is not None:
        sceau = {"empreinte": arrete.empreinte, "le": timezone.localdate(arrete.arrete_le).isoformat()}
        return assemble(contrat=contrat, contenu=arrete.contenu, etabli_le=now(), arrete=sceau)
    # The evidence that lacks is read from the acts published for the year: they must be of today.
    refresh_releve(cpts_id=contrat.cpts_id, contrat=contrat, numero=dossier.annee)
    contenu = build_contenu(contrat, dossier.annee, on=today())
    return assemble(contrat=contrat, contenu=contenu, etabli_le=now(), arrete=None)


def list_genres(dossier: Dossier) -> list[GenrePiece]:
    """The documents of this pack, in the order in which they are made: archives last, they hold the others."""
    absents = set()
    if dossier.modele_id is None:
        absents.add(GenrePiece.TABLEAU)
    if not has_gardees(dossier):
        absents.add(GenrePiece.ARCHIVE_COMPLETE)
    return [genre for genre in GenrePiece if genre not in absents]


@transaction.atomic
def produce_piece(*, dossier_id: UUID, genre: GenrePiece) -> PieceDossier:
    """Make one document and keep it. Raises ArchiveRefusee, TableauRefuse or FichierRefuse with the reason."""
    dossier = _lock(dossier_id)
    deja = dossier.pieces.filter(genre=genre).first()
    if deja is not None:
        return deja
    interne = genre is GenrePiece.ARCHIVE_COMPLETE
    with tempfile.TemporaryDirectory(prefix="maillon-dossier-") as dossier_temporaire:
        chemin = Path(dossier_temporaire) / "piece"
        avertissements = write_piece(dossier, genre, chemin)
        fichier = store_produit(
            cpts_id=dossier.cpts_id,
            nom=name_piece(dossier, genre),
            type_fichier=TYPES[genre],
            source=chemin,
            by=SYSTEME,
            permission=PREPARER.code if genre in GENRES_RESERVES else LIRE.code,
        )
    piece = PieceDossier(
        cpts_id=dossier.cpts_id,
        dossier=dossier,
        genre=genre,
        fichier=fichier,
        empreinte=fichier.empreinte,
        interne=interne,
    )
    piece.save(force_insert=True)
    dossier.fait = dossier.pieces.count()
    dossier.avertissements = [*dossier.avertissements, *avertissements]
    dossier.save(update_fields=["fait", "avertissements"])
    return piece


@transaction.atomic
def finish_dossier(*, dossier_id: UUID) -> Dossier:
    """Say that every document is made."""
    dossier = _lock(dossier_id)
    if dossier.etat == EtatDossier.PRET:
        return dossier
    dossier.etat, dossier.pret_le, dossier.raison = EtatDossier.PRET, now(), ""
    dossier.save(update_fields=["etat", "pret_le", "raison"])
    journal.record("dossiers.pret", dossier, by=SYSTEME, documents=dossier.fait)
    return dossier


@transaction.atomic
def fail_dossier(*, dossier_id: UUID, raison: str) -> Dossier:
    """Say why a pack could not be made; the documents already made are kept for the next attempt."""
    dossier = _lock(dossier_id)
    dossier.etat, dossier.raison = EtatDossier.ECHEC, raison[:400]
    dossier.save(update_fields=["etat", "raison"])
    journal.record("dossiers.echec", dossier, by=SYSTEME, documents=dossier.fait)
    return dossier


def _lock(dossier_id: UUID) -> Dossier:
    Dossier.objects.select_for_update().get(pk=dossier_id)
    return Dossier.objects.select_related("cpts", "contrat__cpts", "arrete", "modele__fichier").get(pk=dossier_id)
