"""Each section of the page: a finding in its title, a drawing, a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from maillon.communaute.territoire.selectors import get_zones
from maillon.regles.secret import SEUIL
from maillon.socle.ui.cartes import SANS_VALEUR, Zone, build_carte
from maillon.socle.ui.composants import Chiffre
from maillon.socle.ui.graphiques import Serie, build_graphique
from maillon.socle.ui.sections import Section, Tableau
from maillon.socle.ui.typographie import INSECABLE, compter, format_nombre

from ..enums import Cloture
from ..selectors.apres import Apres
from ..selectors.besoins import Offre
from ..selectors.delais import TOUTES, Attente
from ..selectors.equite import MEDECINS_MINIMUM, Equite
from ..selectors.flux import Bilan, Flux, ParOrigine
from ..selectors.lieux import Lieux, Mesure

NIVEAUX = {"haute": "Haute", "moyenne": "Moyenne", "normale": "Normale", TOUTES: "Toutes"}
MOTIFS = dict(Cloture.choices)


@dataclass(frozen=True, slots=True)
class Page:
    chiffres: Sequence[Chiffre]
    sections: Sequence[Section]


def build_page(chiffres: Sequence[Chiffre], sections: Sequence[Section | None]) -> Page:
    return Page(chiffres, [section for section in sections if section is not None])


def say_jours(valeur: float | None) -> str:
    return "—" if valeur is None else compter(round(valeur), "jour")


# The head ----------------------------------------------------------------------------------------------------------


def build_chiffres(
    flux: Flux, bilan: Bilan, compare: Bilan | None, mot: str, toutes: Attente, offre: Offre, *, adresse: str
) -> list[Chiffre]:
    """The figures of the head; each period figure beside the same of the period compared with."""

    def versus(libelle: str, champ: str, unite: str = "") -> Chiffre:
        valeur = getattr(bilan, champ)
        arrondi = None if valeur is None else round(valeur)
        avant = None if compare is None else getattr(compare, champ)
        if avant is None or arrondi is None:
            return Chiffre(libelle, arrondi, unite=unite)
        ecart = arrondi - round(avant)
        tendance: Literal["hausse", "baisse", "stable"] = "hausse" if ecart > 0 else "baisse" if ecart < 0 else "stable"
        texte = f"{format_nombre(round(avant))} {mot}"
        return Chiffre(libelle, arrondi, unite=unite, tendance=tendance, tendance_texte=texte)

    return [
        Chiffre("Demandes en cours", flux.en_cours, source=_say_sans_accord(flux.sans_accord), url=adresse),
        Chiffre(
            "Attendent depuis plus de 30 jours",
            toutes.plus_de_30,
            source=f"dont {format_nombre(toutes.plus_de_90)} depuis plus de 90 jours",
            url=f"{adresse}?age=30" if adresse else "",
        ),
        versus("Demandes arrivées", "arrivees"),
        versus("Médecins trouvés", "placees"),
        versus("Délai médian", "delai", "jours"),
        Chiffre("Places libres", offre.ensemble.places, source=f"chez {compter(offre.medecins, 'médecin')}"),
    ]


def _say_sans_accord(nombre: int) -> str:
    """Who is not counted: people of a list taken over who have not agreed yet."""
    return f"sans compter {compter(nombre, 'personne', 'personnes')} à recontacter" if nombre else ""


def build_ensemble(chiffres: Sequence[Chiffre]) -> Section:
    """The head of the page as a table, for files."""
    lignes = [(c.libelle, f"{c.texte} {c.unite}".strip(), c.tendance_texte or c.source) for c in chiffres]
    return Section("ensemble", "Ensemble", Tableau(("Chiffre", "Valeur", "Précision"), lignes))


# The flow ----------------------------------------------------------------------------------------------------------


def build_flux(flux: Flux) -> Section:
    """Arrivals, placements and other ends by week."""
    etiquettes = [_semaine(s.lundi) for s in flux.semaines]
    tableau = Tableau(
        ("Semaine du", "Arrivées", "Médecin trouvé", "Closes autrement", "En cours à la fin"),
        [(_semaine(s.lundi), s.arrivees, s.placees, s.closes, s.en_cours) for s in flux.semaines],
    )
    titre = _say_flux(flux)
    graphique = build_graphique(
        titre=titre,
        etiquettes=etiquettes,
        series=[
            Serie("Arrivées", [s.arrivees for s in flux.semaines]),
            Serie("Médecin trouvé", [s.placees for s in flux.semaines]),
            Serie("Closes autrement", [s.closes for s in flux.semaines]),
        ],
        axe_y="Demandes",
        axe_x="semaine du",
    )
    note = "La dernière semaine n’est pas finie. Une demande rouverte compte comme n’ayant jamais été close."
    return Section("flux", titre, tableau, graphique, note=note, replie=True)


def build_stock(flux: Flux) -> Section:
    """Who waits at the end of each week."""
    titre = _say_stock(flux)
    graphique = build_graphique(
        titre=titre,
        etiquettes=[_semaine(s.lundi) for s in flux.semaines],
        series=[Serie("En cours", [s.en_cours for s in flux.semaines])],
        axe_y="Demandes en cours",
        axe_x="fin de la semaine du",
    )
    tableau = Tableau(
        ("D’où vient le stock", "Demandes"),
        [
            ("En cours au début de la période", flux.en_cours_avant),
            ("Arrivées", flux.arrivees),
            ("Médecin trouvé", -flux.placees),
            ("Closes autrement", -flux.closes),
            ("En cours aujourd’hui", flux.en_cours),
        ],
    )
    return Section("stock", titre, tableau, graphique)


def _semaine(lundi: date) -> str:
    return f"{lundi:%d/%m}" if lundi.month > 1 or lundi.day > 7 else f"{lundi:%d/%m/%y}"


def _say_flux(flux: Flux) -> str:
    if not flux.arrivees:
        return "Aucune demande n’est arrivée sur la période"
    part = flux.placees / flux.arrivees
    sur_dix = round(part * 10)
    trouve = "demande arrivée" if flux.arrivees == 1 else "demandes arrivées"
    if sur_dix >= 10:
        return f"Le guichet trouve autant de médecins qu’il reçoit de demandes\u00a0: {format_nombre(flux.placees)}"
    return f"{format_nombre(flux.placees)} médecins trouvés pour {format_nombre(flux.arrivees)} {trouve}"


def _say_stock(flux: Flux) -> str:
    ecart = flux.en_cours - flux.en_cours_avant
    if not ecart:
        return "La file d’attente est aussi longue qu’au début de la période"
    sens = "s’allonge" if ecart > 0 else "diminue"
    mot = "de plus" if ecart > 0 else "de moins"
    return f"La file d’attente {sens}\u00a0: {compter(abs(ecart), 'demande')} {mot} qu’au début de la période"


# Waiting -----------------------------------------------------------------------------------------------------------


def build_attentes(attentes: Sequence[Attente]) -> Section:
    """Ages of open requests and delays of those placed, by priority."""
    toutes = attentes[-1]
    titre = (
        "Personne n’attend depuis plus de 90 jours"
        if not toutes.plus_de_90
        else f"{compter(toutes.plus_de_90, 'demande')} "
        f"{'attend' if toutes.plus_de_90 == 1 else 'attendent'} depuis plus de 90 jours"
    )
    tableau = Tableau(
        ("Priorité", "En cours", "Attente médiane", "9 sur 10 en moins de", "Plus de 30 jours", "Plus de 90 jours"),
        [
            (NIVEAUX[a.niveau], a.en_cours, _jours(a.age_median), _jours(a.age_p90), a.plus_de_30, a.plus_de_90)
            for a in attentes
        ],
    )
    return Section("attente", titre, tableau, note="Jours d’attente, depuis le dépôt, des demandes en cours.")


def build_delais(attentes: Sequence[Attente]) -> Section:
    """From the request to the patient's yes, by priority."""
    toutes = attentes[-1]
    titre = (
        "Aucun médecin trouvé sur la période"
        if toutes.delai_median is None
        else f"Une personne sur deux trouve un médecin en {say_jours(toutes.delai_median)}"
    )
    tableau = Tableau(
        ("Priorité", "Médecins trouvés", "Délai médian", "9 sur 10 en moins de"),
        [(NIVEAUX[a.niveau], a.placees, _jours(a.delai_median), _jours(a.delai_p90)) for a in attentes],
    )
    return Section("delais", titre, tableau, note="Délais en jours, du dépôt de la demande à l’accord du patient.")


