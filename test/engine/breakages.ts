import * as fs from "node:fs";
import { devWorldFile } from "../../sandbox";
import { configure, project, Scene, sp2 } from "./support";
import { Verdict } from "./verdicts";

/** The world of these stacks is whatever its schema says, and what people break in it lies deep. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type World = any;

/** Something that is broken, and what all three commands say of it. */
export interface Breakage {
    name: string;
    /** What somebody does behind the stack's back. */
    breaks: (world: World) => void;
    verdict: Verdict;
    /** What each of the three says is so; nothing where there is nothing to say. */
    says?: RegExp;
    /** What the doctor says is to do. */
    remedy?: RegExp;
    /** The remedy that the services need: nothing is left to do then. */
    follow?: (world: World) => void;
    /** The remedy that the stack's configuration needs, before an up. */
    configures?: (stack: Scene["stack"]) => void;
    /** Whether a login is what broke: a refresh uses that of the last up. */
    isLogin?: boolean;
}

const gatewayId = "6a7e0000-0000-4000-8000-0000000000a0";
const source = { host: "${databricks.host}", httpPath: "/sql/1.0/warehouses/44ff20e73e461e56" };
const datasourceId = "50000000-0000-4000-8000-000000000001";
const theirs = { credentialType: "Basic", username: "somebody", password: "dose-legacy-sandbox-secret" };
const token = "dapi-sandbox-deployer";

/** The dev world with a gateway, through which one more model reads. */
export function worldWithGateway(): object {
    const world: World = JSON.parse(fs.readFileSync(devWorldFile, "utf8"));
    const members = [{ id: gatewayId, name: "HQ 1", keySize: 2048 }];
    world.powerBi.gateways = [{ id: gatewayId, name: "HQ cluster", type: "OnPremises", admins: [sp2], members }];
    const roles = [{ principal: sp2, role: "User" }];
    const place = { gatewayId, datasourceId, name: "dbx-hq", cloud: false, roles };
    world.powerBi.datasources.push({ ...place, ...source, credential: theirs });
    world.powerBi.workspaces[1].datasets.push({
        id: "d0000000-0000-4000-8000-0000000000b2",
        name: "Store model",
        owner: "ben@example.com",
        sources: [{ ...source, table: "main.sales.orders", datasourceId }],
    });
    return world;
}

/** One credential, in the cloud and on a gateway. */
export const credentials = [
    {
        servicePrincipal: "powerbi-sales",
        warehouse: "Sales warehouse",
        grants: [{ catalog: "main", schema: "sales" }],
        secretScope: { name: "powerbi" },
        bindings: [
            { workspace: "Sales", dataset: "Sales model", gatewayType: "NoGateway" },
            { workspace: "Sales", dataset: "Returns model", gatewayType: "NoGateway" },
            { gateway: "HQ cluster", datasource: "dbx-hq" },
        ],
    },
];

const salesIn = (world: World) => world.powerBi.workspaces[0];
const gatewayIn = (world: World) => world.powerBi.gateways[0];
const sp1In = (world: World) =>
    world.databricks.servicePrincipals.find(({ displayName }: World) => displayName === "powerbi-sales");
const bind = (stack: Scene["stack"], change: (credential: (typeof credentials)[number]) => void) => {
    const [credential] = structuredClone(stack.config()[`${project}:credentials`] as typeof credentials);
    change(credential);
    configure(stack, { credentials: [credential] });
};

