"""What the pages of pay show: states, the year against the cap, one row, its story."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from maillon.regles import indemnites as regles
from maillon.socle.ui.composants import (
    A_CONFIRMER,
    Chiffre,
    Evenement,
    Explication,
    Fait,
    LigneExplication,
    Pastille,
    Ton,
)
from maillon.socle.ui.typographie import (
    INSECABLE,
    format_date,
    format_duree,
    format_euros,
    format_nombre,
)

from .enums import DE_GARDE, Beneficiaire, Etat, Mode, Nature, Poste
from .models import Approbation, Declaration, Frais, SituationAnnuelle, Tarif
from .selectors.annees import CompteAnnuel, PartMission, SommeNature
from .selectors.approbation import Trace

TONS: dict[str, Ton] = {
    Etat.PROPOSEE: "attente",
    Etat.ECARTEE: "neutre",
    Etat.DECLAREE: "attente",
    Etat.VERIFIEE: "cours",
    Etat.APPROUVEE: "bien",
    Etat.REFUSEE: "alerte",
}
UNITES = {Mode.HEURE: "l’heure", Mode.SEANCE: "la séance", Mode.FORFAIT: "au forfait"}
RECITS = {
    "indemnites.declaree": "Déclarée",
    "indemnites.frais_declares": "Frais déclarés",
    "indemnites.confirmee": "Confirmée",
    "indemnites.ecartee": "Écartée",
    "indemnites.corrigee": "Corrigée : à vérifier de nouveau",
    "indemnites.verifiee": "Vérifiée",
    "indemnites.approuvee": "Approuvée",
    "indemnites.refusee": "Refusée",
    "indemnites.contrepassee": "Contre-passe une ligne approuvée",
}


def genre_of(ligne: Approbation) -> str:
    """The word of its address."""
    return "participations" if isinstance(ligne, Declaration) else "frais"


def url_of(ligne: Approbation, slug: str, nom: str = "fiche") -> str:
    """The address of one row, or of a gesture on it."""
    return reverse(f"indemnites:{nom}", args=[slug, genre_of(ligne), ligne.pk])


def show_etat(ligne: Approbation) -> Pastille:
    """The state, with what undid it."""
    if ligne.contrepasse_id:
        return Pastille("contre-passation", "neutre", "arrow-back-up")
    if getattr(ligne, "contrepassee_par", None) is not None:
        return Pastille("contre-passée", "neutre", "arrow-back-up")
    if ligne.payee_le is not None:
        return Pastille("payée", "bien", "coin-euro")
    libelle = "proposée" if ligne.etat == Etat.PROPOSEE else Etat(ligne.etat).label
    return Pastille(libelle, TONS[ligne.etat])


def say_mission(mission: str) -> str:
    """A mission in words, with a capital."""
    libelle = Poste(mission).label
    return libelle[:1].upper() + libelle[1:]


def say_heures(heures: Decimal) -> str:
    """« 2 h 30 »; a sum of many hours stays in hours."""
    return format_duree(round(heures * 60)) if heures <= 24 else f"{format_nombre(heures, 0)}{INSECABLE}h"


def say_taux(montant: Decimal | None, mode: str, fonction: str = "") -> str:
    """« 60 € l’heure », « 75 € la garde »."""
    if montant is None or not mode:
        return "aucun tarif"
    unite = "la garde" if mode == Mode.SEANCE and fonction in DE_GARDE else UNITES[Mode(mode)]
    return f"{format_euros(montant)} {unite}"


def say_tarif(tarif: Tarif) -> str:
    """The amount of a rate and how it is counted."""
    dit = say_taux(tarif.montant, tarif.mode, tarif.fonction)
    return f"{dit}, {say_heures(tarif.heures_max)} au plus" if tarif.heures_max else dit


def say_calcul(ligne: Approbation) -> str:
    """How the amount was found, in a few words."""
    if isinstance(ligne, Frais):
        if ligne.bareme is None or ligne.kilometres is None:
            return ligne.get_genre_display()
        taux = format_nombre(ligne.bareme.taux)
        return f"{format_nombre(ligne.kilometres)}{INSECABLE}km à {taux}{INSECABLE}€"
    assert isinstance(ligne, Declaration)
    if ligne.is_sans_tarif:
        return f"{say_heures(ligne.heures)}, sans tarif"
    if ligne.mode != Mode.HEURE:
        return say_taux(ligne.taux, ligne.mode, ligne.fonction)
    return f"{say_heures(ligne.heures)} à {format_euros(ligne.taux)}"


@dataclass(frozen=True, slots=True)
class Rang:
    """One row in a list of a page."""

    ligne: Approbation
    calcul: str
    etat: Pastille
    url: str = ""


def show_rang(ligne: Approbation, slug: str = "") -> Rang:
    """One row as lists show it; without `slug` it opens nothing."""
    return Rang(ligne, say_calcul(ligne), show_etat(ligne), url_of(ligne, slug) if slug else "")


def say_periode(periode: Any) -> str:
    """« depuis le 1 avril 2024 », « du … au … »: the end is the last day."""
    debut = format_date(periode.lower, jour=False)
    if periode.upper is None:
        return f"depuis le {debut}"
    return f"du {debut} au {format_date(periode.upper - timedelta(days=1), jour=False)}"


def build_chiffres(
    compte: CompteAnnuel, sommes: dict[str, SommeNature], frais: Decimal, url: str = ""
) -> list[Chiffre]:
    """The year of one person in four figures."""
    plafond = compte.compte.plafond
    suite = ", à confirmer" if plafond.a_confirmer else ""
    return [
        Chiffre(
            f"Compté au plafond de {plafond.annee}",
            compte.compte.total,
            "€",
            cible=f"Plafond{INSECABLE}: {format_euros(plafond.montant)}{suite}",
            realise=compte.compte.part,
            source=f"dont versé par d’autres CPTS{INSECABLE}: {format_euros(compte.compte.ailleurs)}"
            if compte.compte.ailleurs
            else "",
            url=url,
        ),
        *(_chiffre_nature(nature, sommes[nature]) for nature in Nature.values),
        Chiffre("Frais remboursables", frais, "€", source="Ils ne comptent pas dans le plafond."),
    ]


def _chiffre_nature(nature: str, somme: SommeNature) -> Chiffre:
    libelle = {Nature.INDEMNITE: "Indemnités", Nature.REMUNERATION: "Rémunérations"}[Nature(nature)]
    return Chiffre(libelle, somme.approuve, "€", source=f"dont payé{INSECABLE}: {format_euros(somme.paye)}")


def explain_plafond(compte: CompteAnnuel, sommes: dict[str, SommeNature]) -> Explication:
    """Why so much remains."""
    plafond = compte.compte.plafond
    note = "Le plafond de cette année n’est pas encore publié : celui de la précédente vaut en attendant."
    lignes = [
        LigneExplication(
            "Plafond annuel de la sécurité sociale",
            plafond.montant,
            regle=note
            if plafond.reconduit
            else "Au plus versé à une personne dans l’année civile, toutes fonctions ensemble.",
            texte=plafond.source,
            depuis=date(plafond.annee, 1, 1),
            certitude=A_CONFIRMER if plafond.a_confirmer else "",
        ),
        LigneExplication("Approuvé ici", -compte.compte.approuve, regle=_say_natures(sommes)),
        LigneExplication(
            "Versé par d’autres CPTS",
            -compte.compte.ailleurs,
            regle="Ce que la personne a déclaré pour l’année."
            if compte.declaree
            else "La personne ne l’a pas encore dit : rien ne peut être approuvé avant.",
        ),
    ]
    attente = compte.compte.en_attente
    conclusion = f"{format_euros(attente)} attendent encore un accord." if attente else ""
    return Explication(
        lignes,
        plafond.montant - compte.compte.total,
        "Reste possible",
        certitude=A_CONFIRMER if plafond.a_confirmer else "",
        conclusion=conclusion,
        titre=f"Le plafond de {plafond.annee}",
    )


def _say_natures(sommes: dict[str, SommeNature]) -> str:
    indemnites, remunerations = (format_euros(sommes[n].approuve) for n in (Nature.INDEMNITE, Nature.REMUNERATION))
    return f"Indemnités{INSECABLE}: {indemnites} ; rémunérations{INSECABLE}: {remunerations}."


def say_alerte(compte: CompteAnnuel) -> tuple[Ton, str, str] | None:
    """What must be said of the year of a person, or None: tone, title, sentence."""
    nom, reste = compte.compte.plafond.nom, format_euros(compte.compte.reste)
    dits: dict[regles.Alerte, tuple[Ton, str, str]] = {
        regles.Alerte.DEPASSE: (
            "alerte",
            f"{nom} est dépassé",
            "Avec ce que d’autres CPTS versent, la limite est passée : plus rien ne peut être approuvé, et ce qui "
            "dépasse est à contre-passer.",
        ),
        regles.Alerte.ATTEINT: (
            "alerte",
            f"{nom} serait atteint",
            f"Il reste {reste} à approuver : tout ce qui attend ne passera pas.",
        ),
        regles.Alerte.PROCHE: ("attente", f"{nom} approche", f"Il reste {reste} pour l’année."),
    }
    return dits.get(compte.compte.alerte)


def say_situation(situation: SituationAnnuelle | None) -> str:
    """What the person said of other communities."""
    if situation is None:
        return "pas encore dit"
    if not situation.autre_cpts:
        return "aucune autre CPTS"
    lesquelles = f" ({situation.precision})" if situation.precision else ""
    return f"{format_euros(situation.montant_ailleurs)}{lesquelles}"


def build_missions(parts: list[PartMission]) -> list[tuple[str, str, str, Decimal]]:
    """Mission, nature, hours and euros of a year."""
    return [
        (say_mission(p.mission), Nature(p.nature).label, say_heures(p.heures), p.montant)
        for p in sorted(parts, key=lambda p: -p.montant)
    ]


def build_faits(ligne: Approbation, slug: str, *, lien_personne: bool) -> list[Fait]:
    """The sheet of one row."""
    url = reverse("indemnites:personne", args=[slug, ligne.personne_id]) if lien_personne else ""
    faits = [
        Fait("Personne", str(ligne.personne), url=url),
        Fait("Date", format_date(ligne.le, jour=False)),
        Fait("Mission", say_mission(ligne.mission), note=str(ligne.action or "")),
    ]
    if isinstance(ligne, Declaration):
        faits += [
            Fait("En tant que", ligne.get_fonction_display()),
            Fait("Nature", ligne.get_nature_display()),
            Fait("Durée", say_heures(ligne.heures), note=ligne.preuve),
            Fait("Tarif gardé", say_taux(ligne.taux, ligne.mode, ligne.fonction)),
        ]
        if ligne.beneficiaire == Beneficiaire.EMPLOYEUR and ligne.convention:
            faits.append(Fait("Payée à", str(ligne.convention.structure), note="Son employeur, par convention."))
    else:
        assert isinstance(ligne, Frais)
        faits += [Fait("Genre", ligne.get_genre_display()), Fait("Calcul", say_calcul(ligne))]
        if ligne.justificatif:
            url = reverse("fichiers_telecharger", args=[slug, ligne.justificatif_id])
            faits.append(Fait("Justificatif", ligne.justificatif.nom, url=url))
    faits.append(Fait("Montant", format_euros(ligne.montant)))
    if ligne.payee_le:
        faits.append(Fait("Payée le", format_date(ligne.payee_le, jour=False)))
    return faits


def build_frise(traces: list[Trace]) -> list[Evenement]:
    """What happened to one row, the latest first."""
    tons: dict[str, Ton] = {"indemnites.approuvee": "bien", "indemnites.refusee": "alerte"}
    return [
        Evenement(t.le, RECITS.get(t.evenement, t.evenement), t.par, ton=tons.get(t.evenement, "neutre"))
        for t in reversed(traces)
    ]
