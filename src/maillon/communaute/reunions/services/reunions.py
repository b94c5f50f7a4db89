"""Creating, changing, cancelling and repeating a meeting; its agenda and its list."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from maillon.communaute.adhesions.selectors import members
from maillon.communaute.personnes.models import Personne
from maillon.communaute.personnes.selectors import get_personne_of, people_of_groupe
from maillon.regles.assemblees import is_hors_delai
from maillon.socle.courriels.services import cancel_for
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..donnees import DonneesPoint, DonneesReunion
from ..enums import Envoi, Etat, FinPouvoir, Invites, Presence, TypeReunion
from ..models import ActionRefusee, Participation, PointOrdreDuJour, Pouvoir, Reunion
from ..permissions import VOIR
from ..selectors.convocations import find_regles, find_votants
from .commun import check_modifiable, check_transition, lock, take_back_reponses
from .envois import ask_envoi

# What a calendar shows: a change of one of these is a new version.
VISIBLES = ("titre", "debut", "fin", "lieu", "visio")
DONNEES = ("type", "titre", "mission", "indicateur", "action", "groupe", "debut", "fin", "lieu", "visio")
SEMAINES_ENTRE_DEUX = 4


@transaction.atomic
def create_reunion(
    *, cpts_id: UUID, donnees: DonneesReunion, invites: Invites, by: Acteur, precedente: Reunion | None = None
) -> Reunion:
    """Create a meeting in preparation, with its first list of people."""
    reunion = Reunion(cpts_id=cpts_id, organisateur=get_personne_of(by), precedente=precedente)
    _fill(reunion, donnees)
    reunion.save(force_insert=True)
    journal.record("reunions.creee", reunion, by=by, type=reunion.type, mission=reunion.mission)
    if invites == Invites.GROUPE and reunion.groupe is not None:
        add_personnes(reunion, people_of_groupe(reunion.groupe, on=_day_of(reunion)))
    elif invites == Invites.MEMBRES:
        add_personnes(reunion, find_membres(cpts_id))
    return reunion


def find_membres(cpts_id: UUID) -> Iterable[Personne]:
    """The people of a community who are members, or are the contacts of a structure that is one."""
    adhesions = members(cpts_id, on=today()).order_by()
    people = Personne.objects.en_activite().filter(cpts_id=cpts_id)
    return people.filter(professionnel__in=adhesions.filter(structure=None).values("professionnel")) | people.filter(
        structure__in=adhesions.filter(professionnel=None).values("structure")
    )


def _day_of(reunion: Reunion) -> date:
    return timezone.localtime(reunion.debut).date() if reunion.debut else today()


def _fill(reunion: Reunion, donnees: DonneesReunion) -> None:
    for nom in DONNEES:
        setattr(reunion, nom, getattr(donnees, nom))


def add_personnes(reunion: Reunion, personnes: Iterable[Personne]) -> list[Participation]:
    """Put people on the list, each once; those who are there stay as they are."""
    added = [Participation(cpts_id=reunion.cpts_id, reunion=reunion, personne=personne) for personne in personnes]
    before = set(Participation.objects.filter(reunion=reunion).values_list("personne_id", flat=True))
    return Participation.objects.bulk_create([p for p in added if p.personne_id not in before])


@transaction.atomic
def invite_personnes(*, reunion_id: UUID, personne_ids: Sequence[UUID], by: Acteur) -> list[Participation]:
    """Add people to the list. Once the meeting is convoked they are written to at once, and have a voice if the rules
    of the body give them one."""
    reunion = lock(reunion_id)
    check_modifiable(reunion)
    personnes = Personne.objects.en_activite().filter(cpts_id=reunion.cpts_id, pk__in=list(personne_ids))
    added = add_personnes(reunion, personnes)
    if reunion.etat == Etat.CONVOQUEE and added:
        if find_regles(reunion.cpts_id, reunion.type) is not None:
            votants = find_votants(reunion, on=_day_of(reunion))
            Participation.objects.filter(pk__in=votants & {p.pk for p in added}).update(votant=True)
        ask_envoi(reunion, Envoi.CONVOCATION)
    journal.record("reunions.invites", reunion, by=by, ajoutes=len(added))
    return added


@transaction.atomic
def remove_participation(*, participation_id: UUID, by: Acteur) -> None:
    """Take somebody off the list, as long as nothing holds them there: an attendance, a proxy."""
    participation = Participation.objects.select_related("reunion").get(pk=participation_id)
    reunion = lock(participation.reunion_id)
    check_modifiable(reunion)
    if participation.presence == Presence.PRESENT:
        raise ActionRefusee("Cette personne est présente : elle reste sur la liste.")
    if Pouvoir.objects.filter(reunion=reunion, mandant=participation).exists() or participation.pouvoirs_recus.exists():
        raise ActionRefusee("Cette personne a donné ou reçu pouvoir : elle reste sur la liste.")
    journal.record("reunions.retiree_de_la_liste", reunion, by=by, participation=str(participation.pk))
    participation.delete()


@transaction.atomic
def set_requise(*, participation_id: UUID, requise: bool, by: Acteur) -> None:
    """Say that the meeting makes no sense without this person: the best date of a poll counts them first."""
    participation = Participation.objects.get(pk=participation_id)
    participation.requise = requise
    participation.save(update_fields=["requise"])
    journal.record("reunions.requise", participation, by=by, requise=requise)


@transaction.atomic
def update_reunion(*, reunion_id: UUID, donnees: DonneesReunion, by: Acteur, motif_delai: str = "") -> Reunion:
    """Change a meeting. When a calendar must see it the version grows, and those who were told are told again.

    A new day takes the answers back: those of a poll too. After the convocation it must keep the notice of the body, or
    say why it does not. Raises ActionRefusee.
    """
    reunion = lock(reunion_id)
    check_modifiable(reunion)
    if reunion.etat == Etat.CONVOQUEE:
        if donnees.debut is None:
            raise ActionRefusee("Une réunion convoquée garde une date : annulez-la si elle n’a plus lieu.")
        donnees = replace(donnees, type=TypeReunion(reunion.type))
    before = {nom: getattr(reunion, nom) for nom in VISIBLES}
    _fill(reunion, donnees)
    changed = [nom for nom in VISIBLES if getattr(reunion, nom) != before[nom]]
    if changed:
        reunion.sequence += 1
    reunion.save()
    journal.record("reunions.modifiee", reunion, by=by, champs=changed)
    if "debut" in changed:
        take_back_reponses(reunion)
    if changed and reunion.etat == Etat.CONVOQUEE:
        if "debut" in changed:
            _move_convocation(reunion, motif_delai)
        cancel_for(cpts_id=reunion.cpts_id, objet_id=reunion.pk)
        ask_envoi(reunion, Envoi.MODIFICATION)
    return reunion


def _move_convocation(reunion: Reunion, motif: str) -> None:
    """A new day: the notice runs again."""
    convocation = reunion.convocation
    hors_delai = is_hors_delai(_day_of(reunion), convocation.preavis_jours, on=today())
    if hors_delai and not motif:
        raise ActionRefusee(
            f"Le délai de convocation est de {convocation.preavis_jours} jours : dites pourquoi cette nouvelle date "
            "est plus proche, ou choisissez-en une plus tardive."
        )
    convocation.hors_delai, convocation.motif_delai = hors_delai, motif if hors_delai else ""
    convocation.save(update_fields=["hors_delai", "motif_delai"])


@transaction.atomic
def cancel_reunion(*, reunion_id: UUID, motif: str, by: Acteur) -> Reunion:
    """Cancel: what was not sent yet is dropped in this transaction, proxies end, and those who were told are told."""
    reunion = lock(reunion_id)
    check_transition(reunion, Etat.ANNULEE)
    reunion.etat, reunion.annulee_le, reunion.motif_annulation = Etat.ANNULEE, now(), motif
    reunion.sequence += 1
    reunion.save()
    Pouvoir.objects.filter(reunion=reunion, fin_le=None).update(fin_le=now(), fin=FinPouvoir.ANNULEE)
    cancel_for(cpts_id=reunion.cpts_id, objet_id=reunion.pk)
    sondage = getattr(reunion, "sondage", None)
    if sondage is not None and sondage.clos_le is None:
        sondage.clos_le = now()
        sondage.save(update_fields=["clos_le"])
    journal.record("reunions.annulee", reunion, by=by)
    if reunion.convoquee_le is not None or (sondage is not None and sondage.envoye_le is not None):
        ask_envoi(reunion, Envoi.ANNULATION)
    return reunion


@transaction.atomic
def duplicate_reunion(*, reunion_id: UUID, by: Acteur, seconde: bool = False) -> Reunion:
    """The next meeting of the series, four weeks later: same people, same attachments, same agenda to be revised.

    `seconde` makes it the second convocation of a body that had no quorum: same agenda, documents included.
    """
    source = Reunion.objects.select_related("cpts").get(pk=reunion_id)
    debut = source.debut + timedelta(weeks=SEMAINES_ENTRE_DEUX) if source.debut else None
    copie = Reunion(
        cpts_id=source.cpts_id,
        organisateur=get_personne_of(by) or source.organisateur,
        precedente=source,
        seconde=seconde,
        **{nom: getattr(source, nom) for nom in DONNEES},
    )
    copie.debut = _keep_hour(source.debut, debut)
    copie.fin = copie.debut + (source.fin - source.debut) if copie.debut and source.fin and source.debut else None
    copie.save(force_insert=True)
    _copy_contents(source, copie, whole=seconde)
    journal.record("reunions.creee", copie, by=by, type=copie.type, mission=copie.mission, precedente=str(source.pk))
    return copie


def _copy_contents(source: Reunion, copie: Reunion, *, whole: bool) -> None:
    """The people still there and the agenda; its texts and documents too when `whole`."""
    Participation.objects.bulk_create(
        Participation(cpts_id=copie.cpts_id, reunion=copie, personne_id=personne, requise=requise)
        for personne, requise in source.participations.filter(personne__partie_le=None).values_list(
            "personne_id", "requise"
        )
    )
    PointOrdreDuJour.objects.bulk_create(
        PointOrdreDuJour(
            cpts_id=copie.cpts_id,
            reunion=copie,
            rang=point.rang,
            titre=point.titre,
            orateur=point.orateur,
            minutes=point.minutes,
            texte=point.texte if whole else "",
            document=point.document if whole else None,
        )
        for point in source.points.all()
    )


def _keep_hour(before: datetime | None, after: datetime | None) -> datetime | None:
    """The same hour on the clock, whatever the season."""
    if before is None or after is None:
        return None
    heure = timezone.localtime(before)
    return timezone.localtime(after).replace(hour=heure.hour, minute=heure.minute)


@transaction.atomic
def save_point(
    *,
    reunion_id: UUID,
    donnees: DonneesPoint,
    by: Acteur,
    point_id: UUID | None = None,
    document: tuple[str, bytes] | None = None,
) -> PointOrdreDuJour:
    """Add an item at the end of the agenda, or change one. Raises FichierRefuse for a document of another kind."""
    reunion = lock(reunion_id)
    check_modifiable(reunion)
    if point_id is None:
        dernier = reunion.points.aggregate(rang=Max("rang"))["rang"] or 0
        point = PointOrdreDuJour(cpts_id=reunion.cpts_id, reunion=reunion, rang=dernier + 1)
    else:
        point = reunion.points.get(pk=point_id)
    for nom in ("titre", "texte", "orateur", "minutes"):
        setattr(point, nom, getattr(donnees, nom))
    if document is not None:
        nom, contenu = document
        point.document = store_fichier(cpts_id=reunion.cpts_id, nom=nom, contenu=contenu, by=by, permission=VOIR.code)
    point.save()
    journal.record("reunions.ordre_du_jour", reunion, by=by, point=str(point.pk))
    return point


@transaction.atomic
def move_point(*, point_id: UUID, vers: int, by: Acteur) -> None:
    """Move an item of the agenda up (-1) or down (1)."""
    point = PointOrdreDuJour.objects.get(pk=point_id)
    reunion = lock(point.reunion_id)
    check_modifiable(reunion)
    points = list(reunion.points.all())
    place = points.index(point)
    autre = place + vers
    if not 0 <= autre < len(points):
        return
    points[place], points[autre] = points[autre], points[place]
    for rang, one in enumerate(points, start=1):
        one.rang = rang
    PointOrdreDuJour.objects.bulk_update(points, ["rang"])
    journal.record("reunions.ordre_du_jour", reunion, by=by, point=str(point.pk))


@transaction.atomic
def remove_point(*, point_id: UUID, by: Acteur) -> None:
    """Take an item off the agenda; the following ones move up."""
    point = PointOrdreDuJour.objects.get(pk=point_id)
    reunion = lock(point.reunion_id)
    check_modifiable(reunion)
    point.delete()
    reunion.points.filter(rang__gt=point.rang).update(rang=F("rang") - 1)
    journal.record("reunions.ordre_du_jour", reunion, by=by)
