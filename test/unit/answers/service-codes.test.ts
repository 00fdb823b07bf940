import assert from "node:assert/strict";
import { observe } from "../../../clients/observation";
import { causeOf, Meaning, meaningOf } from "../../../clients/service-codes";
import { ServiceError } from "../../../clients/service-error";

const error = (status: number, code?: string, path = "/v1.0/myorg/groups/w/datasets/d/datasources") =>
    new ServiceError({ service: "Power BI", method: "GET", path, status, code });

describe("the code of a service", () => {
    const table: [number, string | undefined, string, Meaning | undefined][] = [
        [404, "DMTS_UserNotFoundInADGraphError", "/datasources", "ownerLeft"],
        [404, "CapacityNotActive", "/datasources", "capacityPaused"],
        [404, "PowerBIEntityNotFound", "/datasources", "notFound"],
        [404, "ConnectionNotFound", "/v1/connections/c", "notFound"],
        [404, "RESOURCE_DOES_NOT_EXIST", "/secrets", "notYetVisible"],
        [415, undefined, "/groups/w/datasets/d/refreshSchedule", "noSchedule"],
        [415, undefined, "/groups/w/datasets/d/refreshes", "noSchedule"],
        [415, undefined, "/groups/w/datasets/d/datasources", undefined],
        [403, "PowerBINotAuthorizedException", "/datasources", "noRight"],
        [401, undefined, "/datasources", "noRight"],
        [429, undefined, "/datasources", "throttled"],
        // Neither the status nor a code that nobody knows says anything.
        [404, undefined, "/datasources", undefined],
        [404, "SomethingNew", "/datasources", undefined],
        [500, "InternalError", "/datasources", undefined],
        [404, "toString", "/datasources", undefined],
    ];
    for (const [status, code, path, meaning] of table) {
        it(`${status} ${code ?? "without a code"} on ${path} means ${meaning ?? "nothing that is known"}`, () => {
            assert.equal(meaningOf(error(status, code, path)), meaning);
        });
    }

    it("is told by its meaning and always quoted", () => {
        assert.equal(
            causeOf(error(404, "CapacityNotActive"), "Sales"),
            'the capacity of workspace "Sales" is paused (Power BI: GET /v1.0/myorg/groups/w/datasets/d/datasources answered 404 CapacityNotActive)',
        );
        assert.match(causeOf(error(404, "SomethingNew"), "Sales"), /^Power BI: GET \S+ answered 404 SomethingNew$/);
    });

    it("alone makes an observation a fact: gone is what the service says, everything else is unreadable", async () => {
        const outcomeOf = async (thrown: Error) => {
            const seen = await observe(() => Promise.reject(thrown));
            return seen.outcome === "unreadable" ? `unreadable ${seen.meaning ?? ""}`.trim() : seen.outcome;
        };
        assert.equal(await outcomeOf(error(404, "PowerBIEntityNotFound")), "gone");
        assert.equal(await outcomeOf(error(404)), "unreadable");
        assert.equal(await outcomeOf(error(404, "CapacityNotActive")), "unreadable capacityPaused");
        assert.equal(await outcomeOf(error(404, "RESOURCE_DOES_NOT_EXIST")), "unreadable notYetVisible");
        assert.equal(await outcomeOf(error(503)), "unreadable");
        assert.deepEqual(await observe(async () => 7), { outcome: "found", value: 7 });
        await assert.rejects(
            observe(() => Promise.reject(new TypeError("a defect"))),
            TypeError,
        );
    });
});
