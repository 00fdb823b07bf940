import * as pulumi from "@pulumi/pulumi";
import { Services } from "./clients/services";
import { PowerBiCredential } from "./components/power-bi-credential";
import { SecretScopes } from "./components/secret-scopes";
import { discover } from "./discovery/discover";
import { readSettings } from "./settings";

/** Keeps the credentials with which Power BI reads Databricks valid. */
export = async () => {
    const { credentials, rotationKeys, read } = readSettings();
    const found = await discover(credentials, new Services(read)).catch(stop);

    const scopes = new SecretScopes("scopes", {
        uses: credentials.flatMap(({ secretScope }) => secretScope ?? []),
    });
    const bound = credentials.map(({ name, secretScope, ...credential }, index) => {
        const { warehouse, target, bindings } = found[index];
        return new PowerBiCredential(name, {
            ...credential,
            rotationKeys,
            warehouseId: warehouse.id,
            target,
            datasets: bindings,
            scope: secretScope && scopes.scope(secretScope.name),
        });
    });

    return { credentials: Object.fromEntries(bound.map(({ summary }, index) => [credentials[index].name, summary])) };
};

/** Ends the program with the words of an error alone: what the user reads needs no stack. */
function stop(error: Error): never {
    throw new pulumi.RunError(error.message);
}
