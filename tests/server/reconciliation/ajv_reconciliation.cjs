// Validates answers against the official JSON Schemas of the Reconciliation Service API.
// usage: node ajv_reconciliation.cjs FOLDER-OF-SCHEMAS < [[schema, answer], ...] ; prints one list of faults for each
const fs = require("fs");
const path = require("path");
const Ajv = require("ajv");
const formats = require("ajv-formats");

const folder = process.argv[2];
const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
const ids = {};
for (const name of fs.readdirSync(folder)) {
  const schema = JSON.parse(fs.readFileSync(path.join(folder, name), "utf8"));
  delete schema.$schema; // "any version", which ajv does not know
  ids[path.basename(name, ".json")] = schema.$id;
  ajv.addSchema(schema);
}
const faults = JSON.parse(fs.readFileSync(0, "utf8")).map(([name, answer]) => {
  const validate = ajv.getSchema(ids[name]);
  return validate(answer) ? [] : validate.errors.map((error) => `${error.instancePath} ${error.message}`);
});
process.stdout.write(JSON.stringify(faults));
