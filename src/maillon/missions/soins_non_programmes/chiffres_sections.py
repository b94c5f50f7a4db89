"""Each section of the page « Soins du jour en chiffres »: a finding in its title, a drawing, a table. Pure."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from maillon.communaute.annuaire.enums import Profession
from maillon.socle.ui.chaleurs import CaseChaleur, build_chaleur
from maillon.socle.ui.composants import Chiffre
from maillon.socle.ui.graphiques import Serie, build_graphique
from maillon.socle.ui.sections import Section, Tableau, Valeur
from maillon.socle.ui.typographie import INSECABLE, compter, format_nombre, format_pour_cent

from .selectors.chiffres import Bilan, Presence
from .selectors.equite import MINIMUM, Groupe
from .selectors.tensions import HEURES, Tension, Tensions

CLASSES = (
    (0.5, "jusqu’à une demande pour deux places"),
    (1.0, "jusqu’à une demande par place"),
    (float("inf"), "plus de demandes que de places"),
)
# Words short enough for the head of a column on a telephone.
COURTS: dict[str, str] = {Profession.MASSEUR_KINESITHERAPEUTE: "kiné", Profession.CHIRURGIEN_DENTISTE: "dentiste"}
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def build_chiffres(bilan: Bilan, avant: Bilan | None) -> list[Chiffre]:
    """The figures of the head, each beside that of the period before."""
    return [
        _versus("Médecins dans le SAS", "medecins_sas", bilan, avant),
        _versus("Créneaux ouverts", "creneaux", bilan, avant, note=_say_pris(bilan)),
        _versus("Rendez-vous donnés", "donnes", bilan, avant, note=_say_manques(bilan)),
        _versus("Rendez-vous honorés", "honores", bilan, avant),
        _versus("Délai médian de réponse", "delai", bilan, avant, "min"),
        Chiffre(
            "Répondues dans les 24 h",
            format_pour_cent(bilan.part_journee),
            source=f"{format_nombre(bilan.dans_la_journee)} sur {compter(bilan.jugees, 'demande')}",
        ),
    ]


def _versus(
    libelle: str, champ: str, bilan: Bilan, periode_avant: Bilan | None, unite: str = "", note: str = ""
) -> Chiffre:
    valeur = getattr(bilan, champ)
    avant = None if periode_avant is None else getattr(periode_avant, champ)
    if avant is None or valeur is None:
        return Chiffre(libelle, None if valeur is None else round(valeur), unite=unite, source=note)
    valeur, avant = round(valeur), round(avant)
    return Chiffre(
        libelle,
        valeur,
        unite=unite,
        tendance="hausse" if valeur > avant else "baisse" if valeur < avant else "stable",
        tendance_texte=f"{format_nombre(avant)} la période précédente",
        source=note,
    )


def _say_pris(bilan: Bilan) -> str:
    return "" if bilan.part_prise is None else f"{format_pour_cent(bilan.part_prise, 0)} pris"


def _say_manques(bilan: Bilan) -> str:
    if bilan.part_manquee is None:
        return ""
    return f"{format_nombre(bilan.manques)} manqués, soit {format_pour_cent(bilan.part_manquee)}"


def build_ensemble(chiffres: Sequence[Chiffre]) -> Section:
    """The head of the page as a table, for files."""
    lignes = [(c.libelle, f"{c.texte} {c.unite}".strip(), c.tendance_texte or c.source) for c in chiffres]
    return Section("ensemble", "Ensemble", Tableau(("Chiffre", "Valeur", "Précision"), lignes))


# Demand and offer --------------------------------------------------------------------------------------------------


def build_tensions(tensions: Tensions, semaines: int, *, jour: int | None = None) -> Section:
    """By hour and profession: how many ask in a week, how many slots begin."""
    titre = _say_tensions(tensions, semaines, jour)
    chaleur = build_chaleur(
        titre=titre,
        sous_titre="Dans chaque case, demandes par semaine, puis places qui commencent à cette heure",
        coin="Heure",
        colonnes=[COURTS.get(code, nom).capitalize() for code, nom in tensions.professions],
        lignes=[
            (_say_heure(heure), [_make_case(tensions.cases[code, heure], semaines) for code, _ in tensions.professions])
            for heure in HEURES
        ],
        classes=CLASSES,
        rien="personne ne demande",
        cachee="moins de 11 personnes, ou trop près pour être montré",
    )
    note = "Une demande compte à l’heure où elle est faite, qu’elle ait trouvé un créneau seule ou attendu une réponse."
    if tensions.hors_heures:
        note += f" {compter(tensions.hors_heures, 'demande faite', 'demandes faites')} avant 8 h ou après 20 h."
    return Section("tension", titre, _list_tensions(tensions), chaleur=chaleur, note=note, replie=True, large=True)


def _list_tensions(tensions: Tensions) -> Tableau:
    """The same, in numbers over the period: what files hold."""
    entetes = [f"{nom}\u00a0: {mot}" for _, nom in tensions.professions for mot in ("demandes", "places")]
    lignes: list[list[Valeur]] = []
    for heure in HEURES:
        ligne: list[Valeur] = [_say_heure(heure)]
        for code, _ in tensions.professions:
            case = tensions.cases[code, heure]
            ligne += ["non montré" if case.demandes is None else case.demandes, case.places]
        lignes.append(ligne)
    return Tableau(("Heure", *entetes), lignes)


def _say_heure(heure: int) -> str:
    return f"{heure}{INSECABLE}h – {heure + 1}{INSECABLE}h"


def _make_case(case: Tension, semaines: int) -> CaseChaleur:
    places = _par_semaine(case.places, semaines)
    if case.demandes is None:
        return CaseChaleur(None, "·", f"{places} pl.", cachee=True)
    if not case.demandes and not case.places:
        return CaseChaleur(None, "–")
    return CaseChaleur(case.rapport, _par_semaine(case.demandes, semaines), f"{places} pl.")


def _par_semaine(nombre: int, semaines: int) -> str:
    return format_nombre(nombre / semaines, 1) if nombre else "0"


def _say_tensions(tensions: Tensions, semaines: int, jour: int | None) -> str:
    pire = tensions.find_pire()
    quand = f"Le {JOURS[jour - 1]}, " if jour else ""
    if not tensions.demandes:
        return "Personne n’a demandé de soin du jour sur la période"
    if pire is None or pire.demandes is None or pire.demandes <= pire.places:
        titre = "à chaque heure il y a autant de places que de demandes"
        return f"{quand}{titre}" if quand else titre.capitalize()
    heures = f"{pire.heure}{INSECABLE}h et {pire.heure + 1}{INSECABLE}h"
    nom = Profession(pire.profession).label
    nombre = _par_semaine(pire.demandes, semaines)
    places = "aucune place" if not pire.places else f"{_par_semaine(pire.places, semaines)} places"
    debut = f"{quand}entre {heures}" if quand else f"Entre {heures}"
    return f"{debut}, {nombre} demandes de {nom} par semaine pour {places}"


# The promise -------------------------------------------------------------------------------------------------------


def build_presences(presences: Sequence[Presence]) -> Section | None:
    """Hours kept of the promise of every afternoon, so far."""
    if not presences or not presences[0].promises:
        return None
    moindre = min(presences, key=lambda presence: presence.part or 0)
    titre = (
        "La promesse de chaque après-midi est tenue"
        if (moindre.part or 0) >= 0.995
        else f"{moindre.libelle.capitalize()}\u00a0: {format_pour_cent(moindre.part, 0)} des heures promises"
    )
    tableau = Tableau(
        ("Profession", "Heures tenues", "Heures promises", "Part (%)"),
        [
            (p.libelle.capitalize(), round(p.couvertes, 1), round(p.promises, 1), round(100 * (p.part or 0)))
            for p in presences
        ],
    )
    note = (
        "Heures où un professionnel au moins offre des créneaux ou tient une garde publiée, du lundi au vendredi, hors "
        "jours fériés ; deux à la même heure comptent une fois. Les heures de la permanence des soins n’y sont pas."
    )
    return Section("presences", titre, tableau, note=note)


def build_origines(origines: Sequence[tuple[str, int, int]]) -> Section | None:
    """Who asks."""
    total = sum(directs + demandes for _, directs, demandes in origines)
    if not total:
        return None
    premier, directs, demandes = origines[0]
    titre = f"{premier.capitalize()}\u00a0: {format_pour_cent((directs + demandes) / total, 0)} de ce qui est demandé"
    tableau = Tableau(
        ("D’où vient la demande", "Rendez-vous pris directement", "Demandes répondues"),
        [(nom.capitalize(), a, b) for nom, a, b in origines],
    )
    return Section("origines", titre, tableau)


def build_reponses(reponses: Sequence[tuple[str, int]], bilan: Bilan) -> Section | None:
    """How requests ended."""
    if not reponses:
        return None
    delai = "—" if bilan.delai_p90 is None else _say_minutes(bilan.delai_p90)
    titre = f"Neuf demandes sur dix ont une réponse en moins de {delai}"
    tableau = Tableau(("Réponse donnée", "Demandes"), [(nom.capitalize(), nombre) for nom, nombre in reponses])
    return Section("reponses", titre, tableau, note="Demandes répondues dans la période.")


def _say_minutes(minutes: float) -> str:
    return f"{round(minutes)}{INSECABLE}min" if minutes < 120 else f"{round(minutes / 60)}{INSECABLE}h"


# People ------------------------------------------------------------------------------------------------------------


def build_equite(groupes: Sequence[Groupe], noms: Mapping[UUID, str] | None) -> Section | None:
    """Whether the cascade asks everybody alike. Names only for whom `noms` is given."""
    if not groupes:
        return None
    premier = groupes[0]
    if (extremes := premier.extremes) is None:
        titre = compter(sum(g.total("demandees") for g in groupes), "sollicitation envoyée", "sollicitations envoyées")
    else:
        titre = f"{premier.libelle.capitalize()}\u00a0: de {extremes[0]} à {extremes[1]} sollicitations chacun"
    tableau = _list_groupes(groupes) if noms is None else _list_personnes(groupes, noms)
    note = (
        "Les noms ne sont montrés qu’à la coordination et au guichet."
        if noms is not None
        else f"Personne n’est nommé ; la médiane se montre à partir de {MINIMUM} professionnels."
    )
    return Section("equite", titre, tableau, note=note, large=noms is not None)


CHAMPS = ("demandees", "acceptees", "refusees", "sans_reponse")
TETES = ("Sollicitations", "Oui", "Non", "Sans réponse")


def _list_groupes(groupes: Sequence[Groupe]) -> Tableau:
    return Tableau(
        ("Profession", "Professionnels", "Médiane", *TETES),
        [(g.libelle.capitalize(), len(g.parts), g.mediane, *(g.total(champ) for champ in CHAMPS)) for g in groupes],
    )


def _list_personnes(groupes: Sequence[Groupe], noms: Mapping[UUID, str]) -> Tableau:
    return Tableau(
        ("Professionnel", *TETES),
        [
            (f"{noms.get(p.professionnel_id, '—')}, {g.libelle}", *(getattr(p, champ) for champ in CHAMPS))
            for g in groupes
            for p in g.parts
        ],
    )


def build_refus(refus: Sequence[tuple[str, int]]) -> Section | None:
    """Why professionals decline."""
    total = sum(nombre for _, nombre in refus)
    if not total:
        return None
    motif, nombre = refus[0]
    titre = f"«\u00a0{motif}\u00a0»\u00a0: {format_nombre(nombre)} refus sur {format_nombre(total)}"
    graphique = build_graphique(
        titre=titre,
        etiquettes=[nom for nom, _ in refus],
        series=[Serie("Refus", [n for _, n in refus])],
        genre="barres",
        axe_y="Refus",
        axe_x="raison donnée",
    )
    tableau = Tableau(("Raison donnée", "Refus", "Part (%)"), [(nom, n, round(100 * n / total)) for nom, n in refus])
    return Section("refus", titre, tableau, graphique, replie=True)
