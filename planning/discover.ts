import { ConfigurationError } from "../clients/config-reader";
import { warehouseIdOf } from "../clients/connection-details";
import { Warehouse } from "../clients/databricks";
import { Services, WorkspaceAddress } from "../clients/services";
import { Diagnostic, distinctDiagnostics, notice, Tell } from "../diagnostics/diagnostic";
import { StackOutputs } from "../outputs";
import { Binding } from "../settings/binding";
import { Release } from "../settings/release";
import { resolveBinding } from "./bindings";
import { Grant, planAdoptedGrants, PlannedGrant, planGrants } from "./grants";
import { Inventory } from "./inventory";
import { History } from "./history";
import { keepAccounts } from "./keep-accounts";
import { KnownHosts } from "./known-hosts";
import { Memory } from "./memory";
import { withNamedOptions } from "./named-options";
import { sameId } from "./names";
import { findOwnScopes } from "./own-scopes";
import { isRotation } from "./read-history";
import { findAdopted, findMade } from "./service-principals";
import {
    atHome,
    claimedTwice,
    CredentialPlan,
    GatewayDatasourcePlan,
    mergeFindings,
    noteOtherCredentials,
} from "./plan";
import { DeclaredWarehouse, findWarehouses, formerWarehouses, isFor } from "./warehouses";

/** A credential as it is declared. */
export interface DeclaredCredential {
    name: string;
    databricks: string;
    servicePrincipal?: string;
    applicationId?: string;
    secretScope?: { name: string; create: boolean };
    grants: Grant[];
    warehouse: string;
    bindings: Binding[];
    release: Release[];
}

/** What was found, and what the user should know of it. */
export interface Discovery {
    /** In the order of the credentials. */
    plans: CredentialPlan[];
    /** The secret scopes, by workspace, that the stack makes and that are there already with nothing of others' in them. */
    ownScopes: Map<string, string[]>;
    warnings: Diagnostic[];
}

/** Where Databricks workspaces are, by name. */
export type WorkspaceAddresses = (name: string) => WorkspaceAddress;

/**
 * Looks up everything that the configuration names or describes. Each list is asked for once, whatever the number of
 * credentials and bindings. Changes nothing.
 *
 * @param rotationKeys the keys of the generations to keep alive, the one in use first.
 * @param lastUp what the last up put out: sources of datasets that need not be asked for, and what was bound.
 * @throws ConfigurationError that lists all that was not found, is ambiguous, or is claimed twice.
 */
export async function discover(
    credentials: DeclaredCredential[],
    services: Services,
    addressOf: WorkspaceAddresses,
    rotationKeys: string[] = [""],
    lastUp: StackOutputs["credentials"] = {},
): Promise<Discovery> {
    const said: Diagnostic[] = [];
    const tell: Tell = (diagnostic) => void said.push(diagnostic);
    const warehouses = await findWarehouses(
        credentials,
        (name) => services.databricks(addressOf(name)),
        (name) => services.connection.databricks[name].hosts,
        (name) => formerWarehouses(lastUp[name]),
        tell,
    );
    const hosts = knownHosts(credentials, services, addressOf, warehouses);
    const memory = new Memory(lastUp, (name, target) => {
        const index = credentials.findIndex((credential) => credential.name === name);
        const declared = warehouses[index];
        return declared !== undefined && isFor(declared, credentials[index].bindings, target, hosts);
    });
    const inventory = new Inventory(services, isRotation(lastUp, rotationKeys[0]) ? memory : undefined, tell);
    const histories = credentials.map(({ name }) => new History(lastUp[name]));
    const plans = await Promise.all(
        credentials.map(async (credential, index) => {
            const where = `credentials[${index}]`;
            const address = addressOf(credential.databricks);
            const databricks = services.databricks(address);
            await findAdopted(where, credential, databricks, tell);
            const principalId = await findMade(credential, databricks, lastUp, tell);
            const grants = await grantsOf(`${where}.grants`, credential, databricks, tell);
            const declared = warehouses[index];
            if (!declared) {
                return undefined;
            }
            const { warehouse, target, listed } = declared;
            const findings = await Promise.all(
                credential.bindings.map((binding, position) =>
                    resolveBinding(
                        {
                            where: `${where}.bindings[${position}]`,
                            target,
                            hosts,
                            inventory,
                            history: histories[index],
                            memory,
                            tell,
                        },
                        binding,
                    ),
                ),
            );
            const merged = mergeFindings(withNamedOptions(credential.bindings, findings, histories[index]));
            const datasources = await nameDatasources(merged.datasources, inventory);
            const warehouseIds = warehousesOf(merged, warehouse, listed, tell);
            return { databricks: address, principalId, grants, warehouse, warehouseIds, ...merged, datasources };
        }),
    );
    const found = plans.map((plan) => plan ?? { cloud: [], datasources: [] });
    const accounts = await keepAccounts(
        credentials.map((credential, index) => ({
            where: `credentials[${index}]`,
            ...credential,
            history: histories[index],
            released: lastUp[credential.name]?.released ?? {},
        })),
        { plans: found, hosts, rotationKeys, inventory, tell },
    );
    said.push(
        ...claimedTwice(
            found,
            credentials.map(({ name }) => name),
            hosts,
        ),
    );
    const problems = said.filter(({ severity }) => severity === "error");
    if (problems.length > 0) {
        throw new ConfigurationError(distinctDiagnostics(problems));
    }
    if (found.some(({ cloud }) => cloud.length > 0) && !(await inventory.gateways()).complete) {
        tell(unseenGateways(services.hasFabric));
    }
    const workspaces = [...new Set(credentials.map(({ databricks }) => databricks))];
    const ownScopes = await Promise.all(
        workspaces.map(async (name) => {
            const scopes = await findOwnScopes(services.databricks(addressOf(name)), name, credentials);
            return [name, scopes] as const;
        }),
    );
    return {
        plans: noteOtherCredentials(
            (plans as Omit<CredentialPlan, "account">[]).map((plan, index) => ({ ...plan, account: accounts[index] })),
        ).map((plan) => atHome(plan, hosts)),
        ownScopes: new Map(ownScopes),
        warnings: distinctDiagnostics(said),
    };
}

