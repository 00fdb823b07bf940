import { type World } from "./world/world";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Every secret value that the sandbox ever gave out or held: what must show nowhere but in the services. */
export class IssuedValues {
    private readonly values = new Set<string>();

    /** Notes a value and gives it back. */
    note(value: string): string {
        this.values.add(value);
        return value;
    }

    /** Notes what a world holds, before it is replaced or asked about. */
    noteWorld(world: World): void {
        secretsOf(world).forEach((value) => this.values.add(value));
    }

    list(): string[] {
        return [...this.values];
    }
}

/** The secret values in a world: logins of all kinds, stored credentials, entries of secret scopes and private keys. */
function secretsOf({ databricks, databricks2, entra, powerBi, ci }: World): string[] {
    const ofWorkspaces = [databricks, databricks2].flatMap(({ tokens, servicePrincipals, scopes }) => [
        ...tokens.map(({ token }) => token),
        ...servicePrincipals.flatMap(({ secrets }) => secrets.map(({ secret }) => secret)),
        // Ids are stored beside the secrets and may be shown.
        ...scopes.flatMap(({ entries }) => entries.map(({ value }) => value).filter((value) => !uuid.test(value))),
    ]);
    const applications = entra.tenants.flatMap((tenant) => tenant.applications);
    const credentials = powerBi.datasources.flatMap(({ credential }) => credential ?? []);
    return [
        ...ofWorkspaces,
        ...applications.flatMap(({ secrets }) => secrets.map(({ value }) => value)),
        ...credentials.flatMap(({ password, key, accessToken }) => [password, key, accessToken]),
        ...powerBi.gateways.flatMap(({ members }) => members.map(({ privateKey }) => privateKey)),
        ci.jobToken,
        entra.identityHeader,
    ].filter((value) => value !== undefined && value !== "") as string[];
}
