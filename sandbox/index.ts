import * as path from "node:path";
import { type AddressInfo } from "node:net";
import { type FastifyInstance } from "fastify";
import { createControl } from "./control/server";
import { createDatabricks } from "./databricks/server";
import { createEntra } from "./entra/server";
import { createFabric } from "./fabric/server";
import { createPowerBi } from "./power-bi/server";
import { type AnswerFacts, Sandbox, type ServiceUrls } from "./sandbox";
import { parseWorld, readWorldFile } from "./world/world";

export type { AnswerFacts };

/** The world that Pulumi.dev.yaml describes. */
export const devWorldFile = path.join(__dirname, "worlds", "dev.json");

/** The world with gateways of all kinds, two Databricks workspaces and thirty datasets. */
export const estateWorldFile = path.join(__dirname, "worlds", "estate.json");

/** What `startSandbox` takes. */
export interface SandboxOptions {
    /** The world as an object, or the path of its file. Default the one of Pulumi.dev.yaml. */
    world?: unknown;
    /** The port of Databricks; Entra, Power BI, Fabric, control and the second Databricks follow. 0, the default, takes any that are free. */
    port?: number;
    /** Is told each answer of the services as it is sent; a body is text where there is one. */
    onAnswer?: (facts: AnswerFacts, body: unknown) => void;
}

/** A sandbox that listens. */
export interface RunningSandbox {
    urls: ServiceUrls;
    /** The world as it is now. */
    readonly world: Sandbox["world"];
    close(): Promise<void>;
}

const services = ["databricks", "entra", "powerBi", "fabric", "control", "databricks2"] as const;

/**
 * Starts the services on loopback.
 *
 * @throws InvalidWorldError; Error when a port is in use
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
    const input = options.world ?? devWorldFile;
    const isFile = typeof input === "string";
    const origin = isFile ? input : "the world";
    const content = isFile ? readWorldFile(input) : input;
    const urls = Object.fromEntries(services.map((service) => [service, "http://127.0.0.1:1"])) as ServiceUrls;
    const sandbox = new Sandbox(urls, parseWorld({}, origin, { databricks: "", databricks2: "" }));
    sandbox.onAnswer = options.onAnswer;
    const servers: Record<(typeof services)[number], FastifyInstance> = {
        databricks: createDatabricks(sandbox),
        entra: createEntra(sandbox),
        powerBi: createPowerBi(sandbox),
        fabric: createFabric(sandbox),
        control: createControl(sandbox),
        databricks2: createDatabricks(sandbox.asSecondWorkspace(), "databricks2"),
    };
    const close = async () => {
        await sandbox.settle();
        await Promise.all(Object.values(servers).map((server) => server.close()));
    };
    try {
        // Only with its ports known does a world know where its own Databricks is.
        for (const [position, service] of services.entries()) {
            const port = options.port ? options.port + position : 0;
            await servers[service].listen({ host: "127.0.0.1", port });
            urls[service] = `http://127.0.0.1:${(servers[service].server.address() as AddressInfo).port}`;
        }
        sandbox.world = parseWorld(content, origin, sandbox.databricksHosts);
    } catch (error) {
        await close();
        throw error;
    }
    return {
        urls,
        get world() {
            return sandbox.world;
        },
        close,
    };
}
