"""Announcements: published to people, read by each, recalled to those who have not."""

from datetime import date
from uuid import UUID

from django.db import transaction

from maillon.socle.courriels.services import cancel_for
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal
from maillon.socle.taches import enqueue

from ..criteres import Criteres, find_personnes
from ..models import Annonce, Reception
from ..notifications import AnnonceParue
from .commun import MessageRefuse, keep_auteur

LOT = 100


@transaction.atomic
def publish_annonce(
    *,
    cpts_id: UUID,
    titre: str,
    texte: str,
    criteres: Criteres,
    affichee_jusqu_au: date,
    par_courriel: bool,
    by: Acteur,
) -> Annonce:
    """Show an announcement to the people whom the criteria choose today and who have an account.

    With `par_courriel`, a job also writes to them. Raises MessageRefuse when nobody would see it.
    """
    people = list(find_personnes(cpts_id, criteres, on=today()).filter(membre__actif=True))
    if not people:
        raise MessageRefuse(
            "Personne parmi ces destinataires n’a de compte : l’annonce ne serait lue par personne. "
            "Écrivez-leur plutôt par courriel."
        )
    auteur = keep_auteur(by)
    annonce = Annonce.objects.create(
        cpts_id=cpts_id,
        titre=titre.strip(),
        texte=texte.strip(),
        criteres=criteres.as_json(),
        auteur=auteur,
        affichee_jusqu_au=affichee_jusqu_au,
    )
    Reception.objects.bulk_create(
        Reception(cpts_id=cpts_id, annonce=annonce, personne=personne, lue_le=now() if personne == auteur else None)
        for personne in people
    )
    journal.record("messagerie.annonce", annonce, by=by, destinataires=len(people))
    if par_courriel:
        enqueue("messagerie.annoncer", cpts_id=cpts_id, annonce_id=str(annonce.pk), rappel=False)
    return annonce


@transaction.atomic
def acknowledge(*, annonce: Annonce, by: Acteur) -> bool:
    """The person says that they have read it; the first time counts. False when it is not addressed to them."""
    rows = Reception.objects.filter(annonce=annonce, personne=keep_auteur(by))
    if not rows.exists():
        return False
    if rows.filter(lue_le=None).update(lue_le=now()):
        journal.record("messagerie.annonce_lue", annonce, by=by)
    return True


@transaction.atomic
def remind_unread(*, annonce: Annonce, by: Acteur) -> int:
    """Write to those who have not read it; returns how many. Raises MessageRefuse twice the same day."""
    annonce = Annonce.objects.select_for_update(of=("self",)).get(pk=annonce.pk)
    if annonce.retiree_le is not None:
        raise MessageRefuse("Cette annonce est retirée : il n’y a plus rien à rappeler.")
    if annonce.relancee_le is not None and annonce.relancee_le.astimezone().date() == today():
        raise MessageRefuse("Le rappel est déjà parti aujourd’hui. Attendez demain pour en envoyer un autre.")
    count = Reception.objects.filter(annonce=annonce, lue_le=None).count()
    annonce.relancee_le = now()
    annonce.save(update_fields=["relancee_le"])
    journal.record("messagerie.annonce_rappelee", annonce, by=by, destinataires=count)
    enqueue("messagerie.annoncer", cpts_id=annonce.cpts_id, annonce_id=str(annonce.pk), rappel=True)
    return count


@transaction.atomic
def write_annonces(*, annonce_id: UUID, rappel: bool) -> int:
    """Put in the outbox the mails of an announcement, one a person and occasion; returns how many. Idempotent."""
    annonce = Annonce.objects.select_related("cpts").get(pk=annonce_id)
    if annonce.retiree_le is not None:
        return 0
    jour = annonce.relancee_le.date().isoformat() if rappel and annonce.relancee_le else "parution"
    unread = Reception.objects.filter(annonce=annonce, lue_le=None).select_related("personne__membre__compte")
    count = 0
    for reception in unread.iterator(chunk_size=LOT):
        personne = reception.personne
        adresse = personne.courriel or (personne.membre.compte.email if personne.membre else "")
        mail = AnnonceParue.of(annonce, rappel=rappel)
        count += mail.queue(to=adresse, occasion=f"{reception.pk}:{jour}") is not None
    return count


@transaction.atomic
def withdraw_annonce(*, annonce: Annonce, retiree: bool, by: Acteur) -> None:
    """Take an announcement down, or put it back. Mails not sent yet are cancelled."""
    annonce.retiree_le = now() if retiree else None
    annonce.save(update_fields=["retiree_le"])
    if retiree:
        cancel_for(cpts_id=annonce.cpts_id, objet_id=annonce.pk)
    journal.record("messagerie.annonce_retiree" if retiree else "messagerie.annonce_remise", annonce, by=by)
