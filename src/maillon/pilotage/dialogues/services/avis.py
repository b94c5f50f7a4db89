"""Opinions of the CPAM and the ARS, and the community's answers. An agent's service runs inside `act_in(cpts_id)`."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction

from maillon.pilotage.contrats.donnees import Piece
from maillon.regles.aci.formats import format_nombre
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.comptes.models import Compte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.journal import services as journal

from ..enums import DISCUTABLES, OUVERTS, Etat, Organisme, Position
from ..models import Avis, Dialogue, Reponse
from ..notifications import ReponseDonnee
from ..permissions import LIRE
from ..selectors import Fil, find_fil, get_transmission, list_acceptables, list_fils
from .etats import check_etat, lock_dialogue, move


@transaction.atomic
def give_avis(
    *,
    dialogue: Dialogue,
    indicateur_id: UUID,
    organisme: Organisme,
    position: Position,
    by: Acteur,
    valeur: Decimal | None = None,
    motif: str = "",
) -> Avis:
    """Accept, contest or question one indicator, or take one's opinion back. The last opinion of an organisme counts.

    Accepting gives the value that was read: refused when the community has corrected it since. Said twice, it is kept
    once. Raises EtatRefuse outside the discussion, SaisieInvalide for an impossible value or a missing reason.
    """
    dialogue = lock_dialogue(dialogue.pk)
    check_etat(dialogue, *DISCUTABLES)
    fil = find_fil(list_fils(dialogue, get_transmission(dialogue)), indicateur_id)
    if position == Position.ACCEPTE:
        _check_lue(fil, valeur)
    elif valeur is not None:
        check_valeur(fil, valeur)
    motif = motif.strip()
    if position in (Position.CONTESTE, Position.QUESTION) and not motif:
        raise SaisieInvalide("Dites pourquoi : la communauté répond à un motif.")
    dernier = fil.derniers.get(organisme)
    if dernier and (dernier.position, dernier.valeur, dernier.motif) == (position, valeur, motif):
        return dernier
    if dialogue.etat == Etat.TRANSMIS:
        move(dialogue, Etat.EN_DISCUSSION)
    return _save(dialogue, fil, organisme, position, valeur, motif, by)


@transaction.atomic
def accept_mission(*, dialogue: Dialogue, mission: str, organisme: Organisme, by: Acteur) -> list[Avis]:
    """Accept at once every indicator of a mission that has a value and on which the organisme has said nothing."""
    dialogue = lock_dialogue(dialogue.pk)
    check_etat(dialogue, *DISCUTABLES)
    fils = list_acceptables(list_fils(dialogue, get_transmission(dialogue)), mission, organisme)
    if fils and dialogue.etat == Etat.TRANSMIS:
        move(dialogue, Etat.EN_DISCUSSION)
    return [_save(dialogue, fil, organisme, Position.ACCEPTE, fil.proposee, "", by) for fil in fils]


def _save(
    dialogue: Dialogue,
    fil: Fil,
    organisme: Organisme,
    position: Position,
    valeur: Decimal | None,
    motif: str,
    by: Acteur,
) -> Avis:
    avis = Avis(
        cpts_id=dialogue.cpts_id,
        dialogue=dialogue,
        indicateur_id=fil.id,
        organisme=organisme,
        position=position,
        valeur=valeur,
        motif=motif,
        agent=by.compte_id,
    )
    avis.save(force_insert=True)
    journal.record(
        f"dialogues.avis_{position.value}", dialogue, by=by, organisme=organisme.value, indicateur=str(fil.id)
    )
    return avis


def _check_lue(fil: Fil, valeur: Decimal | None) -> None:
    if fil.proposee is None:
        raise SaisieInvalide(f"« {fil.indicateur['libelle']} » n’a pas de valeur : posez une question à la communauté.")
    if valeur != fil.proposee:
        raise SaisieInvalide(
            f"La communauté a corrigé « {fil.indicateur['libelle']} » entre-temps : "
            f"la valeur est {format_nombre(fil.proposee)}. Relisez-la, puis acceptez."
        )


def check_valeur(fil: Fil, valeur: Decimal) -> None:
    """Raise SaisieInvalide for a value that the indicator cannot take."""
    if not valeur.is_finite() or valeur < 0:
        raise SaisieInvalide("Donnez une valeur positive ou nulle.")
    if fil.indicateur["unite"] == "%" and valeur > 100:
        raise SaisieInvalide("Un taux ne dépasse pas 100 %.")


@transaction.atomic
def answer_avis(
    *,
    avis: Avis,
    texte: str,
    by: Acteur,
    valeur_corrigee: Decimal | None = None,
    document: Piece | None = None,
) -> Reponse:
    """Answer an opinion, with a corrected value or a document that its author may open; they are told by mail."""
    dialogue = lock_dialogue(avis.dialogue_id)
    check_etat(dialogue, *OUVERTS)
    if not texte.strip():
        raise SaisieInvalide("Écrivez votre réponse.")
    if valeur_corrigee is not None:
        check_valeur(find_fil(list_fils(dialogue, get_transmission(dialogue)), avis.indicateur_id), valeur_corrigee)
    fichier = None
    if document is not None:
        fichier = store_fichier(
            cpts_id=dialogue.cpts_id, nom=document.nom, contenu=document.contenu, by=by, permission=LIRE.code
        )
    reponse = Reponse(
        cpts_id=dialogue.cpts_id,
        avis=avis,
        texte=texte.strip(),
        valeur_corrigee=valeur_corrigee,
        document=fichier,
        empreinte=fichier.empreinte if fichier else "",
        par=by.compte_id,
    )
    reponse.save(force_insert=True)
    journal.record("dialogues.repondu", dialogue, by=by, avis=str(avis.pk), avec_document=fichier is not None)
    for agent in Compte.objects.filter(pk__in=[avis.agent] if avis.agent else [], is_active=True):
        ReponseDonnee(dialogue).queue(to=agent.email, occasion=str(reponse.pk))
    return reponse
