"""How an assignment is said: sentences, figures, chart, map, from plain values."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from maillon.socle.ui.composants import Avancement, Chiffre, Fait, Pastille, Ton
from maillon.socle.ui.graphiques import Graphique, Serie, build_graphique
from maillon.socle.ui.typographie import accorder, compter, format_date, format_nombre, format_pour_cent

from .enums_repartition import Decision, EtatRepartition, Issue, Niveaux
from .models import LigneRepartition, Repartition
from .selectors.repartitions import Attente, Bilan, CompteCommune, PartMedecin

PASTILLES: dict[str, tuple[str, Ton, str]] = {
    EtatRepartition.EN_CALCUL: ("calcul en cours", "cours", ""),
    EtatRepartition.A_REVOIR: ("à relire", "attente", ""),
    EtatRepartition.EN_ENVOI: ("envoi en cours", "cours", ""),
    EtatRepartition.ENVOYEE: ("envoyée", "bien", "send"),
    EtatRepartition.ABANDONNEE: ("abandonnée", "neutre", ""),
    EtatRepartition.ECHEC: ("calcul arrêté", "alerte", ""),
}
# Why people wait, as the end of « 28 attendent : 19 … ».
RAISONS = {
    "aucune_place": ("faute de place offerte", "Aucune place offerte"),
    "besoin_visite": ("faute de visites à domicile", "Aucune visite à domicile offerte"),
    "besoin_enfant": ("faute de médecin qui prenne des enfants", "Aucune place pour un enfant"),
    "besoin_ald": ("faute de médecin qui prenne des patients en ALD", "Aucune place pour un patient en ALD"),
    "besoin": ("faute de médecin qui réponde à leurs besoins", "Besoin auquel aucun médecin ne répond"),
    "trajet": ("faute de médecin assez près", "Aucun médecin assez près"),
    "exclus": ("parce que les médecins possibles ont déjà refusé", "Les médecins possibles ont déjà refusé"),
    "rang": ("parce que les places vont à des personnes mieux classées", "Places prises par des rangs meilleurs"),
}
NIVEAUX = (("haute", "Priorité haute"), ("moyenne", "Priorité moyenne"), ("normale", "Priorité normale"))


def show_etat(repartition: Repartition) -> Pastille:
    return Pastille(*PASTILLES[repartition.etat])


def show_decision(ligne: LigneRepartition) -> Pastille:
    """What the desk or the sending made of a line."""
    if ligne.issue == Issue.ENVOYEE:
        return Pastille("envoyée", "bien", "send")
    if ligne.issue == Issue.SAUTEE:
        return Pastille("non envoyée", "alerte")
    if ligne.decision == Decision.RETIRER:
        return Pastille("retirée", "neutre", "x")
    if ligne.professionnel_id is None:
        return Pastille("attend", "attente")
    return {
        Decision.GARDER: Pastille("gardée", "bien", "lock"),
        Decision.CHANGER: Pastille("médecin changé", "cours", "lock"),
    }.get(Decision(ligne.decision), Pastille("proposée", "neutre"))


def name_repartition(repartition: Repartition) -> str:
    return f"Répartition du {format_date(repartition.lancee_le, jour=False)}"


def say_attente(attente: Attente) -> str:
    """« 340 demandes attendent un médecin ; 23 médecins offrent 312 places. »"""
    verb = accorder(attente.demandes, "attend", "attendent")
    offer = accorder(attente.medecins, "offre", "offrent")
    return (
        f"{compter(attente.demandes, 'demande')} {verb} un médecin ; {compter(attente.medecins, 'médecin')} "
        f"{offer} {compter(attente.places, 'place')}."
    )


def say_bilan(bilan: Bilan, motifs: Mapping[str, int]) -> str:
    """« 312 demandes sur 340 ont un médecin ; 28 attendent : 19 faute de visites à domicile… »"""
    en_jeu = bilan.lignes - bilan.retirees
    have = accorder(bilan.retenues, "demande sur", "demandes sur")
    phrase = (
        f"{format_nombre(bilan.retenues)} {have} {format_nombre(en_jeu)} "
        f"{accorder(bilan.retenues, 'a un médecin', 'ont un médecin')}"
    )
    if bilan.attendent:
        because = [
            f"{format_nombre(nombre)} {RAISONS.get(code, RAISONS['besoin'])[0]}"
            for code, nombre in sorted(motifs.items(), key=lambda motif: -motif[1])
        ]
        phrase += f" ; {format_nombre(bilan.attendent)} {accorder(bilan.attendent, 'attend', 'attendent')}"
        if because:
            phrase += f" : {', '.join(because)}"
    phrase += "."
    if bilan.retirees:
        gone = accorder(bilan.retirees, "demande est retirée", "demandes sont retirées")
        phrase += f" {format_nombre(bilan.retirees)} {gone} par le guichet."
    return phrase


def say_envoi(bilan: Bilan) -> str:
    """« 310 demandes sont parties ; 2 n’ont pas été envoyées, parce qu’elles ont changé entre-temps. »"""
    gone = accorder(bilan.envoyees, "demande est partie", "demandes sont parties")
    phrase = f"{format_nombre(bilan.envoyees)} {gone}"
    if bilan.sautees:
        kept = accorder(bilan.sautees, "n’a pas été envoyée", "n’ont pas été envoyées")
        phrase += f" ; {format_nombre(bilan.sautees)} {kept}, parce que quelque chose a changé entre-temps"
    return phrase + "."


def say_parametres(repartition: Repartition) -> list[Fait]:
    """The options, as the person chose them."""
    p = repartition.parametres
    limite = f"{p['minutes_max']} minutes au plus" if p["minutes_max"] else "sans limite"
    asked = "un seul médecin" if p["medecins"] == 1 else f"jusqu’à {p['medecins']} médecins, {p['par_vague']} à la fois"
    return [
        Fait("Demandes", Niveaux(p["niveaux"]).label),
        Fait("Trajet", limite, "estimé en voiture, à confirmer"),
        Fait("Réserve", f"{p['reserve']} % des places" if p["reserve"] else "aucune"),
        Fait("Sollicités", asked),
        Fait("Délai de réponse", compter(p["jours"], "jour")),
        Fait("Lancée par", str(repartition.lancee_par or "Maillon"), note=format_date(repartition.lancee_le)),
    ]


def build_chiffres(chiffres: Mapping[str, Any], bilan: Bilan) -> list[Chiffre]:
    """What matters at a glance, each beside what first-come would have given."""
    obtenu, carnet = chiffres["obtenu"], chiffres["premier_arrive"]
    part = bilan.retenues / (bilan.lignes - bilan.retirees) if bilan.lignes > bilan.retirees else None
    hautes, total = obtenu["niveaux"].get("haute", 0), chiffres["niveaux"].get("haute", 0)
    return [
        Chiffre(
            "Demandes avec un médecin",
            bilan.retenues,
            cible=f"sur {format_nombre(bilan.lignes - bilan.retirees)}",
            realise=part,
        ),
        Chiffre(
            "Priorité haute servie",
            format_pour_cent(hautes / total) if total else "—",
            source=f"{format_pour_cent(carnet['niveaux'].get('haute', 0) / total)} par ordre d’arrivée"
            if total
            else "",
        ),
        Chiffre(
            "Trajet médian",
            obtenu["mediane"],
            unite="min",
            source=f"{say_minutes(carnet['mediane'])} dans l’ordre d’arrivée",
            certitude="à confirmer",
        ),
        Chiffre("Médecins sollicités", bilan.medecins, source=f"{format_nombre(chiffres['places'])} places à donner"),
    ]


def say_minutes(minutes: float | None) -> str:
    return "—" if minutes is None else f"{format_nombre(minutes)} min"


def build_comparaison(chiffres: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Rows: what, in this assignment, and by order of arrival."""
    obtenu, carnet, tous = chiffres["obtenu"], chiffres["premier_arrive"], chiffres["niveaux"]
    rows = [("Demandes avec un médecin", format_nombre(obtenu["avec_medecin"]), format_nombre(carnet["avec_medecin"]))]
    for code, libelle in NIVEAUX:
        if tous.get(code):
            sur = format_nombre(tous[code])
            rows.append(
                (
                    libelle,
                    f"{format_nombre(obtenu['niveaux'].get(code, 0))} sur {sur}",
                    f"{format_nombre(carnet['niveaux'].get(code, 0))} sur {sur}",
                )
            )
    rows += [
        ("Trajet médian", say_minutes(obtenu["mediane"]), say_minutes(carnet["mediane"])),
        ("Trajet le plus long de 95 % des personnes", say_minutes(obtenu["p95"]), say_minutes(carnet["p95"])),
    ]
    return rows


