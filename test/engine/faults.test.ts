import assert from "node:assert/strict";
import { LoggedRequest } from "../../sandbox/control-client";
import { Cell, cellsOf, Phase, phases, placesOf } from "../faults/cells";
import { FaultKind } from "../faults/fault-kinds";
import { Laboratory } from "../faults/laboratory";
import { reasonsOf } from "../faults/report";
import { engineTimeoutInMs } from "./support";

/**
 * One cell for each kind of fault that leaves something unknown, over all phases and services, among those that have bitten
 * or would hurt most. `npm run faults` tries all.
 */
const chosen: [Phase, string, FaultKind][] = [
    ["up", "powerBi POST /v1.0/myorg/groups/*/datasets/*/Default.TakeOver", "reply lost after commit"],
    ["up", "databricks PATCH /api/2.0/permissions/warehouses/*", "slow beyond the timeout"],
    ["rotation", "databricks GET /api/2.0/accounts/servicePrincipals/*/credentials/secrets", "empty list"],
    ["rotation", "powerBi PATCH /v1.0/myorg/gateways/*/datasources/*", "reset after commit"],
    ["rotation", "fabric PATCH /v1/connections/*", "kill -9 after commit"],
    ["destroy", "databricks DELETE /api/2.0/preview/scim/v2/ServicePrincipals/*", "HTML 200"],
];

describe("one request of a life that is disturbed, then one plain command more", function () {
    this.timeout(engineTimeoutInMs);

    let laboratory: Laboratory;
    let clean: Map<Phase, LoggedRequest[]>;
    before(async () => {
        ({ laboratory, clean } = await Laboratory.open());
    });
    after(() => laboratory?.close());

    const find = (phase: Phase, place: string, fault: FaultKind): Cell => {
        const cells = cellsOf(placesOf(phase, clean.get(phase)!, "first"));
        const found = cells.find(
            ({ service, method, route, fault: kind }) => `${service} ${method} ${route}` === place && kind === fault,
        );
        assert.ok(found, `a clean ${phase} asks ${place}`);
        return found;
    };

    for (const [phase, place, fault] of chosen) {
        it(`in a ${phase === "up" ? "first up" : phase}, ${place}, ${fault}: no report fails and nothing is lost`, async () => {
            const outcome = await laboratory.tryCell(find(phase, place, fault));
            assert.ok(outcome.hit, "the fault hit a request");
            assert.ok(outcome.holds, `${reasonsOf(outcome)}\n${outcome.output}`);
        });
    }

    it("the matrix has each of all requests of a life with every fault that makes a difference", () => {
        const cells = phases.flatMap((phase) => cellsOf(placesOf(phase, clean.get(phase)!, "every")));
        const requests = phases.flatMap((phase) => clean.get(phase)!);
        assert.ok(cells.length > requests.length * 9);
        console.log(`      ${requests.length} requests, ${cells.length} cells in the whole matrix`);
    });
});
