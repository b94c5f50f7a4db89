"""What comes out of the meeting: decisions and minutes."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from maillon.pilotage.contrats.donnees import Piece
from maillon.pilotage.contrats.models import Indicateur
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.enums import TypeFichier
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal

from ..enums import OUVERTS, Etat, Organisme, Porteur
from ..models import CompteRendu, Decision, Dialogue
from ..permissions import LIRE
from .etats import check_etat, lock_dialogue

SECTIONS = ("examines", "accords", "desaccords", "suites")


@transaction.atomic
def add_decision(
    *,
    dialogue: Dialogue,
    libelle: str,
    porteur: Porteur,
    by: Acteur,
    echeance: date | None = None,
    indicateur: Indicateur | None = None,
) -> Decision:
    """Record what was agreed, who carries it out and before when; CPAM and ARS read it at once."""
    dialogue = lock_dialogue(dialogue.pk)
    check_etat(dialogue, *OUVERTS)
    decision = Decision(
        cpts_id=dialogue.cpts_id,
        dialogue=dialogue,
        libelle=libelle,
        porteur=porteur,
        echeance=echeance,
        indicateur=indicateur,
    )
    decision.save(force_insert=True)
    journal.record("dialogues.decide", decision, by=by, porteur=porteur)
    return decision


@transaction.atomic
def mark_decision(*, decision: Decision, faite: bool, by: Acteur) -> Decision:
    """Say that a decision is carried out, or that it is not after all; also after the closing."""
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    decision.faite_le = today() if faite else None
    decision.save(update_fields=["faite_le"])
    journal.record("dialogues.decision_suivie", decision, by=by, faite=faite)
    return decision


@transaction.atomic
def remove_decision(*, decision: Decision, by: Acteur) -> None:
    """Remove a decision written by mistake, while the dialogue is open; the journal keeps that it was there."""
    dialogue = lock_dialogue(decision.dialogue_id)
    check_etat(dialogue, *OUVERTS)
    journal.record("dialogues.decision_retiree", decision, by=by)
    decision.delete()


@transaction.atomic
def write_compte_rendu(*, dialogue: Dialogue, textes: Mapping[str, str], by: Acteur) -> CompteRendu:
    """Keep the text of the minutes, to print and sign. Changing it takes the signed document off: sign again."""
    dialogue = lock_dialogue(dialogue.pk)
    check_etat(dialogue, Etat.EN_DISCUSSION, Etat.TENU)
    compte_rendu, _ = CompteRendu.objects.get_or_create(cpts_id=dialogue.cpts_id, dialogue=dialogue)
    if compte_rendu.is_signe and all(getattr(compte_rendu, nom) == textes[nom] for nom in SECTIONS):
        return compte_rendu
    for nom in SECTIONS:
        setattr(compte_rendu, nom, textes[nom])
    compte_rendu.fichier, compte_rendu.empreinte = None, ""
    compte_rendu.signe_cpts_le = compte_rendu.signe_cpam_le = compte_rendu.signe_ars_le = None
    compte_rendu.save()
    journal.record("dialogues.compte_rendu", dialogue, by=by)
    return compte_rendu


@transaction.atomic
def sign_compte_rendu(
    *,
    dialogue: Dialogue,
    document: Piece,
    signe_cpts_le: date,
    by: Acteur,
    signe_le: Mapping[Organisme, date] | None = None,
) -> CompteRendu:
    """Keep the signed minutes (a PDF) and the day each party signed; CPAM and ARS may then open them.

    Raises FichierRefuse for a document that is not accepted, SaisieInvalide for another type or a day to come.
    """
    dialogue = lock_dialogue(dialogue.pk)
    check_etat(dialogue, Etat.TENU)
    dates = {organisme: (signe_le or {}).get(organisme) for organisme in Organisme}
    for jour in (signe_cpts_le, *dates.values()):
        if jour is not None and jour > today():
            raise SaisieInvalide(f"Le {jour:%d/%m/%Y} n’est pas encore passé.")
    fichier = store_fichier(
        cpts_id=dialogue.cpts_id, nom=document.nom, contenu=document.contenu, by=by, permission=LIRE.code
    )
    if fichier.type != TypeFichier.PDF:
        raise SaisieInvalide("Déposez le compte rendu signé en PDF.")
    compte_rendu, _ = CompteRendu.objects.get_or_create(cpts_id=dialogue.cpts_id, dialogue=dialogue)
    compte_rendu.fichier, compte_rendu.empreinte = fichier, fichier.empreinte
    compte_rendu.signe_cpts_le = signe_cpts_le
    compte_rendu.signe_cpam_le, compte_rendu.signe_ars_le = dates[Organisme.CPAM], dates[Organisme.ARS]
    compte_rendu.save()
    journal.record(
        "dialogues.signe",
        dialogue,
        by=by,
        empreinte=fichier.empreinte,
        cpam=dates[Organisme.CPAM] is not None,
        ars=dates[Organisme.ARS] is not None,
    )
    return compte_rendu