def say_preuve(certificat: Mapping[str, Any]) -> tuple[Pastille, str]:
    """Whether the assignment is proven the best, and what that means."""
    if certificat.get("prouve"):
        return Pastille("optimal, prouvé", "bien", "circle-check"), (
            "Aucune place ne va à une personne moins bien classée qu’une autre qui pouvait la prendre ; aucun autre "
            "partage ne donne, aux mêmes personnes, moins de trajet au total ; et à trajet égal, les médecins sont "
            "remplis également. La vérification est faite à part du calcul."
        )
    return Pastille("non prouvé", "attente"), (
        "Les places et les besoins sont respectés, mais la preuve qu’aucun partage n’est meilleur n’a pas abouti."
    )


def build_repartition_graphique(parts: Sequence[PartMedecin]) -> Graphique | None:
    """How many people each doctor would receive, beside the places offered."""
    shown = [part for part in parts if part.places or part.premieres][:30]
    if not shown:
        return None
    full = sum(1 for part in shown if part.premieres >= part.places)
    titre = (
        f"{compter(full, 'médecin serait complet', 'médecins seraient complets')} sur {len(shown)}"
        if full
        else "Chaque médecin garde de la place"
    )
    return build_graphique(
        titre=titre,
        etiquettes=_name_bars(shown),
        series=[
            Serie("Personnes proposées", [part.premieres for part in shown]),
            Serie("Places offertes", [part.places for part in shown]),
        ],
        genre="barres",
        axe_y="Personnes",
        axe_x="Médecins",
    )


