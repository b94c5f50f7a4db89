"""What is typed about a meeting."""

from .convocations import ConvoquerForm, ReglesForm, SansConvocationForm
from .reunions import AnnulerForm, PointForm, ReunionForm
from .sondages import CreneauxForm, read_choix
from .votes import ComptageForm, InvitesForm, MandataireForm, PouvoirForm, ResolutionForm

__all__ = [
    "AnnulerForm",
    "ComptageForm",
    "ConvoquerForm",
    "CreneauxForm",
    "InvitesForm",
    "MandataireForm",
    "PointForm",
    "PouvoirForm",
    "ReglesForm",
    "ResolutionForm",
    "ReunionForm",
    "SansConvocationForm",
    "read_choix",
]