/** Where the configured workspaces may be read, and the warehouses of those that credentials are for. */
function knownHosts(
    credentials: DeclaredCredential[],
    services: Services,
    addressOf: WorkspaceAddresses,
    warehouses: (DeclaredWarehouse | undefined)[],
): KnownHosts {
    return new KnownHosts(
        Object.entries(services.connection.databricks).map(([name, { host, hosts }]) => {
            const index = credentials.findIndex(({ databricks }) => databricks === name);
            const address = index < 0 ? host : addressOf(name).host;
            const warehouseIds = warehouses[index]?.listed.map(({ id }) => id) ?? [];
            return { name, host: address && new URL(address).host, hosts, warehouseIds };
        }),
    );
}

/** Says that VNET gateways are not seen, and what to do about it. */
export function unseenGateways(hasFabric: boolean): Diagnostic {
    const [cause, remedy] = hasFabric
        ? [
              "Fabric does not let SP2 list its gateways",
              'allow "Service principals can call Fabric public APIs" in the tenant, or leave such datasets out',
          ]
        : [
              "no Fabric API of this cloud is known",
              "leave such datasets out: VNET gateways cannot be bound in this cloud",
          ];
    const reason = `${cause}: a dataset behind a VNET gateway cannot be told from one in the cloud`;
    return notice("vnet-gateways-unseen", {}, reason, remedy);
}

/** What the service principal is granted. */
async function grantsOf(
    where: string,
    { applicationId, grants }: DeclaredCredential,
    databricks: ReturnType<Services["databricks"]>,
    tell: Tell,
): Promise<PlannedGrant[]> {
    return applicationId === undefined
        ? planGrants(grants)
        : planAdoptedGrants(where, applicationId, grants, databricks, tell);
}

/** The declared warehouse and all others that the datasources name: the service principal may use each of them. */
function warehousesOf(
    { cloud, datasources }: Pick<CredentialPlan, "cloud" | "datasources">,
    declared: Warehouse,
    listed: Warehouse[],
    tell: Tell,
): string[] {
    const targets = [...cloud.flatMap((dataset) => dataset.targets), ...datasources.map(({ target }) => target)];
    const ids = targets.flatMap((target) => {
        const id = warehouseIdOf(target);
        const known = listed.find((warehouse) => id !== undefined && sameId(warehouse.id, id));
        if (!known) {
            const reason = `${target.host}${target.httpPath} is no SQL warehouse that is known: CAN USE is not granted there`;
            tell(notice("warehouse-unknown", {}, reason, "give the service principal CAN USE on it yourself"));
            return [];
        }
        return [known.id];
    });
    return [...new Set([declared.id, ...ids.sort()])];
}

/** A dataset tells its datasource's id only; the gateway knows the name. */
async function nameDatasources(
    datasources: GatewayDatasourcePlan[],
    inventory: Inventory,
): Promise<GatewayDatasourcePlan[]> {
    return Promise.all(
        datasources.map(async (datasource) => {
            const source = await inventory.gatewaySource(datasource);
            return { ...datasource, datasourceName: source?.name || datasource.datasourceName };
        }),
    );
}
