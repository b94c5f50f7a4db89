"""Addresses of the desk: public, signed links, desk, doctors, who files for others."""

from django.urls import path

from .views import (
    attente,
    chiffres,
    depots,
    fiches,
    guichet,
    liens,
    medecins,
    partenaires,
    places,
    publiques,
    recontacts,
)

PUBLIC = "p/<slug:slug>/medecin-traitant/"
GUICHET = "c/<slug:slug>/acces/medecin-traitant/"
FICHE = GUICHET + "<uuid:demande_id>/"
ACCES = "c/<slug:slug>/acces/"
LISTES = GUICHET + "listes/"
LISTE = LISTES + "<uuid:liste_id>/"
RECONTACT = GUICHET + "a-recontacter/<uuid:demande_id>/"

urlpatterns = [
    path(PUBLIC, publiques.formulaire, name="medecin_traitant_formulaire"),
    path(PUBLIC + "suivi/", publiques.code_suivi, name="medecin_traitant_code_suivi"),
    path(PUBLIC + "papier/", publiques.papier, name="medecin_traitant_papier"),
    path(PUBLIC + "autre-commune/", publiques.autre_commune, name="medecin_traitant_autre_commune"),
    path("l/<str:jeton>/orienter/", partenaires.orienter, name="medecin_traitant_orienter"),
    path("l/<str:jeton>/suivi/", liens.suivi, name="medecin_traitant_suivi"),
    path("l/<str:jeton>/reponse/", liens.reponse, name="medecin_traitant_reponse"),
    path("l/<str:jeton>/proposition/", liens.proposition, name="medecin_traitant_lien_proposition"),
    path(GUICHET, guichet.liste, name="medecin_traitant_liste"),
    path(GUICHET + "terminees/", guichet.liste_terminees, name="medecin_traitant_terminees"),
    path(GUICHET + "nouvelle/", guichet.nouvelle, name="medecin_traitant_nouvelle"),
    path(GUICHET + "nouvelle/connues/", guichet.connues, name="medecin_traitant_connues"),
    path(LISTES, attente.listes, name="medecin_traitant_listes"),
    path(LISTES + "nouvelle/", attente.nouvelle_liste, name="medecin_traitant_liste_nouvelle"),
    path(LISTE, attente.liste, name="medecin_traitant_liste_reprise"),
    path(LISTE + "colonnes/", attente.colonnes, name="medecin_traitant_liste_colonnes"),
    path(LISTE + "avancement/", attente.avancement, name="medecin_traitant_liste_avancement"),
    path(LISTE + "appliquer/", attente.appliquer, name="medecin_traitant_liste_appliquer"),
    path(LISTE + "abandonner/", attente.abandonner, name="medecin_traitant_liste_abandonner"),
    path(LISTE + "annuler/", attente.annuler, name="medecin_traitant_liste_annuler"),
    path(GUICHET + "a-recontacter/", recontacts.recontacts, name="medecin_traitant_recontacts"),
    path(RECONTACT, recontacts.recontact, name="medecin_traitant_recontact"),
    path(RECONTACT + "accord/", recontacts.accorder, name="medecin_traitant_accorder"),
    path(RECONTACT + "refus/", recontacts.refuser, name="medecin_traitant_refuser_accord"),
    path(RECONTACT + "plus-tard/", recontacts.plus_tard, name="medecin_traitant_plus_tard"),
    path(
        GUICHET + "partenaires/<uuid:structure_id>/acces/",
        partenaires.donner_acces,
        name="medecin_traitant_donner_acces",
    ),
    path(
        GUICHET + "partenaires/acces/<uuid:acces_id>/retirer/",
        partenaires.retirer_acces,
        name="medecin_traitant_retirer_acces",
    ),
    path(GUICHET + "chiffres/", chiffres.totaux, name="medecin_traitant_totaux"),
    path(GUICHET + "places/", places.places, name="medecin_traitant_places"),
    path(GUICHET + "places/<uuid:professionnel_id>/", places.places_medecin, name="medecin_traitant_places_medecin"),
    path(FICHE, fiches.fiche, name="medecin_traitant_fiche"),
    path(FICHE + "qualifier/", fiches.qualifier, name="medecin_traitant_qualifier"),
    path(FICHE + "proposer/", fiches.proposer, name="medecin_traitant_proposer"),
    path(FICHE + "reponse/", fiches.repondre_pour_patient, name="medecin_traitant_repondre_pour_patient"),
    path(FICHE + "prevoir/", fiches.prevoir, name="medecin_traitant_prevoir"),
    path(FICHE + "clore/", fiches.clore, name="medecin_traitant_clore"),
    path(FICHE + "rouvrir/", fiches.rouvrir, name="medecin_traitant_rouvrir"),
    path(ACCES + "mes-propositions/", medecins.mes_propositions, name="medecin_traitant_mes_propositions"),
    path(ACCES + "mes-propositions/<uuid:proposition_id>/", medecins.repondre, name="medecin_traitant_repondre"),
    path(ACCES + "mes-places/", medecins.mes_places, name="medecin_traitant_mes_places"),
    path(ACCES + "mes-nouveaux-patients/", medecins.mes_patients, name="medecin_traitant_mes_patients"),
    path(ACCES + "mes-demandes/", depots.mes_demandes, name="medecin_traitant_mes_demandes"),
    path(ACCES + "mes-demandes/nouvelle/", depots.deposer, name="medecin_traitant_deposer"),
    path(ACCES + "mes-demandes/<uuid:demande_id>/", depots.ma_demande, name="medecin_traitant_ma_demande"),
]