def _jours(valeur: float | None) -> float | None:
    return None if valeur is None else round(valeur, 1)


def build_origines(origines: Sequence[ParOrigine]) -> Section | None:
    """Which way requests came, and where they are."""
    total = sum(o.arrivees for o in origines)
    if not total:
        return None
    premiere = origines[0]
    part = f"{round(100 * premiere.arrivees / total)}{INSECABLE}% des demandes"
    titre = f"{_cap(premiere.libelle)}{INSECABLE}: {part}"
    tableau = Tableau(
        ("Origine", "Arrivées", "Médecin trouvé", "Closes autrement", "En cours"),
        [(_cap(o.libelle), o.arrivees, o.placees, o.closes, o.en_cours) for o in origines if o.arrivees],
    )
    return Section("origines", titre, tableau, note="Demandes déposées dans la période, et où elles en sont.")


def build_clotures(flux: Flux) -> Section | None:
    """Why requests ended without a doctor."""
    if not flux.closes:
        return None
    motifs = sorted(flux.motifs.items(), key=lambda paire: -paire[1])
    titre = f"{compter(flux.closes, 'demande close', 'demandes closes')} sans que le guichet trouve un médecin"
    tableau = Tableau(("Motif", "Demandes"), [(str(MOTIFS[motif]), nombre) for motif, nombre in motifs])
    return Section("clotures", titre, tableau)


