import { showTarget } from "../clients/connection-details";
import { Diagnostic } from "../diagnostics/diagnostic";
import { CredentialPlan } from "./plan";
import { showTakeOver } from "./take-overs";

/** What was found for a credential, as a preview shows it: which dataset uses which datasource. */
export function describePlan(name: string, plan: CredentialPlan): Diagnostic {
    const datasets = new Set([
        ...plan.cloud.map(({ datasetId }) => datasetId),
        ...plan.datasources.flatMap((datasource) => datasource.datasets.map(({ datasetId }) => datasetId)),
    ]);
    const byTarget = new Map<string, string[]>();
    for (const { targets, workspaceName, datasetName } of plan.cloud) {
        targets.forEach((target) => {
            const key = `cloud ${showTarget(target)}`;
            byTarget.set(key, [...(byTarget.get(key) ?? []), `${workspaceName} / ${datasetName}`]);
        });
    }
    for (const { gatewayName, gatewayKind, datasourceName, datasets: users } of plan.datasources) {
        const shown = users.map(({ workspaceName, datasetName }) => `${workspaceName} / ${datasetName}`);
        byTarget.set(`${gatewayKind} gateway "${gatewayName}" datasource ${datasourceName}`, shown);
    }
    const lines = [...byTarget.entries()].map(([datasource, users]) => {
        const list = users.length > 0 ? users.sort().join(", ") : "datasets not known";
        return `${datasource} <- ${list}`;
    });
    const takenOver = plan.cloud.flatMap((dataset) =>
        dataset.takeOver ? [`takes over ${showTakeOver(dataset, dataset.takeOver)}`] : [],
    );
    const count = `${counted(byTarget.size, "datasource")}, ${counted(datasets.size, "dataset")}`;
    return {
        code: "found",
        severity: "info",
        subject: { credential: name },
        reason: `${name}: ${count}`,
        remedy: "nothing, if this is intended; otherwise correct the bindings",
        details: [...lines, ...takenOver],
    };
}

function counted(count: number, what: string): string {
    return `${count} ${what}${count === 1 ? "" : "s"}`;
}
