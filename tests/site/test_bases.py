"""The fixtures of the tests keep what they promise."""

import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections

from maillon.site import marche
from maillon.socle.comptes.models import Compte


@pytest.mark.django_db
def test_session_database_is_used_by_the_runtime_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        role, base = cursor.fetchone()
    assert role == "maillon"
    assert base.startswith("essai_")


@pytest.mark.commits
def test_commits_are_seen_by_another_process(clone_base):
    Compte.objects.create(email="essai@example.org")
    code = (
        "import django; django.setup()\nfrom maillon.socle.comptes.models import Compte; print(Compte.objects.count())"
    )
    sortie = subprocess.run(
        [sys.executable, "-c", code], env=clone_base.environnement, capture_output=True, text=True, check=True
    )
    assert sortie.stdout == "1\n"


@pytest.mark.commits
def test_each_clone_starts_empty():
    assert Compte.objects.count() == 0


def test_server_answers_on_its_own_clone(serveur):
    assert marche.is_healthy(urlsplit(serveur.url).port)
    assert "GET /sante/ 200" in serveur.journal.read_text()


@pytest.mark.django_db(databases=["default", "proprietaire"])
def test_both_roles_see_the_same_database():
    noms = {connections[alias].settings_dict["NAME"] for alias in ("default", "proprietaire")}
    assert len(noms) == 1