def build_apres(apres: Apres) -> Section | None:
    """What became of those for whom a doctor was found."""
    if not apres.placees:
        return None
    titre = compter(apres.declarees, "médecin traitant déclaré", "médecins traitants déclarés")
    # The rest has the AME: a few people would be counted by subtraction.
    if not 0 < apres.placees - apres.declarables < SEUIL:
        titre = f"{titre} sur {format_nombre(apres.declarables)} trouvés"
    lignes = (
        ("Médecin trouvé dans la période", apres.placees),
        ("Premier rendez-vous pris", apres.premier_rdv),
        ("Médecin traitant déclaré", apres.declarees),
        ("Déclaration pas faite", apres.non_declarees),
        ("Nouvelles reçues à trois mois", apres.demandes_a_trois_mois),
        ("Suivies par ce médecin", apres.suivies),
        ("Pas suivies par ce médecin", apres.non_suivies),
    )
    note = (
        "Ce que le guichet sait aujourd’hui des demandes placées dans la période. Une personne qui a l’AME a un "
        "médecin de suivi, sans déclaration."
    )
    return Section("apres", titre, Tableau(("Après", "Personnes"), lignes), note=note)


# Places and people ---------------------------------------------------------------------------------------------------


def build_lieux(lieux: Lieux, *, liens: Sequence[tuple[str, str, bool]]) -> Section:
    """The map of who waits, or who asked in a year; communes of few people stay hatched."""
    attente = lieux.mesure is Mesure.ATTENTE
    montrees = sorted((li for li in lieux.lieux if li.nombre is not None), key=lambda li: -(li.nombre or 0))
    quoi = "personnes attendent" if attente else "demandes en douze mois"
    if montrees and montrees[0].nombre:
        part = f"{format_nombre(montrees[0].nombre)} sur {format_nombre(lieux.total)} {quoi}"
        titre = f"{montrees[0].nom}\u00a0: {part}"
    else:
        titre = f"{format_nombre(lieux.total)} {quoi}, trop peu par commune pour être montrées"
    lignes: list[tuple[str, int | str | None]] = [(li.nom, li.nombre) for li in montrees]
    lignes += [(li.nom, SANS_VALEUR) for li in sorted(lieux.lieux, key=lambda li: li.nom) if li.nombre is None]
    nombres = {lieu.code: lieu.nombre for lieu in lieux.lieux}
    zones = [
        Zone(z.id, z.nom, z.rings, valeur=None if nombres[z.id] is None else float(nombres[z.id] or 0))
        for z in get_zones([lieu.code for lieu in lieux.lieux if lieu.code])
    ]
    libelle = "Personnes en attente" if attente else "Demandes"
    carte = build_carte(
        zones, titre=titre, libelle_valeur=libelle, source="Contours\u00a0: IGN Admin Express, simplifiés."
    )
    quand = "aujourd’hui" if attente else f"du {lieux.debut:%d/%m/%Y} au {lieux.fin:%d/%m/%Y} exclu"
    note = (
        f"Personnes comptées {quand}. Une commune de moins de {SEUIL} personnes n’est pas montrée, ni une autre s’il "
        "le faut pour qu’on ne la retrouve pas par différence."
    )
    return Section(
        "communes",
        titre,
        Tableau(("Commune", libelle), lignes),
        carte=carte if zones else None,
        note=note,
        replie=bool(zones),
        large=True,
        liens=liens,
    )


