"""From a pack to the bytes of each of its documents."""

from datetime import datetime
from pathlib import Path, PurePath
from typing import Any
from uuid import UUID

from django.utils.text import slugify

from maillon.pilotage.arretes.contenu import serialise
from maillon.pilotage.contrats.actes import make_empreinte
from maillon.pilotage.contrats.enums import GenrePreuve
from maillon.pilotage.contrats.models import Constat, Preuve
from maillon.socle.fichiers.enums import EXTENSIONS, TypeFichier
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.services import find_content, read_fichier

from ..documents.activite import build_rapport
from ..documents.archive import Justificatif, write_archive
from ..documents.chiffres import list_chiffres
from ..documents.classeur import write_classeur
from ..documents.gardes import NOMINATIVE, NON_DIT, RETIRE, why_kept
from ..documents.mots import say_sceau
from ..documents.pdf import write_pdf
from ..documents.tableau import fill, places_of_json
from ..documents.vue import build_vue
from ..documents.word import write_word
from ..enums import GenrePiece
from ..models import Dossier

NOMS = {
    GenrePiece.DOSSIER: ("dossier-dialogue-de-gestion", ".pdf"),
    GenrePiece.INDICATEURS: ("indicateurs", ".xlsx"),
    GenrePiece.RAPPORT_WORD: ("rapport-activite", ".docx"),
    GenrePiece.RAPPORT_PDF: ("rapport-activite", ".pdf"),
    GenrePiece.TABLEAU: ("tableau-cpam", ".xlsx"),
    GenrePiece.ARCHIVE: ("dossier-et-justificatifs", ".zip"),
    GenrePiece.ARCHIVE_COMPLETE: ("INTERNE-justificatifs-nominatifs-compris", ".zip"),
}
ABSENT = "introuvable dans la communauté : il n’a pas pu être joint"


def matter_of(dossier: Dossier) -> dict[str, Any]:
    """What the documents are made from. Raises ValueError before it is frozen."""
    if dossier.matiere is None:
        raise ValueError(f"dossier {dossier.pk} has no matter yet")
    matiere: dict[str, Any] = dossier.matiere
    return matiere


def name_piece(dossier: Dossier, genre: GenrePiece) -> str:
    """« dossier-dialogue-de-gestion-croix-rousse-annee-3-provisoire.pdf »."""
    nom, extension = NOMS[genre]
    etat = "provisoire" if dossier.provisoire else "arrete"
    return f"{nom}-{slugify(dossier.cpts.slug)}-annee-{dossier.annee}-{etat}{extension}"


def write_piece(dossier: Dossier, genre: GenrePiece, chemin: Path) -> list[str]:
    """Write one document of the pack at `chemin`; what the coordinator should know of it, in sentences."""
    matiere = matter_of(dossier)
    le = datetime.fromisoformat(matiere["etabli_le"])
    if genre in (GenrePiece.ARCHIVE, GenrePiece.ARCHIVE_COMPLETE):
        return _write_archive(dossier, chemin, le, complete=genre is GenrePiece.ARCHIVE_COMPLETE)
    if genre is GenrePiece.TABLEAU:
        return _write_tableau(dossier, chemin)
    if genre is GenrePiece.DOSSIER:
        contenu = write_pdf("dossier", build_vue(matiere), le=le)
    elif genre is GenrePiece.INDICATEURS:
        contenu = write_classeur(matiere, le=le)
    elif genre is GenrePiece.RAPPORT_PDF:
        contenu = write_pdf("activite", build_rapport(matiere), le=le)
    else:
        contenu = write_word(build_rapport(matiere), le=le)
    chemin.write_bytes(contenu)
    return []


def _write_tableau(dossier: Dossier, chemin: Path) -> list[str]:
    modele = dossier.modele
    assert modele is not None
    rempli, manques = fill(
        read_fichier(modele.fichier),
        places_of_json(modele.places),
        modele.correspondances,
        list_chiffres(matter_of(dossier)),
        sceau=say_sceau(matter_of(dossier)),
    )
    chemin.write_bytes(rempli)
    return [f"Tableau de la CPAM, {manque}" for manque in manques]


def _write_archive(dossier: Dossier, chemin: Path, le: datetime, *, complete: bool) -> list[str]:
    matiere = matter_of(dossier)
    documents = [(_plain_name(p.genre), read_fichier(p.fichier)) for p in _list_documents(dossier)]
    if dossier.arrete is not None:
        documents.append(("arrete.json", serialise(dossier.arrete.contenu)))
    documents.append(("dossier.json", serialise(matiere)))
    justificatifs = list_justificatifs(dossier, complete=complete)
    write_archive(
        chemin,
        documents=documents,
        justificatifs=justificatifs,
        sceau=say_sceau(matiere),
        communaute=matiere["communaute"]["nom"],
        le=le,
        complete=complete,
    )
    return [f"{j.indicateur}, document du {j.le} : {j.motif}." for j in justificatifs if j.motif == ABSENT]


def _list_documents(dossier: Dossier) -> list[Any]:
    pieces = {piece.genre: piece for piece in dossier.pieces.select_related("fichier")}
    return [pieces[genre] for genre in GenrePiece if genre in pieces and NOMS[genre][1] != ".zip"]


