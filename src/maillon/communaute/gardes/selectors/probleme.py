"""A roster as the rule reads it: its people, shifts, wishes and limits."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from maillon.regles.gardes import (
    Affectation,
    Ailleurs,
    Genre,
    Indisponibilite,
    Limites,
    Personne,
    Probleme,
    Sens,
    Souhait,
)
from maillon.regles.gardes import Poste as PosteRegle
from maillon.regles.gardes.credits import Solde, to_credits
from maillon.socle.ui.typographie import local_day

from ..enums import Choix, EtatGarde
from ..models import Garde, Participant, Poste, Tableau, Voeu
from .credits import list_soldes

SENS = {Choix.SOUHAITE: Sens.PREFERE, Choix.EVITE: Sens.EVITE}


def build_probleme(
    tableau: Tableau, *, fixees: Iterable[Affectation] = (), commence: datetime | None = None
) -> Probleme:
    """All the facts of a roster; constant queries. What people hold in other rosters of the community binds too. What
    began before `commence` is as it is: held by who holds it, and nobody else is sought."""
    people = list(tableau.participants.select_related("personne", "professionnel"))
    postes = list(tableau.postes.all())
    voeux = list(Voeu.objects.filter(participant__in=people))
    cles = {participant.pk for participant in people}
    faites = [] if commence is None else list_affectations(tableau, avant=commence)
    credits = _share_credits(people, list_soldes(tableau))
    return Probleme(
        personnes=tuple(_write_personne(tableau, participant, credits[participant.pk]) for participant in people),
        postes=tuple(_write_postes(postes, faites, commence)),
        indisponibilites=(*_write_absences(tableau, voeux), *_write_departs(tableau, people)),
        souhaits=tuple(
            Souhait(personne=str(voeu.participant_id), sens=SENS[Choix(voeu.choix)], jour=voeu.jour)
            for voeu in voeux
            if voeu.choix != Choix.INDISPONIBLE and (commence is None or voeu.jour >= local_day(commence))
        ),
        commencees=tuple(faites),
        fixees=tuple(a for a in fixees if UUID(a.personne) in cles),
        ailleurs=tuple(_list_ailleurs(tableau, people)),
        fuseau=tableau.cpts.fuseau,
    )


def _share_credits(people: Iterable[Participant], soldes: Mapping[UUID, Solde]) -> dict[UUID, dict[Genre, int]]:
    """What the rule takes, one profession at a time: they do not touch."""
    parts: dict[str, dict[str, int]] = {}
    for participant in people:
        parts.setdefault(participant.professionnel.profession, {})[str(participant.pk)] = participant.part
    carried = {str(pk): solde for pk, solde in soldes.items()}
    return {UUID(cle): credit for own in parts.values() for cle, credit in to_credits(carried, own).items()}


def _write_personne(tableau: Tableau, participant: Participant, credits: Mapping[Genre, int]) -> Personne:
    return Personne(
        cle=str(participant.pk),
        profession=participant.professionnel.profession,
        quotite=participant.part,
        credits=credits,
        limites=Limites(semaine=tableau.max_semaine, week_ends=tableau.max_weekends, ecart_heures=tableau.ecart_heures),
        nom=str(participant.personne),
    )


def _write_postes(
    postes: Iterable[Poste], faites: Iterable[Affectation], commence: datetime | None
) -> Iterator[PosteRegle]:
    presents = Counter(affectation.poste for affectation in faites)
    for poste in postes:
        if commence is None or poste.debut > commence:
            yield _write_poste(poste, poste.nombre)
        elif nombre := presents[str(poste.pk)]:
            yield _write_poste(poste, nombre)


def _write_poste(poste: Poste, besoin: int) -> PosteRegle:
    return PosteRegle(
        cle=str(poste.pk),
        profession=poste.profession,
        debut=poste.debut,
        fin=poste.fin,
        genre=Genre(poste.genre),
        besoin=besoin,
    )


def _write_absences(tableau: Tableau, voeux: Iterable[Voeu]) -> list[Indisponibilite]:
    zone = ZoneInfo(tableau.cpts.fuseau)
    return [
        Indisponibilite(
            personne=str(voeu.participant_id),
            debut=datetime.combine(voeu.jour, time(), zone),
            fin=datetime.combine(voeu.jour + timedelta(days=1), time(), zone),
            motif="d’après ses vœux",
        )
        for voeu in voeux
        if voeu.choix == Choix.INDISPONIBLE
    ]


def _write_departs(tableau: Tableau, people: Iterable[Participant]) -> list[Indisponibilite]:
    """Who left the community is on duty no more."""
    zone = ZoneInfo(tableau.cpts.fuseau)
    fin = datetime.combine(tableau.fin + timedelta(days=2), time(), zone)
    departs = [(one.pk, datetime.combine(le, time(), zone)) for one in people if (le := one.personne.partie_le)]
    return [
        Indisponibilite(personne=str(pk), debut=debut, fin=fin, motif="a quitté la communauté")
        for pk, debut in departs
        if debut < fin
    ]


def _list_ailleurs(tableau: Tableau, people: Collection[Participant]) -> list[Ailleurs]:
    """What they hold in other published rosters of this community, over the weeks and months that this one touches:
    those count in its limits, and take their time."""
    if not people:
        return []
    par_pro = {participant.professionnel_id: participant.pk for participant in people}
    depuis, avant = _find_bords(tableau)
    rows = Garde.objects.officielles().filter(
        cpts_id=tableau.cpts_id, professionnel__in=par_pro, debut__lt=avant, fin__gt=depuis
    )
    return [
        Ailleurs(
            personne=str(par_pro[garde.professionnel_id]),
            debut=garde.debut,
            fin=garde.fin,
            tableau=garde.tableau.nom,
        )
        for garde in rows.exclude(tableau=tableau).select_related("tableau").order_by("debut", "pk")
    ]


def _find_bords(tableau: Tableau) -> tuple[datetime, datetime]:
    """From the first month or week that the first days touch (the Saturday of a first Sunday is the day before) to the
    last, with the gap around."""
    zone, ecart = ZoneInfo(tableau.cpts.fuseau), timedelta(hours=tableau.ecart_heures)
    premier = tableau.debut - timedelta(days=1)
    depuis = min(premier.replace(day=1), tableau.debut - timedelta(days=tableau.debut.weekday()))
    mois_suivant = (tableau.fin.replace(day=1) + timedelta(days=32)).replace(day=1)
    avant = max(mois_suivant, tableau.fin + timedelta(days=7 - tableau.fin.weekday()))
    return datetime.combine(depuis, time(), zone) - ecart, datetime.combine(avant, time(), zone) + ecart


def list_affectations(
    tableau: Tableau, *, origines: Collection[str] = (), avant: datetime | None = None
) -> list[Affectation]:
    """Who holds what now, drafts or official, in the words of the rule; with `avant`, of what began by then."""
    rows = Garde.objects.vivantes().exclude(etat=EtatGarde.NON_TENUE).filter(tableau=tableau)
    if origines:
        rows = rows.filter(origine__in=origines)
    if avant is not None:
        rows = rows.filter(debut__lte=avant)
    return [Affectation(str(poste), str(qui)) for poste, qui in rows.values_list("poste", "participant")]
