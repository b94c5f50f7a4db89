"""Opening a workbook that somebody sent: its size first, then everything it can break is one French refusal."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from openpyxl import Workbook, load_workbook
from openpyxl.xml import DEFUSEDXML

# A workbook of 10 Mo may unfold into gigabytes. Read by rows its cells pass one by one; whole, they stay in memory.
DEPLIE_MAX = 80_000_000
DEPLIE_MAX_ENTIER = 30_000_000
CONSEIL = "Ouvrez-le dans un tableur, enregistrez-le de nouveau en .xlsx, puis redéposez-le."


class ClasseurIllisible(ValueError):
    """Why a workbook cannot be read, in French, with what to do."""


@contextmanager
def open_classeur(
    contenu: bytes, *, entier: bool = False, laisse: type[Exception] = ClasseurIllisible
) -> Iterator[Workbook]:
    """The workbook, to read by rows with the values that its formulas had; `entier`: whole, to be written again.

    Whatever the library raises, now or on any row read inside the block, means a broken workbook: it comes out as
    ClasseurIllisible. Only `laisse`, the caller's own refusal, passes.
    """
    if not DEFUSEDXML:
        raise RuntimeError("defusedxml is required to read workbooks")
    _check_taille(contenu, DEPLIE_MAX_ENTIER if entier else DEPLIE_MAX)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            classeur = load_workbook(io.BytesIO(contenu), read_only=not entier, data_only=not entier, keep_links=entier)
            yield classeur
            classeur.close()
    except (laisse, ClasseurIllisible):
        raise
    except Exception as erreur:
        raise ClasseurIllisible(f"Ce document n’est pas un classeur Excel (.xlsx) lisible. {CONSEIL}") from erreur


def _check_taille(contenu: bytes, deplie_max: int) -> None:
    """A member is never read beyond the size that the archive announces."""
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            deplie = sum(membre.file_size for membre in archive.infolist())
    except Exception:  # the library has no one way of saying that an archive is broken
        raise ClasseurIllisible(f"Ce document n’est pas un classeur Excel (.xlsx) lisible. {CONSEIL}") from None
    if deplie > deplie_max:
        raise ClasseurIllisible("Ce classeur est trop gros une fois ouvert. N’en gardez que les feuilles utiles.")
