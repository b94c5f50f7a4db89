"""A contract and an indicator as agents read them: from published figures to sentences, facts and rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse

from maillon.pilotage.contrats import courbes, presentation
from maillon.pilotage.contrats.enums import Nature
from maillon.pilotage.cycle.models import EcheanceSuivie
from maillon.pilotage.cycle.presentation import PASTILLES
from maillon.pilotage.dialogues.enums import Organisme
from maillon.pilotage.dialogues.models import Dialogue
from maillon.pilotage.dialogues.presentation import FilLu, say_contestes, say_rendez_vous, show_etat, show_fil
from maillon.pilotage.dialogues.selectors import Fil
from maillon.pilotage.dossiers.models import Dossier
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Fait, Onglet, Pastille
from maillon.socle.ui.typographie import compter, format_date, format_delai, format_euros

from .selectors import DialogueLu

CONTESTES, A_CONFIRMER, SANS_PREUVE, RIEN = "contestes", "a_confirmer", "sans_preuve", "rien"
FILTRES = (
    ("", "Tous"),
    (CONTESTES, "Contestés"),
    (A_CONFIRMER, "À confirmer"),
    (SANS_PREUVE, "Sans justificatif"),
    (RIEN, "Rien d’atteint"),
)


def say_annee(chiffres: Mapping[str, Any]) -> str:
    """The year in one sentence; the four words of money sum to the variable part."""
    sommes = {nom: Decimal(valeur) for nom, valeur in chiffres["montants"].items()}
    variable = Decimal(chiffres["variable"])
    if not variable:
        return "Seul le total annuel de ce contrat est connu : aucune part variable n’est détaillée."
    close = date.fromisoformat(chiffres["fin"]) <= today()
    sommes["perdu" if close else "encore_possible"] += Decimal(chiffres["non_reparti"])
    lacune = sum((Decimal(lacune["euros"]) for lacune in chiffres["lacunes"]), Decimal(0))
    confirmer = f"{format_euros(sommes['a_confirmer'])} à confirmer"
    if lacune and sommes["a_confirmer"]:
        confirmer += f" dont {format_euros(lacune)} sans justificatif"
    reste = "perdus" if close else "encore possibles"
    doute = " Le montant du contrat reste à confirmer." if chiffres["plafond"]["total"]["a_confirmer"] else ""
    return (
        f"{format_euros(sommes['constate'])} constatés sur {format_euros(variable)} de part variable, {confirmer}, "
        f"{format_euros(sommes['perdu' if close else 'encore_possible'])} {reste}.{doute}"
    )


def build_faits(chiffres: Mapping[str, Any]) -> list[Fait]:
    """The terms of the contract."""
    plafond = chiffres["plafond"]
    doute = presentation.certitude(plafond["total"]["a_confirmer"])
    population = compter(chiffres["population"], "habitant") if chiffres["population"] else ""
    avenants = (chiffres.get("versements") or {}).get("avenants", ())
    return [
        Fait("Signé le", f"{date.fromisoformat(chiffres['signe_le']):%d/%m/%Y}"),
        Fait("Taille", f"taille {chiffres['taille']}", population),
        Fait("Plafond de l’année, hors crise", format_euros(Decimal(plafond["hors_activation"]["euros"])), doute),
        Fait("Si l’ARS reconnaît une crise", format_euros(Decimal(plafond["total"]["euros"])), doute),
        *(
            Fait(
                f"Avenant {avenant['numero']}",
                avenant["objet"] or "sans objet précisé",
                f"à partir du {date.fromisoformat(avenant['effet_le']):%d/%m/%Y}",
            )
            for avenant in avenants
        ),
    ]


def build_versements(chiffres: Mapping[str, Any]) -> list[Fait]:
    """Money expected and received since the signature, the next payment, a repayment; empty when nothing is known."""
    lus = chiffres.get("versements")
    if not lus:
        return []
    attendu, recu = Decimal(lus["attendu"]), Decimal(lus["recu"])
    ecart = attendu - recu
    doute = presentation.certitude(lus["total"]["a_confirmer"])
    mot = "il manque" if ecart > 0 else "reçus de plus :"
    faits = [
        Fait("Attendu à ce jour", format_euros(attendu), _note("depuis la signature", doute)),
        Fait("Reçu", format_euros(recu), f"{mot} {format_euros(abs(ecart))}" if ecart else "rien ne manque"),
    ]
    if lus["prochain"]:
        jour = date.fromisoformat(lus["prochain"]["date"])
        faits.append(
            Fait(
                "Prochain versement",
                format_euros(Decimal(lus["prochain"]["euros"])),
                _note(f"le {jour:%d/%m/%Y}", doute),
            )
        )
    faits.append(Fait("Sur tout le contrat", format_euros(Decimal(lus["total"]["euros"])), _note("hors crise", doute)))
    if fin := lus["resiliation"]:
        faits.append(
            Fait(
                f"Résilié le {date.fromisoformat(fin['le']):%d/%m/%Y}",
                f"{format_euros(Decimal(fin['a_rembourser']))} à rembourser",
                _note(
                    f"{format_euros(Decimal(fin['reste_du']))} restent dus", presentation.certitude(fin["a_confirmer"])
                ),
            )
        )
    return faits


def _note(texte: str, doute: str) -> str:
    return f"{texte}, {doute}" if doute else texte


@dataclass(frozen=True, slots=True)
class Suite:
    """Something of this contract that waits for the agent, or that they can read."""

    phrase: str
    detail: str
    url: str
    etat: Pastille


def build_suites(
    dialogues: Sequence[DialogueLu], dossiers: Sequence[Dossier], echeances: Sequence[EcheanceSuivie]
) -> list[Suite]:
    """Dialogues first, then the packs received, then the deadlines: exceeded ones, then those to come."""
    vie = [reverse("cycle:territoire_vie", args=[e.cpts_id]) for e in echeances[:1]]
    return [
        *(_suite_dialogue(lu) for lu in dialogues),
        *(
            Suite(
                f"Dossier de l’année {dossier.annee}",
                f"Reçu {format_date(dossier.transmis_le)}.",
                reverse("dossiers:territoire_dossier", args=[dossier.pk]),
                Pastille("chiffres provisoires", "attente") if dossier.provisoire else Pastille("arrêté", "bien"),
            )
            for dossier in dossiers
        ),
        *(
            Suite(
                echeance.libelle,
                f"{format_date(echeance.le)[:1].upper()}{format_date(echeance.le)[1:]}, {format_delai(echeance.le)}"
                f"{' (date à confirmer)' if echeance.a_confirmer else ''}.",
                vie[0],
                PASTILLES[echeance.etat],
            )
            for echeance in echeances
        ),
    ]


def _suite_dialogue(lu: DialogueLu) -> Suite:
    quand = say_rendez_vous(lu.dialogue)
    detail = " ".join(filter(None, (f"{quand[:1].upper()}{quand[1:]}." if quand else "", say_contestes(lu.fils))))
    if lu.is_ouvert:
        repondus = sum(1 for fil in lu.fils if fil.is_conteste and not fil.attend_reponse)
        detail += f" La communauté a répondu sur {compter(repondus, 'indicateur')}." if repondus else ""
        attendus = sum(1 for fil in lu.fils if _attend(fil, lu.organismes))
        detail += f" Votre avis est attendu sur {compter(attendus, 'indicateur')}." if attendus else ""
    url = reverse("dialogues:territoire_fiche", args=[lu.dialogue.pk])
    return Suite(str(lu.dialogue), detail.strip(), url, show_etat(lu.dialogue))


# Indicators ---------------------------------------------------------------------------------------------------------


def build_missions(
    contrat_id: UUID, chiffres: Mapping[str, Any], dialogue: DialogueLu | None, *, suffixe: str
) -> list[dict[str, Any]]:
    """The indicators by mission, each with the euros that lack evidence and what is contested."""
    lacunes = {lacune["indicateur"]: Decimal(lacune["euros"]) for lacune in chiffres["lacunes"]}
    contestes = {fil.indicateur["id"] for fil in dialogue.fils if fil.is_conteste} if dialogue else set()
    missions = []
    for mission in chiffres["missions"]:
        lignes = [
            {
                **indicateur,
                "url": reverse("portefeuille:indicateur", args=[contrat_id, indicateur["id"]]) + suffixe,
                "constate": valeur(indicateur["constate"], indicateur["unite"]),
                "prevu": valeur(indicateur["prevu"], indicateur["unite"])
                if indicateur["prevu"] != indicateur["constate"]
                else "",
                "euros": {nom: Decimal(montant) for nom, montant in indicateur["montants"].items()},
                "lacune": lacunes.get(indicateur["id"], Decimal(0)),
                "conteste": indicateur["id"] in contestes,
            }
            for indicateur in mission["indicateurs"]
        ]
        missions.append({**mission, "lignes": lignes})
    return missions


_TESTS: dict[str, Any] = {
    "": lambda ligne: True,
    CONTESTES: lambda ligne: ligne["conteste"],
    A_CONFIRMER: lambda ligne: ligne["euros"]["a_confirmer"] > 0,
    SANS_PREUVE: lambda ligne: ligne["lacune"] > 0,
    RIEN: lambda ligne: not ligne["euros"]["constate"] and not ligne["euros"]["a_confirmer"],
}


def filter_missions(missions: Sequence[dict[str, Any]], montrer: str) -> list[dict[str, Any]]:
    """The missions with only the indicators asked for; everything for an unknown filter."""
    if montrer not in _TESTS or not montrer:
        return list(missions)
    filtrees = [{**m, "lignes": [ligne for ligne in m["lignes"] if _TESTS[montrer](ligne)]} for m in missions]
    return [mission for mission in filtrees if mission["lignes"]]


def build_filtres(missions: Sequence[dict[str, Any]], montrer: str, *, annee: str) -> list[Onglet]:
    """One tab a filter with its count; those that would show nothing are left out."""
    lignes = [ligne for mission in missions for ligne in mission["lignes"]]
    onglets = []
    for cle, libelle in FILTRES:
        compte = sum(1 for ligne in lignes if _TESTS[cle](ligne))
        if compte or not cle or cle == montrer:
            suite = "&".join(filter(None, (annee, f"montrer={cle}" if cle else "")))
            actif = cle == (montrer if montrer in _TESTS else "")
            onglets.append(Onglet(libelle, f"?{suite}#indicateurs", actif, compte))
    return onglets


def build_annees(annees: Sequence[int], courante: int, url: str) -> list[Onglet]:
    """One tab a published year, the latest first; nothing for one only."""
    if len(annees) < 2:
        return []
    return [
        Onglet(f"Année {annee}", url if rang == 0 else f"{url}?annee={annee}", annee == courante)
        for rang, annee in enumerate(annees)
    ]


def build_definition(lu: Mapping[str, Any]) -> list[Fait]:
    """What is measured, from where, and who certifies it."""
    reference = lu.get("reference")
    faits = [
        Fait("Définition", lu.get("definition") or "non précisée au contrat"),
        Fait("Valeur de départ", valeur(reference, lu["unite"])) if reference is not None else None,
        Fait("Nature", lu["nature"]) if lu.get("nature") else None,
        Fait("Source", lu["source"]) if lu.get("source") else None,
        Fait("Certifié par", lu["certificateur"]),
        Fait("Justificatif demandé", lu["preuve_demandee"] or "aucun n’est précisé"),
    ]
    return [fait for fait in faits if fait is not None]


@dataclass(frozen=True, slots=True)
class Echange:
    """What was said of an indicator in one dialogue; `attendu`: the agent has not given an opinion yet."""

    dialogue: Dialogue
    lu: FilLu
    url: str
    ouvert: bool
    attendu: bool


def build_echanges(dialogues: Sequence[DialogueLu], indicateur_id: UUID) -> list[Echange]:
    """The dialogues of the year in which this indicator was transmitted, the latest first."""
    return [
        Echange(
            lu.dialogue,
            show_fil(fil),
            reverse("dialogues:territoire_fiche", args=[lu.dialogue.pk]) + f"#ind-{indicateur_id}",
            bool(lu.organismes),
            _attend(fil, lu.organismes),
        )
        for lu in dialogues
        for fil in lu.fils
        if fil.id == indicateur_id
    ]


def _attend(fil: Fil, organismes: Sequence[Organisme]) -> bool:
    """Whether one of those for whom the agent speaks must certify it and has said nothing yet."""
    return any(o in fil.certificateurs and o not in fil.derniers for o in organismes)


def valeur(brute: str | None, unite: str) -> str:
    """A published value with its unit."""
    return presentation.say_valeur(None if brute is None else Decimal(brute), unite)


def palier(publie: Mapping[str, Any], lu: Mapping[str, Any]) -> tuple[str, Decimal, str]:
    """A tier: its condition, its euros, its name."""
    condition = presentation.say_condition(Decimal(publie["seuil"]), lu["sens"], lu["unite"])
    return condition, Decimal(publie["montant"]), publie["libelle"]


def courbe(lu: Mapping[str, Any], fin: date) -> Any:
    """The values over the contract against the tiers; None for a deliverable: it is done, or is not."""
    if lu["nature"] == Nature.LIVRABLE.label:
        return None
    points = [(date.fromisoformat(c["le"]), Decimal(c["valeur"]), c["etat"] == "certifié") for c in lu["serie"]]
    return courbes.draw_courbe(
        points,
        paliers=[(Decimal(p["seuil"]), Decimal(p["montant"])) for p in lu["paliers"]],
        prevu=None if lu["prevu"] is None or lu["actes"] is None else Decimal(lu["prevu"]),
        on=min(today(), fin),
        fin=fin,
        unite=lu["unite"],
        titre=f"{lu['prochain'][:1].upper()}{lu['prochain'][1:]}" if lu["prochain"] else "Valeurs au fil du contrat",
    )
