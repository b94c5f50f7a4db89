"""Mail of the accounts themselves. It belongs to no community and carries a secret, so no table keeps its text."""

from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from .models import Compte

NOUVEAU_MOT_DE_PASSE = "comptes.nouveau_mot_de_passe"


def queue_nouveau_mot_de_passe(compte: Compte) -> None:
    """Have the worker send a link to choose a new password."""
    app.configure_task(NOUVEAU_MOT_DE_PASSE).defer(compte_id=str(compte.pk))


@app.task(name=NOUVEAU_MOT_DE_PASSE, retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def nouveau_mot_de_passe(compte_id: str) -> None:
    """Make the link and send it; a refusal by the mail server is retried."""
    compte = Compte.objects.filter(pk=UUID(compte_id), is_active=True).first()
    if compte is None:
        return
    key = default_token_generator.make_token(compte)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(compte), "key": key})
    text = render_to_string(
        "comptes/courriels/nouveau_mot_de_passe.txt",
        {
            "compte": compte,
            "lien": f"{settings.MAILLON_ADRESSE}{path}",
            "heures": settings.PASSWORD_RESET_TIMEOUT // 3600,
        },
    )
    with get_connection() as connection:
        EmailMessage(
            "Choisir un nouveau mot de passe", text, settings.MAILLON_EXPEDITEUR, [compte.email], connection=connection
        ).send()
