import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { PowerBiCredential, PowerBiCredentialArgs } from "../../components/power-bi-credential";

interface Made {
    type: string;
    name: string;
    // Each resource type has inputs of its own.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    inputs: Record<string, any>;
}

const target = { host: "h", httpPath: "/sql/1.0/warehouses/44ff" };
const named = (id: string) => ({ workspaceId: "w", workspaceName: "Sales", datasetId: id, datasetName: `model ${id}` });
const dataset = (id: string) => ({
    ...named(id),
    targets: [target],
    gateways: [],
    servedElsewhere: [],
    observed: [],
    allowCredentialLoss: false,
    keepSchedule: false,
});
const datasource = {
    gatewayId: "g1",
    gatewayName: "HQ cluster",
    gatewayKind: "Onpremises" as const,
    datasourceId: "s1",
    datasourceName: "dbx-sales",
    target,
    api: "powerbi" as const,
    datasets: [named("d3")],
};

const args: PowerBiCredentialArgs = {
    servicePrincipal: "powerbi-sales",
    rotationKeys: ["2026-12", "2026-11"],
    lifetimeDays: 90,
    protect: true,
    cleanUpUnknownSecrets: false,
    databricks: { workspace: "databricks", host: "https://h" },
    warehouseIds: ["44ff"],
    grants: [
        { securable: "catalog", fullName: "main", privileges: ["USE_CATALOG"] },
        { securable: "schema", fullName: "main.sales", privileges: ["SELECT", "USE_SCHEMA"] },
    ],
    verification: "query",
    privacyLevel: "Organizational",
    scope: "powerbi",
    targets: {
        cloud: [dataset("d1"), dataset("d2")],
        datasources: [datasource],
        refreshes: [
            { ...named("d1"), mode: "wait", targets: [], hasOtherSources: false },
            { ...named("d3"), mode: "start", targets: [], hasOtherSources: false },
        ],
    },
};

