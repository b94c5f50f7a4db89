"""Addresses of meetings: members, personal links."""

from django.urls import include, path

from .views import fiche, liens, preparation, reunions, seances, sondages, votes

app_name = "reunions"
_C = "c/<slug:slug>/reunions/"
_F = f"{_C}<uuid:pk>/"
_L = "l/<str:jeton>/"

urlpatterns = [
    path(_C, reunions.liste, name="liste"),
    path(f"{_C}nouvelle/", reunions.nouvelle, name="nouvelle"),
    path(f"{_C}regles/", votes.regles, name="regles"),
    path(f"{_C}regles/<slug:instance>/", votes.regles_instance, name="regles_instance"),
    path(_F, fiche.fiche, name="fiche"),
    path(f"{_F}modifier/", reunions.modifier, name="modifier"),
    path(f"{_F}annuler/", reunions.annuler, name="annuler"),
    path(f"{_F}suivante/", reunions.dupliquer, name="dupliquer"),
    path(f"{_F}relancer/", reunions.relancer, name="relancer"),
    path(f"{_F}agenda.ics", reunions.agenda, name="agenda"),
    path(f"{_F}repondre/", fiche.repondre, name="repondre"),
    path(f"{_F}convoquer/", fiche.convoquer, name="convoquer"),
    path(f"{_F}invites/", preparation.invites, name="invites"),
    path(f"{_F}invites/<uuid:participation_id>/", preparation.invite, name="invite"),
    path(f"{_F}ordre-du-jour/", preparation.points, name="points"),
    path(f"{_F}ordre-du-jour/<uuid:point_id>/", preparation.point, name="point"),
    path(f"{_F}sondage/", sondages.sondage, name="sondage"),
    path(f"{_F}sondage/envoyer/", sondages.envoyer_sondage, name="envoyer_sondage"),
    path(f"{_F}sondage/<uuid:creneau_id>/", sondages.creneau, name="creneau"),
    path(f"{_F}votes/", votes.votes, name="votes"),
    path(f"{_F}votes/sans-convocation/", seances.sans_convocation, name="sans_convocation"),
    path(f"{_F}votes/direct/", votes.direct, name="direct"),
    path(f"{_F}votes/voter/", votes.voter, name="voter"),
    path(f"{_F}votes/resolutions/", votes.nouvelle_resolution, name="nouvelle_resolution"),
    path(f"{_F}votes/resolutions/<uuid:resolution_id>/", votes.resolution, name="resolution"),
    path(f"{_F}pouvoirs/", votes.enregistrer_pouvoir, name="enregistrer_pouvoir"),
    path(f"{_F}pouvoirs/<uuid:pouvoir_id>/", votes.retirer_pouvoir, name="retirer_pouvoir"),
    path(f"{_L}reunion/", liens.invitation, name="lien_invitation"),
    path(f"{_L}reunion/votes/", liens.bulletins, name="lien_bulletins"),
    path(f"{_L}reunion/agenda.ics", liens.agenda, name="lien_agenda"),
    path(f"{_L}reunion/document/", liens.document, name="lien_document"),
    path(f"{_L}dates/", liens.sondage, name="lien_sondage"),
    path("", include("maillon.communaute.reunions.urls_presences")),
]
