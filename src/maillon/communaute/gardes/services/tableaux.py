"""A roster is made from a pattern, its shifts and its people are corrected."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from maillon.communaute.personnes.models import Personne
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import move_liens
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import EtatTableau, Feries, GenrePoste
from ..heures import Motif, Plage, list_feries, unfold_motifs
from ..models import ActionRefusee, Participant, Poste, Tableau
from ..selectors.credits import find_precedent
from ..selectors.tableaux import list_possibles
from .commun import lock_tableau, refuse_in_french
from .voeux import LIEN_VOEUX, find_fin_voeux

POSTES_MAX = 4000
FIGE = "Ce tableau est publié\u00a0: ses gardes se changent une à une, depuis la garde."


@dataclass(frozen=True, slots=True, kw_only=True)
class DonneesTableau:
    """What a roster is made from: a period, professions, the hours of the days on duty."""

    nom: str
    debut: date
    fin: date
    professions: Sequence[str]
    motifs: Sequence[Motif]
    feries: Feries = Feries.COMME_DIMANCHE
    nombre: int = 1
    lieu: str = ""
    telephone: str = ""
    voeux_avant: date | None = None
    max_semaine: int = 2
    max_weekends: int = 2
    ecart_heures: int = 12
    avec_participants: bool = field(default=True)


@transaction.atomic
def create_tableau(*, cpts: Cpts, donnees: DonneesTableau, by: Acteur) -> Tableau:
    """A roster with its shifts, and its people: those of the last roster of each profession, else everybody covered.

    Raises ActionRefusee when the pattern makes no shift, or too many.
    """
    feries = list_feries(donnees.debut, donnees.fin, cpts.departement)
    plages = unfold_motifs(
        donnees.debut, donnees.fin, donnees.motifs, politique=donnees.feries, feries=feries, fuseau=cpts.fuseau
    )
    if not plages:
        raise ActionRefusee("Aucune garde ne tombe dans cette période\u00a0: choisissez des jours, ou d’autres dates.")
    if len(plages) * len(donnees.professions) > POSTES_MAX:
        raise ActionRefusee(f"Ce tableau dépasse {POSTES_MAX} gardes\u00a0: choisissez une période plus courte.")
    tableau = Tableau.objects.create(
        cpts=cpts,
        nom=donnees.nom,
        debut=donnees.debut,
        fin=donnees.fin,
        professions=list(donnees.professions),
        voeux_avant=donnees.voeux_avant,
        max_semaine=donnees.max_semaine,
        max_weekends=donnees.max_weekends,
        ecart_heures=donnees.ecart_heures,
    )
    Poste.objects.bulk_create(
        _make_poste(tableau, profession, plage, donnees) for profession in donnees.professions for plage in plages
    )
    if donnees.avec_participants:
        for profession in donnees.professions:
            _fill_participants(tableau, profession)
    journal.record("gardes.tableau_cree", tableau, by=by, gardes=len(plages) * len(donnees.professions))
    return tableau


def _make_poste(tableau: Tableau, profession: str, plage: Plage, donnees: DonneesTableau) -> Poste:
    return Poste(
        cpts_id=tableau.cpts_id,
        tableau=tableau,
        profession=profession,
        jour=plage.jour,
        debut=plage.debut,
        fin=plage.fin,
        genre=plage.genre,
        ferie=plage.ferie,
        nombre=donnees.nombre,
        lieu=donnees.lieu,
        telephone=donnees.telephone,
    )


def _fill_participants(tableau: Tableau, profession: str) -> None:
    """Who was in the last roster of the profession; else everybody covered."""
    precedent = find_precedent(tableau, profession)
    if precedent is None:
        people = list_possibles(tableau, profession)
        rows = [_make_participant(tableau, personne) for personne in people]
    else:
        olds = precedent.participants.filter(
            professionnel__profession=profession, personne__partie_le=None, personne__fusionnee_dans=None
        ).select_related("personne")
        rows = [
            Participant(
                cpts_id=tableau.cpts_id,
                tableau=tableau,
                personne=old.personne,
                professionnel_id=old.professionnel_id,
                part=old.part,
                nom_public=old.nom_public,
            )
            for old in olds
        ]
    Participant.objects.bulk_create(rows)


def _make_participant(tableau: Tableau, personne: Personne, *, nouveau: bool = False) -> Participant:
    assert personne.professionnel_id is not None
    return Participant(
        cpts_id=tableau.cpts_id,
        tableau=tableau,
        personne=personne,
        professionnel_id=personne.professionnel_id,
        nouveau=nouveau,
    )


def _take_en_construction(tableau_id: UUID) -> Tableau:
    tableau = lock_tableau(tableau_id)
    if not tableau.is_en_construction:
        raise ActionRefusee(FIGE)
    return tableau


@transaction.atomic
def update_tableau(
    *,
    tableau_id: UUID,
    nom: str,
    voeux_avant: date | None,
    max_semaine: int,
    max_weekends: int,
    ecart_heures: int,
    by: Acteur,
) -> Tableau:
    """Change the name and the limits; those of a published roster still hold for swaps. While wishes are open, the
    links already mailed follow their last day."""
    tableau = lock_tableau(tableau_id)
    tableau.nom, tableau.voeux_avant = nom, voeux_avant
    tableau.max_semaine, tableau.max_weekends, tableau.ecart_heures = max_semaine, max_weekends, ecart_heures
    tableau.save(update_fields=["nom", "voeux_avant", "max_semaine", "max_weekends", "ecart_heures"])
    if tableau.etat == EtatTableau.VOEUX and voeux_avant is not None:
        asked = tableau.participants.values_list("pk", flat=True)
        move_liens(but=LIEN_VOEUX, objet_ids=list(asked), expire_le=find_fin_voeux(tableau))
    journal.record("gardes.tableau_modifie", tableau, by=by)
    return tableau


@transaction.atomic
def delete_tableau(*, tableau_id: UUID, by: Acteur) -> None:
    """Throw away a roster whose wishes were not asked. Raises ActionRefusee otherwise."""
    tableau = lock_tableau(tableau_id)
    if tableau.etat != EtatTableau.BROUILLON:
        raise ActionRefusee("Des vœux ont été demandés pour ce tableau\u00a0: il ne se supprime plus.")
    journal.record("gardes.tableau_supprime", tableau, by=by)
    tableau.gardes.all().delete()
    tableau.delete()


@transaction.atomic
def add_poste(
    *,
    tableau_id: UUID,
    profession: str,
    jour: date,
    debut: datetime,
    fin: datetime,
    nombre: int,
    lieu: str,
    telephone: str,
    by: Acteur,
) -> Poste:
    """One more shift. Raises ActionRefusee when it stands there already, or outside the period."""
    tableau = lock_tableau(tableau_id)
    if not tableau.debut <= jour <= tableau.fin:
        raise ActionRefusee("Ce jour est hors de la période du tableau.")
    if tableau.etat == EtatTableau.CLOS:
        raise ActionRefusee("Ce tableau est terminé\u00a0: rouvrez-le pour y ajouter une garde.")
    ferie = list_feries(jour, jour, tableau.cpts.departement).get(jour, "")
    genres = {6: GenrePoste.SAMEDI, 7: GenrePoste.DIMANCHE}
    with refuse_in_french():
        poste = Poste.objects.create(
            cpts_id=tableau.cpts_id,
            tableau=tableau,
            profession=profession,
            jour=jour,
            debut=debut,
            fin=fin,
            genre=GenrePoste.FERIE if ferie else genres.get(jour.isoweekday(), GenrePoste.SEMAINE),
            ferie=ferie,
            nombre=nombre,
            lieu=lieu,
            telephone=telephone,
        )
    if profession not in tableau.professions:
        tableau.professions = [*tableau.professions, profession]
        tableau.save(update_fields=["professions"])
    journal.record("gardes.poste_ajoute", tableau, by=by, poste=str(poste.pk), jour=jour.isoformat())
    return poste


@transaction.atomic
def update_poste(*, poste_id: UUID, nombre: int, lieu: str, telephone: str, by: Acteur) -> Poste:
    """How many, and where. Raises ActionRefusee when more people hold it."""
    tableau = lock_tableau(Poste.objects.values_list("tableau", flat=True).get(pk=poste_id))
    poste = Poste.objects.get(pk=poste_id)
    if poste.gardes.vivantes().filter(place__gt=nombre).exists():
        raise ActionRefusee("Davantage de personnes sont de garde à ce moment\u00a0: retirez-en d’abord une.")
    moved = poste.lieu != lieu
    poste.nombre, poste.lieu, poste.telephone = nombre, lieu, telephone
    with refuse_in_french():
        poste.save(update_fields=["nombre", "lieu", "telephone"])
    if moved:  # calendars hear of it
        poste.gardes.officielles().filter(fin__gt=now()).update(sequence=F("sequence") + 1)
    journal.record("gardes.poste_modifie", tableau, by=by, poste=str(poste.pk))
    return poste


@transaction.atomic
def remove_poste(*, poste_id: UUID, by: Acteur) -> Tableau:
    """A shift that is no longer needed. Raises ActionRefusee once the roster is published."""
    tableau = _take_en_construction(Poste.objects.values_list("tableau", flat=True).get(pk=poste_id))
    poste = Poste.objects.get(pk=poste_id)
    journal.record("gardes.poste_retire", tableau, by=by, poste=str(poste.pk), jour=poste.jour.isoformat())
    poste.delete()
    return tableau


@transaction.atomic
def add_participants(*, tableau_id: UUID, personne_ids: Collection[UUID], by: Acteur) -> int:
    """More people, said newcomers once a roster came before. Those already there stay."""
    tableau = lock_tableau(tableau_id)
    there = set(tableau.participants.values_list("professionnel", flat=True))
    people = Personne.objects.filter(
        pk__in=personne_ids, cpts_id=tableau.cpts_id, professionnel__profession__in=tableau.professions
    ).select_related("professionnel")
    rows = []
    for personne in people:
        if personne.professionnel_id in there or personne.professionnel is None:
            continue
        nouveau = find_precedent(tableau, personne.professionnel.profession) is not None
        rows.append(_make_participant(tableau, personne, nouveau=nouveau))
    Participant.objects.bulk_create(rows)
    if rows:
        journal.record("gardes.participants_ajoutes", tableau, by=by, nombre=len(rows))
    return len(rows)


@transaction.atomic
def update_participant(*, participant_id: UUID, part: int, by: Acteur) -> Participant:
    """The share of a full-time load."""
    tableau = lock_tableau(Participant.objects.values_list("tableau", flat=True).get(pk=participant_id))
    participant = Participant.objects.get(pk=participant_id)
    participant.part = part
    participant.save(update_fields=["part"])
    journal.record("gardes.participant_modifie", tableau, by=by, participant=str(participant.pk), part=part)
    return participant


@transaction.atomic
def remove_participant(*, participant_id: UUID, by: Acteur) -> Tableau:
    """Out of the roster, with what they said. Raises ActionRefusee for somebody who holds, or held, a duty of it."""
    tableau = lock_tableau(Participant.objects.values_list("tableau", flat=True).get(pk=participant_id))
    participant = Participant.objects.get(pk=participant_id)
    if participant.gardes.exists():
        raise ActionRefusee("Cette personne a des gardes dans ce tableau\u00a0: donnez-les d’abord à d’autres.")
    journal.record("gardes.participant_retire", tableau, by=by, participant=str(participant.pk))
    participant.delete()
    return tableau
