import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { PowerBiServicePrincipal, PowerBiServicePrincipalArgs } from "../../components/power-bi-service-principal";
import { KeyVaultSecrets } from "../../components/key-vault-secrets";
import { RotationHook } from "../../components/rotation-hook";
import { findAddresses } from "../../planning/workspace-addresses";

interface Made {
    type: string;
    name: string;
    // Each resource type has inputs of its own.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    inputs: Record<string, any>;
}

/** The plugins of azuread, azure-native and command cannot be had everywhere: here the engine is a mock. */
describe("the optional components, with mocks", () => {
    let made: Made[];
    beforeEach(async () => {
        made = [];
        await pulumi.runtime.setMocks(
            {
                newResource: ({ type, name, inputs }) => {
                    made.push({ type, name, inputs });
                    const outputs = {
                        clientId: "sp2-app",
                        objectId: "sp2-object",
                        value: "sp2-password",
                        endDate: "2027-01-01T00:00:00Z",
                    };
                    return { id: `id of ${name}`, state: { ...outputs, ...inputs } };
                },
                call: ({ token, inputs }) =>
                    token.endsWith("getWorkspace")
                        ? { ...inputs, workspaceUrl: "adb-7.7.azuredatabricks.net" }
                        : { tenantId: "tenant" },
            },
            "project",
            "stack",
            false,
        );
    });
    const settled = () => (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
    const ofType = (type: string) => made.filter((resource) => resource.type.endsWith(type));
    const plain = (value: unknown) => (value as { value?: unknown })?.value ?? value;
    const isSecret = (value: unknown) => typeof value === "object" && value !== null && "value" in value;

    describe("SP2 itself, on @pulumi/azuread", () => {
        const args: PowerBiServicePrincipalArgs = {
            protect: true,
            displayName: "powerbi-automation",
            groupObjectId: "group",
            federatedCredentials: [
                {
                    name: "main",
                    issuer: "https://token.actions.githubusercontent.com",
                    subject: "repo:a/b:ref:refs/heads/main",
                },
            ],
            password: { rotationKey: "2026-12", lifetimeDays: 180 },
            secretScope: "powerbi_credentials",
            keyVault: { resourceGroup: "rg", name: "vault" },
        };

        it("is an application and a service principal, in the group that the tenant setting allows", async () => {
            new PowerBiServicePrincipal("sp2", args);
            await settled();
            assert.equal(ofType(":Application")[0].inputs.displayName, "powerbi-automation");
            assert.equal(ofType(":ServicePrincipal")[0].inputs.clientId, "sp2-app");
            assert.deepEqual(ofType(":GroupMember")[0].inputs, {
                groupObjectId: "group",
                memberObjectId: "sp2-object",
            });
        });

        it("is protected from deletion where that is asked for; its password and memberships are not", async () => {
            const guarded: string[] = [];
            const note: pulumi.ResourceTransformation = ({ type, opts }) => {
                guarded.push(...(opts.protect ? [type] : []));
                return undefined;
            };
            new PowerBiServicePrincipal("sp2", args, { transformations: [note] });
            await settled();
            assert.deepEqual(guarded, [
                "azuread:index/application:Application",
                "azuread:index/servicePrincipal:ServicePrincipal",
            ]);
        });

        it("lets pipelines in by federated credentials, without a secret", async () => {
            new PowerBiServicePrincipal("sp2", { ...args, password: undefined });
            await settled();
            const [federated] = ofType(":ApplicationFederatedIdentityCredential");
            assert.deepEqual(federated.inputs.audiences, ["api://AzureADTokenExchange"]);
            assert.equal(federated.inputs.subject, "repo:a/b:ref:refs/heads/main");
            assert.deepEqual([...ofType(":ApplicationPassword"), ...ofType("secret:Secret")], []);
        });

        it("has a password for each key, whose values land in the secret scope under the keys that powerBi reads", async () => {
            new PowerBiServicePrincipal("sp2", args);
            await settled();
            const [password] = ofType(":ApplicationPassword");
            assert.equal(password.name, "sp2-2026-12");
            assert.equal(password.inputs.endDateRelative, "4320h");
            const entries = ofType("secret:Secret").filter(({ inputs }) => inputs.scope === "powerbi_credentials");
            assert.deepEqual(Object.fromEntries(entries.map(({ inputs }) => [inputs.key, plain(inputs.stringValue)])), {
                "tenant-id": "tenant",
                "client-id": "sp2-app",
                "client-secret": "sp2-password",
            });
            const vault = ofType("keyvault:Secret").map(({ inputs }) => inputs.secretName);
            assert.deepEqual(vault, ["sp2-tenant-id", "sp2-client-id", "sp2-client-secret"]);
        });
    });

    it("Key Vault secrets, on @pulumi/azure-native, carry the expiry date and are secrets", async () => {
        const values = { "client-secret": pulumi.secret("dose-x") };
        const vault = { resourceGroup: "rg", name: "vault" };
        new KeyVaultSecrets("powerbi-sales", {
            vault,
            key: "powerbi-sales",
            values,
            expiresAt: "2027-02-22T16:54:34Z",
        });
        await settled();
        const [{ inputs }] = ofType("keyvault:Secret");
        assert.equal(inputs.vaultName, "vault");
        assert.equal(inputs.secretName, "powerbi-sales-client-secret");
        assert.ok(isSecret(inputs.properties) || isSecret(inputs.properties.value));
        const properties = plain(inputs.properties) as { value: unknown; attributes: { expires: number } };
        assert.equal(plain(properties.value), "dose-x");
        assert.equal(properties.attributes.expires, Date.parse("2027-02-22T16:54:34Z") / 1000);
    });

    const rotated = {
        applicationId: "app",
        rotationKey: "2026-12",
        secretId: "secret-id",
        expiresAt: "then",
        datasources: [
            {
                gatewayId: "g",
                gateway: "",
                kind: "NoGateway" as const,
                datasourceId: "d",
                host: "",
                httpPath: "",
                datasets: [],
            },
        ],
        datasets: [{ workspaceId: "w", workspace: "", datasetId: "m", dataset: "" }],
    };

    it("the command after a rotation gets no list that is longer than an environment variable can be", async () => {
        const many = (count: number) =>
            Array.from({ length: count }, (_, index) => ({
                workspaceId: "90000000-0000-4000-8000-0000000000a1",
                workspace: "",
                datasetId: `d0000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
                dataset: "",
            }));
        for (const [count, isGiven] of [
            [1300, true],
            [2000, false],
        ] as const) {
            made = [];
            const summary = pulumi.output({ ...rotated, datasets: many(count) });
            new RotationHook("powerbi-sales", { command: "./notify.sh", credential: "powerbi-sales", summary });
            await settled();
            const { DATASETS, DATASOURCES } = ofType("local:Command")[0].inputs.environment;
            assert.equal(DATASETS.split(" ").length === count, isGiven);
            assert.ok(isGiven || DATASETS === "");
            assert.equal(DATASOURCES, "g/d");
        }
    });

    it("after rotation a command runs, with ids in its environment and never a secret, once for each secret", async () => {
        const summary = pulumi.output(rotated);
        new RotationHook("powerbi-sales", { command: "./notify.sh", credential: "powerbi-sales", summary });
        await settled();
        const [{ inputs }] = ofType("local:Command");
        assert.equal(inputs.create, "./notify.sh");
        assert.equal(inputs.update, "exit 0", "a change that is no rotation runs nothing");
        assert.deepEqual(inputs.triggers, ["secret-id"]);
        assert.deepEqual(inputs.environment, {
            CREDENTIAL: "powerbi-sales",
            APPLICATION_ID: "app",
            SECRET_ID: "secret-id",
            ROTATION_KEY: "2026-12",
            EXPIRES_AT: "then",
            DATASOURCES: "g/d",
            DATASETS: "w/m",
        });
    });

    it("the workspace host comes from azure-native's Databricks workspace, by resource id", async () => {
        const azureResourceId = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Databricks/workspaces/dbx";
        const login = { kind: "token", token: "t" } as const;
        const connection = {
            databricks: { aws: { host: "https://h", hosts: [], login }, az: { hosts: [], azureResourceId, login } },
            endpoints: {} as never,
            requestTimeoutInMs: 60_000,
            requestsPerMinute: 120,
        };
        const addressOf = await findAddresses(connection);
        assert.deepEqual(addressOf("az"), { workspace: "az", host: "https://adb-7.7.azuredatabricks.net" });
        assert.equal(addressOf("aws").host, "https://h");
        const wrong = { ...connection, databricks: { az: { hosts: [], azureResourceId: "/subscriptions/s", login } } };
        await assert.rejects(
            findAddresses(wrong),
            /azureWorkspaceResourceId: "\/subscriptions\/s" is not the resource id/,
        );
    });
});
