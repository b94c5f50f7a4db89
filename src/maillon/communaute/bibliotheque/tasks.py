"""Jobs of the library."""

from uuid import UUID

from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import today
from maillon.socle.taches import tache_periodique

from .models import Document
from .services import archive_document


@tache_periodique("bibliotheque.archiver", cron="20 3 * * *")
def archiver_echus(*, cpts_id: UUID) -> None:
    """Archive the documents whose retention has ended."""
    for document in Document.objects.filter(cpts_id=cpts_id).out_of_retention(today()):
        archive_document(document=document, by=SYSTEME)
