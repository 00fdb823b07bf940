import { connectivityOf } from "../power-bi/connectivity";
import { type Sandbox } from "../sandbox";
import { type Datasource, type DatasetSource } from "../world/power-bi-world";

/** Where a connection or a source of a model points to, as Fabric writes it. */
export function pathOf({ host, httpPath }: Pick<DatasetSource, "host" | "httpPath">): string {
    return `${host};${httpPath}`;
}

/** A connection as Fabric tells it; the credential is never given back, and a personal one has no name. */
export function renderConnection(sandbox: Sandbox, datasource: Datasource) {
    const { credential, name, kind } = datasource;
    return {
        id: datasource.datasourceId,
        displayName: name || undefined,
        gatewayId: datasource.gatewayId,
        connectivityType: connectivityOf(sandbox, datasource),
        connectionDetails: { type: kind, path: pathOf(datasource) },
        privacyLevel: credential?.privacyLevel ?? "Organizational",
        credentialDetails: {
            credentialType: credentialTypeOf(credential),
            singleSignOnType: datasource.singleSignOnType,
            connectionEncryption: credential?.encryptedConnection ?? "NotEncrypted",
            skipTestConnection: false,
        },
    };
}

/** Fabric has a word of its own for a shared access signature. */
function credentialTypeOf(credential: Datasource["credential"]): string {
    const type = credential?.credentialType ?? "Anonymous";
    return type === "SAS" ? "SharedAccessSignature" : type;
}