describe("the components", () => {
    let made: Made[];
    let calls: string[];
    /** The types of the resources that are protected from deletion. */
    let guarded: string[];
    /** The end of what writes to scopes and vaults. */
    let writing: Promise<unknown> | undefined;
    afterEach(() => (writing = undefined));

    const declare = async (changes: Partial<PowerBiCredentialArgs> = {}) => {
        made = [];
        calls = [];
        guarded = [];
        await pulumi.runtime.setMocks(
            {
                newResource: async ({ type, name, inputs }) => {
                    if (type.endsWith("secret:Secret") || type.endsWith("keyvault:Secret")) {
                        await writing;
                    }
                    made.push({ type, name, inputs });
                    const secret = type.includes("ServicePrincipalSecret") ? { secret: `value of ${name}` } : {};
                    const principal = type.endsWith(":ServicePrincipal") ? { applicationId: "app-1" } : {};
                    const owned = { datasources: [{ gatewayId: "g", datasourceId: "one for all", target }] };
                    const ownership = type.includes("DatasetOwnership") ? owned : {};
                    return { id: `id of ${name}`, state: { ...inputs, ...secret, ...principal, ...ownership } };
                },
                call: ({ token, inputs }) => {
                    calls.push(token);
                    return { ...inputs, id: "adopted" };
                },
            },
            "project",
            "stack",
            false,
        );
        const note: pulumi.ResourceTransformation = ({ type, opts }) => {
            guarded.push(...(opts.protect ? [type] : []));
            return undefined;
        };
        const credential = new PowerBiCredential("powerbi-sales", { ...args, ...changes }, { transformations: [note] });
        await new Promise((resolve) => credential.summary.apply(resolve));
        // Resources register one after the other; what waits for the last one comes after it.
        // The SDK has it, but keeps it out of its type declarations.
        await (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
    };
    const ofType = (type: string) => made.filter((resource) => resource.type.endsWith(type));
    /** The plain value of a secret as the mock monitor passes it. */
    const plain = (value: { value?: unknown } | unknown) => (value as { value?: unknown })?.value ?? value;

    it("make one secret for each generation, named by its key", async () => {
        await declare();
        const secrets = ofType(":ServicePrincipalSecret");
        assert.deepEqual(
            secrets.map(({ name, inputs }) => [name, inputs.timeRotating, inputs.lifetime]),
            [
                ["powerbi-sales-2026-12", "2026-12", "7776000s"],
                ["powerbi-sales-2026-11", "2026-11", "7776000s"],
            ],
        );
    });

    it("protect the service principal where that is asked for, and never its secrets, which rotate", async () => {
        await declare();
        assert.deepEqual(guarded, ["databricks:index/servicePrincipal:ServicePrincipal"]);
        await declare({ protect: false });
        assert.deepEqual(guarded, []);
    });

    it("bind the first generation, as it comes out of its verification", async () => {
        await declare();
        const [verified] = ofType(":VerifiedSecret");
        const [bound] = ofType(":DatasourceCredential");
        assert.equal(plain(verified.inputs.clientSecret), "value of powerbi-sales-2026-12");
        assert.equal(plain(bound.inputs.clientSecret), "value of powerbi-sales-2026-12");
        assert.equal(bound.inputs.secretId, "id of powerbi-sales-2026-12");
    });

    it("own each dataset, set one credential for all, and refresh where it was asked for", async () => {
        await declare();
        assert.deepEqual(
            ofType(":DatasetOwnership").map(({ name }) => name),
            ["powerbi-sales-d1", "powerbi-sales-d2"],
        );
        assert.equal(ofType(":DatasourceCredential").length, 1);
        assert.deepEqual(ofType(":DatasourceCredential")[0].inputs.datasources, [
            { gatewayId: "g", datasourceId: "one for all" },
        ]);
        assert.deepEqual(
            ofType(":DatasetRefresh")
                .map(({ name, inputs }) => [name, inputs.mode, inputs.secretId])
                // Each registers when its own datasources are bound: their order is nobody's promise.
                .sort(),
            [
                ["powerbi-sales-d1", "wait", "id of powerbi-sales-2026-12"],
                ["powerbi-sales-d3", "start", "id of powerbi-sales-2026-12"],
            ],
        );
    });

    it("let single sign-on be switched off only where each dataset behind a datasource says so", async () => {
        const off = (id: string) => ({ ...dataset(id), switchOffSingleSignOn: true });
        const allowed = async (...cloud: ReturnType<typeof dataset>[]) => {
            const gateway = { ...datasource, switchOffSingleSignOn: cloud.length > 1 };
            await declare({ targets: { cloud, datasources: [gateway], refreshes: [] } });
            assert.ok(!ofType(":DatasetOwnership").some(({ inputs }) => "switchOffSingleSignOn" in inputs));
            assert.equal(ofType(":GatewayCredential")[0].inputs.switchOffSingleSignOn, cloud.length > 1);
            return ofType(":DatasourceCredential")[0].inputs.switchOffSingleSignOn;
        };
        assert.deepEqual(await allowed(off("d1"), off("d2")), ["one for all"]);
        assert.deepEqual(await allowed(off("d1"), dataset("d2")), []);
        assert.deepEqual(await allowed(dataset("d1")), []);
    });

    it("never declare what is authoritative over others: Permissions or Grants", async () => {
        await declare();
        assert.deepEqual([...ofType(":Permissions"), ...ofType(":Grants")], []);
        assert.equal(ofType(":WarehousePermission").length, 1);
        assert.deepEqual(
            ofType(":Grant").map(({ inputs }) => [
                inputs.catalog ?? inputs.schema,
                inputs.principal,
                inputs.privileges,
            ]),
            [
                ["main", "app-1", ["USE_CATALOG"]],
                ["main.sales", "app-1", ["SELECT", "USE_SCHEMA"]],
            ],
        );
    });

    it("store the credential for others only where a scope is named", async () => {
        await declare();
        assert.deepEqual(
            ofType("secret:Secret").map(({ inputs }) => inputs.key),
            ["powerbi-sales-client-id", "powerbi-sales-client-secret"],
        );
        await declare({ scope: undefined });
        assert.deepEqual(ofType("secret:Secret"), []);
    });

    it("run the command after a rotation when scope and vault have the new secret, as its readers take it from there", async () => {
        writing = new Promise((resolve) => setTimeout(resolve, 1000));
        const keyVault = { resourceGroup: "rg", name: "vault" };
        await declare({ afterRotation: "./notify.sh", keyVault });
        const order = made.map(({ type }) => type).filter((type) => /:(Secret|Command)$/.test(type));
        assert.equal(order.length, 5);
        assert.match(order.at(-1)!, /:Command$/);
    });

    it("adopt a service principal without making one", async () => {
        await declare({ servicePrincipal: undefined, applicationId: "app-2" });
        assert.deepEqual(ofType(":ServicePrincipal"), []);
        assert.deepEqual(calls, ["databricks:index/getServicePrincipal:getServicePrincipal"]);
        assert.equal(ofType(":ServicePrincipalSecret")[0].inputs.servicePrincipalId, "adopted");
    });

    it("touch nothing in Power BI without bindings", async () => {
        await declare({ targets: { cloud: [], datasources: [], refreshes: [] } });
        assert.deepEqual(
            made.filter(({ type }) => type.includes("dynamic/power-bi")),
            [],
        );
    });

    it("store stubs of at most 2 KB that hold no code", async () => {
        await declare();
        const stubs = made.flatMap(({ inputs }) => (inputs.__provider ? [String(plain(inputs.__provider))] : []));
        assert.ok(stubs.length >= 6);
        for (const text of stubs) {
            assert.ok(text.length <= 2048, `${text.length} bytes`);
            assert.ok(!text.includes("Databricks accepted"));
        }
    });
});
