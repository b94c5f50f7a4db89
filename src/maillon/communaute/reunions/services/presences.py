"""Recording who is there: by themselves (code, link, tablet), by the sheet they signed, or by the organiser."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from maillon.communaute.personnes.models import Personne
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import create_lien, revoke_liens
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..codes import APRES, AVANT, is_ouverte
from ..enums import Etat, GenreDocument, Presence, PreuvePresence, Reponse
from ..models import ActionRefusee, DocumentReunion, Emargement, Participation, Reunion
from ..notifications_presences import LienPresence
from ..permissions import OUVRIR_DOCUMENTS
from ..selectors.presences import is_scellee
from .cloture import freeze_presences
from .commun import lock
from .votes import restore_pouvoir

LIEN_PRESENCE = "reunions.presence"
LIEN_TABLETTE = "reunions.tablette"
# How somebody says themselves that they are there: only while the meeting is under way.
PAR_SOI = (PreuvePresence.QR, PreuvePresence.LIEN, PreuvePresence.TABLETTE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A sheet sent back: its name and content."""

    nom: str
    contenu: bytes


@transaction.atomic
def record_presence(
    *,
    participation: Participation,
    preuve: PreuvePresence,
    by: Acteur,
    signature: str = "",
    initiales: str = "",
) -> Participation:
    """Somebody is there. A presence already recorded stays as it is: the first proof counts.

    A proxy that they had given falls, by the database itself. Raises ActionRefusee: cancelled meeting, too early,
    attendance closed.
    """
    reunion = lock(participation.reunion_id)
    _check_ouverte(reunion, seul=preuve in PAR_SOI)
    participation = _lock(participation)
    if participation.presence == Presence.PRESENT:
        return participation
    participation.presence, participation.preuve, participation.present_le = Presence.PRESENT, preuve, now()
    participation.save(update_fields=["presence", "preuve", "present_le"])
    Emargement.objects.update_or_create(
        cpts_id=participation.cpts_id,
        participation=participation,
        defaults={"signature": signature, "initiales": initiales, "releve_par": by.compte_id},
    )
    journal.record("reunions.presence_relevee", participation, by=by, preuve=preuve.value)
    return participation


@transaction.atomic
def add_present(*, reunion: Reunion, personne: Personne, preuve: PreuvePresence, by: Acteur) -> Participation:
    """Somebody known of the community is there without having been invited. Raises ActionRefusee."""
    participation, made = Participation.objects.get_or_create(
        cpts_id=reunion.cpts_id, reunion=reunion, personne=personne, defaults={"reponse": Reponse.OUI}
    )
    if made:
        journal.record("reunions.inscrite_sur_place", participation, by=by)
    return record_presence(participation=participation, preuve=preuve, by=by)


@transaction.atomic
def cancel_presence(*, participation: Participation, by: Acteur) -> Participation:
    """Undo a presence recorded by mistake; a proxy that fell with it holds again. Raises ActionRefusee."""
    reunion = lock(participation.reunion_id)
    _check_ouverte(reunion)
    participation = _lock(participation)
    if participation.presence == Presence.PRESENT:
        _forget(participation, Presence.INCONNUE)
        restore_pouvoir(participation_id=participation.pk, by=by)
        journal.record("reunions.presence_annulee", participation, by=by)
    return participation


@transaction.atomic
def record_absence(*, participation: Participation, presence: Presence, by: Acteur) -> Participation:
    """Somebody is absent or excused, or not yet known again. Raises ActionRefusee."""
    if presence == Presence.PRESENT:
        raise ValueError("a presence is recorded with its proof")
    _check_ouverte(lock(participation.reunion_id))
    participation = _lock(participation)
    if participation.presence != presence:
        _forget(participation, presence)
        journal.record("reunions.absence_relevee", participation, by=by, presence=presence.value)
    return participation


@transaction.atomic
def record_heures(
    *, participation: Participation, arrivee: datetime | None, depart: datetime | None, by: Acteur
) -> Emargement:
    """When somebody came and went: what they missed is not counted. Raises ActionRefusee."""
    reunion = lock(participation.reunion_id)
    _check_modifiable(reunion)
    participation = _lock(participation)
    if participation.presence != Presence.PRESENT:
        raise ActionRefusee("Cette personne n’est pas notée présente : notez d’abord sa présence.")
    assert reunion.debut is not None
    assert reunion.fin is not None
    if (arrivee or reunion.debut) >= (depart or reunion.fin):
        raise ActionRefusee("Le départ précède l’arrivée : corrigez l’une des deux heures.")
    trace, _ = Emargement.objects.update_or_create(
        cpts_id=participation.cpts_id, participation=participation, defaults={"arrivee": arrivee, "depart": depart}
    )
    journal.record("reunions.heures_corrigees", participation, by=by)
    if reunion.etat == Etat.TENUE:
        freeze_presences(reunion=reunion, by=by)
    return trace


@transaction.atomic
def leave_now(*, participation: Participation, by: Acteur) -> Emargement:
    """Somebody says that they leave before the end. Raises ActionRefusee, as for saying that one is there."""
    _check_ouverte(lock(participation.reunion_id), seul=True)
    trace = getattr(participation, "emargement", None)
    return record_heures(participation=participation, arrivee=trace.arrivee if trace else None, depart=now(), by=by)


