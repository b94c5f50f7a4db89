"""Who may enter a community, with which roles; and the door of an invitation."""

from datetime import timedelta
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillon.socle.horloge import today

from . import selectors, services
from .enums import Role
from .forms import InvitationForm, MotDePasseForm, RoleForm
from .models import Mandat, Membre
from .notifications import INVITATION
from .permissions import GERER_ACCES, acces, acces_lien
from .requete import Requete

MOTEUR = "allauth.account.auth_backends.AuthenticationBackend"


def _get_membre(request: Requete, membre_id: UUID) -> Membre:
    membre = selectors.get_acces(request.cpts.pk, membre_id)
    if membre is None:
        raise Http404
    return membre


@acces(GERER_ACCES)
@require_GET
def liste(request: Requete, slug: str) -> HttpResponse:
    """The members' accounts, their roles, whether they have a second factor."""
    membres = selectors.list_acces(request.cpts.pk)
    return render(request, "droits/acces.html", {"membres": membres, "actifs": sum(m.actif for m in membres)})


@acces(GERER_ACCES)
@require_http_methods(["GET", "POST"])
def inviter(request: Requete, slug: str) -> HttpResponse:
    """Invite somebody, with roles."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            membre = services.invite_membre(
                request.cpts,
                email=fields["email"],
                prenom=fields["prenom"],
                nom=fields["nom"],
                rpps=fields["rpps"],
                roles=[Role(role) for role in fields["roles"]],
                mission=fields["mission"],
                by=request.acteur,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"L’invitation part à {membre.compte.email}.")
            return redirect("acces_liste", slug=slug)
    return render(request, "droits/inviter.html", {"form": form}, status=422 if form.errors else 200)


@acces(GERER_ACCES)
@require_GET
def fiche(request: Requete, slug: str, membre_id: UUID) -> HttpResponse:
    """One person's access: roles and their dates."""
    return render(request, "droits/fiche.html", {"membre": _get_membre(request, membre_id), "form": RoleForm()})


@acces(GERER_ACCES)
@require_POST
def donner_role(request: Requete, slug: str, membre_id: UUID) -> HttpResponse:
    """Give a role over dates."""
    membre = _get_membre(request, membre_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        fields = form.cleaned_data
        role = Role(fields["role"])
        try:
            services.give_role(
                compte=membre.compte,
                cpts=request.cpts,
                role=role,
                mission=fields["mission"] if role is Role.REFERENT_MISSION else "",
                start=fields["debut"],
                end=fields["fin"] + timedelta(days=1) if fields["fin"] else None,
                by=request.acteur,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"Rôle donné : {role.label}.")
            return redirect("acces_fiche", slug=slug, membre_id=membre_id)
    return render(request, "droits/fiche.html", {"membre": membre, "form": form}, status=422)


@acces(GERER_ACCES)
@require_POST
def retirer_role(request: Requete, slug: str, membre_id: UUID, mandat_id: UUID) -> HttpResponse:
    """Take a role back today."""
    mandat = get_object_or_404(
        Mandat.objects.select_related("membre__compte", "membre__cpts"), pk=mandat_id, membre_id=membre_id
    )
    try:
        services.end_role(mandat=mandat, on=today(), by=request.acteur)
    except services.DerniereCoordination as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Rôle retiré : {mandat.get_role_display()}. Ses sessions sont fermées.")
    return redirect("acces_fiche", slug=slug, membre_id=membre_id)


@acces(GERER_ACCES)
@require_POST
def fermer(request: Requete, slug: str, membre_id: UUID) -> HttpResponse:
    """Close the community to a person, at once."""
    membre = _get_membre(request, membre_id)
    try:
        services.deactivate_membre(membre=membre, by=request.acteur)
    except services.DerniereCoordination as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"L’accès de {membre} est fermé.")
    return redirect("acces_fiche", slug=slug, membre_id=membre_id)


@acces(GERER_ACCES)
@require_POST
def rouvrir(request: Requete, slug: str, membre_id: UUID) -> HttpResponse:
    """Open it again."""
    membre = _get_membre(request, membre_id)
    services.reactivate_membre(membre=membre, by=request.acteur)
    messages.success(request, f"L’accès de {membre} est rouvert.")
    return redirect("acces_fiche", slug=slug, membre_id=membre_id)


@acces(GERER_ACCES)
@require_POST
def relancer(request: Requete, slug: str, membre_id: UUID) -> HttpResponse:
    """Send the invitation again; the former link stops."""
    membre = _get_membre(request, membre_id)
    services.send_invitation(membre=membre, by=request.acteur)
    messages.success(request, f"Un nouveau message part à {membre.compte.email}.")
    return redirect("acces_fiche", slug=slug, membre_id=membre_id)


@acces_lien(INVITATION)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: Requete, jeton: str) -> HttpResponse:
    """Choose the password of a new account; then the person enrols a second factor."""
    membre = get_object_or_404(Membre.objects.select_related("compte", "cpts"), pk=request.lien.objet_id, actif=True)
    if membre.compte.has_usable_password():
        return render(request, "droits/invitation_deja.html", {"membre": membre})
    form = MotDePasseForm(request.POST or None, compte=membre.compte)
    if request.method == "POST" and form.is_valid():
        if not services.accept_invitation(lien=request.lien, membre=membre, password=form.cleaned_data["password1"]):
            return render(request, "droits/lien_ferme.html", status=410)
        if Authenticator.objects.filter(user=membre.compte).exists():
            return redirect("account_login")  # who has a second factor shows it
        login(request, membre.compte, backend=MOTEUR)
        record_authentication(request, membre.compte, "password", email=membre.compte.email)
        return redirect("mfa_index")
    context = {"membre": membre, "form": form}
    return render(request, "droits/invitation.html", context, status=422 if form.errors else 200)
