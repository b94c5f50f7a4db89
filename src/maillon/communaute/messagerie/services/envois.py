"""Mailings: kept as drafts, tried, sent once to each address, sent again only where they failed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from maillon.communaute.personnes.models import Personne
from maillon.socle.courriels.services import resend
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.services import create_lien
from maillon.socle.fichiers.services import TAILLE_MAX, store_fichier
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal
from maillon.socle.taches import enqueue

from ..enums import EtatEnvoi, Nature
from ..models import Desabonnement, Destinataire, Envoi, PieceEnvoi
from ..notifications import CourrielEnvoi
from ..permissions import DIFFUSER
from ..selectors.diffusion import find_audience, list_echecs, list_pieces, make_empreinte
from ..variables import fill_variables
from .commun import MessageRefuse, Recu, keep_auteur

LIEN_DESABONNEMENT = "messagerie.desabonnement"
LOT = 50


@transaction.atomic
def save_envoi(
    *, cpts_id: UUID, champs: dict[str, Any], pieces: Sequence[Recu] = (), by: Acteur, envoi: Envoi | None = None
) -> Envoi:
    """Keep a draft: `champs` are `objet`, `texte`, `nature`, `criteres`. Raises MessageRefuse once it has left."""
    envoi = Envoi(cpts_id=cpts_id, auteur=keep_auteur(by)) if envoi is None else _lock_brouillon(envoi)
    for name, value in champs.items():
        setattr(envoi, name, value)
    envoi.save()
    for piece in pieces:
        fichier = store_fichier(cpts_id=cpts_id, nom=piece.nom, contenu=piece.contenu, by=by, permission=DIFFUSER.code)
        PieceEnvoi.objects.create(cpts_id=cpts_id, envoi=envoi, fichier=fichier)
    if sum(fichier.taille for fichier in list_pieces(envoi)) > TAILLE_MAX:
        raise MessageRefuse(
            "Les pièces jointes dépassent 10 Mo ensemble : beaucoup de boîtes refuseraient ce courriel. Retirez-en."
        )
    journal.record("messagerie.envoi_enregistre", envoi, by=by, pieces=len(pieces))
    return envoi


def _lock_brouillon(envoi: Envoi) -> Envoi:
    envoi = Envoi.objects.select_for_update(of=("self",)).select_related("cpts").get(pk=envoi.pk)
    if envoi.etat != EtatEnvoi.BROUILLON:
        raise MessageRefuse("Cet envoi est déjà parti : on n’en change plus rien. Reprenez-le dans un nouvel envoi.")
    return envoi


@transaction.atomic
def remove_piece(*, envoi: Envoi, fichier_id: UUID) -> None:
    """Take a document out of a draft."""
    PieceEnvoi.objects.filter(envoi=_lock_brouillon(envoi), fichier=fichier_id).delete()


@transaction.atomic
def copy_envoi(*, envoi: Envoi, by: Acteur) -> Envoi:
    """A new draft with the same words, people and documents."""
    copy = Envoi.objects.create(
        cpts_id=envoi.cpts_id,
        objet=envoi.objet,
        texte=envoi.texte,
        nature=envoi.nature,
        criteres=envoi.criteres,
        auteur=keep_auteur(by),
    )
    for fichier in list_pieces(envoi):
        PieceEnvoi.objects.create(cpts_id=envoi.cpts_id, envoi=copy, fichier=fichier)
    journal.record("messagerie.envoi_enregistre", copy, by=by, repris=str(envoi.pk))
    return copy


@transaction.atomic
def mark_modele(*, envoi: Envoi, modele: bool, by: Acteur) -> None:
    """Keep a mailing to begin others from, or no longer."""
    envoi.modele = modele
    envoi.save(update_fields=["modele"])
    journal.record("messagerie.envoi_modele", envoi, by=by, modele=modele)


@transaction.atomic
def delete_envoi(*, envoi: Envoi, by: Acteur) -> None:
    """Throw a draft away. Raises MessageRefuse once it has left."""
    envoi = _lock_brouillon(envoi)
    journal.record("messagerie.envoi_supprime", envoi, by=by)
    envoi.delete()


def compose(envoi: Envoi, personne: Personne, *, objet: Destinataire | Envoi, lien: str) -> CourrielEnvoi:
    """The mail of one person: their own words in the place of the variables."""
    return CourrielEnvoi(
        cpts=envoi.cpts,
        objet=objet,
        sujet=fill_variables(envoi.objet, personne, envoi.cpts)[:200],
        texte=fill_variables(envoi.texte, personne, envoi.cpts),
        lien=lien,
        pieces=list_pieces(envoi),
    )


@transaction.atomic
def try_envoi(*, envoi: Envoi, adresse: str, by: Acteur) -> None:
    """Send a mailing to its author alone."""
    compose(envoi, keep_auteur(by), objet=envoi, lien="").queue_essai(to=adresse, moment=now())
    journal.record("messagerie.envoi_essaye", envoi, by=by)


@transaction.atomic
def launch_envoi(*, envoi: Envoi, by: Acteur) -> Envoi:
    """Send a mailing: who receives it is settled now, and a job writes to each.

    Raises MessageRefuse when it has left already, or when nobody would receive it.
    """
    envoi = _lock_brouillon(envoi)
    audience = find_audience(envoi)
    if not audience.joignables:
        raise MessageRefuse("Personne ne recevrait cet envoi : élargissez les destinataires.")
    Destinataire.objects.bulk_create(
        [
            Destinataire(
                cpts_id=envoi.cpts_id,
                envoi=envoi,
                personne=personne,
                empreinte=make_empreinte(personne.courriel, cpts_id=envoi.cpts_id),
            )
            for personne in audience.joignables
        ]
    )
    envoi.etat, envoi.lance_le = EtatEnvoi.EN_COURS, now()
    envoi.save(update_fields=["etat", "lance_le"])
    journal.record("messagerie.envoi_lance", envoi, by=by, destinataires=len(audience.joignables), nature=envoi.nature)
    enqueue("messagerie.envoyer", cpts_id=envoi.cpts_id, envoi_id=str(envoi.pk))
    return envoi


@transaction.atomic
def write_lot(*, envoi_id: UUID) -> int:
    """Put in the outbox the mails of the next people of a mailing; returns how many are left. Idempotent."""
    envoi = Envoi.objects.select_related("cpts").get(pk=envoi_id)
    waiting = Destinataire.objects.filter(envoi=envoi, ecrit_le=None)
    lot = list(waiting.select_for_update(of=("self",)).select_related("personne__professionnel")[:LOT])
    for destinataire in lot:
        personne = destinataire.personne
        lien = ""
        if envoi.nature == Nature.INFORMATION:
            jeton = create_lien(but=LIEN_DESABONNEMENT, cpts_id=envoi.cpts_id, objet_id=personne.pk)
            lien = settings.MAILLON_ADRESSE + reverse("messagerie:desabonnement", args=[jeton])
        compose(envoi, personne, objet=destinataire, lien=lien).queue(to=personne.courriel)
        destinataire.ecrit_le = now()
        destinataire.save(update_fields=["ecrit_le"])
    left = waiting.count()
    if not left and envoi.etat == EtatEnvoi.EN_COURS:
        envoi.etat = EtatEnvoi.ENVOYE
        envoi.save(update_fields=["etat"])
        journal.record("messagerie.envoi_parti", envoi, by=SYSTEME)
    return left


@transaction.atomic
def resend_echecs(*, envoi: Envoi, incertains: bool, by: Acteur) -> int:
    """Send a mailing again where it failed and, if the person says so, where nobody knows. Returns how many."""
    count = sum(resend(message=message, by=by) for message in list_echecs(envoi, incertains=incertains))
    journal.record("messagerie.envoi_renvoye", envoi, by=by, courriels=count)
    return count


@transaction.atomic
def unsubscribe(*, personne: Personne, by: Acteur) -> None:
    """This person receives no more information mailings."""
    _, made = Desabonnement.objects.get_or_create(cpts_id=personne.cpts_id, personne=personne)
    if made:
        journal.record("messagerie.desabonnement", personne, by=by)


@transaction.atomic
def resubscribe(*, personne: Personne, by: Acteur) -> None:
    """This person receives them again."""
    if Desabonnement.objects.filter(personne=personne).delete()[0]:
        journal.record("messagerie.reabonnement", personne, by=by)


def preview(envoi: Envoi, personne: Personne) -> str:
    """What this person would read."""
    return fill_variables(envoi.texte, personne, envoi.cpts)