def _name_bars(parts: Sequence[PartMedecin]) -> list[str]:
    """Family names, with an initial where two doctors share one."""
    compte = Counter(part.professionnel.nom for part in parts)
    medecins = [part.professionnel for part in parts]
    return [m.nom if compte[m.nom] == 1 else f"{m.prenom[:1]}. {m.nom}" for m in medecins]


class AvancementCalcul(Avancement):
    """Progress counted in steps."""

    @property
    def texte(self) -> str:
        return f"étape {self.fait + 1} sur {self.total}"


class AvancementEnvoi(Avancement):
    """Progress counted in requests."""

    @property
    def texte(self) -> str:
        return f"{format_nombre(self.fait)} sur {compter(self.total, 'demande')}"


ETAPES_CALCUL = ("Lecture de la liste d’attente et des places", "Calcul et écriture du résultat")


def build_avancement(repartition: Repartition, bilan: Bilan) -> Avancement:
    """How far the computation or the sending is."""
    reste = "vous pouvez quitter cette page"
    if repartition.etat == EtatRepartition.EN_ENVOI:
        done = bilan.envoyees + bilan.sautees
        return AvancementEnvoi("Envoi aux médecins", done, done + bilan.a_envoyer, reste)
    etape = min(repartition.etape, len(ETAPES_CALCUL) - 1)
    return AvancementCalcul(ETAPES_CALCUL[etape], etape, len(ETAPES_CALCUL), reste)


def say_demandes(nombre: int) -> str:
    """Beside a commune: how many requests; nothing when the number is hidden."""
    return "" if nombre < 0 else compter(nombre, "demande")


def say_communes(communes: Sequence[CompteCommune]) -> str:
    """The finding of the map."""
    waiting = [commune for commune in communes if commune.attendent > 0]
    if not waiting:
        return "Personne n’attend plus, dans aucune commune"
    first = max(waiting, key=lambda commune: commune.attendent)
    total = sum(commune.attendent for commune in waiting)
    return f"{compter(total, 'demande')} sans médecin, dont {format_nombre(first.attendent)} à {first.nom}"


def say_parts(bilan: Bilan) -> str:
    """« 23 médecins seraient sollicités pour 312 demandes. »"""
    asked = accorder(bilan.medecins, "serait sollicité", "seraient sollicités")
    return f"{compter(bilan.medecins, 'médecin')} {asked} pour {compter(bilan.retenues, 'demande')}."


def say_recalcul(bilan: Bilan) -> str:
    """What stays and what may move when the rest is computed again."""
    kept = accorder(bilan.decidees, "Votre décision reste", "Vos décisions restent")
    return (
        f"{kept} ({format_nombre(bilan.decidees)}). Les autres demandes sont réparties de nouveau, avec celles "
        "arrivées depuis ; à valeur égale, chacune garde son médecin."
    )


def ask_envoi(bilan: Bilan) -> str:
    return f"Solliciter {compter(bilan.medecins, 'médecin')} pour {compter(bilan.a_envoyer, 'demande')} ?"


def say_avant_envoi(repartition: Repartition, bilan: Bilan) -> str:
    """What the button does, and what it does not."""
    p = repartition.parametres
    return (
        f"Chaque médecin reçoit un courriel par demande et a {compter(p['jours'], 'jour')} pour répondre. Aucun nom "
        "n’est transmis avant que la personne ait dit oui. Une demande qui a changé depuis le calcul n’est pas "
        "envoyée, et vous le saurez. Un envoi ne se reprend pas."
    )
