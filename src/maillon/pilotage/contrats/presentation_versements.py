"""The schedule as pages show it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.regles import aci
from maillon.regles.aci.types import Mission
from maillon.socle.ui.composants import Chiffre, Explication, LigneExplication, Pastille
from maillon.socle.ui.graphiques import Graphique, Serie, build_graphique
from maillon.socle.ui.typographie import format_date, format_euros

from .echeances import NATURES, Echeance, EcheancierContrat
from .presentation import certitude


def build_chiffres(suivi: EcheancierContrat) -> list[Chiffre]:
    """Expected, received, the difference, and what comes next."""
    compte = suivi.compte
    chiffres = [
        Chiffre(
            "Attendu à ce jour",
            compte.attendu,
            "€",
            source="Échéancier du contrat",
            certitude=certitude(suivi.a_confirmer),
        ),
        Chiffre("Reçu", compte.recu, "€", source="Versements enregistrés"),
        Chiffre("Écart", compte.ecart, "€", source=_say_ecart(compte.ecart)),
    ]
    if suivi.prochaine is not None:
        jour, montant = suivi.prochaine
        doute = any(v.statut.a_confirmer for v in suivi.echeancier.versements if v.date == jour and v.certain)
        chiffres.append(
            Chiffre(
                "Prochain versement",
                montant,
                "€",
                source=f"le {format_date(jour, jour=False)}",
                certitude=certitude(doute),
            )
        )
    return chiffres


def _say_ecart(ecart: Decimal) -> str:
    if not ecart:
        return "Tout est arrivé"
    return "Il manque de l’argent, ou des versements ne sont pas saisis" if ecart < 0 else "Reçu en avance ou en trop"


def build_courbe(suivi: EcheancierContrat) -> Graphique | None:
    """Cumulated euros by month, expected and received; None before the second month."""
    # One point a month: a transfer comes some days after the date of the schedule.
    mois = {f"{jour:%m/%y}": (attendu, recu) for jour, attendu, recu in suivi.compte.cumuls}
    if len(mois) < 2:
        return None
    ecart = suivi.compte.ecart
    titre = "Tout ce qui était attendu est arrivé"
    if ecart < 0:
        titre = f"{format_euros(-ecart)} attendus ne sont pas enregistrés comme reçus"
    elif ecart > 0:
        titre = f"{format_euros(ecart)} reçus de plus qu’attendu"
    return build_graphique(
        titre=titre,
        etiquettes=list(mois),
        series=[
            Serie("Attendu", [float(attendu) for attendu, _ in mois.values()]),
            Serie("Reçu", [float(recu) for _, recu in mois.values()]),
        ],
        axe_y="Euros cumulés",
        write=lambda valeur: format_euros(Decimal(str(valeur))),
    )


@dataclass(frozen=True, slots=True)
class Ligne:
    """A row of the schedule: a date, what comes, the euros, its state, and the rule of each of its parts."""

    echeance: Echeance
    titre: str
    etat: Pastille
    recu: Decimal | None
    details: tuple[tuple[str, Decimal, str], ...]


def build_lignes(suivi: EcheancierContrat) -> list[Ligne]:
    """The schedule by date; what was received is shown on the first row of its year and nature."""
    recus: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for recu in suivi.recus:
        recus[recu.annee, recu.nature] += recu.montant
    lignes = []
    for echeance in suivi.echeances:
        arrive = recus.pop((echeance.annee, NATURES[echeance.nature].value), None)
        lignes.append(
            Ligne(
                echeance,
                _say_echeance(echeance),
                _say_etat(echeance, arrive, suivi.on),
                arrive,
                tuple((v.libelle, v.valeur, v.regle) for v in echeance.versements),
            )
        )
    return lignes


def _say_echeance(echeance: Echeance) -> str:
    nom = echeance.nature.libelle
    nom = f"{nom[0].upper()}{nom[1:]}"
    if echeance.nature is aci.Nature.TOTALITE:
        nom = "Fonctionnement en totalité"
    return f"{nom} de l’année {echeance.annee}" if echeance.annee else nom


def _say_etat(echeance: Echeance, arrive: Decimal | None, on: date) -> Pastille:
    if arrive is not None:
        return Pastille("reçu", "bien") if arrive >= echeance.total else Pastille("reçu en partie", "attente")
    if not echeance.certain:
        return Pastille("selon les résultats", "neutre", "target")
    if echeance.date is not None and echeance.date <= on:
        return Pastille("échu", "attente")
    return Pastille("à venir", "cours")


@dataclass(frozen=True, slots=True)
class Ecart:
    annee: str
    poste: str
    attendu: Decimal
    recu: Decimal
    ecart: Decimal


def build_ecarts(suivi: EcheancierContrat) -> list[Ecart]:
    """Where the difference is: only the postes of a year that do not balance."""
    return [
        Ecart(
            f"Année {li.annee}" if li.annee else "Avant le contrat", say_poste(li.poste), li.attendu, li.recu, li.ecart
        )
        for li in suivi.compte.lignes
        if li.ecart
    ]


def build_totaux(suivi: EcheancierContrat) -> list[tuple[str, aci.Montant]]:
    """Sure euros of each contract year, then of the whole."""
    annees = [
        (f"Année {annee}" if annee else "Avant le contrat", montant)
        for annee, montant in sorted(suivi.echeancier.by_annee().items())
    ]
    return [*annees, ("Tout le contrat", suivi.echeancier.total)]


def say_poste(poste: str) -> str:
    """A poste in words."""
    autres = {"fonctionnement": "Fonctionnement", aci.ENSEMBLE: "Ensemble", "aide": "Aide de l’ARS"}
    return autres.get(poste) or Mission(poste).libelle


def explain_resiliation(resiliation: aci.Resiliation) -> Explication:
    """The account of a termination, poste by poste."""
    conclusion = "Aucune somme ne reste due à la communauté."
    if resiliation.reste_du:
        conclusion = (
            f"Pour les jours écoulés, {format_euros(resiliation.reste_du)} restent dus à la communauté. "
            "Aucun texte trouvé ne dit si les deux se compensent : à convenir avec la CPAM."
        )
    return Explication(
        _lignes(resiliation.explication),
        total=resiliation.a_rembourser,
        libelle_total="À rembourser",
        certitude=certitude(resiliation.statut.a_confirmer),
        conclusion=conclusion,
        titre=f"Fin le {resiliation.le:%d/%m/%Y}, après {resiliation.jours} jours sur {resiliation.jours_annee} de "
        f"l’année {resiliation.annee_contrat}",
    )


def _lignes(lignes: Iterable[aci.LigneExplication]) -> list[LigneExplication]:
    return [
        LigneExplication(li.libelle, li.montant, li.regle, li.source, None, certitude(li.a_confirmer)) for li in lignes
    ]