def _plain_name(genre: str) -> str:
    nom, extension = NOMS[GenrePiece(genre)]
    return nom + extension


def has_gardees(dossier: Dossier) -> bool:
    """Whether a document stays in the community: the complete archive is then made beside the other."""
    fichiers = _Fichiers(dossier)
    return any(why_kept(preuve) or fichiers.why_kept_since(preuve) for preuve in matter_of(dossier)["preuves"])


def list_justificatifs(dossier: Dossier, *, complete: bool) -> list[Justificatif]:
    """The evidence of the pack, each with the file that bears its hash; what stays in the community without it."""
    fichiers = _Fichiers(dossier)
    indicateurs = {
        indicateur["id"]: indicateur
        for mission in matter_of(dossier)["chiffres"]["missions"]
        for indicateur in mission["indicateurs"]
    }
    rangs = {identifiant: rang for rang, identifiant in enumerate(indicateurs)}
    preuves = sorted(
        matter_of(dossier)["preuves"], key=lambda p: (rangs[p["indicateur"]], p["pour"], p["le"], p["empreinte"])
    )
    return [_justificatif(preuve, indicateurs[preuve["indicateur"]], fichiers, complete=complete) for preuve in preuves]


def _justificatif(
    preuve: dict[str, Any], indicateur: dict[str, Any], fichiers: "_Fichiers", *, complete: bool
) -> Justificatif:
    motif = "" if complete else why_kept(preuve) or fichiers.why_kept_since(preuve)
    fichier = None if motif else fichiers.find(preuve, indicateur["code"])
    if not motif and fichier is None:
        motif = ABSENT
    return Justificatif(
        code=indicateur["code"],
        indicateur=indicateur["libelle"],
        genre=preuve["genre"],
        genre_libelle=GenrePreuve(preuve["genre"]).label,
        libelle=preuve["libelle"],
        le=preuve["le"],
        acte=preuve["acte"],
        version=preuve["version"],
        empreinte=preuve["empreinte"],
        attendue=fichier.empreinte if fichier else "",
        contenu=find_content(fichier) if fichier else None,
        extension=_extension(fichier) if fichier else "",
        motif=motif,
    )


def _extension(fichier: Fichier) -> str:
    """The extension of the type found in the content; a text keeps .csv when it is one."""
    return PurePath(f"x{EXTENSIONS[TypeFichier(fichier.type)][0]}").suffix


class _Fichiers:
    """The files of the contract's evidence by indicator and published hash, and what was said of them since.

    A seal keeps what was said on its day: a document withdrawn afterwards, or said to name people, is not given.
    """

    def __init__(self, dossier: Dossier) -> None:
        self._connus: dict[tuple[str, str], Fichier] = {}
        self._retires: dict[tuple[str, str], bool] = {}
        self._nommant: set[str] = set()
        self._actes: list[Preuve] = []
        self._anonymes: set[tuple[str, str]] = set()
        self._read_preuves(dossier)
        constats = Constat.objects.select_related("document").filter(
            indicateur__contrat=dossier.contrat, document__isnull=False
        )
        for constat in constats:
            assert constat.document is not None
            cle = str(constat.indicateur_id), constat.document.empreinte
            self._connus.setdefault(cle, constat.document)
            if constat.document_anonyme:
                self._anonymes.add(cle)

    def _read_preuves(self, dossier: Dossier) -> None:
        """The last versions first: what is said of one holds for those that it replaces."""
        preuves = Preuve.objects.select_related("fichier", "indicateur", "retrait").filter(cpts_id=dossier.cpts_id)
        nomment: set[UUID | None] = set()
        retires: set[UUID | None] = set()
        for preuve in preuves.order_by("-version"):
            if preuve.nominative or preuve.pk in nomment:
                nomment.add(preuve.remplace_id)
                self._nommant.add(preuve.empreinte)
            if retire := hasattr(preuve, "retrait") or preuve.pk in retires:
                retires.add(preuve.remplace_id)
            if preuve.acte:
                self._actes.append(preuve)
                continue
            cle = str(preuve.indicateur_id), preuve.empreinte
            self._connus[cle] = preuve.fichier
            self._retires[cle] = self._retires.get(cle, True) and retire

    def find(self, preuve: dict[str, Any], code: str) -> Fichier | None:
        """The file whose hash is published for this indicator; None when the community no longer holds it."""
        if preuve["pour"] != "acte":
            return self._connus.get((preuve["indicateur"], preuve["empreinte"]))
        trouves = (p.fichier for p in self._actes if make_empreinte(p.empreinte, code=code) == preuve["empreinte"])
        return next(trouves, None)

    def why_kept_since(self, preuve: dict[str, Any]) -> str:
        """Why a document that the seal gives is not given any more; the document of an act is never given."""
        cle = preuve["indicateur"], preuve["empreinte"]
        if preuve["empreinte"] in self._nommant:
            return NOMINATIVE
        if preuve["pour"] == "valeur":
            return "" if cle in self._anonymes else NON_DIT
        return RETIRE if self._retires.get(cle, False) else ""
