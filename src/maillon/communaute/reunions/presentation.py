"""A meeting in words: its state, what comes next, its facts, the result of a vote as minutes write it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse

from maillon.regles.assemblees import Quorum
from maillon.socle.declarations import Cible
from maillon.socle.droits.enums import Mission
from maillon.socle.horloge import now
from maillon.socle.ui.composants import Fait, Pastille, Ton
from maillon.socle.ui.typographie import (
    INSECABLE,
    accorder,
    compter,
    format_date,
    format_date_heure,
    format_delai,
    format_heure,
)

from .enums import STATUTAIRES, Etat, EtatResolution, Majorite, ModeVote, Reponse
from .models import Convocation, Participation, Resolution, Reunion
from .selectors.convocations import PlanConvocation
from .selectors.presences import is_scellee
from .selectors.sondages import Grille

TONS: dict[str, Ton] = {
    Etat.PREPARATION: "cours",
    Etat.CONVOQUEE: "attente",
    Etat.TENUE: "bien",
    Etat.ANNULEE: "neutre",
}
TONS_REPONSES: dict[str, tuple[Ton, str]] = {
    Reponse.OUI: ("bien", ""),
    Reponse.NON: ("neutre", "x"),
    Reponse.PEUT_ETRE: ("cours", ""),
    Reponse.ATTENDUE: ("attente", ""),
}
ACCUEIL = timedelta(hours=2)
MODES = {
    ModeVote.MAIN_LEVEE: "à main levée",
    ModeVote.NOMINATIF: "au vote nominatif",
    ModeVote.SECRET: "à bulletin secret",
}
MAJORITES = {
    Majorite.SIMPLE: "majorité simple",
    Majorite.ABSOLUE: "majorité absolue",
    Majorite.DEUX_TIERS: "majorité des deux tiers",
}


def show_etat(reunion: Reunion) -> Pastille:
    """The state; a date that is sought is said before the rest."""
    if reunion.etat == Etat.PREPARATION and reunion.debut is None:
        return Pastille("date à trouver", "attente")
    if reunion.etat == Etat.CONVOQUEE:
        return Pastille("convoquée", "cours", "send")
    return Pastille(reunion.get_etat_display(), TONS[reunion.etat])


def show_reponse(participation: Participation) -> Pastille:
    """What a person answered."""
    ton, icone = TONS_REPONSES[participation.reponse]
    return Pastille(participation.get_reponse_display(), ton, icone)


def say_quand(reunion: Reunion) -> str:
    """« mardi 3 mars, 18 h à 20 h », or that the date is sought."""
    if reunion.debut is None:
        return "date à trouver"
    return f"{format_date_heure(reunion.debut)} à {format_heure(reunion.fin)}"


@dataclass(frozen=True, slots=True)
class Suite:
    """What comes next: a sentence, and the one thing to do. It is a page, or a button that posts (`poste`), after the
    question `demande` when it cannot be undone."""

    phrase: str
    action: str = ""
    url: str = ""
    poste: bool = False
    demande: str = ""


def say_suite(
    reunion: Reunion,
    *,
    reponses: dict[str, int],
    points: int,
    plan: PlanConvocation | None,
    grille: Grille | None,
    envoye: bool,
    presents: int = 0,
) -> Suite:
    """The next step of the organiser."""

    def url(nom: str) -> str:
        return reverse(f"reunions:{nom}", args=[reunion.cpts.slug, reunion.pk])

    if reunion.etat == Etat.ANNULEE:
        return Suite(f"Annulée {format_date(reunion.annulee_le)}. {reunion.motif_annulation}".strip())
    if reunion.etat == Etat.TENUE:
        if not is_scellee(reunion):
            return Suite("Réunion tenue : reste son compte rendu.", "Compte rendu", url("compte_rendu"))
        return Suite(
            "Réunion tenue. Préparez la prochaine de la série.", "Préparer la prochaine", url("dupliquer"), True
        )
    if reunion.fin is not None and reunion.fin <= now():
        return Suite(
            "La réunion est passée : il reste à relever les présences et à la clore.", "Les présences", url("presences")
        )
    if not sum(reponses.values()):
        return Suite("Personne n’est encore invité.", "Inviter des personnes", url("invites"))
    if reunion.etat == Etat.CONVOQUEE:
        if is_imminente(reunion):
            return _say_now(reunion, presents, url("votes"), url("presences"))
        return _say_after(reunion, reponses, url("relancer"))
    if reunion.debut is None:
        return _say_sondage(grille, envoye, url("sondage"))
    if reunion.type in STATUTAIRES and not points:
        return Suite(
            "L’ordre du jour est vide : une instance ne vote que ce qui y figure.",
            "Écrire l’ordre du jour",
            url("points"),
        )
    return Suite(
        _say_limite(plan), "Convoquer" if reunion.type in STATUTAIRES else "Envoyer l’invitation", url("convoquer")
    )


def _say_sondage(grille: Grille | None, envoye: bool, url: str) -> Suite:
    if grille is None or not grille.colonnes:
        return Suite("La date est à trouver : proposez-en plusieurs.", "Proposer des dates", url)
    if not envoye:
        return Suite("Les dates sont proposées, personne n’a encore été interrogé.", "Envoyer le sondage", url)
    dit = f"{grille.repondants} réponses sur {len(grille.lignes)}"
    if grille.repondants < 2:
        dit = f"{compter(grille.repondants, 'réponse')} sur {len(grille.lignes)}"
    if grille.meilleure is None:
        return Suite(f"{dit} au sondage de date.", "Voir le sondage", url)
    return Suite(
        f"{dit}. La meilleure date est {format_date_heure(grille.meilleure.creneau.debut)}.", "Choisir la date", url
    )


def _say_limite(plan: PlanConvocation | None) -> str:
    if plan is None or plan.limite is None:
        return "La date est choisie : envoyez l’invitation."
    if plan.hors_delai:
        return (
            f"Il fallait convoquer avant le {format_date(plan.limite)} ({compter(plan.preavis_jours, 'jour')} de "
            "délai) : changez la date, ou dites pourquoi le délai est réduit."
        )
    return f"Convoquez au plus tard {format_date(plan.limite)}, {format_delai(plan.limite)}."


def _say_now(reunion: Reunion, presents: int, votes: str, presences: str) -> Suite:
    """Attendance first; a body votes once somebody is there."""
    if not presents:
        return Suite("C’est maintenant : relevez les présences.", "Les présences", presences)
    dit = accorder(presents, "présence relevée", "présences relevées")
    if reunion.type in STATUTAIRES:
        return Suite(f"C’est maintenant : {presents}{INSECABLE}{dit}. Faites voter.", "Quorum et votes", votes)
    return Suite(f"C’est maintenant : {presents}{INSECABLE}{dit}.", "Les présences", presences)


def _say_after(reunion: Reunion, reponses: dict[str, int], relancer: str) -> Suite:
    assert reunion.debut is not None
    attendues = reponses[Reponse.ATTENDUE]
    if attendues:
        verbe = accorder(attendues, "réponse manque", "réponses manquent")
        dit = f"{attendues}{INSECABLE}{verbe}. La réunion est {format_delai(reunion.debut)}."
        qui = compter(attendues + reponses[Reponse.PEUT_ETRE], "personne")
        return Suite(dit, "Relancer", relancer, True, f"Relancer {qui} ?")
    return Suite(f"Tout le monde a répondu. La réunion est {format_delai(reunion.debut)}.")


def build_faits(reunion: Reunion, convocation: Convocation | None, cibles: Sequence[Cible]) -> list[Fait]:
    """What, when, where, and what it counts for."""
    faits = [Fait("Quand", say_quand(reunion))]
    if reunion.lieu:
        faits.append(Fait("Où", reunion.lieu))
    if reunion.visio:
        faits.append(Fait("En visioconférence", "rejoindre", url=reunion.visio))
    if reunion.groupe:
        faits.append(Fait("Groupe", reunion.groupe.nom))
    if reunion.mission:
        faits.append(Fait("Mission", str(Mission(reunion.mission).label).capitalize()))
    if reunion.indicateur:
        libelle = next((c.libelle for c in cibles if c.code == reunion.indicateur), reunion.indicateur)
        faits.append(Fait("Compte pour", libelle, "une fois tenue, sans ressaisie"))
    if reunion.action:
        faits.append(Fait("Fiche-action", reunion.action.titre))
    if reunion.organisateur:
        faits.append(Fait("Organisée par", str(reunion.organisateur)))
    if convocation is not None:
        note = f"hors délai : {convocation.motif_delai}" if convocation.hors_delai else ""
        sans = convocation.hors_delai and convocation.document_id is None
        faits.append(
            Fait("Convocation", "aucune", convocation.motif_delai)
            if sans
            else Fait("Convoquée", format_date(convocation.le), note)
        )
    if reunion.precedente:
        url = reverse("reunions:fiche", args=[reunion.cpts.slug, reunion.precedente_id])
        nature = "seconde convocation, sans quorum" if reunion.seconde else ""
        faits.append(Fait("Fait suite à", f"{reunion.precedente} ({say_quand(reunion.precedente)})", nature, url))
    return faits


def say_quorum(quorum: Quorum, convocation: Convocation) -> tuple[Pastille, str]:
    """Whether the quorum is reached now, and the count behind it."""
    detail = (
        f"{compter(quorum.presents, 'présent')} et {compter(quorum.representes, 'représenté')} "
        f"sur {compter(quorum.votants, 'voix', 'voix')}"
    )
    if not convocation.has_quorum:
        return Pastille("sans quorum", "bien"), f"{detail}. Aucun quorum n’est demandé."
    if quorum.is_atteint:
        return Pastille("quorum atteint", "bien"), f"{detail}, {quorum.requis} nécessaires."
    manque = accorder(quorum.manque, "il manque une voix", f"il en manque {quorum.manque}")
    return Pastille("quorum non atteint", "alerte"), f"{detail}, {quorum.requis} nécessaires : {manque}."


def say_prevision(quorum: Quorum, convocation: Convocation, *, viennent: int, pouvoirs: int) -> tuple[Pastille, str]:
    """Before the meeting: whether the answers given so far would reach the quorum."""
    dits = (
        compter(viennent, "personne vient", "personnes viennent"),
        compter(pouvoirs, "pouvoir donné", "pouvoirs donnés"),
    )
    detail = f"{', '.join(dits)}{INSECABLE}: il faut {quorum.requis} voix sur {quorum.votants}."
    if not convocation.has_quorum:
        return Pastille("sans quorum", "bien"), "Aucun quorum n’est demandé."
    if viennent + pouvoirs >= quorum.requis:
        return Pastille("quorum prévu", "bien"), detail
    return Pastille("quorum incertain", "attente"), detail


def say_direct(
    reunion: Reunion, quorum: Quorum, convocation: Convocation, *, viennent: int, pouvoirs: int
) -> tuple[Pastille, str]:
    """The quorum as it matters now: expected before the meeting, counted from two hours before."""
    if reunion.etat == Etat.CONVOQUEE and not is_imminente(reunion) and not quorum.presents:
        return say_prevision(quorum, convocation, viennent=viennent, pouvoirs=pouvoirs)
    return say_quorum(quorum, convocation)


def is_imminente(reunion: Reunion) -> bool:
    """Whether the meeting is under way or begins within two hours: what counts is who is there."""
    return reunion.debut is not None and reunion.debut - now() < ACCUEIL


def say_resultat(resolution: Resolution) -> str:
    """The sentence that the minutes take: « Adoptée à main levée : 12 pour, 2 contre, 1 abstention (…). »"""
    if resolution.etat != EtatResolution.CLOSE:
        return ""
    assert resolution.contre is not None
    assert resolution.abstention is not None
    assert resolution.pour is not None
    issue = "Adoptée" if resolution.adoptee else "Rejetée"
    if resolution.adoptee and not resolution.contre and not resolution.abstention:
        issue = "Adoptée à l’unanimité"
    return (
        f"{issue} {MODES[ModeVote(resolution.mode)]}{INSECABLE}: {resolution.pour} pour, {resolution.contre} contre, "
        f"{compter(resolution.abstention, 'abstention')}, sur {resolution.voix_possibles} voix présentes ou "
        f"représentées ({MAJORITES[Majorite(resolution.majorite)]})."
    )


def show_resolution(resolution: Resolution) -> Pastille:
    """Ready, open, passed or not."""
    if resolution.etat == EtatResolution.CLOSE:
        return Pastille("adoptée", "bien") if resolution.adoptee else Pastille("rejetée", "alerte")
    if resolution.etat == EtatResolution.OUVERTE:
        return Pastille("vote ouvert", "attente")
    return Pastille("prête", "neutre")
