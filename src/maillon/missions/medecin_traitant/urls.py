"""Addresses of the desk: public, signed links, desk, doctors, who files for others."""

from django.urls import path

from .views import depots, guichet, liens, medecins, publiques

app_name = "medecin_traitant"
PUBLIC = "p/<slug:slug>/medecin-traitant/"
GUICHET = "c/<slug:slug>/acces/medecin-traitant/"
FICHE = GUICHET + "<uuid:demande_id>/"
ACCES = "c/<slug:slug>/acces/"

urlpatterns = [
    path(PUBLIC, publiques.formulaire, name="formulaire"),
    path(PUBLIC + "suivi/", publiques.code_suivi, name="code_suivi"),
    path("l/<str:jeton>/suivi/", liens.suivi, name="suivi"),
    path("l/<str:jeton>/reponse/", liens.reponse, name="reponse"),
    path("l/<str:jeton>/proposition/", liens.proposition, name="lien_proposition"),
    path(GUICHET, guichet.liste, name="liste"),
    path(GUICHET + "terminees/", guichet.liste_terminees, name="terminees"),
    path(GUICHET + "nouvelle/", guichet.nouvelle, name="nouvelle"),
    path(GUICHET + "chiffres/", guichet.totaux, name="totaux"),
    path(GUICHET + "places/", guichet.places, name="places"),
    path(GUICHET + "places/<uuid:professionnel_id>/", guichet.places_medecin, name="places_medecin"),
    path(FICHE, guichet.fiche, name="fiche"),
    path(FICHE + "qualifier/", guichet.qualifier, name="qualifier"),
    path(FICHE + "proposer/", guichet.proposer, name="proposer"),
    path(FICHE + "reponse/", guichet.repondre_pour_patient, name="repondre_pour_patient"),
    path(FICHE + "prevoir/", guichet.prevoir, name="prevoir"),
    path(FICHE + "clore/", guichet.clore, name="clore"),
    path(FICHE + "rouvrir/", guichet.rouvrir, name="rouvrir"),
    path(ACCES + "mes-propositions/", medecins.mes_propositions, name="mes_propositions"),
    path(ACCES + "mes-propositions/<uuid:proposition_id>/", medecins.repondre, name="repondre"),
    path(ACCES + "mes-places/", medecins.mes_places, name="mes_places"),
    path(ACCES + "mes-nouveaux-patients/", medecins.mes_patients, name="mes_patients"),
    path(ACCES + "mes-demandes/", depots.mes_demandes, name="mes_demandes"),
    path(ACCES + "mes-demandes/nouvelle/", depots.deposer, name="deposer"),
    path(ACCES + "mes-demandes/<uuid:demande_id>/", depots.ma_demande, name="ma_demande"),
]
