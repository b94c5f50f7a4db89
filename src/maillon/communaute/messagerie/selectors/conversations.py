"""Conversations, their messages, what is unread."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Count, DateTimeField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from maillon.communaute.patients.models import Patient, RelationSoin
from maillon.communaute.patients.permissions import LIRE
from maillon.communaute.personnes.models import Personne, PersonneQuerySet
from maillon.communaute.personnes.permissions import VOIR
from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Role

from ..enums import Genre
from ..models import Conversation, MessageConversation, MessagePatient, Participant
from ..models.conversations import ConversationQuerySet

MESSAGES_MONTRES = 100
ACCUEIL = (Role.COORDINATION, Role.SECRETARIAT)
JAMAIS = datetime(1970, 1, 1, tzinfo=UTC)


def get_conversation(pk: UUID, *, for_acteur: Acteur) -> Conversation:
    """A conversation of the actor without a patient, or 404."""
    rows = Conversation.objects.visible_to(for_acteur).select_related("groupe")
    return get_object_or_404(rows, pk=pk, patient=None)


def get_participation(pk: UUID, *, for_acteur: Acteur) -> Participant:
    """The actor's own part in a conversation of any kind, or 404."""
    get_object_or_404(Conversation.objects.visible_to(for_acteur), pk=pk)
    personne = get_personne_of(for_acteur)
    return Participant.objects.select_related("conversation").get(conversation=pk, personne=personne)


def _count_unread(model: type[MessageConversation] | type[MessagePatient], personne: Personne) -> Coalesce:
    """How many messages of the conversation at hand are by others and after what this person read."""
    read = Participant.objects.filter(conversation=OuterRef("conversation"), personne=personne).values("lu_le")[:1]
    since = Coalesce(Subquery(read), Value(JAMAIS), output_field=DateTimeField())
    unread = (
        model._default_manager.filter(conversation=OuterRef("pk"))
        .exclude(auteur=personne)
        .filter(envoye_le__gt=since)
        .order_by()
        .values("conversation")
        .annotate(nombre=Count("pk"))
        .values("nombre")
    )
    return Coalesce(Subquery(unread), Value(0))


def with_unread(rows: ConversationQuerySet, personne: Personne) -> ConversationQuerySet:
    """Adds `non_lus`, the number of messages that this person has not read."""
    return rows.annotate(non_lus=_count_unread(MessageConversation, personne) + _count_unread(MessagePatient, personne))


def list_conversations(
    acteur: Acteur, personne: Personne, *, archivees: bool = False, texte: str = ""
) -> ConversationQuerySet:
    """The person's conversations, the latest first, with `non_lus` and `extrait`, the beginning of the last message.

    One that was put away comes back with its next message. `texte` is looked for, word by word, in subjects, messages
    and names; what is written about patients is encrypted and is not searched.
    """
    own = Participant.objects.filter(conversation=OuterRef("pk"), personne=personne)
    away = own.filter(archivee_le__gte=OuterRef("dernier_le"))
    last = MessageConversation.objects.filter(conversation=OuterRef("pk")).order_by("-envoye_le", "-pk")
    rows = with_unread(Conversation.objects.visible_to(acteur), personne)
    rows = rows.filter(Exists(away) if archivees else ~Exists(away)) if not texte else rows
    for mot in texte.split()[:6]:
        written = MessageConversation.objects.filter(conversation=OuterRef("pk"), texte__unaccent__icontains=mot)
        named = Participant.objects.filter(
            Q(personne__nom__unaccent__icontains=mot) | Q(personne__prenom__unaccent__icontains=mot),
            conversation=OuterRef("pk"),
            conversation__patient=None,
        ).exclude(personne=personne)
        rows = rows.filter(Q(titre__unaccent__icontains=mot) | Exists(written) | Exists(named))
    rows = rows.annotate(
        extrait=Subquery(last.values("texte")[:1]),
        extrait_de=Subquery(last.values("auteur__prenom")[:1]),
    )
    return rows.select_related("groupe", "patient").prefetch_related("participants__personne").order_by("-dernier_le")


def list_messages(conversation: Conversation, *, tout: bool = False) -> list[MessageConversation]:
    """The messages in order; only the last ones unless `tout`."""
    rows = (
        MessageConversation.objects.filter(conversation=conversation)
        .select_related("auteur")
        .prefetch_related("pieces__fichier")
        .order_by("-envoye_le", "-pk")
    )
    return list(rows if tout else rows[:MESSAGES_MONTRES])[::-1]


def list_participants(conversation: Conversation) -> list[Participant]:
    """Who takes part today, by name."""
    rows = Participant.objects.filter(conversation=conversation, quittee_le=None)
    return list(rows.select_related("personne").order_by("personne__nom", "personne__prenom"))


@dataclass(frozen=True, slots=True)
class NonLus:
    """What waits for a person: how many conversations, and the one that has waited since when."""

    conversations: int
    depuis: datetime | None
    seule: Conversation | None


def get_unread(acteur: Acteur) -> NonLus:
    """What this person has not read, in two queries."""
    personne = get_personne_of(acteur)
    if personne is None:
        return NonLus(0, None, None)
    own = Participant.objects.filter(conversation=OuterRef("pk"), personne=personne)
    rows = Conversation.objects.visible_to(acteur).annotate(lu=Subquery(own.values("lu_le")[:1]))
    news = Q(dernier_le__gt=F("lu")) | Q(lu=None)
    waiting = list(rows.filter(news).order_by("dernier_le")[:100])
    return NonLus(len(waiting), waiting[0].dernier_le if waiting else None, waiting[0] if len(waiting) == 1 else None)


def find_interlocuteurs(acteur: Acteur) -> PersonneQuerySet:
    """To whom this actor may write here: the people of the community who have an account, themselves excepted.

    A partner sees nobody, and writes to those who answer for the community.
    """
    rows = Personne.objects.visible_to(acteur)
    if acteur.cpts_id is not None and not acteur.can(VOIR):
        accueil = [role.value for role in ACCUEIL]
        rows = Personne.objects.filter(cpts_id=acteur.cpts_id, membre__roles__overlap=accueil)
    rows = rows.en_activite().filter(membre__actif=True)
    return rows.exclude(membre=acteur.membre_id).select_related("professionnel").order_by("nom", "prenom")


def find_soignants(patient: Patient, acteur: Acteur) -> PersonneQuerySet:
    """Who else may take part in a thread about this patient: the desk, and those with a care relation in force."""
    relations = RelationSoin.objects.in_force().filter(patient=patient, rpps=OuterRef("membre__compte__rpps"))
    desk = Q(membre__roles__overlap=[role.value for role in LIRE.roles])
    rows = Personne.objects.en_activite().filter(desk | Q(Exists(relations)), membre__actif=True)
    rows = rows.filter(cpts_id=patient.cpts_id).exclude(membre=acteur.membre_id)
    return rows.select_related("professionnel").order_by("nom", "prenom")


def is_open_to(conversation: Conversation, personne: Personne) -> bool:
    """Whether a participant may still read a thread about a patient: a mail is sent to nobody else."""
    if conversation.genre != Genre.PATIENT:
        return True
    if conversation.patient is None or conversation.close_le is not None or conversation.patient.opposition:
        return False
    if personne.membre is None or not personne.membre.actif:
        return False
    if set(personne.membre.roles) & {role.value for role in LIRE.roles}:
        return True
    rpps = personne.membre.compte.rpps
    relations = RelationSoin.objects.in_force().filter(patient=conversation.patient_id)
    return bool(rpps) and relations.filter(rpps=rpps).exists()
