import { Services } from "../../clients/services";
import { isDefect, printed } from "../../clients/user-error";
import { parseSettings, Settings } from "../../settings";
import { planStack } from "../plan-stack";
import { StackCli } from "../stack-cli";
import { StateResource } from "../state-resource";
import { computeReport, PlanFacts } from "./compute";
import { readLiveFacts } from "./live-facts";
import { readPreview } from "./preview";
import { StatusReport } from "./report";
import { readState } from "./state";
import { counted } from "./words";

/** What is asked of a stack. */
export type StackReader = Pick<StackCli, "name" | "configuration" | "resources" | "preview">;

/**
 * How the credentials of a stack are. What is refused or held is the plan's answer, which is a preview's too; what differs
 * is the preview's.
 *
 * @param progress is told what is done that takes long.
 */
export async function takeStock(cli: StackReader, progress: (words: string) => void = () => {}): Promise<StatusReport> {
    progress(`reading the stack ${cli.name}`);
    const [{ keys, read, isSecret }, resources] = await Promise.all([cli.configuration(), cli.resources()]);
    const settings = parseSettings(keys, read, isSecret);
    const { rotationKeys, expiryWarningDays, credentials } = settings;
    const state = readState(resources);
    const datasets = state.credentials.reduce((sum, { outputs }) => sum + (outputs?.datasets.length ?? 0), 0);
    progress(
        `asking the services about ${counted(datasets, "dataset")} and what they read, and previewing to find drift`,
    );
    const services = new Services(read);
    const [live, preview, plan] = await Promise.all([
        readLiveFacts(state.credentials, services),
        cli.preview().then((printed) => readPreview(printed, resources)),
        planFacts(settings, services, resources),
    ]);
    const order = credentials.map(({ name }) => name);
    const [rotationKey] = rotationKeys;
    const configured = { stack: cli.name, rotationKey, expiryWarningDays, order };
    return computeReport({ ...configured, now: new Date(), state, preview, plan, live });
}

async function planFacts(settings: Settings, services: Services, resources: StateResource[]): Promise<PlanFacts> {
    try {
        return await planStack(settings, services, resources);
    } catch (error) {
        if (isDefect(error)) {
            throw error;
        }
        return { problems: [], held: [], warnings: [], failure: printed(error as Error).trim() };
    }
}
