"""Storing a document: checked by its content, hashed, written under an opaque name."""

import hashlib
import shutil
from pathlib import Path, PurePath
from uuid import UUID

from django.conf import settings
from django.db import transaction

from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal import services as journal

from .contenu import detect_type
from .enums import EXTENSIONS, TypeFichier
from .models import Fichier
from .permissions import LIRE

TAILLE_MAX = 10 * 1024 * 1024
TAILLE_MAX_PRODUIT = 1024 * 1024 * 1024
BLOC = 1024 * 1024


class FichierRefuse(ValueError):
    """Why a document is not kept, in one French sentence that says what to do."""


@transaction.atomic
def store_fichier(*, cpts_id: UUID, nom: str, contenu: bytes, by: Acteur, permission: str = LIRE.code) -> Fichier:
    """Keep a document of a community; `permission` is the code of the right that opens it later.

    PDF, PNG, JPEG, DOCX, XLSX, TXT or CSV, recognised by content, 10 Mo at most. Raises FichierRefuse.
    The content is written before the row: a rolled-back transaction may leave an unreachable file, never a row
    without its file.
    """
    nom = clean_nom(nom)
    type_fichier = check_type(nom, contenu)
    fichier = Fichier(
        cpts_id=cpts_id,
        nom=nom,
        type=type_fichier,
        taille=len(contenu),
        empreinte=hashlib.sha256(contenu).hexdigest(),
        permission=permission,
        depose_par=by.compte_id,
    )
    chemin = find_content(fichier)
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.write_bytes(contenu)
    fichier.save(force_insert=True)
    journal.record("fichiers.depose", fichier, by=by, taille=fichier.taille, empreinte=fichier.empreinte)
    return fichier


@transaction.atomic
def store_produit(
    *, cpts_id: UUID, nom: str, type_fichier: TypeFichier, source: Path, by: Acteur, permission: str
) -> Fichier:
    """Keep a document that Maillon made, from a file on disk: any type, 1 Go at most, copied by blocks.

    Never for what somebody sends: the type is trusted here. Raises FichierRefuse when it is too large.
    """
    nom = clean_nom(nom)
    taille = source.stat().st_size
    if taille > TAILLE_MAX_PRODUIT:
        raise FichierRefuse(
            f"Le document « {nom} » pèserait {_megaoctets(taille)} Mo ; la limite est de 1 024 Mo. "
            "Remettez les plus gros justificatifs à part, ou réduisez-les."
        )
    fichier = Fichier(
        cpts_id=cpts_id,
        nom=nom,
        type=type_fichier,
        taille=taille,
        empreinte=hash_content(source),
        permission=permission,
        depose_par=by.compte_id,
    )
    chemin = find_content(fichier)
    chemin.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, chemin)
    fichier.save(force_insert=True)
    journal.record("fichiers.produit", fichier, by=by, taille=taille, empreinte=fichier.empreinte)
    return fichier


def read_fichier(fichier: Fichier) -> bytes:
    """The content as it was received. Raises FichierRefuse when it is lost or differs from its hash."""
    return check_content(fichier).read_bytes()


def check_content(fichier: Fichier) -> Path:
    """Where the content lies, once read whole by blocks and compared with its hash.

    Raises FichierRefuse when it is lost or differs.
    """
    chemin = find_content(fichier)
    try:
        empreinte = hash_content(chemin)
    except OSError:
        raise FichierRefuse(
            f"Le document « {fichier.nom} » n’est plus sur le disque. Prévenez la personne qui administre Maillon."
        ) from None
    if empreinte != fichier.empreinte:
        raise FichierRefuse(
            f"Le document « {fichier.nom} » a été modifié hors de Maillon : son empreinte ne correspond plus. "
            "Prévenez la personne qui administre Maillon."
        )
    return chemin


def find_content(fichier: Fichier) -> Path:
    return Path(settings.MEDIA_ROOT) / fichier.chemin


def hash_content(chemin: Path) -> str:
    """SHA-256 of a file, by blocks: a large archive never fills the memory."""
    somme = hashlib.sha256()
    with chemin.open("rb") as contenu:
        while bloc := contenu.read(BLOC):
            somme.update(bloc)
    return somme.hexdigest()


def clean_nom(nom: str) -> str:
    """The last part of a name, printable, at most 160 characters with its extension."""
    brut = PurePath(nom.replace("\\", "/")).name
    propre = "".join(c for c in brut if c.isprintable()).strip() or "document"
    if len(propre) <= 160:
        return propre
    extension = PurePath(propre).suffix[:10]
    return propre[: 160 - len(extension)] + extension


def check_type(nom: str, contenu: bytes) -> TypeFichier:
    """The type of what somebody sends, by its content. Raises FichierRefuse: empty, too large, unknown, misnamed."""
    if not contenu:
        raise FichierRefuse(f"Le document « {nom} » est vide. Choisissez-en un autre.")
    if len(contenu) > TAILLE_MAX:
        raise FichierRefuse(
            f"Le document « {nom} » pèse {_megaoctets(len(contenu))} Mo ; la limite est de 10 Mo. "
            "Réduisez-le ou déposez-le en plusieurs parties."
        )
    type_fichier = detect_type(contenu)
    extension = PurePath(nom).suffix.lower()
    if type_fichier is TypeFichier.TXT and extension == ".csv":
        type_fichier = TypeFichier.CSV
    if type_fichier is None:
        raise FichierRefuse(
            f"Le contenu de « {nom} » n’est pas d’un type accepté. Déposez un PDF, une image PNG ou JPEG, "
            "un document Word (.docx) ou Excel (.xlsx) sans macro, un texte ou un CSV."
        )
    if extension not in EXTENSIONS[type_fichier]:
        raise FichierRefuse(
            f"Le contenu de « {nom} » est du type {type_fichier.label}, mais son nom finit par "
            f"« {extension or 'rien'} ». Renommez-le en {' ou '.join(EXTENSIONS[type_fichier])}."
        )
    return type_fichier


def _megaoctets(octets: int) -> str:
    return f"{octets / 1024 / 1024:.1f}".replace(".", ",")
