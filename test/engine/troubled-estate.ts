import { project, Scene, setScene, succeeds } from "./support";

const day = 24 * 60 * 60;

/** A fault on each thing that a status can show: see `trouble`. */
export const troubles = {
    unknownSecret: "5ec2e700-0000-4000-8000-000000000099",
    failedRefresh: "DM_GWPipeline_Client_GatewayUnreachable",
    takenOver: "ben@example.com",
};

/**
 * The estate 120 days ago, when all was well. Its secrets live for 180 days.
 *
 * @param name the stack's name; default `test`.
 */
export async function setEstate(name?: string): Promise<Scene> {
    const scene = await setScene({ name, base: "estate" });
    setLifetimes(scene, { "powerbi-sales": 180, "powerbi-finance": 180, "powerbi-ops": 365 });
    await scene.control.advanceClock(-120 * day);
    succeeds(await scene.stack.up());
    return scene;
}

/**
 * What has happened to it since: a rotation 81 days ago, with a shorter life for the secret of powerbi-sales, which ends
 * soon therefore; a credential and a dataset that somebody changed, an entry that somebody deleted, a secret that nobody
 * knows, and a refresh that failed.
 */
export async function trouble(scene: Scene): Promise<void> {
    const { control, stack } = scene;
    setLifetimes(scene, { "powerbi-sales": 90, "powerbi-finance": 180, "powerbi-ops": 365 });
    stack.configure({ [`${project}:rotationKey`]: "2026-12", [`${project}:retainedRotationKeys`]: ["2026-11"] });
    await control.advanceClock(39 * day);
    succeeds(await stack.up());
    await control.advanceClock(81 * day);
    const ago = (days: number) => new Date(Date.now() - days * day * 1000).toISOString();
    await control.edit((world) => {
        const [sales, emea] = world.powerBi.workspaces;
        const named = (list: { name: string }[], name: string) => list.find((item) => item.name === name)!;
        const vnet = named(world.powerBi.datasources, "dbx-finance-vnet") as { credential?: object };
        vnet.credential = { ...vnet.credential, credentialType: "OAuth2", accessToken: "theirs" };
        const budget = named(emea.datasets, "Budget") as { owner?: string };
        budget.owner = troubles.takenOver;
        const [scope] = world.databricks.scopes.filter(({ name }: { name: string }) => name === "powerbi");
        scope.entries = scope.entries.filter(({ key }: { key: string }) => key !== "powerbi-sales-client-id");
        const finance = world.databricks.servicePrincipals.find(
            ({ displayName }: { displayName: string }) => displayName === "powerbi-finance",
        );
        finance.secrets.push({
            id: troubles.unknownSecret,
            secret: "dosehandmade00000000000000000000099",
            createTime: ago(40),
            expireTime: ago(-320),
        });
        const stock = named(sales.datasets, "Store stock") as { refreshes?: object[] };
        stock.refreshes!.unshift({
            requestId: "4ef4e500-0000-4000-8000-000000000001",
            startTime: ago(0.2),
            endTime: ago(0.19),
            status: "Failed",
            serviceExceptionJson: JSON.stringify({
                errorCode: troubles.failedRefresh,
                errorDescription: "The gateway HQ cluster is offline.",
            }),
        });
    });
}

function setLifetimes({ stack }: Scene, days: Record<string, number>): void {
    const key = `${project}:credentials`;
    const credentials = stack.config()[key] as { servicePrincipal: string }[];
    const changed = credentials.map((entry) => ({ ...entry, lifetimeDays: days[entry.servicePrincipal] }));
    stack.configure({ [key]: changed });
}
