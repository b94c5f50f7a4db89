"""What is still to settle before a dialogue: computed from facts, so that each line ticks itself once settled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.urls import reverse

from maillon.pilotage.contrats.annee import AnneeContrat, IndicateurAnnee
from maillon.pilotage.contrats.echeances import compute_echeancier
from maillon.pilotage.contrats.enums import Periodicite, StatutMission
from maillon.pilotage.contrats.models import MissionContrat
from maillon.regles import aci
from maillon.regles.aci import cycle
from maillon.socle.ui.typographie import compter, format_date, format_euros

from .enums import Porteur
from .models import Decision, Dialogue
from .selectors import find_precedent, get_transmission, list_fils

# How old a value may be, by how often its certifier gives it: the period, and half a month to publish.
AGE_MAX = {
    Periodicite.MENSUELLE: timedelta(days=46),
    Periodicite.TRIMESTRIELLE: timedelta(days=107),
    Periodicite.SEMESTRIELLE: timedelta(days=198),
    Periodicite.ANNUELLE: timedelta(days=380),
}
PALIER_PROCHE = Decimal("0.1")  # share of the threshold that still lacks
GENRES_MISSION = (cycle.GenreEcheance.DEMARRAGE, cycle.GenreEcheance.DEPLOIEMENT)
PRESSANTES = (cycle.EtatEcheance.PROCHE, cycle.EtatEcheance.DEPASSEE)


@dataclass(frozen=True, slots=True)
class Ligne:
    """One thing to settle: what, the euros that hang on it, where it is settled."""

    phrase: str
    euros: Decimal
    url: str
    action: str = "Régler"


@dataclass(frozen=True, slots=True)
class Controle:
    """One subject of the checklist; ticked when nothing is left. `fait` says so."""

    titre: str
    fait: str
    lignes: tuple[Ligne, ...] = field(default=())

    @property
    def is_fait(self) -> bool:
        return not self.lignes

    @property
    def euros(self) -> Decimal:
        return sum((ligne.euros for ligne in self.lignes), Decimal(0))


def build_controles(dialogue: Dialogue, annee: AnneeContrat) -> list[Controle]:
    """The checklist, what weighs the most euros first and what is ticked last; constant queries."""
    slug = dialogue.cpts.slug
    precedent = find_precedent(dialogue)
    controles = [
        Controle("Les valeurs", "Chaque indicateur a une valeur récente.", _sort(_valeurs(annee, slug))),
        Controle("Les justificatifs", "Rien de ce qui reste à confirmer ne manque de justificatif.",
                 _sort(_preuves(annee, slug))),
        Controle("Les paliers à portée", "Aucun palier n’est à portée immédiate.", _sort(_paliers(annee, slug))),
        Controle("Les missions", "Aucune mission n’est en retard sur l’accord.",
                 _sort(_missions(annee, slug))),
        Controle("Les versements", "Les versements reçus sont ceux attendus.", _sort(_versements(annee, slug))),
        Controle(
            "Le dialogue précédent",
            "Aucun point contesté, aucune décision en suspens." if precedent else "C’est le premier dialogue.",
            _sort(_precedent(precedent, slug) if precedent else ()),
        ),
    ]  # fmt: skip
    return sorted(controles, key=lambda controle: (controle.is_fait, -controle.euros))


def _sort(lignes: Iterable[Ligne]) -> tuple[Ligne, ...]:
    return tuple(sorted(lignes, key=lambda ligne: -ligne.euros))


def _url(slug: str, ligne: IndicateurAnnee, ancre: str) -> str:
    return reverse("pilotage:indicateur", args=[slug, ligne.indicateur.pk]) + ancre


def _valeurs(annee: AnneeContrat, slug: str) -> Iterable[Ligne]:
    """Indicators without any value, or whose last one is older than its certifier's rhythm."""
    on = min(annee.annee.on, annee.annee.fin)
    for ligne in annee.indicateurs:
        enjeu = ligne.montants.maximum - ligne.montants.constate
        libelle = ligne.indicateur.libelle
        if ligne.prevision.valeur is None:
            yield Ligne(f"{libelle} : aucune valeur cette année", enjeu, _url(slug, ligne, "#valeurs"), "Saisir")
            continue
        connus = [constat.le for constat in ligne.constats if constat.le <= on]
        if connus and max(connus) < on - AGE_MAX[Periodicite(ligne.indicateur.periodicite)]:
            phrase = f"{libelle} : la dernière valeur date du {format_date(max(connus), jour=False)}"
            yield Ligne(phrase, enjeu, _url(slug, ligne, "#valeurs"), "Mettre à jour")


