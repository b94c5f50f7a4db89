"""What an app offers and upper rooms pull. Upper rooms discover; the app never looks up.

Each app may have a module `declarations.py` with tuples named after the kinds below:

    MENU = (EntreeMenu(…),)
    INDICATEURS = (IndicateurDeclare(…),)
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet

from .droits.acteur import Acteur
from .droits.permissions import Permission


@dataclass(frozen=True, slots=True)
class EntreeMenu:
    """A line of the left rail. `url_name` takes the slug when `de_cpts`; `court` is the word of the bottom bar.

    `sous` names the entry (its `url_name`) under which this one is a tab rather than a line: both pages, and the other
    tabs, then show the same tabs. Who may not open that entry gets this one as a line.
    """

    libelle: str
    url_name: str
    icone: str
    rubrique: str
    permission: Permission | None = None
    ordre: int = 100
    telephone: bool = False
    de_cpts: bool = True
    court: str = ""
    sous: str = ""


class Sens(StrEnum):
    BAISSE = "baisse"  # lower is better
    HAUSSE = "hausse"


class Agregat(StrEnum):
    """The one aggregation that turns contributing rows into the figure."""

    COUNT = "count"
    SUM = "sum"
    MEDIAN = "median"
    RATE = "rate"
    STOCK = "stock"


@dataclass(frozen=True, slots=True)
class Acte:
    """An act behind a figure, as CPAM and ARS may see it: no patient, no name.

    `reference` is a pseudonym stable for the contract; `empreinte` the SHA-256 of the evidence (hexadecimal).
    """

    reference: str
    le: date
    nature: str
    etat: str
    empreinte: str
    commune: str = ""
    preuve: str = ""


@dataclass(frozen=True, slots=True)
class IndicateurDeclare:
    """A figure that Maillon computes from its acts: one selector of contributing rows plus one aggregation.

    `rows(cpts_id, start, end)` gives the rows of the half-open period [start, end[; `to_acte(row)` shows one without
    identity; `url_row(row)` opens it for a member. `fact` names the value aggregated for SUM, MEDIAN and RATE.
    `discret`: being in this list says of a person what the professionals who know them must not learn (C2S); whoever
    may not open the rows is shown neither day nor commune.

    An act may be attached by hand to the one indicator that it serves: such a figure gives `rattaches(cpts_id, start,
    end, indicateur)`, the rows attached to the contract's indicator of this code, and serves any mission when `mission`
    is empty. Figures of one selector are counted in one query: each gives it as `ensemble`, and by `parmi` which of its
    rows are its own. `mots` are the words, folded and in the singular, by which the label of an indicator asks for it.
    """

    code: str
    mission: str
    libelle: str
    definition: str
    unite: str
    sens: Sens
    certificateur: str
    preuve: str
    rows: Callable[[UUID, date, date], QuerySet[Any]]
    to_acte: Callable[[Any], Acte]
    url_row: Callable[[Any], str]
    agregat: Agregat = Agregat.COUNT
    fact: str = ""
    discret: bool = False
    rattaches: Callable[[UUID, date, date, str], QuerySet[Any]] | None = None
    mots: tuple[str, ...] = ()
    indicateur: str = ""
    ensemble: Callable[[UUID, date, date], QuerySet[Any]] | None = None
    parmi: Q | None = None
    totaux: Callable[[UUID, date, date], dict[str, tuple[int, float | None]]] | None = None
    actes: Callable[[UUID, date, date], Iterable[tuple[Acte, Collection[str]]]] | None = None

    def bind(self, indicateur: str) -> "IndicateurDeclare":
        """The same figure of the acts attached to the indicator of this code; itself when none can be attached."""
        if self.rattaches is None:
            return self
        return replace(self, rows=partial(_call_rattaches, self.rattaches, indicateur), indicateur=indicateur)

    def serves(self, mission: str) -> bool:
        """Whether an indicator of this mission may be fed by it."""
        return self.mission in ("", mission)


def _call_rattaches(
    rattaches: Callable[[UUID, date, date, str], QuerySet[Any]], indicateur: str, cpts_id: UUID, start: date, end: date
) -> QuerySet[Any]:
    return rattaches(cpts_id, start, end, indicateur)


class CertitudeMouvement(StrEnum):
    """How surely a movement is known: these words are shown, and never mixed."""

    CONSTATE = "constate"  # by the certifier
    DECLARE = "declare"  # somebody wrote it down: it happened, the number is their word
    A_CONFIRMER = "a_confirmer"  # expected, or not yet in the certifier's figure


@dataclass(frozen=True, slots=True)
class MouvementStock:
    """What moved a stock besides the acts: `variation` is positive when the stock grows. No name; `url` opens its
    source for whoever may."""

    libelle: str
    variation: Decimal
    certitude: CertitudeMouvement
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ExplicationStock:
    """What an app knows of a stock that somebody else counts: `mouvements(cpts_id, debut, fin)` over [debut, fin[, the
    acts of the declared indicator `indicateur` left out; constant queries."""

    indicateur: str
    mouvements: Callable[[UUID, date, date], list[MouvementStock]]


@dataclass(frozen=True, slots=True)
class Cible:
    """An indicator of the running contract that an act may serve, by its code."""

    code: str
    libelle: str
    mission: str


@dataclass(frozen=True, slots=True)
class SourceCibles:
    """Which indicators an action or a meeting may be attached to: `cibles(cpts_id)`, those of the contract in force."""

    cibles: Callable[[UUID], list[Cible]]


@dataclass(frozen=True, slots=True)
class ElementAction:
    """Something that hangs on a fiche-action: a meeting, a spending, a document. `montant` in euros."""

    le: date
    libelle: str
    detail: str = ""
    montant: Decimal | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class SourceElementsAction:
    """What an app hangs on actions: `elements(cpts_id, action_id, acteur)` in order of date, only what the actor may
    see; constant queries."""

    code: str
    libelle: str
    elements: Callable[[UUID, UUID, Acteur], list[ElementAction]]


@dataclass(frozen=True, slots=True)
class ElementPersonne:
    """A line of a person's sheet: a membership, a mandate, a meeting attended. `etat` is a word shown as a state, under
    one of the tones of the interface (`bien`, `attente`, `alerte`, `cours`, `neutre`)."""

    le: date
    libelle: str
    detail: str = ""
    montant: Decimal | None = None
    url: str = ""
    etat: str = ""
    ton: str = "neutre"


@dataclass(frozen=True, slots=True)
class SourceElementsPersonne:
    """What an app shows on a person's sheet: `elements(cpts_id, personne_id, acteur)`, the latest first, only what the
    actor may see; constant queries."""

    code: str
    libelle: str
    elements: Callable[[UUID, UUID, Acteur], list[ElementPersonne]]


@dataclass(frozen=True, slots=True)
class SourceElementsPartenaire:
    """A section of a partner's sheet: `elements(cpts_id, structure_id, acteur)`, and where to add one (`ajouter(slug,
    structure_id)`), shown to who holds the permission."""

    code: str
    libelle: str
    elements: Callable[[UUID, UUID, Acteur], list[ElementPersonne]]
    ajouter: Callable[[str, UUID], str]
    ajouter_libelle: str
    vide: str
    permission: Permission


@dataclass(frozen=True, slots=True)
class SourceAdherents:
    """Who belongs to a community, for the directory below: `adherents(cpts_id, on)` selects the keys of professionals;
    `inviter(slug, rpps)` and `fiche(slug, cpts_id, professionnel_id)` are where one is invited, and the sheet of one
    who is known (empty for nobody)."""

    adherents: Callable[[UUID, date], QuerySet[Any]]
    inviter: Callable[[str, str], str]
    fiche: Callable[[str, UUID, UUID], str]


@dataclass(frozen=True, slots=True)
class SuiteInvitation:
    """What an app does when an account is invited to a community: `fait(membre, by)`, in the same transaction."""

    fait: Callable[[Any, Acteur], None]


@dataclass(frozen=True, slots=True)
class ParticipationPayable:
    """Somebody took part in something that the community may pay: a meeting attended, a duty held.

    `reference` is unique and stable within its source, so that nothing is paid twice; `heures` its duration.
    """

    reference: str
    personne_id: UUID
    le: date
    heures: Decimal
    mission: str
    libelle: str
    preuve: str
    action_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SourceParticipations:
    """Where pay collects participation proven elsewhere: `participations(cpts_id, debut, fin)` over [debut, fin[."""

    code: str
    libelle: str
    participations: Callable[[UUID, date, date], list[ParticipationPayable]]


@dataclass(frozen=True, slots=True)
class PorteeAgenda:
    """Whose calendar is read: that of a person, of a group, or all that the actor may see.

    A feed has no actor: it is that of `personne_id` or `groupe_id`, and shows what this person or group may know.
    """

    cpts_id: UUID
    acteur: Acteur | None = None
    personne_id: UUID | None = None
    groupe_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class EntreeAgenda:
    """Something with a date: a meeting, a duty, a workshop, a deadline. No patient's identity, no reason of care.

    `uid` never changes, `sequence` grows with each change; a whole day has dates (`fin` excluded), else moments.
    """

    uid: str
    genre: str
    titre: str
    debut: datetime | date
    fin: datetime | date
    sequence: int = 0
    lieu: str = ""
    url: str = ""
    annulee: bool = False
    mission: str = ""


@dataclass(frozen=True, slots=True)
class SourceAgenda:
    """What an app puts in calendars: `entrees(portee, debut, fin)` over [debut, fin[; constant queries.

    `genre` groups entries under `libelle`: a person shows or hides them together.
    """

    genre: str
    libelle: str
    entrees: Callable[[PorteeAgenda, datetime, datetime], list[EntreeAgenda]]


@dataclass(frozen=True, slots=True)
class Occupation:
    """A person is busy from `debut` to `fin`, elsewhere: nobody is told with what. `de_garde`: busy for who seeks the
    date of a meeting, and there for who seeks care."""

    personne_id: UUID
    debut: datetime
    fin: datetime
    de_garde: bool = False


@dataclass(frozen=True, slots=True)
class SourceOccupations:
    """Where those who seek a date learn who is busy: `occupations(personne_ids, debut, fin)` over [debut, fin[, by
    person then time, without overlap; one query."""

    occupations: Callable[[Collection[UUID], datetime, datetime], list[Occupation]]


@dataclass(frozen=True, slots=True)
class SuiteOccupations:
    """Who is told that the busy times or the absences of a professional changed: `fait(cpts_id, professionnel_id)`, in
    the same transaction. Long work is queued."""

    fait: Callable[[UUID, UUID], None]


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


@dataclass(frozen=True, slots=True)
class Alerte:
    """A sentence of somebody's home page: someone waits, something expires, something lacks evidence.

    `colonne` is one of `attend`, `expire`, `preuve`.
    """

    colonne: str
    phrase: str
    url: str
    nombre: int = 1
    le: datetime | date | None = None
    urgente: bool = False


@dataclass(frozen=True, slots=True)
class SourceAlertes:
    """Where home pages pull their sentences: `alertes(cpts_id, acteur, now)`; constant queries."""

    alertes: Callable[[UUID, Acteur, datetime], list[Alerte]]
    permission: Permission | None = None


@dataclass(frozen=True, slots=True)
class AlertesTerritoire:
    """Where the home of the CPAM and the ARS pulls its sentences: `alertes(acteur, now)`; constant queries over what is
    published of the communities of the territory."""

    alertes: Callable[[Acteur, datetime], list[Alerte]]
    permission: Permission


@dataclass(frozen=True, slots=True)
class DonneesPersonnelles:
    """A model that holds personal data: what for and how long; exports and erasure walk these."""

    modele: str
    finalite: str
    duree: str
    patient: bool = False


@dataclass(frozen=True, slots=True)
class EffacementPatient:
    """How an app erases what it holds of one patient: `efface(cpts_id, patient_id)` returns the number of rows.

    Called in the transaction that erases the identity. It removes free texts and what describes the person, and keeps
    what was counted: dates, states, kinds.
    """

    modele: str
    efface: Callable[[UUID, UUID], int]


@dataclass(frozen=True, slots=True)
class OppositionPatient:
    """How an app stops what is under way for a patient who opposes the processing: `ferme(cpts_id, patient_id, by)`
    returns the number of rows closed. Called in the transaction that records the opposition, before the patient's row
    is written."""

    modele: str
    ferme: Callable[[UUID, UUID, Acteur], int]


@dataclass(frozen=True, slots=True)
class AccesFichier:
    """Whose documents these are: `may_open(acteur, fichier_id)` is asked of each document stored under `permission`,
    beyond that permission."""

    permission: Permission
    may_open: Callable[[Acteur, UUID], bool]


class EtatDepense(StrEnum):
    ENGAGEE = "engagee"
    PAYEE = "payee"


@dataclass(frozen=True, slots=True)
class DepenseDeclaree:
    """A spending that another app keeps, as the budget of the community takes it: no name in `libelle`.

    `reference` is unique and stable within its source; `mission` is a mission's code or `fonctionnement`; `categorie`
    a category of the budget (`indemnites`, `salaires`…); `montant` is positive.
    """

    reference: str
    le: date
    mission: str
    categorie: str
    montant: Decimal
    etat: EtatDepense
    libelle: str


@dataclass(frozen=True, slots=True)
class SourceDepenses:
    """Where the budget collects spending kept elsewhere: `depenses(cpts_id, debut, fin)` gives those due in
    [debut, fin[, each in its present state; constant queries."""

    code: str
    libelle: str
    depenses: Callable[[UUID, date, date], list[DepenseDeclaree]]


@cache
def _modules() -> tuple[Any, ...]:
    names = [f"{config.name}.declarations" for config in apps.get_app_configs() if config.name.startswith("maillon.")]
    return tuple(import_module(name) for name in names if find_spec(name))


def collect(kind: str) -> Iterator[Any]:
    """Every declaration of a kind: `collect("menu")` walks the `MENU` tuples of all apps."""
    for module in _modules():
        yield from getattr(module, kind.upper(), ())


@cache
def get_indicateur_declare(code: str) -> IndicateurDeclare:
    """The declared indicator of this code; KeyError when no app declares it."""
    for declared in collect("indicateurs"):
        if declared.code == code:
            return declared
    raise KeyError(code)


@cache
def get_genre_sollicitation(code: str) -> GenreSollicitation:
    """The declared kind of solicitation of this code; KeyError when no app declares it."""
    for declared in collect("sollicitations"):
        if declared.code == code:
            return declared
    raise KeyError(code)
