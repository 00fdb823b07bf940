import assert from "node:assert/strict";
import { LoggedRequest } from "../../sandbox/control-client";
import { cellsOf, patternOf, placesOf, routeOf } from "../faults/cells";
import { leftovers, Outcome } from "../faults/outcome";
import { toMarkdown } from "../faults/report";

const request = (method: string, path: string): LoggedRequest => ({
    service: "powerBi",
    method,
    path,
    time: "",
    status: 200,
    caller: "",
    userAgent: "",
});

describe("the fault matrix", () => {
    it("knows a request by its route, whatever the ids and the query", () => {
        const path = "/v1.0/myorg/groups/90000000-0000-4000-8000-0000000000a1/datasets?$top=1";
        assert.equal(routeOf(path), "/v1.0/myorg/groups/*/datasets");
        assert.match(path, new RegExp(patternOf(routeOf(path))));
        assert.doesNotMatch(`${path.split("?")[0]}/x`, new RegExp(patternOf(routeOf(path))));
        assert.equal(routeOf("/api/2.0/sql/warehouses/44ff20e73e461e56"), "/api/2.0/sql/warehouses/*");
        assert.equal(routeOf("/scim/v2/ServicePrincipals/4000000000000003"), "/scim/v2/ServicePrincipals/*");
    });

    it("comes out of the requests of a clean run: a new request is in it by itself", () => {
        const requests = [
            request("GET", "/a"),
            request("GET", "/a?page=2"),
            request("GET", "/a"),
            request("PATCH", "/b"),
        ];
        assert.equal(placesOf("up", requests, "first").length, 2);
        assert.equal(placesOf("up", requests, "first and last").length, 3);
        assert.equal(placesOf("up", requests, "every").length, 4);
        const faults = (method: string) =>
            cellsOf(placesOf("up", requests, "first"))
                .filter((cell) => cell.method === method)
                .map(({ fault }) => fault);
        assert.ok(faults("GET").includes("empty list") && !faults("GET").includes("reset after commit"));
        assert.ok(faults("PATCH").includes("kill -9 after commit") && !faults("PATCH").includes("empty list"));
        assert.ok(faults("GET").includes("no elements") && !faults("PATCH").includes("no elements"));
        const ofDatabricks = placesOf("up", [{ ...request("GET", "/a"), service: "databricks" }], "first");
        assert.ok(!cellsOf(ofDatabricks).some(({ fault }) => fault === "no elements"));
    });

    it("counts as left over what the stack made and no datasource holds", () => {
        const principal = (applicationId: string, ...ids: string[]) => ({
            applicationId,
            displayName: "powerbi-sales",
            secrets: ids.map((id) => ({ id, secret: `value of ${id}` })),
        });
        const world = (...servicePrincipals: ReturnType<typeof principal>[]) => ({
            databricks: { servicePrincipals },
            powerBi: { datasources: [{ credential: { password: "value of s2" } }, { credential: null }] },
        });
        const others = world(principal("theirs", "s0"));
        const now = world(principal("theirs", "s0"), principal("ours", "s1", "s2"), principal("double"));
        assert.deepEqual(leftovers(now, others), ["s1", "double"]);
        assert.deepEqual(leftovers(now, others, true), ["ours", "double"]);
    });

    it("is shown request by request, with what was left over and what does not hold", () => {
        const outcome = (fault: Outcome["fault"], differences: Partial<Outcome> = {}): Outcome => ({
            ...{ phase: "up", service: "powerBi", method: "POST", route: "/a/*", occurrence: 0, fault },
            ...{ hit: true, firstFailed: true, converged: true, takeOverFailures: 0, queries: 9, leaked: false },
            ...{ consumerFailures: [], violations: [], orphans: [], orphansTold: true, holds: true },
            ...differences,
        });
        const markdown = toMarkdown([
            outcome("HTML 200", { orphans: ["s1"] }),
            outcome("500"),
            outcome("404", { converged: false, holds: false }),
            outcome("403", { hit: false }),
        ]);
        assert.match(markdown, /\| powerBi POST `\/a\/\*` \| – \| ✗ \| ✓ \|  \|  \|  \|  \|  \|  \| o \|  \|  \|  \|/);
        assert.match(markdown, /- up, powerBi POST \/a\/\* #0, 404: did not converge/);
        assert.doesNotMatch(markdown, /rotation|Every cell holds/);
    });
});
