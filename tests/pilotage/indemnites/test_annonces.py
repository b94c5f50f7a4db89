"""What the pages say beforehand: what will be refused, and what a run leaves out."""

from django.urls import reverse

from fabriques.indemnites import make_declaration, make_payable, make_tarif
from fabriques.paiements import make_compte_cpts, make_due
from maillon.pilotage.indemnites.enums import Etat
from maillon.pilotage.indemnites.models import Campagne
from maillon.pilotage.indemnites.services.relecture import leave_out
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import today


def url(cpts, nom, *args):
    return reverse(f"indemnites:{nom}", args=[cpts.slug, *args])


def test_who_has_not_said_of_other_communities_is_not_ticked_for_agreement(cpts, membre):
    with use_cpts(cpts.pk):
        make_tarif(cpts)
        muette, dite = make_payable(cpts, situation=False), make_payable(cpts)
        attend = [make_declaration(une, etat=Etat.VERIFIEE) for une in (muette, dite)]
        a_verifier = make_declaration(make_payable(cpts, situation=False))
    page = membre(Role.BUREAU).get(url(cpts, "accueil")).content.decode()
    assert page.count("ne peut pas être approuvé avant") == 1
    cochees = {str(une.pk): f'value="{une.pk}" checked' in page for une in attend}
    assert list(cochees.values()) == [False, True]
    # The check is not refused: it stays ticked.
    page = membre(Role.COORDINATION).get(url(cpts, "accueil")).content.decode()
    assert f'value="{a_verifier.pk}" checked' in page


def test_what_was_just_set_aside_is_not_said_to_be_left_out(cpts, membre):
    """It is put back by its own button: nobody is advised to cancel the run for it."""
    claire, jour = membre(Role.COORDINATION), today().isoformat()
    with use_cpts(cpts.pk):
        make_compte_cpts(cpts)
        make_due(cpts)
        make_due(cpts)
    claire.post(url(cpts, "campagne_nouvelle"), {"jusqu_au": jour, "execution_le": jour})
    with use_cpts(cpts.pk):
        campagne = Campagne.objects.get()
        leave_out(virement=campagne.virements.order_by("pk")[0], by=SYSTEME)
    page = claire.get(url(cpts, "campagne", campagne.pk)).content.decode()
    assert "Remettre" in page
    assert "ne sont pas dans cette campagne" not in page


def test_a_second_run_is_not_prepared_and_what_the_first_leaves_out_is_said(cpts, membre):
    claire, jour = membre(Role.COORDINATION), today().isoformat()
    with use_cpts(cpts.pk):
        make_compte_cpts(cpts)
        make_due(cpts)
    claire.post(url(cpts, "campagne_nouvelle"), {"jusqu_au": jour, "execution_le": jour})
    with use_cpts(cpts.pk):
        campagne = Campagne.objects.get()
    page = claire.get(url(cpts, "campagne", campagne.pk)).content.decode()
    assert "ne sont pas dans cette campagne" not in page
    with use_cpts(cpts.pk):
        make_due(cpts)
    for page in (
        claire.get(url(cpts, "campagne_nouvelle"), follow=True),
        claire.post(url(cpts, "campagne_nouvelle"), {"jusqu_au": jour, "execution_le": jour}, follow=True),
    ):
        texte = page.content.decode()
        assert f"La campagne {campagne.reference} n’est pas partie" in texte
        assert "ne sont pas dans cette campagne" in texte
    with use_cpts(cpts.pk):
        assert Campagne.objects.count() == 1
