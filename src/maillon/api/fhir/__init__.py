"""The shapes of FHIR R4 as the SAS wants them: pure functions between our facts and its resources, no database."""
