"""Applications and invitations: what is kept, decided, undone, and what nobody learns from outside."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from fabriques.adhesions import AdhesionFabrique, make_campagne, make_candidature, make_cotisation, make_reglement
from fabriques.annuaire import ActiviteFabrique, ProfessionnelFabrique
from fabriques.droits import enter, make_membre
from fabriques.structures import StructureFabrique
from maillon.communaute.adhesions import services
from maillon.communaute.adhesions.enums import Etat, EtatCandidature, Organe
from maillon.communaute.adhesions.models import Adhesion, Candidature, Cotisation
from maillon.communaute.adhesions.notifications import LIEN_INVITATION
from maillon.communaute.adhesions.selectors import check_candidature, find_invitables, is_couvert, is_member
from maillon.communaute.adhesions.services import AdhesionRefusee, Decision, Saisie
from maillon.communaute.personnes.models import Personne
from maillon.socle.courriels.models import Etat as EtatCourriel
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import PUBLIC
from maillon.socle.droits.enums import Role
from maillon.socle.droits.services import create_lien
from maillon.socle.horloge import today

pytestmark = pytest.mark.django_db
SAISIE = Saisie(prenom="Zoé", nom="Lefèvre", courriel="zoe@example.org", profession="infirmier", lieu="Villars")
FORMULAIRE = {
    "prenom": "Zoé",
    "nom": "Lefèvre",
    "profession": "infirmier",
    "lieu": "Villars",
    "courriel": "zoe@example.org",
}


def file(cpts, *, cle: str = "cle-du-formulaire", **champs: str) -> Candidature:
    saisie = Saisie(
        **{**{name: getattr(SAISIE, name) for name in ("prenom", "nom", "courriel", "profession")}, **champs}
    )
    return services.file_candidature(
        cpts=cpts, saisie=saisie, notice_version="2026-11", cle=cle, source=b"x", by=PUBLIC
    )


def decided(le: date | None = None) -> Decision:
    return Decision(organe=Organe.BUREAU, le=le or today())


def subjects() -> list[str]:
    return list(Message.objects.exclude(etat=EtatCourriel.ANNULE).order_by("cree_le").values_list("sujet", flat=True))


def test_the_number_recognises_a_professional_and_a_second_post_makes_nothing(cpts):
    professionnel = ProfessionnelFabrique()
    candidature = file(cpts, rpps=professionnel.rpps)
    assert file(cpts, rpps=professionnel.rpps) == candidature
    assert candidature.professionnel == professionnel
    assert candidature.adhesion.etat == Etat.DEMANDEE
    assert subjects() == ["Votre candidature est bien arrivée"]


def test_a_stranger_is_kept_as_typed_and_must_be_found_before_being_accepted(cpts, by):
    candidature = file(cpts)
    assert candidature.professionnel is None
    with pytest.raises(AdhesionRefusee, match="Dites d’abord qui est Zoé Lefèvre"):
        services.accept_candidature(candidature=candidature, decision=decided(), by=by)
    found = ProfessionnelFabrique(nom="Lefèvre-Roux", prenom="Zoé")
    services.identify_candidature(candidature=candidature, adherent=found, by=by)
    candidature.refresh_from_db()
    assert check_candidature(candidature).remarques == [
        "Le nom saisi diffère de celui de l’annuaire : Zoé Lefèvre-Roux."
    ]
    services.accept_candidature(candidature=candidature, decision=decided(), by=by)
    assert is_member(cpts.pk, found.pk, on=today())
    assert Personne.objects.get(professionnel=found).courriel == "zoe@example.org"


def test_a_refusal_gives_its_reason_and_can_be_undone(cpts, by):
    professionnel = ProfessionnelFabrique()
    candidature = file(cpts, rpps=professionnel.rpps)
    services.refuse_candidature(candidature=candidature, decision=decided(), motif="Hors du territoire.", by=by)
    assert "Hors du territoire." in Message.objects.get(sujet="Votre candidature").texte
    assert Adhesion.objects.get().etat == Etat.TERMINEE
    Message.objects.update(etat=EtatCourriel.ENVOYE)
    services.undo_decision(candidature=candidature, by=by)
    candidature.refresh_from_db()
    assert (candidature.etat, candidature.decidee_le, candidature.motif) == (EtatCandidature.DEPOSEE, None, "")
    assert candidature.adhesion.etat == Etat.DEMANDEE
    assert subjects()[-1] == "Votre candidature : rectificatif"  # the first news had left


def test_an_admission_is_undone_while_nothing_followed(cpts, by):
    make_campagne(cpts)
    candidature = file(cpts, rpps=ProfessionnelFabrique().rpps)
    adhesion = services.accept_candidature(candidature=candidature, decision=decided(), by=by)
    assert Cotisation.objects.get().adhesion == adhesion  # asked for the dues of the campaign under way
    services.undo_decision(candidature=candidature, by=by)
    adhesion.refresh_from_db()
    assert (adhesion.etat, adhesion.debut) == (Etat.DEMANDEE, None)
    assert not Cotisation.objects.exists()
    assert "Vous êtes membre de la communauté" not in subjects()  # the mail had not left: it never will
    services.accept_candidature(candidature=candidature, decision=decided(), by=by)
    make_reglement(cpts, cotisation=Cotisation.objects.get())
    with pytest.raises(AdhesionRefusee, match="a payé une cotisation"):
        services.undo_decision(candidature=candidature, by=by)


def test_a_structure_joins_with_who_speaks_for_it(cpts, by):
    candidature = file(cpts, structure_nom="Laboratoire")
    services.identify_candidature(candidature=candidature, adherent=StructureFabrique(laboratoire=True), by=by)
    adhesion = services.accept_candidature(candidature=candidature, decision=decided(), by=by)
    voix = adhesion.rattachements.get()
    assert voix.representant
    assert (voix.personne.nom, voix.personne.courriel) == ("Lefèvre", "zoe@example.org")


@pytest.mark.parametrize(
    ("champs", "constraint"),
    [
        ({"etat": EtatCandidature.REFUSEE}, "candidature_decision"),
        ({"decidee_le": date(2026, 1, 1)}, "candidature_decision"),
        (
            {"etat": EtatCandidature.ACCEPTEE, "decidee_le": date(2026, 1, 1), "organe": Organe.CA},
            "candidature_acceptee_adhesion",
        ),
    ],
)
def test_the_database_refuses_a_decision_without_its_facts(cpts, champs: dict, constraint: str):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_candidature(cpts, **champs)


def test_what_never_became_a_membership_is_forgotten(cpts):
    old = today() - timedelta(days=400)
    make_candidature(cpts, etat=EtatCandidature.REFUSEE, decidee_le=old, organe=Organe.CA, deposee_le=f"{old} 10:00Z")
    kept = make_candidature(cpts, source=b"x", deposee_le=f"{old} 10:00Z")
    services.forget_candidatures(cpts_id=cpts.pk)
    assert Candidature.objects.get() == kept
    assert Candidature.objects.get().source is None


# Invitations


def test_lines_pasted_become_people_or_a_reason(cpts, by):
    known = ActiviteFabrique(professionnel__nom="Vray", professionnel__prenom="Fabien", courriel="vray@example.org")
    member = AdhesionFabrique(cpts=cpts).professionnel
    texte = f"{known.professionnel.rpps}\nVray Fabien ; fabien@autre.org\n{member.rpps}\n99999999999\n"
    lines = find_invitables(cpts.pk, texte)
    assert [len(line.choix) for line in lines] == [1, 1, 0, 0]
    assert lines[0].courriels[known.professionnel_id] == "vray@example.org"
    assert lines[1].courriels[known.professionnel_id] == "fabien@autre.org"
    assert "déjà membre" in lines[2].probleme
    assert "Introuvable" in lines[3].probleme


@pytest.mark.parametrize(
    ("accord", "reponse", "etat"),
    [
        (True, "oui", EtatCandidature.ACCEPTEE),
        (False, "oui", EtatCandidature.DEPOSEE),
        (True, "non", EtatCandidature.RETIREE),
    ],
)
def test_the_link_answers_once(client, cpts, by, accord: bool, reponse: str, etat: str):
    candidature = services.invite_professionnel(
        cpts=cpts, professionnel=ProfessionnelFabrique(), courriel="x@example.org", accord_prealable=accord, by=by
    )
    with pytest.raises(AdhesionRefusee, match="déjà invité"):
        services.invite_professionnel(
            cpts=cpts, professionnel=candidature.professionnel, courriel="x@example.org", accord_prealable=True, by=by
        )
    page = reverse("adhesions_invitation", args=[read_jeton()])
    assert client.get(page).status_code == 200
    candidature.refresh_from_db()
    assert candidature.etat == EtatCandidature.INVITEE  # reading changes nothing
    assert client.post(page, {"reponse": reponse}).status_code == 200
    candidature.refresh_from_db()
    assert candidature.etat == etat
    assert is_member(cpts.pk, candidature.professionnel_id, on=today()) == (etat == EtatCandidature.ACCEPTEE)
    assert client.post(page, {"reponse": "oui"}).status_code == 410


def read_jeton() -> str:
    texte = Message.objects.get(sujet="Rejoindre la communauté professionnelle de votre territoire").texte
    return texte.split("/l/")[1].split("/")[0]


def test_a_withdrawn_invitation_closes_its_link(client, cpts, by):
    candidature = services.invite_professionnel(
        cpts=cpts, professionnel=ProfessionnelFabrique(), courriel="x@example.org", accord_prealable=True, by=by
    )
    jeton = read_jeton()
    services.drop_candidature(candidature=candidature, by=by)
    assert client.get(reverse("adhesions_invitation", args=[jeton])).status_code == 410


# Pages


def test_the_public_form_thanks_everybody_alike(client, cpts):
    page = reverse("adhesions_adherer", args=[cpts.slug])
    member = AdhesionFabrique(cpts=cpts).professionnel
    answers = [
        client.post(page, {**FORMULAIRE, "cle": f"cle-{rang}", "rpps": rpps}).content.decode()
        for rang, rpps in enumerate([member.rpps, ProfessionnelFabrique().rpps, ""])
    ]
    assert all("votre candidature est bien arrivée" in text.lower() for text in answers)
    assert len({text.replace("cle-", "") for text in map(strip_jetons, answers)}) == 1
    assert Candidature.objects.count() == 3


def strip_jetons(text: str) -> str:
    """A page without what changes at each answer."""
    return text[text.index("<main") : text.index("</main>")]


def test_the_public_form_refuses_robots_and_mistakes(client, cpts):
    page = reverse("adhesions_adherer", args=[cpts.slug])
    assert client.post(page, {**FORMULAIRE, "rpps": "123"}).status_code == 422
    assert client.post(page, {**FORMULAIRE, "site_web": "http://exemple.org"}).status_code == 422
    for rang in range(10):
        assert client.post(page, {**FORMULAIRE, "cle": f"cle-{rang}"}).status_code == 200
    assert client.post(page, {**FORMULAIRE, "cle": "cle-11"}).status_code == 429
    assert Candidature.objects.count() == 10


def test_a_meeting_decides_of_all_or_of_nothing(client, cpts, by):
    enter(client, make_membre(cpts, Role.BUREAU).compte)
    yes = file(cpts, rpps=ProfessionnelFabrique().rpps, cle="une-premiere-cle")
    no = file(cpts, cle="une-seconde-cle")
    page = reverse("adhesions_decider", args=[cpts.slug])
    answers = {
        "organe": "bureau",
        "le": today().isoformat(),
        f"choix-{yes.pk}": "oui",
        f"choix-{no.pk}": "non",
    }
    refused = client.post(page, answers)
    assert refused.status_code == 422
    assert "Dites pourquoi" in refused.content.decode()
    yes.refresh_from_db()
    assert yes.etat == EtatCandidature.DEPOSEE
    assert client.post(page, {**answers, f"motif-{no.pk}": "Hors du territoire."}).status_code == 302
    etats = set(Candidature.objects.values_list("pk", "etat"))
    assert etats == {(yes.pk, EtatCandidature.ACCEPTEE), (no.pk, EtatCandidature.REFUSEE)}


def test_several_are_invited_at_once(client, cpts, by):
    enter(client, make_membre(cpts, Role.SECRETARIAT).compte)
    people = [ProfessionnelFabrique() for _ in range(2)]
    page = reverse("adhesions_inviter", args=[cpts.slug])
    qui = "\n".join(p.rpps for p in people)
    assert all(str(p) in client.post(page, {"qui": qui}).content.decode() for p in people)
    sent = client.post(
        page,
        {
            "qui": qui,
            "etape": "envoyer",
            "accord": "on",
            "inviter": [str(p.pk) for p in people],
            **{f"courriel-{p.pk}": "x@example.org" for p in people},
        },
    )
    assert sent.status_code == 302
    assert Candidature.objects.filter(etat=EtatCandidature.INVITEE, accord_prealable=True).count() == 2


def test_a_sheet_leads_to_the_decision_and_back(client, cpts, by):
    enter(client, make_membre(cpts, Role.COORDINATION).compte)
    candidature = file(cpts, rpps=ProfessionnelFabrique().rpps)
    page = reverse("adhesions_candidature", args=[cpts.slug, candidature.pk])
    assert "Accepter la candidature" in client.get(page).content.decode()
    future = {"organe": "ca", "le": (today() + timedelta(days=1)).isoformat(), "college": "medecins"}
    assert client.post(page + "accepter/", future).status_code == 422
    client.post(page + "accepter/", {**future, "le": today().isoformat()})
    candidature.refresh_from_db()
    assert (candidature.etat, candidature.organe, candidature.adhesion.college) == ("acceptee", "ca", "medecins")
    assert "Annuler la décision" in client.get(page).content.decode()
    client.post(page + "annuler/")
    candidature.refresh_from_db()
    assert candidature.etat == EtatCandidature.DEPOSEE
    client.post(page + "retirer/")
    candidature.refresh_from_db()
    assert candidature.etat == EtatCandidature.RETIREE


# Who is covered


def test_covered_is_a_member_or_a_professional_of_a_member_structure(cpts, by):
    adhesion = AdhesionFabrique(cpts=cpts, de_structure=True, debut=date(2025, 1, 1))
    inside, outside = (Personne.objects.create(cpts=cpts, prenom="Ana", nom=nom) for nom in ("Dedans", "Dehors"))
    row = services.attach_personne(adhesion=adhesion, personne=inside, depuis=date(2025, 6, 1), by=by)
    own = make_cotisation(cpts).adhesion.professionnel.personnes.get()
    assert is_couvert(own, date(2025, 7, 1))
    assert is_couvert(inside, date(2025, 7, 1))
    assert not is_couvert(inside, date(2025, 5, 31))
    assert not is_couvert(outside, date(2025, 7, 1))
    services.detach_personne(rattachement=row, on=date(2025, 9, 1), by=by)
    assert not is_couvert(inside, date(2025, 9, 1))
    services.end_adhesion(adhesion=adhesion, fin=date(2025, 8, 1), by=by)
    assert not is_couvert(inside, date(2025, 8, 1))


def test_one_person_speaks_for_a_structure(cpts, by):
    adhesion = AdhesionFabrique(cpts=cpts, de_structure=True)
    first, second = (Personne.objects.create(cpts=cpts, prenom="Ana", nom=nom) for nom in ("Une", "Deux"))
    for personne in (first, second):
        services.attach_personne(adhesion=adhesion, personne=personne, depuis=today(), representant=True, by=by)
    assert adhesion.rattachements.get(representant=True).personne == second


def test_an_invitation_opens_nothing_else(client, cpts, by):
    candidature = make_candidature(cpts)
    jeton = create_lien(but=LIEN_INVITATION, cpts_id=cpts.pk, objet_id=candidature.pk)
    assert "J’adhère" not in client.get(reverse("adhesions_invitation", args=[jeton])).content.decode()
    assert client.get(reverse("adhesions_lien_recu", args=[jeton])).status_code == 410
