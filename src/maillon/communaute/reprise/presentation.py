"""A list and its rows as pages show them."""

from collections import Counter

from django.urls import reverse

from maillon.socle.progres import read_progres
from maillon.socle.ui.composants import Avancement, Onglet, Pastille
from maillon.socle.ui.typographie import compter

from .enums import Choix, EtatReprise, Issue
from .models import LigneReprise, Reprise

ETATS: dict[str, Pastille] = {
    EtatReprise.A_LIRE: Pastille("colonnes à choisir", "attente"),
    EtatReprise.EXAMEN: Pastille("lecture en cours", "cours"),
    EtatReprise.A_VERIFIER: Pastille("à vérifier", "attente"),
    EtatReprise.APPLICATION: Pastille("enregistrement en cours", "cours"),
    EtatReprise.APPLIQUEE: Pastille("enregistrée", "bien"),
    EtatReprise.ANNULATION: Pastille("annulation en cours", "cours"),
    EtatReprise.ANNULEE: Pastille("annulée", "neutre"),
    EtatReprise.ABANDONNEE: Pastille("abandonnée", "neutre"),
}
ISSUES: dict[str, Pastille] = {
    Issue.DOUTEUSE: Pastille("douteuse", "attente", "user-question"),
    Issue.AJOUT: Pastille("à ajouter", "bien", "user-plus"),
    Issue.COMPLEMENT: Pastille("à compléter", "cours", "pencil"),
    Issue.DIFFERENCE: Pastille("différente", "attente", "arrows-exchange"),
    Issue.CONNUE: Pastille("déjà connue", "neutre", "user-check"),
    Issue.REFUSEE: Pastille("refusée", "alerte"),
}
FAITES: dict[str, Pastille] = {
    Issue.AJOUT: Pastille("ajoutée", "bien", "user-plus"),
    Issue.COMPLEMENT: Pastille("complétée", "bien", "pencil"),
}
MOTS = {
    Issue.AJOUT: ("personne à ajouter", "personnes à ajouter"),
    Issue.COMPLEMENT: ("fiche à compléter", "fiches à compléter"),
    Issue.DIFFERENCE: ("fiche différente", "fiches différentes"),
    Issue.DOUTEUSE: ("ligne douteuse", "lignes douteuses"),
    Issue.CONNUE: ("personne déjà connue", "personnes déjà connues"),
    Issue.REFUSEE: ("ligne refusée", "lignes refusées"),
}
MOTS_FAITS = {
    **MOTS,
    Issue.AJOUT: ("personne ajoutée", "personnes ajoutées"),
    Issue.COMPLEMENT: ("fiche complétée", "fiches complétées"),
    Issue.DOUTEUSE: ("ligne laissée de côté", "lignes laissées de côté"),
}
TRAVAUX = {
    EtatReprise.EXAMEN: "Lecture de la liste",
    EtatReprise.APPLICATION: "Enregistrement de la liste",
    EtatReprise.ANNULATION: "Annulation de la liste",
}


def show_issue(ligne: LigneReprise) -> Pastille:
    return FAITES[ligne.issue] if ligne.faite else ISSUES[ligne.issue]


def say_comptes(comptes: Counter[str], *, faite: bool) -> str:
    """« 12 personnes à ajouter, 3 fiches à compléter et 1 ligne refusée »."""
    mots = MOTS_FAITS if faite else MOTS
    dits = [compter(comptes[issue], *mots[issue]) for issue in mots if comptes[issue]]
    return " et ".join([", ".join(dits[:-1]), dits[-1]] if len(dits) > 1 else dits)


def build_rubriques(slug: str, actif: str) -> list[Onglet]:
    """The two pages of this room."""
    return [
        Onglet("Listes reprises", reverse("reprise:reprises", args=[slug]), actif == "listes"),
        Onglet("Doublons", reverse("reprise:doublons", args=[slug]), actif == "doublons"),
    ]


def build_onglets(comptes: Counter[str], courante: str, url: str, *, faite: bool) -> list[Onglet]:
    """All the rows, then those of each kind that the list has."""
    onglets = [Onglet("Toutes", url, not courante, comptes.total())]
    for issue, (singulier, pluriel) in (MOTS_FAITS if faite else MOTS).items():
        if comptes[issue]:
            libelle = (pluriel if comptes[issue] > 1 else singulier).split(" ", 1)[1].capitalize()
            onglets.append(Onglet(libelle, f"{url}?issue={issue}", courante == issue, comptes[issue]))
    return onglets


def list_options(ligne: LigneReprise) -> list[tuple[str, str]]:
    """What may be decided of a row, in words; nothing when there is nothing to decide."""
    if ligne.issue == Issue.DOUTEUSE:
        candidats = [(cle, f"C’est {texte}") for cle, texte in ligne.candidats]
        ajouter = [] if ligne.motif.startswith("Ce numéro RPPS") else [(Choix.NOUVELLE.value, "Une autre : l’ajouter")]
        return [("", "À décider"), *candidats, *ajouter, (Choix.ECARTEE.value, "Laisser de côté")]
    if ligne.differences:
        return [("", "Garder ce que Maillon sait"), (Choix.LISTE.value, "Prendre ce que dit la liste")]
    return []


def build_avancement(reprise: Reprise) -> Avancement:
    """How far the job is; before it begins, nothing is done."""
    progres = read_progres(reprise.pk)
    fait, total = progres or (0, max(reprise.lues, 1))
    return Avancement(
        TRAVAUX[EtatReprise(reprise.etat)],
        fait,
        total,
        "vous pouvez quitter cette page" if progres else "commence dans quelques secondes",
    )