/** What breaks in one stack. Where neither services nor configuration need a hand, an up is the remedy. */
export const breakages: Breakage[] = [
    {
        name: "SP2 is no admin of the gateway any more",
        breaks: (world) => void (gatewayIn(world).admins = []),
        verdict: "drift",
        says: /SP2 administers no gateway .{0,4}HQ cluster.{0,4} any more/,
        remedy: /give the Power BI service principal \(SP2\) its right there back/,
        follow: (world) => void (gatewayIn(world).admins = [sp2]),
    },
    {
        name: "SP2 was removed from a workspace",
        breaks: (world) => {
            salesIn(world).members = salesIn(world).members.filter(({ principal }: World) => principal !== sp2);
        },
        verdict: "drift",
        says: /SP2 does not see workspace .{0,4}Sales/,
        remedy: /give the Power BI service principal \(SP2\) its right there back/,
        follow: (world) => void salesIn(world).members.push({ principal: sp2, role: "Admin" }),
    },
    {
        name: "a workspace was renamed",
        breaks: (world) => void (salesIn(world).name = "Sales EMEA"),
        verdict: "told",
        says: /workspace .{0,4}Sales.{0,4} is called .{0,4}Sales EMEA.{0,4} now/,
        follow: (world) => void (salesIn(world).name = "Sales"),
    },
    {
        name: "the capacity of a workspace is paused",
        breaks: (world) =>
            void (salesIn(world).capacity = { id: "ca9ac170-0000-4000-8000-000000000001", state: "Suspended" }),
        verdict: "fine",
        follow: (world) => void (salesIn(world).capacity.state = "Active"),
    },
    {
        name: "the gateway is offline",
        breaks: (world) => void (gatewayIn(world).online = false),
        verdict: "fine",
        follow: (world) => void (gatewayIn(world).online = true),
    },
    {
        name: "somebody took a model over, and left",
        breaks: (world) => {
            salesIn(world).datasets[0].owner = "gone@example.com";
            world.powerBi.usersWhoLeft = ["gone@example.com"];
        },
        verdict: "drift",
        says: /the owner of .{0,20}Sales model.{0,40} is now gone@example\.com/,
        remedy: /pulumi up/,
    },
    {
        name: "SP1 lost CAN USE on the warehouse",
        breaks: (world) => {
            const [warehouse] = world.databricks.warehouses;
            const { applicationId } = sp1In(world);
            warehouse.acl = warehouse.acl.filter(({ servicePrincipalName: who }: World) => who !== applicationId);
        },
        verdict: "drift",
        says: /CAN.USE/,
        remedy: /pulumi up/,
    },
    {
        name: "SP1's secret was deleted by hand",
        breaks: (world) => void (sp1In(world).secrets = []),
        verdict: "drift",
        says: /ServicePrincipalSecret/,
        remedy: /pulumi up/,
    },
    {
        name: "somebody signed in to the gateway's datasource",
        breaks: (world) => {
            const found = world.powerBi.datasources.find((item: World) => item.datasourceId === datasourceId);
            found.credential = { credentialType: "OAuth2", accessToken: "theirs" };
        },
        verdict: "drift",
        says: /is of type OAuth2, not Basic/,
        remedy: /pulumi up/,
    },
    {
        name: "an entry of the secret scope was deleted",
        breaks: (world) => {
            const scope = world.databricks.scopes.find(({ name }: World) => name === "powerbi");
            scope.entries = scope.entries.filter(({ key }: World) => key !== "powerbi-sales-client-id");
        },
        verdict: "drift",
        says: /powerbi-sales-client-id/,
        remedy: /pulumi up/,
    },
    {
        name: "the warehouse was renamed",
        breaks: (world) => void (world.databricks.warehouses[0].name = "Sales warehouse 2"),
        verdict: "refused",
        says: /there is no SQL warehouse .{0,4}Sales warehouse/,
        remedy: /correct the name/,
        configures: (stack) => bind(stack, (credential) => void (credential.warehouse = "Sales warehouse 2")),
    },
    {
        name: "SP2's secret was replaced in Entra",
        breaks: (world) => void (world.entra.tenants[0].applications[0].secrets = [{ value: "sandbox-sp2-other" }]),
        verdict: "refused",
        says: /AADSTS7000215/,
        remedy: /store the value of a secret of the application.*powerBi\.clientSecret.*up --refresh=false/,
        isLogin: true,
        configures: (stack) => {
            const powerBi = stack.config()[`${project}:powerBi`] as object;
            configure(stack, { powerBi: { ...powerBi, clientSecret: "sandbox-sp2-other" } });
        },
    },
    {
        name: "the login to Databricks has expired",
        breaks: (world) => void (world.databricks.tokens[0].token = `${token}-2`),
        verdict: "refused",
        says: /401|403|nvalid.*token/,
        remedy: /log in anew, or correct the values of the login \(token\).*up --refresh=false/,
        isLogin: true,
        configures: (stack) => stack.configure({ "databricks:token": `${token}-2` }),
    },
    {
        name: "a model was deleted",
        breaks: (world) => void salesIn(world).datasets.splice(1, 1),
        verdict: "drift",
        says: /Returns model/,
        remedy: /[Nn]ame that workspace, or take the binding out/,
        configures: (stack) => bind(stack, ({ bindings }) => void bindings.splice(1, 1)),
    },
];
