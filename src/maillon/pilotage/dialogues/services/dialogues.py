"""The life of a dialogue up to the meeting. Each is atomic, names its author and is journalled."""

from datetime import date, time

from django.db import IntegrityError, transaction

from maillon.pilotage.arretes.services import freeze_periode
from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.contrats.regles import bounds_of, find_annee
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal

from ..enums import OUVERTS, Etat, Rang
from ..models import Dialogue, Note, Transmission
from ..notifications import DossierTransmis
from ..selectors import list_agents
from .etats import check_etat, lock_dialogue, move


@transaction.atomic
def open_dialogue(*, contrat: Contrat, annee: int, rang: Rang, by: Acteur) -> Dialogue:
    """Begin to prepare one of the two dialogues of a contract year. Raises SaisieInvalide when it exists already."""
    courante, _, _ = find_annee(contrat, today())
    if not 1 <= annee <= courante:
        raise SaisieInvalide(f"L’année {annee} du contrat n’a pas commencé : choisissez une année de 1 à {courante}.")
    dialogue = Dialogue(cpts_id=contrat.cpts_id, contrat=contrat, annee=annee, rang=rang)
    try:
        with transaction.atomic():
            dialogue.save(force_insert=True)
    except IntegrityError as refus:
        if "dialogue_un_par_rang" not in str(refus):
            raise
        raise SaisieInvalide(
            f"Le dialogue de {Rang(rang).label} de l’année {annee} existe déjà : ouvrez-le dans la liste."
        ) from None
    journal.record("dialogues.ouvert", dialogue, by=by, annee=annee, rang=int(rang))
    return dialogue


@transaction.atomic
def plan_dialogue(
    *,
    dialogue: Dialogue,
    prevu_le: date | None,
    heure: time | None,
    lieu: str,
    visio: str,
    ordre_du_jour: str,
    by: Acteur,
) -> Dialogue:
    """Say when and where it is held, and what is on its agenda; both sides see it once transmitted."""
    dialogue = lock_dialogue(dialogue.pk)
    check_etat(dialogue, Etat.PREPARE, Etat.TRANSMIS, Etat.EN_DISCUSSION)
    dialogue.prevu_le, dialogue.heure = prevu_le, heure
    dialogue.lieu, dialogue.visio, dialogue.ordre_du_jour = lieu, visio, ordre_du_jour
    dialogue.save(update_fields=["prevu_le", "heure", "lieu", "visio", "ordre_du_jour"])
    journal.record("dialogues.organise", dialogue, by=by, prevu_le=prevu_le.isoformat() if prevu_le else None)
    return dialogue


@transaction.atomic
def write_note(*, dialogue: Dialogue, mission: str, texte: str, by: Acteur) -> Note:
    """Keep a note of preparation on one mission; it is never transmitted."""
    dialogue = lock_dialogue(dialogue.pk)
    check_etat(dialogue, Etat.PREPARE, *OUVERTS)
    note, _ = Note.objects.update_or_create(
        cpts_id=dialogue.cpts_id, dialogue=dialogue, mission=mission, defaults={"texte": texte}
    )
    journal.record("dialogues.note", dialogue, by=by, mission=mission)
    return note


@transaction.atomic
def transmit_dialogue(*, dialogue: Dialogue, by: Acteur) -> Transmission:
    """Give the figures of today to the CPAM and the ARS, sealed, and write to their agents (a link, no figure)."""
    dialogue = move(lock_dialogue(dialogue.pk), Etat.TRANSMIS)
    debut, _ = bounds_of(dialogue.contrat, dialogue.annee)
    if today() <= debut:
        raise SaisieInvalide(
            f"L’année {dialogue.annee} commence aujourd’hui : il n’y a encore aucun chiffre à transmettre."
        )
    arrete = freeze_periode(
        contrat=dialogue.contrat,
        numero=dialogue.annee,
        by=by,
        motif=f"dialogue de gestion ({dialogue.get_rang_display()})",
    )
    transmission = Transmission(cpts_id=dialogue.cpts_id, dialogue=dialogue, arrete=arrete, par=by.compte_id)
    transmission.save(force_insert=True)
    journal.record("dialogues.transmis", dialogue, by=by, arrete_au=arrete.fin.isoformat(), empreinte=arrete.empreinte)
    for compte_id, adresse in list_agents(dialogue.cpts):
        DossierTransmis(dialogue).queue(to=adresse, occasion=f"{transmission.pk.hex}:{compte_id.hex}")
    return transmission


@transaction.atomic
def withdraw_dialogue(*, dialogue: Dialogue, by: Acteur) -> Dialogue:
    """Take a transmission back while nobody gave an opinion: CPAM and ARS no longer see the dialogue."""
    dialogue = move(lock_dialogue(dialogue.pk), Etat.PREPARE)
    journal.record("dialogues.repris", dialogue, by=by)
    return dialogue


@transaction.atomic
def hold_dialogue(*, dialogue: Dialogue, le: date, by: Acteur) -> Dialogue:
    """Record that the meeting was held: opinions are closed, the minutes are written and signed."""
    if le > today():
        raise SaisieInvalide(f"Le {le:%d/%m/%Y} n’est pas encore passé : revenez le jour du dialogue.")
    dialogue = move(lock_dialogue(dialogue.pk), Etat.TENU, tenu_le=le)
    journal.record("dialogues.tenu", dialogue, by=by, le=le.isoformat())
    return dialogue


@transaction.atomic
def reopen_dialogue(*, dialogue: Dialogue, by: Acteur) -> Dialogue:
    """Reopen the discussion of a dialogue held and not closed: a party has something to add."""
    dialogue = move(lock_dialogue(dialogue.pk), Etat.EN_DISCUSSION, tenu_le=None)
    journal.record("dialogues.rouvert", dialogue, by=by)
    return dialogue
