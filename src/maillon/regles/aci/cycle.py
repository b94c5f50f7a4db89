"""Life cycle of a community: the step it has reached and its deadlines, from dated facts.

A delay in months ends on the day of the same number, or on the last day of a month that has no such day (code de
procédure civile, art. 641): 31 August and six months make 28 February. The last day belongs to the delay: a deadline
is exceeded from the day after.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from maillon.regles.aci.bareme import load_bareme
from maillon.regles.aci.termes import add_years
from maillon.regles.aci.types import Mission
from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.parametres import Statut, Valeur

# Days before a deadline from which it is near.
PROCHE = 90


class EtatEcheance(StrEnum):
    TENUE = "tenue"
    A_VENIR = "a_venir"
    PROCHE = "proche"
    DEPASSEE = "depassee"


class GenreEcheance(StrEnum):
    """What a deadline is about."""

    VALIDATION = "validation"
    DEMARRAGE = "demarrage"
    DEPLOIEMENT = "deploiement"
    ANNIVERSAIRE = "anniversaire"
    DIALOGUE = "dialogue"
    RENOUVELLEMENT = "renouvellement"
    FIN = "fin"
    DOCUMENT = "document"


class Etape(StrEnum):
    """Steps of a community's life, in order."""

    PREPARATION = "preparation"
    LETTRE = "lettre"
    PROJET_DEPOSE = "projet_depose"
    PROJET_VALIDE = "projet_valide"
    SIGNE = "signe"
    DEMARRE = "demarre"
    DEPLOYE = "deploye"
    TERMINE = "termine"


@dataclass(frozen=True, slots=True)
class FaitMission:
    """A mission of the contract; ``deployee`` is true when it is known to be deployed, even on an unknown day.

    ``depuis`` is given for a mission that an avenant brought: its delays are counted from there.
    """

    debut: date | None = None
    deployee_le: date | None = None
    deployee: bool = False
    depuis: date | None = None


