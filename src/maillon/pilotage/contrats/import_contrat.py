"""From a contract file (the schema of the commands of `regles.aci`) to the data of `create_contrat`."""

from maillon.regles import aci
from maillon.regles.aci.contrat import Contrat as ContratLu
from maillon.regles.aci.vie import Vie
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.horloge import today

from .donnees import DonneesContrat, DonneesIndicateur, DonneesMission, DonneesPalier
from .enums import Nature, SensIndicateur, StatutMission

NATURES = {
    aci.Genre.STOCK: Nature.STOCK_BAISSE,
    aci.Genre.TAUX: Nature.TAUX,
    aci.Genre.SEUIL: Nature.SEUIL,
    aci.Genre.LIVRABLE: Nature.LIVRABLE,
}


def donnees_of_fichier(lu: ContratLu, *, millesime: int | None = None) -> DonneesContrat:
    """Missions whose start lies ahead or that have no indicator yet are « prévues »; all others have started.

    Without a list of missions, those of the accord at the date of the scale. Raises an ErreurRegle.
    """
    if lu.vie != Vie():
        raise SaisieInvalide(
            "Ce fichier raconte aussi la suite du contrat (avenants, versements reçus, évaluations…). Enregistrez "
            "d’abord le contrat signé, puis chaque événement depuis sa page."
        )
    missions = lu.missions if lu.missions is not None else aci.missions_of(lu.date_bareme or lu.signature)
    return DonneesContrat(
        signe_le=lu.signature,
        bareme_le=lu.date_bareme,
        population=lu.population,
        millesime=millesime if lu.population is not None else None,
        taille=lu.taille,
        missions=[_mission(code, lu) for code in missions],
        indicateurs=[_indicateur(indicateur) for indicateur in lu.indicateurs],
        fonctionnement=lu.montants.fonctionnement if lu.montants else None,
        plafond_publie=lu.montants.plafond if lu.montants else None,
        plafond_source=lu.montants.source if lu.montants and lu.montants.plafond is not None else "",
        source=lu.montants.source if lu.montants else "contrat signé",
    )


def _mission(code: aci.Mission, lu: ContratLu) -> DonneesMission:
    propres = lu.montants.missions.get(code, aci.MontantsMission()) if lu.montants else aci.MontantsMission()
    debut = lu.demarrages.get(code, lu.signature)
    # The crisis mission has no indicators: its money is the plan and, if recognised, the activation.
    mesuree = code is aci.Mission.CRISE or any(indicateur.mission is code for indicateur in lu.indicateurs)
    demarree = mesuree and debut <= today()
    return DonneesMission(
        code=code.value,
        statut=StatutMission.DEMARREE if demarree else StatutMission.PREVUE,
        debut=debut if demarree else None,
        fixe=propres.fixe,
        fixe_suivantes=propres.fixe_suivantes,
        variable=propres.variable if propres.variable is not None else lu.enveloppes.get(code),
        activation=propres.activation,
    )


def _indicateur(lu: aci.Indicateur) -> DonneesIndicateur:
    return DonneesIndicateur(
        mission=lu.mission.value,
        code=lu.code,
        libelle=lu.libelle,
        nature=NATURES[lu.genre],
        paliers=[DonneesPalier(seuil=p.seuil, montant=p.montant, libelle=p.libelle) for p in lu.paliers],
        unite=lu.unite,
        sens=SensIndicateur(lu.direction.value),
        reference=lu.initial,
        reference_le=None,
        variation=lu.variation,
        cible=lu.cible,
        certificateur=lu.certificateur or "Assurance Maladie",
        source=lu.source,
    )