@transaction.atomic
def record_feuille(*, reunion: Reunion, piece: Piece | None, presents: Collection[UUID], by: Acteur) -> int:
    """Take over a signed sheet: who signed is present, the others are absent or excused; returns how many signed.

    `presents` are participations. Those who proved their presence otherwise keep their proof, unless the sheet says
    that they were not there. Also corrects the attendance of a meeting already closed, which is then frozen again.
    Raises ActionRefusee and FichierRefuse.
    """
    reunion = lock(reunion.pk)
    _check_modifiable(reunion)
    document = _keep_feuille(reunion, piece, by) if piece is not None else None
    preuve = PreuvePresence.PAPIER if document is not None else PreuvePresence.SAISIE
    lignes = list(Participation.objects.select_for_update(no_key=True).filter(reunion=reunion))
    for ligne in lignes:
        if ligne.pk in presents and ligne.presence != Presence.PRESENT:
            ligne.presence, ligne.preuve, ligne.present_le = Presence.PRESENT, preuve, now()
            ligne.save(update_fields=["presence", "preuve", "present_le"])
            Emargement.objects.update_or_create(
                cpts_id=ligne.cpts_id,
                participation=ligne,
                defaults={"feuille": document, "releve_par": by.compte_id},
            )
        elif ligne.pk not in presents and ligne.presence in (Presence.PRESENT, Presence.INCONNUE):
            _forget(ligne, Presence.EXCUSE if ligne.reponse == Reponse.NON else Presence.ABSENT)
    nombre = sum(ligne.presence == Presence.PRESENT for ligne in lignes)
    journal.record("reunions.feuille_reprise", reunion, by=by, presents=nombre, preuve=preuve.value)
    if reunion.etat == Etat.TENUE:
        freeze_presences(reunion=reunion, by=by)
    return nombre


def _keep_feuille(reunion: Reunion, piece: Piece, by: Acteur) -> DocumentReunion:
    fichier = store_fichier(
        cpts_id=reunion.cpts_id, nom=piece.nom, contenu=piece.contenu, by=by, permission=OUVRIR_DOCUMENTS.code
    )
    document = DocumentReunion(
        cpts_id=reunion.cpts_id,
        reunion=reunion,
        genre=GenreDocument.FEUILLE,
        fichier=fichier,
        empreinte=fichier.empreinte,
    )
    document.save(force_insert=True)
    return document


@transaction.atomic
def open_tablette(*, reunion: Reunion, by: Acteur) -> str:
    """A link that opens the list on a tablet passed around, without anybody's account; the former ones stop."""
    _check_ouverte(reunion)
    assert reunion.fin is not None
    revoke_liens(but=LIEN_TABLETTE, objet_id=reunion.pk)
    jeton = create_lien(
        but=LIEN_TABLETTE, cpts_id=reunion.cpts_id, objet_id=reunion.pk, expire_le=max(reunion.fin, now()) + APRES
    )
    journal.record("reunions.tablette_ouverte", reunion, by=by)
    return jeton


def create_lien_presence(*, participation: Participation) -> str:
    """The personal link by which somebody says during the meeting that they are there; until two hours after it."""
    fin = participation.reunion.fin
    return create_lien(
        but=LIEN_PRESENCE,
        cpts_id=participation.cpts_id,
        objet_id=participation.pk,
        expire_le=fin + APRES if fin else None,
    )


@transaction.atomic
def send_liens(*, reunion: Reunion, by: Acteur) -> int:
    """Write to those who are expected and not noted yet: their personal link; how many. Raises ActionRefusee."""
    _check_ouverte(reunion)
    moment = now()
    attendus = (
        Participation.objects.filter(reunion=reunion, presence=Presence.INCONNUE)
        .exclude(reponse=Reponse.NON)
        .exclude(personne__courriel="")
        .select_related("personne", "reunion__cpts")
    )
    ecrits = 0
    for participation in attendus:
        revoke_liens(but=LIEN_PRESENCE, objet_id=participation.pk)
        jeton = create_lien_presence(participation=participation)
        message = LienPresence.for_participation(participation, jeton)
        ecrits += message.queue(to=participation.personne.courriel, occasion=moment.isoformat()) is not None
    journal.record("reunions.liens_envoyes", reunion, by=by, nombre=ecrits)
    return ecrits


def _forget(participation: Participation, presence: Presence) -> None:
    """Not present after all: the trace goes with the presence, the history keeps both."""
    participation.presence, participation.preuve, participation.present_le = presence, "", None
    participation.save(update_fields=["presence", "preuve", "present_le"])
    Emargement.objects.filter(participation=participation).delete()


def _lock(participation: Participation) -> Participation:
    return Participation.objects.select_for_update(no_key=True).get(pk=participation.pk)


def _check_ouverte(reunion: Reunion, *, seul: bool = False) -> None:
    """Refuse outside the time when attendance is taken: `seul`, by those who attend; else by the organiser."""
    _check_modifiable(reunion)
    if reunion.etat == Etat.TENUE:
        raise ActionRefusee("La réunion est close. Son organisateur peut encore corriger la liste des présents.")
    if seul and not is_ouverte(reunion.debut, reunion.fin, now()):
        raise ActionRefusee("L’émargement est fermé : il ouvre une heure avant la réunion et ferme deux heures après.")


def _check_modifiable(reunion: Reunion) -> None:
    """Refuse what no longer or not yet makes sense."""
    if reunion.etat == Etat.ANNULEE:
        raise ActionRefusee("Cette réunion est annulée : personne n’y est présent.")
    if reunion.debut is None or reunion.debut - AVANT > now():
        raise ActionRefusee("Les présences se relèvent à partir d’une heure avant le début de la réunion.")
    if is_scellee(reunion):
        raise ActionRefusee("Le compte rendu est validé : la liste des présents ne change plus.")
