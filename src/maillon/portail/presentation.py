"""From figures to the components that home pages show."""

from collections.abc import Sequence
from decimal import Decimal

from django.urls import reverse

from maillon.communaute.territoire.enums import Niveau
from maillon.communaute.territoire.selectors import PopulationTerritoire, get_zones
from maillon.pilotage.contrats.selectors import ResumeAnnee
from maillon.socle.comptes.models import Compte
from maillon.socle.declarations import Alerte
from maillon.socle.horloge import now
from maillon.socle.ui.cartes import Carte, Zone, build_carte
from maillon.socle.ui.composants import Chiffre, ProgressionAnnee
from maillon.socle.ui.typographie import compter, format_euros

from .selectors import Communaute

SIGNES = {
    "en_vigueur": "Contrat en vigueur",
    "anniversaire_proche": "Anniversaire dans moins de 60 jours",
    "sans_contrat": "Sans contrat en vigueur",
}
SOURCE_CARTE = "Contours : IGN Admin Express, simplifiés. Composition des territoires : contrats."


def greet(compte: Compte) -> str:
    """« Bonjour Claire », « Bonsoir » after 18 h."""
    return f"{'Bonsoir' if now().astimezone().hour >= 18 else 'Bonjour'} {compte.prenom}".strip()


def build_annees(resume: ResumeAnnee, slug: str) -> list[ProgressionAnnee]:
    """One bar a mission that has a variable part."""
    url = reverse("pilotage:annee", args=[slug])
    return [
        ProgressionAnnee(
            libelle=mission.libelle,
            constate=mission.montants.constate,
            a_confirmer=mission.montants.a_confirmer,
            possible=mission.montants.encore_possible + mission.non_reparti,
            perdu=mission.montants.perdu,
            note="Montant à confirmer" if mission.a_confirmer else "",
            url=f"{url}#{mission.mission.mission}",
            cle=mission.mission.mission,
        )
        for mission in resume.annee.missions
        if mission.variable is not None and mission.variable.valeur
    ]


def build_prochains(resume: ResumeAnnee, slug: str) -> list[Alerte]:
    """The cheapest next tiers, as sentences that open the indicator."""
    return [
        Alerte(
            colonne="palier",
            phrase=f"{prochain.indicateur.libelle}\u00a0: {prochain.phrase}",
            url=reverse("pilotage:indicateur", args=[slug, prochain.indicateur.pk]),
        )
        for prochain in resume.prochains
    ]


def build_carte_territoire(communautes: Sequence[Communaute]) -> Carte | None:
    """Each community, drawn by its communes and coloured by the state of its contract; it opens the contract."""
    contours = {zone.id: zone.rings for zone in get_zones([code for one in communautes for code in one.communes])}
    if not contours:
        return None
    departements = sorted({communaute.resume.cpts.departement for communaute in communautes})
    zones = []
    for communaute in communautes:
        resume = communaute.resume
        zones.append(
            Zone(
                id=resume.cpts.slug,
                nom=resume.cpts.nom,
                contours=[ring for code in communaute.communes for ring in contours[code]],
                categorie=communaute.signe,
                url=reverse("pilotage:territoire_contrat", args=[resume.contrat_id]) if resume.contrat_id else "",
                detail=compter(len(communaute.communes), "commune"),
            )
        )
    return build_carte(
        [zone for zone in zones if zone.contours],
        fond=[ring for zone in get_zones(departements, level=Niveau.DEPARTEMENT) for ring in zone.rings],
        titre="Les communautés, par état de leur contrat",
        libelle_zone="Communauté",
        libelle_valeur="Contrat",
        categories=SIGNES,
        source=SOURCE_CARTE,
    )


def build_carte_communaute(population: PopulationTerritoire | None) -> Carte | None:
    """The communes of one community, by inhabitants."""
    if population is None:
        return None
    inhabitants = {commune.code_insee: commune.municipale for commune in population.communes}
    return build_carte(
        [
            Zone(id=zone.id, nom=zone.nom, contours=zone.rings, valeur=inhabitants[zone.id])
            for zone in get_zones(list(inhabitants))
        ],
        titre=f"Le territoire : {compter(len(inhabitants), 'commune')}",
        libelle_zone="Commune",
        libelle_valeur="Habitants",
        source=f"Population municipale {population.millesime}, Insee. {SOURCE_CARTE}",
    )


def build_chiffres_territoire(communautes: Sequence[Communaute]) -> list[Chiffre]:
    """Totals of the territory over the contracts in force."""
    resumes = [communaute.resume for communaute in communautes if communaute.resume.en_vigueur]
    engages = sum((resume.hors_activation or Decimal(0) for resume in resumes), Decimal(0))
    certitude = "à confirmer" if any(resume.plafond_a_confirmer for resume in resumes) else ""
    url = reverse("pilotage:territoire")
    return [
        Chiffre("Contrats en vigueur", len(resumes), cible=f"sur {compter(len(communautes), 'communauté')}", url=url),
        Chiffre("Engagés cette année, hors crise", engages, "€", certitude=certitude, url=url),
        Chiffre(
            "Constaté sur la part variable",
            sum((r.constate for r in resumes), Decimal(0)),
            "€",
            certitude=certitude,
            url=url,
        ),
        Chiffre(
            "À confirmer d’après les actes",
            sum((r.a_confirmer for r in resumes), Decimal(0)),
            "€",
            certitude=certitude,
            url=url,
        ),
    ]


def build_echeances(communautes: Sequence[Communaute]) -> list[Alerte]:
    """Anniversaries to come, the nearest first, and the euros without evidence."""
    lignes = []
    for communaute in sorted(communautes, key=lambda c: c.resume.jours if c.resume.jours is not None else 10_000):
        resume = communaute.resume
        if resume.jours is None or not resume.en_vigueur:
            continue
        phrase = f"{resume.cpts.nom}\u00a0: l’année {resume.annee} finit dans {compter(resume.jours, 'jour')}."
        if resume.sans_preuve:
            phrase += f" {format_euros(resume.sans_preuve)} sans justificatif."
        lignes.append(
            Alerte(
                colonne="expire",
                phrase=phrase,
                url=reverse("pilotage:territoire_contrat", args=[resume.contrat_id]),
                le=resume.anniversaire,
                urgente=resume.jours <= 60,
            )
        )
    return lignes
