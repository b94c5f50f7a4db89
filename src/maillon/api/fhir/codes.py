"""Profiles, systems and codes of the SAS guide (package ans.fhir.fr.sas 1.1.0)."""

TYPE_MIME = "application/fhir+json"

_P = "http://sas.fr/fhir/StructureDefinition/"
_I = "https://interop.esante.gouv.fr/ig/fhir/sas/StructureDefinition/"
_NOS = "https://mos.esante.gouv.fr/NOS/"

PROFIL_BUNDLE = f"{_P}BundleAgregateur"
PROFIL_BUNDLE_CPTS = f"{_I}sas-cpts-bundle-aggregator"
PROFIL_SLOT = f"{_P}FrSlotAgregateur"
PROFIL_SLOT_CPTS = f"{_I}sas-cpts-slot-aggregator"
PROFIL_SCHEDULE = f"{_P}FrScheduleAgregateur"
PROFIL_PRACTITIONER = f"{_P}FrPractitionerAgregateur"
PROFIL_PRACTITIONER_ROLE = f"{_P}FrPractitionerRoleExerciceAgregateur"
PROFIL_LOCATION = f"{_P}FrLocationAgregateur"
PROFIL_HEALTHCARE_SERVICE = f"{_I}sas-cpts-healthcareservice-aggregator"
PROFIL_ORGANIZATION = f"{_I}sas-cpts-organization-aggregator"
PROFIL_REGULATEUR = f"{_I}FrPractitionerRegul"
PROFIL_APPOINTMENT = f"{_P}FrAppointmentSAS"

EXTENSION_SERVICE_TYPE = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Slot.serviceType"
EXTENSION_OPERATEUR = "http://interopsante.org/fhir/StructureDefinition/FrAppointmentOperator"

SYSTEME_IDNPS = "urn:oid:1.2.250.1.71.4.2.1"
SYSTEME_IDNST = "urn:oid:1.2.250.1.71.4.2.2"
SYSTEME_SAS = "urn:oid:1.2.250.1.213.3.6"
TYPES_IDENTIFIANT = "http://interopsante.org/fhir/CodeSystem/fr-v2-0203"
TYPES_IDENTIFIANT_LIEU = "http://interopsante.org/fhir/CodeSystem/fr-location-identifier-type"

TYPE_CRENEAU = f"{_NOS}TRE_R314-TypeCreneau/FHIR/TRE-R314-TypeCreneau"
CATEGORIE_ETABLISSEMENT = f"{_NOS}TRE_R66-CategorieEtablissement/FHIR/TRE-R66-CategorieEtablissement"
SPECIALITE = f"{_NOS}TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
TYPE_RENDEZ_VOUS = "http://terminology.hl7.org/CodeSystem/v2-0276"

CATEGORIE_CPTS = "604"
MODALITES = {"cabinet": "AMB", "domicile": "HH", "distance": "VR"}
# The code of a slot shown to members of a community; the form of the single professional does not know it.
AUDIENCE_CPTS = "CPTS"
