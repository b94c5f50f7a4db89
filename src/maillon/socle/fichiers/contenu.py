"""Which type a content really has. The name and the type announced by a browser prove nothing."""

import io
import zipfile

from .enums import TypeFichier

SIGNATURES = (
    (b"%PDF-", TypeFichier.PDF),
    (b"\x89PNG\r\n\x1a\n", TypeFichier.PNG),
    (b"\xff\xd8\xff", TypeFichier.JPEG),
)
BUREAUTIQUE = (("word/document.xml", TypeFichier.DOCX), ("xl/workbook.xml", TypeFichier.XLSX))
# A real document unfolds ten or twenty times; beyond, opening it would fill the reader's memory.
DEPLIE_MAX = 200_000_000
ENTREES_MAX = 5_000


def detect_type(contenu: bytes) -> TypeFichier | None:
    """The type by content among those accepted; text comes back as TXT. None for anything else."""
    for signature, type_fichier in SIGNATURES:
        if contenu.startswith(signature):
            return type_fichier
    if contenu.startswith(b"PK\x03\x04"):
        return _detect_bureautique(contenu)
    return TypeFichier.TXT if _is_text(contenu) else None


def _detect_bureautique(contenu: bytes) -> TypeFichier | None:
    """A Word or Excel document without macro and of bearable size."""
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            entrees = archive.infolist()
    except Exception:  # the library has no one way of saying that an archive is broken
        return None
    noms = {entree.filename for entree in entrees}
    if len(entrees) > ENTREES_MAX or sum(entree.file_size for entree in entrees) > DEPLIE_MAX:
        return None
    if "[Content_Types].xml" not in noms or any(nom.lower().endswith("vbaproject.bin") for nom in noms):
        return None
    return next((type_fichier for repere, type_fichier in BUREAUTIQUE if repere in noms), None)


def _is_text(contenu: bytes) -> bool:
    """Readable text that no browser would take for a page: markup (HTML, SVG, XML) is not text here."""
    for codage in ("utf-8-sig", "cp1252"):
        try:
            texte = contenu.decode(codage)
            break
        except UnicodeDecodeError:
            continue
    else:
        return False
    if any(ord(caractere) < 32 and caractere not in "\t\n\r\f" for caractere in texte):
        return False
    debut = texte[:4096].lower()
    return not debut.lstrip().startswith("<") and not any(
        balise in debut for balise in ("<html", "<script", "<svg", "<!doctype", "<?xml")
    )
