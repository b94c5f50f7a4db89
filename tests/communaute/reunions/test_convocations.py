"""From a date to find to answers gathered: services, personal links, what is written to whom."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from fabriques.actions import ActionFabrique
from fabriques.adhesions import AdhesionFabrique
from fabriques.droits import enter
from fabriques.personnes import PersonneFabrique
from fabriques.reunions import ParticipationFabrique, PointFabrique, ReunionFabrique
from fabriques.structures import StructureFabrique
from maillon.communaute.personnes.services import keep_membre
from maillon.communaute.reunions import services
from maillon.communaute.reunions.alertes import list_alertes
from maillon.communaute.reunions.donnees import DonneesReunion
from maillon.communaute.reunions.enums import Choix, Envoi, Etat, Invites, Majorite, TypeReunion
from maillon.communaute.reunions.forms import reunions as formulaire
from maillon.communaute.reunions.models import ActionRefusee, Participation, Pouvoir, Reunion, Sondage
from maillon.communaute.reunions.selectors import build_grille
from maillon.communaute.reunions.selectors.convocations import find_votants
from maillon.communaute.reunions.sources import list_agenda, list_elements
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Etat as EtatCourriel
from maillon.socle.courriels.models import Message
from maillon.socle.declarations import Cible, PorteeAgenda, SourceCibles
from maillon.socle.horloge import now, today


def write(reunion: Reunion, envoi: Envoi) -> list[Message]:
    """The mails that the job writes, in order."""
    before = set(Message.objects.values_list("pk", flat=True))
    services.write_to(reunion_id=reunion.pk, envoi=envoi)
    return list(Message.objects.exclude(pk__in=before).order_by("pk"))


def link_of(message: Message) -> str:
    found = re.search(r"/l/\S+", message.texte)
    assert found
    return found.group()


def donnees_of(reunion: Reunion, **champs: Any) -> DonneesReunion:
    garde = {nom: getattr(reunion, nom) for nom in ("type", "titre", "groupe", "debut", "fin", "lieu")}
    return DonneesReunion(**(garde | champs))


# The poll


def ask_dates(maison: Any, personnes: int = 3) -> tuple[Reunion, Sondage, list[Participation]]:
    reunion = ReunionFabrique(cpts=maison.cpts, sans_date=True)
    gens = maison.invite(reunion, personnes)
    debut = now() + timedelta(days=15)
    sondage = services.save_creneaux(
        reunion_id=reunion.pk,
        creneaux=[(debut + timedelta(days=j), debut + timedelta(days=j, hours=2)) for j in range(3)],
        repondre_avant=None,
        by=maison.by,
    )
    services.send_sondage(reunion_id=reunion.pk, by=maison.by)
    return reunion, sondage, gens


def test_people_say_when_by_link_and_the_best_date_is_converted(maison: Any) -> None:
    reunion, sondage, (a, b, c) = ask_dates(maison)
    services.set_requise(participation_id=c.pk, requise=True, by=maison.by)
    messages = write(reunion, Envoi.SONDAGE)
    assert len(messages) == 3
    assert write(reunion, Envoi.SONDAGE) == []  # twice writes once
    creneaux = list(sondage.creneaux.all())
    for one, dit in ((a, "oui oui non"), (b, "oui si_besoin non"), (c, "non oui oui")):
        services.answer_sondage(
            participation_id=one.pk,
            choix={creneau.pk: Choix(mot) for creneau, mot in zip(creneaux, dit.split(), strict=True)},
            by=maison.by,
        )
    grille = build_grille(sondage)
    # The first date has two yes too, but the person needed cannot come.
    assert grille.meilleure is not None
    assert grille.meilleure.creneau == creneaux[1]
    services.choose_creneau(reunion_id=reunion.pk, creneau_id=creneaux[1].pk, by=maison.by)
    reunion.refresh_from_db()
    assert (reunion.debut, reunion.sequence) == (creneaux[1].debut, 1)
    assert [p.reponse for p in reunion.participations.order_by("pk")] == ["oui", "peut_etre", "oui"]
    with pytest.raises(ActionRefusee, match="clos"):
        services.answer_sondage(participation_id=a.pk, choix={}, by=maison.by)


def test_the_page_of_a_poll_wants_an_answer_for_each_date(maison: Any) -> None:
    reunion, sondage, (a, *_) = ask_dates(maison)
    url = link_of(write(reunion, Envoi.SONDAGE)[0])
    client, noms = Client(), [f"creneau-{creneau.pk}" for creneau in sondage.creneaux.all()]
    assert client.get(url).status_code == 200
    partial = client.post(url, {noms[0]: "oui"})
    assert partial.status_code == 422
    assert "checked" in partial.content.decode()
    assert not a.disponibilites.exists()
    assert client.post(url, dict.fromkeys(noms, "si_besoin")).status_code == 302
    assert a.disponibilites.count() == 3
    services.cancel_reunion(reunion_id=reunion.pk, motif="Salle fermée", by=maison.by)
    assert "Salle fermée" in client.get(url).content.decode()


# The convocation


def test_a_late_convocation_is_refused_or_says_why(maison: Any) -> None:
    # Eight days at a board, until its statutes say otherwise.
    reunion = maison.make_ca()
    with horloge.at(reunion.debut - timedelta(days=7)), pytest.raises(ActionRefusee, match="8 jours"):
        services.convoke_reunion(reunion_id=reunion.pk, by=maison.by)
    with horloge.at(reunion.debut - timedelta(days=7)):
        kept = services.convoke_reunion(reunion_id=reunion.pk, by=maison.by, motif_delai="Urgence")
    assert (kept.hors_delai, kept.motif_delai, kept.regles_confirmees) == (True, "Urgence", False)
    assert kept.document is not None
    assert kept.document.type == "application/pdf"


def test_the_statutes_win_and_a_convocation_keeps_the_rules_of_its_day(maison: Any) -> None:
    def settle(**champs: Any) -> None:
        lues = {
            "preavis_jours": 5, "quorum_numerateur": 2, "quorum_denominateur": 3, "pouvoirs_max": 3,
            "majorite": Majorite.ABSOLUE, "seconde_sans_quorum": True, "seconde_preavis_jours": 2,
        }  # fmt: skip
        services.set_regles(
            cpts_id=maison.cpts.pk,
            type_reunion=TypeReunion.CA,
            donnees=services.DonneesRegles(**(lues | champs)),
            by=maison.by,
        )

    settle()
    reunion, _ = maison.convoke_ca()
    settle(pouvoirs_max=0)
    kept = reunion.convocation
    assert (kept.preavis_jours, kept.quorum_numerateur, kept.pouvoirs_max) == (5, 2, 3)
    assert (kept.majorite, kept.regles_confirmees) == (Majorite.ABSOLUE, True)
    seconde = services.duplicate_reunion(reunion_id=reunion.pk, seconde=True, by=maison.by)
    with horloge.at(seconde.debut - timedelta(days=2)):
        assert not services.convoke_reunion(reunion_id=seconde.pk, by=maison.by).has_quorum
    assert [point.titre for point in seconde.points.all()] == ["Approbation des comptes"]


def test_who_has_a_voice(maison: Any) -> None:
    """At an assembly members up to date, one a structure; at a board those of the group."""
    ag = ReunionFabrique(cpts=maison.cpts, ag=True)
    membre, parti = AdhesionFabrique(cpts=maison.cpts), AdhesionFabrique(cpts=maison.cpts, terminee=True)
    structure = StructureFabrique()
    AdhesionFabrique(cpts=maison.cpts, professionnel=None, structure=structure, college="structures")
    gens = [
        PersonneFabrique(cpts=maison.cpts, professionnel=membre.professionnel),
        PersonneFabrique(cpts=maison.cpts, professionnel=parti.professionnel),
        PersonneFabrique(cpts=maison.cpts, structure=structure, nom="Aubert"),
        PersonneFabrique(cpts=maison.cpts, structure=structure, nom="Blanc"),
        PersonneFabrique(cpts=maison.cpts),
    ]
    invites = [ParticipationFabrique(cpts=maison.cpts, reunion=ag, personne=one) for one in gens]
    assert find_votants(ag, on=today()) == {invites[0].pk, invites[2].pk}
    ca = maison.make_ca(3)
    maison.invite(ca, 2)
    assert len(find_votants(ca, on=today())) == 3


def test_a_link_answers_gives_a_proxy_and_reads(maison: Any) -> None:
    reunion, (a, b, *_) = maison.convoke_ca()
    messages = write(reunion, Envoi.CONVOCATION)
    assert {message.sujet for message in messages} == {"Convocation à une réunion"}
    assert "Approbation des comptes" in messages[0].texte
    assert write(reunion, Envoi.CONVOCATION) == []
    client = Client()
    url = next(link_of(m) for m in messages if m.adresse == a.personne.courriel)
    page = client.get(url).content.decode()
    assert "Je viens" in page
    assert b.personne.nom in page  # may carry the proxy
    assert b.personne.courriel not in page
    client.post(url, {"reponse": "oui"})
    client.post(url, {"mandataire": str(b.pk)})
    a.refresh_from_db()
    assert a.reponse == "non"
    pouvoir = Pouvoir.objects.get(mandant=a, fin_le=None)
    assert (pouvoir.mandataire, pouvoir.preuve) == (b, "lien")
    client.post(url, {"pouvoir": "retirer"})
    assert not Pouvoir.objects.filter(fin_le=None).exists()
    event = Calendar.from_ical(client.get(f"{url}agenda.ics").content).walk("VEVENT")[0]
    assert (event["UID"], event["SEQUENCE"]) == (f"reunion-{reunion.pk}@maillon", 0)
    pdf = client.get(f"{url}document/?d={reunion.convocation.document_id}")
    assert pdf["Content-Type"] == "application/pdf"
    assert client.get(f"{url}document/?d={reunion.pk}").status_code == 404


def test_a_change_is_told_and_takes_answers_back(maison: Any) -> None:
    reunion, gens = maison.convoke_ca()
    write(reunion, Envoi.CONVOCATION)
    services.answer_invitation(participation_id=gens[0].pk, reponse="oui", by=maison.by)
    services.update_reunion(reunion_id=reunion.pk, donnees=donnees_of(reunion, lieu="Ailleurs"), by=maison.by)
    gens[0].refresh_from_db()
    assert gens[0].reponse == "oui"
    near = {"debut": now() + timedelta(days=3), "fin": now() + timedelta(days=3, hours=1)}
    with pytest.raises(ActionRefusee, match="8 jours"):
        services.update_reunion(reunion_id=reunion.pk, donnees=donnees_of(reunion, **near), by=maison.by)
    later = {"debut": now() + timedelta(days=20), "fin": now() + timedelta(days=20, hours=1)}
    services.update_reunion(reunion_id=reunion.pk, donnees=donnees_of(reunion, **later), by=maison.by)
    gens[0].refresh_from_db()
    reunion.refresh_from_db()
    assert (gens[0].reponse, reunion.sequence) == ("attendue", 2)
    assert len(write(reunion, Envoi.MODIFICATION)) == 5


def test_a_cancelled_meeting_reminds_nobody(maison: Any) -> None:
    reunion, gens = maison.convoke_ca()
    write(reunion, Envoi.CONVOCATION)
    assert len(write(reunion, Envoi.RELANCE)) == 5
    services.cancel_reunion(reunion_id=reunion.pk, motif="", by=maison.by)
    assert set(Message.objects.values_list("etat", flat=True)) == {EtatCourriel.ANNULE}
    assert write(reunion, Envoi.RELANCE) == []
    assert [message.sujet for message in write(reunion, Envoi.ANNULATION)] == ["Une réunion est annulée"] * 5
    with pytest.raises(ActionRefusee, match="annulée"):
        services.answer_invitation(participation_id=gens[0].pk, reponse="oui", by=maison.by)


def test_daily_reminders_are_sent_once(maison: Any) -> None:
    reunion, gens = maison.convoke_ca()
    write(reunion, Envoi.CONVOCATION)
    assert services.remind_daily(cpts_id=maison.cpts.pk) == 0
    services.answer_invitation(participation_id=gens[0].pk, reponse="non", by=maison.by)
    with horloge.at(reunion.debut - timedelta(days=4)):
        assert services.remind_daily(cpts_id=maison.cpts.pk) == 1
        assert len(write(reunion, Envoi.RELANCE)) == 4
        assert services.remind_daily(cpts_id=maison.cpts.pk) == 0


def test_the_next_of_the_series_keeps_people_and_the_hour_on_the_clock(maison: Any) -> None:
    reunion = maison.make_ca()
    suivante = services.duplicate_reunion(reunion_id=reunion.pk, by=maison.by)
    assert suivante.participations.count() == 5
    assert (suivante.precedente, suivante.etat, suivante.sequence) == (reunion, Etat.PREPARATION, 0)
    assert formulaire.initial_of(suivante)["heure"] == formulaire.initial_of(reunion)["heure"]
    assert suivante.fin - suivante.debut == reunion.fin - reunion.debut


def test_calendars_and_actions_read_meetings(maison: Any) -> None:
    reunion, gens = maison.convoke_ca()
    action = ActionFabrique(cpts=maison.cpts)
    Reunion.objects.filter(pk=reunion.pk).update(action=action)
    ReunionFabrique(cpts=maison.cpts)  # in preparation: for organisers only
    debut, fin = now(), now() + timedelta(days=60)

    def read(**portee: Any) -> list[str]:
        return [e.uid for e in list_agenda(PorteeAgenda(cpts_id=maison.cpts.pk, **portee), debut, fin)]

    assert read(personne_id=gens[0].personne_id) == [f"reunion-{reunion.pk}@maillon"]
    assert read(groupe_id=reunion.groupe_id) == [f"reunion-{reunion.pk}@maillon"]
    assert len(read(acteur=maison.by)) == 2
    services.answer_invitation(participation_id=gens[0].pk, reponse="non", by=maison.by)
    assert read(personne_id=gens[0].personne_id) == []
    assert [e.libelle for e in list_elements(maison.cpts.pk, action.pk, maison.by)] == [reunion.titre]


def test_a_meeting_is_created_from_a_group_or_from_members(maison: Any) -> None:
    ca = maison.make_ca(4)
    AdhesionFabrique(cpts=maison.cpts)
    membre = PersonneFabrique(cpts=maison.cpts, professionnel=AdhesionFabrique(cpts=maison.cpts).professionnel)
    donnees = DonneesReunion(type=TypeReunion.CA, titre="Bureau élargi", groupe=ca.groupe)
    made = services.create_reunion(cpts_id=maison.cpts.pk, donnees=donnees, invites=Invites.GROUPE, by=maison.by)
    assert made.participations.count() == 4
    ag = services.create_reunion(cpts_id=maison.cpts.pk, donnees=donnees, invites=Invites.MEMBRES, by=maison.by)
    assert [one.personne for one in ag.participations.all()] == [membre]
    services.invite_personnes(reunion_id=ag.pk, personne_ids=[membre.pk, ca.participations.first().personne_id],
                              by=maison.by)  # fmt: skip
    assert ag.participations.count() == 2


# Home pages


def test_home_pages_say_what_expires_and_who_waits(maison: Any) -> None:
    # A board in ten days, eight of notice: two days are left to convoke.
    reunion = maison.make_ca()
    (alerte,) = list_alertes(maison.cpts.pk, maison.by, now())
    assert (alerte.colonne, alerte.urgente) == ("expire", True)
    assert "à convoquer au plus tard" in alerte.phrase
    services.convoke_reunion(reunion_id=reunion.pk, by=maison.by)
    assert list_alertes(maison.cpts.pk, maison.by, now()) == []
    (soon,) = list_alertes(maison.cpts.pk, maison.by, reunion.debut - timedelta(days=4))
    assert (soon.colonne, soon.nombre) == ("attend", 5)
    # The organiser is invited too: their own answer is asked for, first.
    moi = keep_membre(membre=maison.membre, by=maison.by)
    ParticipationFabrique(cpts=maison.cpts, reunion=reunion, personne=moi)
    assert list_alertes(maison.cpts.pk, maison.by, now())[0].phrase.startswith("Venez-vous")
    services.cancel_reunion(reunion_id=reunion.pk, motif="", by=maison.by)
    _, sondage, gens = ask_dates(maison)
    choix = {creneau.pk: Choix.OUI for creneau in sondage.creneaux.all()}
    for rang, one in enumerate(gens[:2]):
        assert len(list_alertes(maison.cpts.pk, maison.by, now())) == 0, rang
        services.answer_sondage(participation_id=one.pk, choix=choix, by=maison.by)
    (ready,) = list_alertes(maison.cpts.pk, maison.by, now())
    assert "choisissez la date" in ready.phrase


# The pages


def test_pages_ask_the_same_number_of_queries_whatever_the_list(
    maison: Any, django_assert_max_num_queries: Any
) -> None:
    reunion, _ = maison.convoke_ca(12)
    for rang in range(3):
        PointFabrique(cpts=maison.cpts, reunion=reunion, rang=rang + 2)
        maison.make_ca(2)
    client = enter(Client(), maison.membre.compte)
    slug = maison.cpts.slug
    for nom, limite in (("fiche", 21), ("votes", 21), ("invites", 12)):
        with django_assert_max_num_queries(limite):
            assert client.get(reverse(f"reunions:{nom}", args=[slug, reunion.pk])).status_code == 200
    with django_assert_max_num_queries(13):
        page = client.get(reverse("reunions:liste", args=[slug]))
    assert page.content.decode().count("Conseil d’administration") >= 4


def test_an_organiser_prepares_a_meeting_in_one_short_form(maison: Any) -> None:
    ca = maison.make_ca(3)
    client, slug = enter(Client(), maison.membre.compte), maison.cpts.slug
    url = reverse("reunions:nouvelle", args=[slug])
    saisie = {"type": "ca", "titre": "CA de printemps", "groupe": str(ca.groupe_id), "invites": "groupe", "duree": "90"}
    refused = client.post(url, saisie | {"jour": "2027-03-03"})
    assert refused.status_code == 422
    assert "Indiquez l’heure" in refused.content.decode()
    client.post(url, saisie | {"jour": "2027-03-03", "heure": "18:30"})
    with use_cpts(maison.cpts.pk):
        made = Reunion.objects.get(titre="CA de printemps")
        assert made.fin - made.debut == timedelta(minutes=90)
        assert made.participations.count() == 3
    seek = client.post(url, saisie | {"titre": "Sans date"})
    assert seek.url.endswith("/sondage/")


def test_the_indicator_gives_its_mission_and_refuses_another(maison: Any, monkeypatch: Any) -> None:
    source = SourceCibles(lambda cpts_id: [Cible("qua-cercles", "Cercles de qualité", "qualite")])
    monkeypatch.setattr(formulaire, "collect", lambda kind: [source])
    saisie = {"type": "cercle_qualite", "titre": "Cercle", "invites": "ensuite", "duree": "60"}
    saisie["indicateur"] = "qua-cercles"

    def fill(**champs: str) -> Any:
        return formulaire.ReunionForm(saisie | champs, cpts_id=maison.cpts.pk)

    form = fill()
    assert form.is_valid()
    assert (form.build().mission, form.build().indicateur) == ("qualite", "qua-cercles")
    assert "indicateur" in fill(mission="acces").errors