@dataclass(frozen=True, slots=True)
class FaitDocument:
    """A document valid for a time."""

    code: str
    libelle: str
    jusqu_a: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FaitsCycle:
    """Facts of a community's life. ``projet_depose_le`` is the latest filing; an objection before it is over."""

    lettre_le: date | None = None
    projet_depose_le: date | None = None
    objection_le: date | None = None
    projet_valide_le: date | None = None
    signe_le: date | None = None
    fin_le: date | None = None
    resilie_le: date | None = None
    renouvellement_le: date | None = None
    missions: Mapping[Mission, FaitMission] = field(default_factory=dict)
    dialogues: tuple[date, ...] = ()
    documents: tuple[FaitDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class Echeance:
    """A deadline: ``regle`` says where it comes from in a sentence, ``fait_le`` when it was met (unknown: ``None``)."""

    code: str
    genre: GenreEcheance
    libelle: str
    le: date
    regle: str
    source: str
    statut: Statut
    fait_le: date | None
    etat: EtatEcheance

    @property
    def a_confirmer(self) -> bool:
        return self.statut.a_confirmer

    @property
    def en_retard(self) -> bool:
        """Whether it was met after its day."""
        return self.fait_le is not None and self.fait_le > self.le


@dataclass(frozen=True, slots=True)
class EtapeAtteinte:
    """The step a community has reached, and since when."""

    etape: Etape
    depuis: date | None


def add_months(jour: date, mois: int) -> date:
    """The day of the same number ``mois`` months later (earlier when negative), or the last day of that month."""
    rang = jour.year * 12 + jour.month - 1 + mois
    annee, indice = divmod(rang, 12)
    if not date.min.year <= annee <= date.max.year:
        raise SaisieInvalide(f"La date {jour:%d/%m/%Y} est impossible.")
    return date(annee, indice + 1, min(jour.day, monthrange(annee, indice + 1)[1]))


def compute_echeances(faits: FaitsCycle, *, on: date) -> tuple[Echeance, ...]:
    """Every deadline of a community, by date.

    After a termination, what was to come later is dropped. A dialogue whose period is over without having been recorded
    is not asked for any more. Parameters are those of the filing for the projet de santé, else of the signature.
    """
    echeances = [*_validation(faits, on), *_documents(faits, on)]
    if faits.signe_le is not None:
        signature = faits.signe_le
        fin = faits.fin_le or _compute_fin(signature)
        echeances += [
            *_missions(faits, signature, fin, on),
            *_anniversaires(signature, fin, on),
            *_dialogues(faits, signature, fin, on),
            *_renouvellement(faits, signature, fin, on),
        ]
    if faits.resilie_le is not None:
        limite = faits.resilie_le
        echeances = [e for e in echeances if min(e.le, e.fait_le or e.le) <= limite]
    return tuple(sorted(echeances, key=lambda e: (e.le, e.code)))


def compute_etape(faits: FaitsCycle, *, on: date) -> EtapeAtteinte:
    """The last step reached on a day. A filed projet is valid by itself after the delay, unless the ARS objected."""
    if faits.signe_le is not None:
        return _etape_du_contrat(faits, faits.signe_le, on)
    if faits.resilie_le is not None:
        return EtapeAtteinte(Etape.TERMINE, faits.resilie_le)
    if (valide_le := find_validation(faits, on=on)) is not None:
        return EtapeAtteinte(Etape.PROJET_VALIDE, valide_le)
    if faits.projet_depose_le is not None:
        return EtapeAtteinte(Etape.PROJET_DEPOSE, faits.projet_depose_le)
    if faits.lettre_le is not None:
        return EtapeAtteinte(Etape.LETTRE, faits.lettre_le)
    return EtapeAtteinte(Etape.PREPARATION, None)


def find_validation(faits: FaitsCycle, *, on: date) -> date | None:
    """When the projet de santé was validated: by a decision, or by the silence of the ARS once the delay is over."""
    if faits.projet_valide_le is not None:
        return faits.projet_valide_le
    tacite = _compute_tacite(faits.projet_depose_le)
    if tacite is None or _is_stopped(faits):
        return None
    limite, _ = tacite
    return limite if on > limite else None


def _etape_du_contrat(faits: FaitsCycle, signature: date, on: date) -> EtapeAtteinte:
    fin = faits.resilie_le or faits.fin_le or _compute_fin(signature)
    if on >= fin:
        return EtapeAtteinte(Etape.TERMINE, fin)
    missions = faits.missions.values()
    if missions and all(m.deployee or m.deployee_le for m in missions):
        jours = [m.deployee_le for m in missions if m.deployee_le]
        return EtapeAtteinte(Etape.DEPLOYE, max(jours) if len(jours) == len(missions) else None)
    debuts = [m.debut for m in missions if m.debut]
    return EtapeAtteinte(Etape.DEMARRE, min(debuts)) if debuts else EtapeAtteinte(Etape.SIGNE, signature)


def _compute_fin(signature: date) -> date:
    duree = load_bareme()["versements"].at(signature).get("duree_contrat").nombre
    return add_years(signature, int(duree))


def _compute_tacite(depot: date | None) -> tuple[date, Valeur] | None:
    """Last day on which the ARS may object; None before the law of 2019, under which silence decides nothing."""
    parametre = load_bareme()["cycle_validation"]
    if depot is None or not parametre.is_known(depot):
        return None
    delai = parametre.at(depot).get()
    return add_months(depot, int(delai.nombre)), delai


def _is_stopped(faits: FaitsCycle) -> bool:
    """Whether the ARS has objected to the latest filing."""
    depot = faits.projet_depose_le
    return depot is not None and faits.objection_le is not None and faits.objection_le >= depot


def _find_etat(le: date, on: date, *, tenue: bool) -> EtatEcheance:
    if tenue:
        return EtatEcheance.TENUE
    if le < on:
        return EtatEcheance.DEPASSEE
    return EtatEcheance.PROCHE if le - on <= timedelta(days=PROCHE) else EtatEcheance.A_VENIR


def _build(
    code: str,
    genre: GenreEcheance,
    libelle: str,
    le: date,
    regle: str,
    valeur: Valeur,
    on: date,
    *,
    fait_le: date | None = None,
    tenue: bool = False,
) -> Echeance:
    etat = _find_etat(le, on, tenue=tenue or fait_le is not None)
    return Echeance(code, genre, libelle, le, regle, valeur.reference.texte, valeur.statut, fait_le, etat)


def _validation(faits: FaitsCycle, on: date) -> Iterator[Echeance]:
    depot, tacite = faits.projet_depose_le, _compute_tacite(faits.projet_depose_le)
    if tacite is None:
        return
    le, delai = tacite
    regle = f"{delai.nombre} mois après le dépôt du {depot:%d/%m/%Y} : sans opposition de l’ARS, le projet est validé."
    libelle, fait_le = "Validation du projet de santé par l’ARS", find_validation(faits, on=on)
    if _is_stopped(faits) and faits.projet_valide_le is None:
        libelle, fait_le = "Réponse de l’ARS au projet de santé : opposition", faits.objection_le
        regle = f"L’ARS s’est opposée : le délai du {depot:%d/%m/%Y} ne court plus, un projet révisé est à déposer."
    yield _build("validation", GenreEcheance.VALIDATION, libelle, le, regle, delai, on, fait_le=fait_le)


def _documents(faits: FaitsCycle, on: date) -> Iterator[Echeance]:
    for document in faits.documents:
        yield Echeance(
            f"document_{document.code}",
            GenreEcheance.DOCUMENT,
            f"{document.libelle} : fin de validité",
            document.jusqu_a,
            "Date de fin inscrite sur le document.",
            "document enregistré",
            Statut.VERIFIE,
            None,
            _find_etat(document.jusqu_a, on, tenue=False),
        )


def _missions(faits: FaitsCycle, signature: date, fin: date, on: date) -> Iterator[Echeance]:
    """Nothing more is expected of a mission after the end of the contract."""
    for mission in Mission:
        fait = faits.missions.get(mission)
        if fait is None:
            continue
        depart = fait.depuis or signature
        delais = load_bareme()["cycle_missions"].at(depart)
        if not delais.has("demarrage", mission):
            continue  # an option, which the accord leaves free
        for genre, verbe, fait_le, tenue in (
            (GenreEcheance.DEMARRAGE, "démarrage", fait.debut, fait.debut is not None),
            (GenreEcheance.DEPLOIEMENT, "déploiement", fait.deployee_le, fait.deployee or fait.deployee_le is not None),
        ):
            delai = delais.get(genre, mission)
            le = add_months(depart, int(delai.nombre))
            if not tenue and (le >= fin or fin <= on):
                continue
            regle = f"{delai.nombre} mois après la signature du {depart:%d/%m/%Y}."
            if fait.depuis is not None:
                # No text read says how the delays of a mission brought by an avenant are counted.
                delai = replace(delai, statut=Statut.MEMOIRE)
                regle = f"{delai.nombre} mois après l’entrée de la mission au contrat, le {depart:%d/%m/%Y}."
            yield _build(
                f"{genre}_{mission}",
                genre,
                f"{mission.libelle} : {verbe} au plus tard",
                le,
                regle,
                delai,
                on,
                fait_le=fait_le,
                tenue=tenue,
            )


def _anniversaires(signature: date, fin: date, on: date) -> Iterator[Echeance]:
    duree = load_bareme()["versements"].at(signature).get("duree_contrat")
    for annee in range(1, int(duree.nombre)):
        jour = add_years(signature, annee)
        if jour >= fin:
            break
        libelle = f"Anniversaire : l’année {annee} se clôt, l’année {annee + 1} commence"
        regle = "Jour anniversaire de la signature, référence des versements et de l’évaluation."
        yield _build(
            f"anniversaire_{annee}",
            GenreEcheance.ANNIVERSAIRE,
            libelle,
            jour,
            regle,
            duree,
            on,
            fait_le=jour if jour <= on else None,
        )
    regle = f"{duree.nombre} ans après la signature du {signature:%d/%m/%Y}."
    if fin != add_years(signature, int(duree.nombre)):
        regle = "Date de fin écrite au contrat."
    yield _build("fin", GenreEcheance.FIN, "Fin du contrat", fin, regle, duree, on, fait_le=fin if fin <= on else None)


def _dialogues(faits: FaitsCycle, signature: date, fin: date, on: date) -> Iterator[Echeance]:
    parametres = load_bareme()["cycle_dialogues"].at(signature)
    mi_annee, evaluation = parametres.get("mi_annee"), parametres.get("evaluation")
    bascule = int(parametres.get("bascule").nombre)
    annee, debut = 1, signature
    while debut < fin:
        cloture = min(add_years(signature, annee), fin)
        apres = add_months(cloture, bascule)
        for code, libelle, delai, depart, ouverture, fermeture in (
            ("mi_annee", f"Dialogue de gestion au milieu de l’année {annee}", mi_annee, debut,
             add_months(debut, bascule), cloture),
            ("evaluation", f"Dialogue de gestion d’évaluation de l’année {annee}", evaluation, cloture, cloture, apres),
        ):  # fmt: skip
            tenu = next((jour for jour in sorted(faits.dialogues) if ouverture <= jour < fermeture), None)
            if tenu is None and fermeture <= on:
                continue
            regle = (
                f"Date proposée : {delai.nombre} mois après le {depart:%d/%m/%Y} ; "
                "convenez de la vôtre avec l’Assurance Maladie et l’ARS."
            )
            le = add_months(depart, int(delai.nombre))
            yield _build(
                f"dialogue_{annee}_{code}", GenreEcheance.DIALOGUE, libelle, le, regle, delai, on, fait_le=tenu
            )
        annee, debut = annee + 1, cloture


def _renouvellement(faits: FaitsCycle, signature: date, fin: date, on: date) -> Iterator[Echeance]:
    delai = load_bareme()["cycle_renouvellement"].at(signature).get()
    if faits.renouvellement_le is None and fin <= on:
        return  # too late to be prepared: the end of the contract says enough
    yield _build(
        "renouvellement",
        GenreEcheance.RENOUVELLEMENT,
        "Renouvellement du contrat à préparer",
        add_months(fin, -int(delai.nombre)),
        f"Date proposée : {delai.nombre} mois avant la fin du contrat, le {fin:%d/%m/%Y}.",
        delai,
        on,
        fait_le=faits.renouvellement_le,
    )
