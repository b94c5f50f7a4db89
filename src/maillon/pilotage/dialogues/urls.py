from django.urls import path

from .views import compte_rendu, membres, preparation, suites, territoire

app_name = "dialogues"
_C = "c/<slug:slug>/pilotage/dialogues/"
_T = "territoire/dialogues/"

urlpatterns = [
    path(_C, membres.liste, name="liste"),
    path(f"{_C}nouveau/", membres.ouvrir, name="ouvrir"),
    path(f"{_C}<uuid:pk>/", membres.fiche, name="fiche"),
    path(f"{_C}<uuid:pk>/preparer/", preparation.preparer, name="preparer"),
    path(f"{_C}<uuid:pk>/notes/<slug:mission>/", preparation.noter, name="noter"),
    path(f"{_C}<uuid:pk>/transmettre/", preparation.transmettre, name="transmettre"),
    path(f"{_C}<uuid:pk>/reprendre/", preparation.reprendre, name="reprendre"),
    path(f"{_C}<uuid:pk>/avis/<uuid:avis_id>/", membres.repondre, name="repondre"),
    path(f"{_C}<uuid:pk>/tenu/", suites.tenir, name="tenir"),
    path(f"{_C}<uuid:pk>/rouvrir/", suites.rouvrir, name="rouvrir"),
    path(f"{_C}<uuid:pk>/decisions/", suites.decider, name="decider"),
    path(f"{_C}<uuid:pk>/decisions/<uuid:decision_id>/", suites.suivre_decision, name="suivre_decision"),
    path(f"{_C}<uuid:pk>/compte-rendu/", compte_rendu.compte_rendu, name="compte_rendu"),
    path(f"{_C}<uuid:pk>/compte-rendu/signe/", compte_rendu.signer, name="signer"),
    path(f"{_C}<uuid:pk>/clore/", suites.clore, name="clore"),
    path(_T, territoire.liste, name="territoire"),
    path(f"{_T}<uuid:pk>/", territoire.fiche, name="territoire_fiche"),
    path(f"{_T}<uuid:pk>/avis/", territoire.donner_avis, name="donner_avis"),
    path(f"{_T}<uuid:pk>/missions/<slug:mission>/", territoire.accepter_mission, name="accepter_mission"),
    path(f"{_T}<uuid:pk>/compte-rendu/", territoire.telecharger_compte_rendu, name="territoire_compte_rendu"),
    path(f"{_T}<uuid:pk>/reponses/<uuid:reponse_id>/", territoire.telecharger_reponse, name="territoire_reponse"),
]
