"""What a mission asks of professionals, and what follows an appointment."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from ..droits.acteur import Acteur
from ..droits.permissions import Permission


class FaitSollicitation(StrEnum):
    """What happens to a call or to one of its solicitations, as the mission that called is told of it."""

    VAGUE = "vague"  # a wave has left; the call says until when
    ENVOYEE = "envoyee"  # one professional is asked
    RAPPELEE = "rappelee"
    ACCEPTEE = "acceptee"  # the first yes: the call is reserved for this professional
    REFUSEE = "refusee"
    EXPIREE = "expiree"
    REPRISE = "reprise"  # a refusal was taken back
    DESISTEE = "desistee"  # an acceptance was taken back
    ANNULEE = "annulee"  # an acceptance was recorded by mistake: the answer is awaited again
    EPUISE = "epuise"  # nobody is left to ask: the mission escalates


@dataclass(frozen=True, slots=True)
class VueSollicitation:
    """All that a solicited professional reads before answering: no identity, nothing of the coverage. What is not here
    cannot be shown by mistake. `motifs` are the reasons of refusal that make sense for this one."""

    titre: str
    besoins: tuple[str, ...]
    motifs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GenreSollicitation:
    """A kind of call by which a mission asks professionals for something (`communaute.sollicitations`).

    `titre` heads the page of one solicitation and `attente` says of how many the answer is awaited (« personne cherche
    un médecin traitant », singular and plural verb phrase); `motifs` are all the reasons of refusal. `repondre` and
    `gerer` are the permissions to answer, and to read every call of the community.

    `verrouille(objet_id)` locks and returns the mission's object: everybody locks it first, then the call, then its
    solicitations. `suit(fait, objet, appel, sollicitation, by)` is told of every fact in the same transaction, with
    the object locked, and journals what its own timeline shows; `sollicitation` is None for VAGUE and EPUISE.
    `presente(cpts_id, objet_ids)` gives the anonymous views in one query. `disponibles(objet, professionnel_ids)` keeps
    those who may still be asked when their wave comes.

    `courriel` and `rappel` are the mails (`cpts, objet_id, lien, avant_le`); the reminder leaves `rappel_avant` the
    deadline, None for a cascade too short for one. `accepte`, `merci` and `suite` are the words of the page: the
    button, what is said after a yes and after a no. `occupe`: who is busy elsewhere during the whole wave is not asked.
    `ensuite(slug, objet_id)` is the page where who said yes goes on at once, `ensuite_lien(objet_id)` the same without
    account.
    """

    code: str
    libelle: str
    titre: str
    attente: tuple[str, str]
    motifs: tuple[tuple[str, str], ...]
    repondre: Permission
    gerer: Permission
    verrouille: Callable[[UUID], Any]
    suit: Callable[[FaitSollicitation, Any, Any, Any, Acteur], None]
    presente: Callable[[UUID, Collection[UUID]], dict[UUID, VueSollicitation]]
    disponibles: Callable[[Any, Collection[UUID]], set[UUID]]
    courriel: Callable[..., Any]
    rappel: Callable[..., Any]
    rappel_avant: timedelta | None
    accepte: str
    merci: str
    suite: str
    occupe: bool = False
    ensuite: Callable[[str, UUID], str] | None = None
    ensuite_lien: Callable[[UUID], str] | None = None


class FaitRendezVous(StrEnum):
    """What happened to an appointment."""

    RETENU = "retenu"
    CONFIRME = "confirme"
    ANNULE = "annule"
    RETABLI = "retabli"  # a cancellation that was undone
    DEPLACE = "deplace"  # told of the new appointment; the former one was told ANNULE
    HONORE = "honore"
    ABSENT = "absent"
    VENUE_ANNULEE = "venue_annulee"  # neither honoured nor missed any more
    EXPIRE = "expire"  # a hold that ended by itself, or was let go


@dataclass(frozen=True, slots=True)
class SuiteRendezVous:
    """Who follows the appointments of unscheduled care: `fait(rendez_vous, quoi, by)` runs in the transaction of each
    change, inside the community of the slot, with the professional, the slot and the appointment locked."""

    fait: Callable[[Any, FaitRendezVous, Acteur], None]
