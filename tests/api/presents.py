"""What this machine has besides Python: nginx, and the JSON schema of FHIR R4. Tests run without; they then say so."""

import os
import shutil
from pathlib import Path

NGINX = os.environ.get("MAILLON_NGINX") or shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""
VALIDEUR = Path(__file__).parent / "valideur"
NODE = (shutil.which("node") or "") if (VALIDEUR / "node_modules").is_dir() else ""


def describe() -> list[str]:
    """The lines of the header of a run."""
    return [
        f"TLS mutuel : {NGINX}, configuration livrée"
        if NGINX
        else "TLS mutuel : nginx est absent, un mandataire de remplacement joue les règles de la configuration livrée",
        "FHIR R4 : fhir.resources et schéma JSON de HL7"
        if NODE
        else "FHIR R4 : fhir.resources seul (« npm ci » dans tests/api/valideur ajoute le schéma JSON de HL7)",
    ]