def _preuves(annee: AnneeContrat, slug: str) -> Iterable[Ligne]:
    lignes = {ligne.indicateur.pk: ligne for ligne in annee.indicateurs}
    for lacune in annee.lacunes:
        url = _url(slug, lignes[lacune.indicateur.pk], "#justificatifs")
        phrase = f"{lacune.indicateur.libelle} : {lacune.phrase[0].lower()}{lacune.phrase[1:]}"
        yield Ligne(phrase, lacune.euros, url, "Joindre")


def _paliers(annee: AnneeContrat, slug: str) -> Iterable[Ligne]:
    if annee.is_close:
        return
    for prochain in annee.prochains:
        proche = max(Decimal(1), prochain.seuil * PALIER_PROCHE)
        if prochain.distance is not None and prochain.distance <= proche:
            url = reverse("pilotage:indicateur", args=[slug, prochain.indicateur.pk])
            phrase = f"{prochain.indicateur.libelle} : {prochain.phrase}, il reste {compter(prochain.jours, 'jour')}"
            yield Ligne(phrase, prochain.gain, url, "Voir")


def _missions(annee: AnneeContrat, slug: str) -> Iterable[Ligne]:
    """Missions whose start or deployment is late or near, by the deadlines of the accord."""
    contrat = annee.contrat
    lignes = {ligne.mission.mission: ligne for ligne in annee.missions}
    faits = cycle.FaitsCycle(
        signe_le=contrat.signe_le,
        fin_le=contrat.periode.upper,
        missions={aci.Mission(code): _fait(ligne.mission) for code, ligne in lignes.items()},
    )
    url = reverse("pilotage:contrat", args=[slug]) + "#missions"
    for echeance in cycle.compute_echeances(faits, on=annee.annee.on):
        if echeance.genre not in GENRES_MISSION or echeance.etat not in PRESSANTES:
            continue
        variable = next((lignes[code].variable for code in lignes if echeance.code.endswith(code)), None)
        phrase = f"{echeance.libelle} le {format_date(echeance.le, jour=False)}"
        yield Ligne(phrase, variable.valeur if variable else Decimal(0), url, "Enregistrer")


def _fait(mission: MissionContrat) -> cycle.FaitMission:
    return cycle.FaitMission(debut=mission.debut, deployee=mission.statut == StatutMission.DEPLOYEE)


def _versements(annee: AnneeContrat, slug: str) -> Iterable[Ligne]:
    """What is sure to have been paid by now, against what was received, since the signature."""
    echeancier = compute_echeancier(annee.contrat, annee.annee.on)
    if echeancier is None or not echeancier.compte.ecart:
        return
    compte = echeancier.compte
    recu = f"{format_euros(compte.recu)} reçus" if compte.recu else "aucun reçu enregistré"
    reserve = " (montant à confirmer)" if echeancier.a_confirmer else ""
    phrase = f"{format_euros(compte.attendu)} attendus depuis la signature{reserve}, {recu}"
    yield Ligne(phrase, abs(compte.ecart), reverse("pilotage:contrat", args=[slug]), "Vérifier")


def _precedent(precedent: Dialogue, slug: str) -> Iterable[Ligne]:
    """What was contested at the end of the dialogue before, and the community's decisions not carried out."""
    url = reverse("dialogues:fiche", args=[slug, precedent.pk])
    for fil in list_fils(precedent, get_transmission(precedent)):
        if fil.is_conteste:
            yield Ligne(f"{fil.indicateur['libelle']} : contesté", fil.enjeu, f"{url}#ind-{fil.id}", "Relire")
    decisions = Decision.objects.filter(dialogue=precedent, porteur=Porteur.CPTS, faite_le__isnull=True)
    for decision in decisions:
        avant = f", avant le {decision.echeance:%d/%m/%Y}" if decision.echeance else ""
        yield Ligne(f"Décision pas encore faite : {decision.libelle}{avant}", Decimal(0), f"{url}#decisions", "Suivre")


def propose_ordre_du_jour(annee: AnneeContrat, controles: Sequence[Controle]) -> str:
    """An agenda to correct: last time's points, each mission, evidence, payments, decisions."""
    restes = {controle.titre: controle for controle in controles if not controle.is_fait}
    points = []
    if "Le dialogue précédent" in restes:
        points.append("Suites du dialogue précédent")
    for mission in annee.missions:
        montants = mission.montants
        points.append(
            f"{mission.libelle} : constaté {format_euros(montants.constate)}, "
            f"à confirmer {format_euros(montants.a_confirmer)}"
            if montants.maximum
            else mission.libelle
        )
    if "Les justificatifs" in restes:
        points.append("Justificatifs attendus")
    if "Les versements" in restes:
        points.append("Versements")
    points.append("Décisions, et date du prochain dialogue")
    return "\n".join(f"{rang}. {point}" for rang, point in enumerate(points, start=1))
