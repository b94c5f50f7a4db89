"""What other services read and write: the national platform of the SAS, by FHIR. FHIR names live here only."""
