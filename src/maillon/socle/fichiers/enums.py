from django.db import models


class TypeFichier(models.TextChoices):
    """What may be stored; the value is the type served, decided by the content, never by the sender."""

    PDF = "application/pdf", "PDF"
    PNG = "image/png", "image PNG"
    JPEG = "image/jpeg", "image JPEG"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "document Word"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "classeur Excel"
    TXT = "text/plain", "texte"
    CSV = "text/csv", "tableau CSV"
    # Made by Maillon only: no upload is ever recognised as one.
    ZIP = "application/zip", "archive ZIP"
    XML = "application/xml", "fichier XML"


EXTENSIONS = {
    TypeFichier.PDF: (".pdf",),
    TypeFichier.PNG: (".png",),
    TypeFichier.JPEG: (".jpg", ".jpeg"),
    TypeFichier.DOCX: (".docx",),
    TypeFichier.XLSX: (".xlsx",),
    TypeFichier.TXT: (".txt",),
    TypeFichier.CSV: (".csv",),
    TypeFichier.ZIP: (".zip",),
    TypeFichier.XML: (".xml",),
}
