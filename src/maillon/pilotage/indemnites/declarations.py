"""What pay offers to upper rooms."""

from maillon.socle.declarations import DonneesPersonnelles

EVENEMENTS = (
    ("indemnites.declaree", "Participation déclarée"),
    ("indemnites.proposee", "Participations proposées depuis les présences"),
    ("indemnites.confirmee", "Participation confirmée"),
    ("indemnites.ecartee", "Participation écartée"),
    ("indemnites.corrigee", "Participation ou frais corrigés"),
    ("indemnites.verifiee", "Participation ou frais vérifiés"),
    ("indemnites.approuvee", "Participation ou frais approuvés"),
    ("indemnites.refusee", "Participation ou frais refusés"),
    ("indemnites.contrepassee", "Participation ou frais contre-passés"),
    ("indemnites.frais_declares", "Frais déclarés"),
    ("indemnites.situation", "Situation de l’année déclarée (autres CPTS)"),
    ("indemnites.tarif", "Tarif décidé"),
    ("indemnites.tarif_clos", "Tarif, barème ou convention clos"),
    ("indemnites.calcul", "Calcul par profession enregistré"),
    ("indemnites.bareme", "Barème kilométrique décidé"),
    ("indemnites.convention", "Convention d’employeur enregistrée"),
    ("indemnites.lien_envoye", "Lien de déclaration envoyé"),
)
COMPTABLE = "Dix ans (pièces comptables)"
DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "indemnites.Declaration", "Payer les membres : qui a participé à quoi, pour combien", COMPTABLE
    ),
    DonneesPersonnelles("indemnites.Frais", "Rembourser les frais des membres, avec leurs justificatifs", COMPTABLE),
    DonneesPersonnelles(
        "indemnites.SituationAnnuelle", "Tenir le plafond annuel : ce qu’une autre CPTS verse à la personne", COMPTABLE
    ),
)
