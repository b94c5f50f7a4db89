"""Runs inside the environment of pretix: `prepare N` makes an event that sells N items of which one is left; `vendre K
rang clients` orders the items of this client by the API, within the process (no HTTP server to pay for), and prints
how many a second. The key of the API and the items are in the file named by MESURE_PRETIX."""

import json
import os
import sys
import time
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pretix.settings")
ETAT = Path(os.environ["MESURE_PRETIX"])


def prepare(nombre: int) -> None:
    from django.utils.timezone import now
    from django_scopes import scopes_disabled
    from pretix.base.models import Event, Organizer, Quota, Team, TeamAPIToken

    with scopes_disabled():
        organizer, _ = Organizer.objects.get_or_create(slug="mesure", defaults={"name": "Mesure"})
        event = Event.objects.create(
            organizer=organizer,
            slug=f"m{int(now().timestamp())}",
            name="Mesure",
            live=True,
            currency="EUR",
            date_from=now() + timedelta(days=30),
            plugins="pretix.plugins.banktransfer,pretix.plugins.manualpayment",
        )
        team = Team.objects.create(organizer=organizer, name=event.slug, all_events=True, **rights(Team))
        token = TeamAPIToken.objects.create(team=team, name="mesure")
        articles = []
        for n in range(nombre):
            item = event.items.create(name=f"Place {n}", default_price=0)
            quota = Quota.objects.create(event=event, name=f"Place {n}", size=1)
            quota.items.add(item)
            articles.append(item.pk)
    ETAT.write_text(json.dumps({"token": token.token, "event": event.slug, "articles": articles}))


def rights(team: type) -> dict:
    """Every right that this release of pretix gives to a team."""
    names = {field.name for field in team._meta.get_fields()}
    wanted = {name: True for name in names if name.startswith(("can_", "all_")) and name != "all_events"}
    return wanted


def sell(rang: int, clients: int) -> None:
    from celery.app.task import Task
    from django.test import Client

    Task.apply_async = lambda *arguments, **options: None  # its job worker would do it, later
    etat = json.loads(ETAT.read_text())
    client = Client(headers={"Authorization": f"Token {etat['token']}", "Host": "localhost"})
    adresse = f"/api/v1/organizers/mesure/events/{etat['event']}/orders/"
    siens = etat["articles"][rang::clients]

    def order(article: int) -> None:
        commande = {
            "email": "mesure@example.org",
            "locale": "en",
            "sales_channel": "web",
            "payment_provider": "manual",
            "positions": [{"item": article, "variation": None, "price": "0.00", "answers": []}],
        }
        reponse = client.post(adresse, json.dumps(commande), content_type="application/json")
        if reponse.status_code != 201:
            raise SystemExit(f"pretix répond {reponse.status_code} : {reponse.content[:400]!r}")

    for article in siens[:2]:
        order(article)
    sys.stdout.write("pret\n")
    sys.stdout.flush()
    sys.stdin.readline()
    debut = time.perf_counter()
    for article in siens[2:]:
        order(article)
    print(json.dumps({"commandes": len(siens) - 2, "secondes": time.perf_counter() - debut}))


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        sell(int(sys.argv[2]), int(sys.argv[3]))