def build_offre(offre: Offre) -> Section:
    """Places offered against people who wait, need by need."""
    manquants = [besoin for besoin in offre.besoins if besoin.manque]
    if offre.ensemble.manque:
        titre = f"Il manque {compter(offre.ensemble.manque, 'place')} pour les personnes qui attendent"
    elif manquants:
        titre = f"Assez de places, sauf pour un besoin\u00a0: {manquants[0].libelle.lower()}"
    else:
        titre = "Il y a assez de places pour les personnes qui attendent"
    graphique = build_graphique(
        titre=titre,
        etiquettes=["Toutes", "ALD", "À domicile", "Enfants"],
        series=[
            Serie("Personnes qui attendent", [b.attendent for b in offre.besoins]),
            Serie("Places de médecins qui y répondent", [b.places for b in offre.besoins]),
        ],
        genre="barres",
        axe_y="Nombre",
        axe_x="besoin",
    )
    tableau = Tableau(
        ("Besoin", "Attendent", "Places", "Manquent"),
        [(b.libelle, b.attendent, b.places, b.manque) for b in offre.besoins],
    )
    note = "Aujourd’hui. Une même place peut répondre à plusieurs besoins\u00a0: les lignes ne s’additionnent pas."
    return Section("places", titre, tableau, graphique, note=note, replie=False)


# Doctors -----------------------------------------------------------------------------------------------------------


def build_equite(equite: Equite, noms: dict[UUID, str] | None) -> Section | None:
    """How solicitations are spread; `noms` for the desk alone."""
    if not equite.parts:
        return None
    quartiles = equite.quartiles
    if quartiles is None:
        titre = f"{compter(len(equite.parts), 'médecin')}\u00a0: trop peu pour comparer sans les nommer"
    else:
        bas, _, haut = (round(q) for q in quartiles)
        titre = f"La moitié des médecins a reçu de {bas} à {haut} sollicitations"
        titre = titre if bas != haut else f"La moitié des médecins a reçu {compter(bas, 'sollicitation')}"
    tranches = equite.count_tranches() if equite.is_montrable else []
    graphique = build_graphique(
        titre=titre,
        etiquettes=[_tranche(bas, haut) for bas, haut, _ in tranches],
        series=[Serie("Médecins", [nombre for *_, nombre in tranches])],
        genre="barres",
        axe_y="Médecins",
        axe_x="nombre de sollicitations reçues",
    )
    reponses = ("Acceptées", "Refusées", "Sans réponse")
    if noms is None:
        tableau = Tableau(
            ("Ensemble des médecins", "Sollicitations", *reponses),
            [("Total", equite.demandees, equite.acceptees, equite.refusees, equite.sans_reponse)]
            + ([("Médiane par médecin", *_medianes(equite))] if equite.is_montrable else []),
        )
    else:
        tableau = Tableau(
            ("Médecin", "Sollicitations", *reponses),
            [
                (noms.get(p.professionnel_id, "—"), p.demandees, p.acceptees, p.refusees, p.sans_reponse)
                for p in equite.parts
            ],
        )
    note = (
        "Sollicitations envoyées dans la période, aux médecins sollicités ou volontaires. "
        + ("Les noms ne sont montrés qu’au guichet." if noms is not None else "Aucun médecin n’est nommé.")
        + ("" if equite.is_montrable else f" La répartition se montre à partir de {MEDECINS_MINIMUM} médecins.")
    )
    return Section("equite", titre, tableau, graphique if tranches else None, note=note)


def _medianes(equite: Equite) -> list[float | None]:
    return [equite.median_of(champ) for champ in ("demandees", "acceptees", "refusees", "sans_reponse")]


def _tranche(bas: int, haut: int | None) -> str:
    if haut is None:
        return f"{bas} et plus"
    return "aucune" if not haut else f"{bas} à {haut}"


def build_refus(refus: Sequence[tuple[str, int]]) -> Section | None:
    """Why doctors decline."""
    total = sum(nombre for _, nombre in refus)
    if not total:
        return None
    motif, nombre = refus[0]
    titre = f"«\u00a0{motif}\u00a0»\u00a0: {format_nombre(nombre)} refus sur {format_nombre(total)}"
    tableau = Tableau(
        ("Raison donnée par le médecin", "Refus", "Part (%)"),
        [(libelle, n, round(100 * n / total)) for libelle, n in refus if n],
    )
    return Section("refus", titre, tableau)


def _cap(texte: str) -> str:
    return texte[:1].upper() + texte[1:]
