import assert from "node:assert/strict";
import { demandAll } from "../../../clients/answered-list";
import { AnsweringServer } from "./answering-server";

describe("a list that a service answers", () => {
    const server = new AnsweringServer();
    before(() => server.start());
    after(() => server.close());

    it("stands when one element cannot be read, which is told by its name and id", async () => {
        server.body = {
            value: [
                { id: "w1", name: "Sales" },
                { id: "w2", name: 7 },
                { name: "Finance\n::warning::x" },
                null,
                { id: "w3", name: "HR", type: "SomethingNew" },
            ],
        };
        const { items, unreadable } = await server.powerBi.listWorkspaces();
        assert.deepEqual(items, [
            { id: "w1", name: "Sales" },
            { id: "w3", name: "HR" },
        ]);
        assert.deepEqual(unreadable, [
            { id: "w2", reason: "name is a number; expected a text" },
            { name: "Finance ::warning::x", reason: "id is absent; expected a text" },
            { reason: "it is null; expected a structure" },
        ]);
        assert.throws(
            () => demandAll({ items, unreadable }, "the workspaces"),
            /^Error: the workspaces cannot be read as a whole: w2: name is a number; expected a text; "Finance/,
        );
    });

    it("takes null for a member that is left out, and keeps values that nobody knows yet", async () => {
        server.body = {
            value: [{ id: "g", type: "HoverGateway", displayName: null }],
            continuationToken: null,
        };
        const { items } = await server.fabric.listGateways();
        assert.deepEqual(items, [{ id: "g", type: "HoverGateway", displayName: undefined }]);
    });

    it("is not read for ever where its pages lead round and round", async () => {
        server.body = { value: [], continuationToken: "again" };
        await assert.rejects(
            server.fabric.listConnections(),
            /GET \/v1\/connections answered 200: .*continuationToken is a text; expected one that did not come before/,
        );
        server.body = { secrets: [], next_page_token: "again" };
        await assert.rejects(
            server.databricks.listSecrets("1"),
            /next_page_token .* expected one that did not come before/,
        );
    });

    it("of Databricks' that is left out is believed the second time, and not at all where there must be one", async () => {
        server.body = {};
        assert.deepEqual(await server.databricks.listSecrets("1"), { items: [], unreadable: [] });
        await assert.rejects(
            server.databricks.listWarehouses(),
            /GET \/api\/2\.0\/sql\/warehouses answered 200: unexpected answer: warehouses is absent; expected a list/,
        );
        server.body = { totalResults: 0, schemas: [] };
        assert.deepEqual(await server.databricks.findServicePrincipals("displayName", "x"), []);
        server.body = { totalResults: 1 };
        await assert.rejects(
            server.databricks.findServicePrincipals("displayName", "x"),
            /Resources is absent; expected a list/,
        );
    });

    it("of privileges counts as a whole: what is not seen would be taken from its holder", async () => {
        server.body = { privilege_assignments: [{ principal: "p", privileges: ["SELECT"] }, { principal: 7 }] };
        await assert.rejects(
            server.databricks.unityCatalog.getPrivileges({ type: "catalog", fullName: "main" }, "p"),
            /the privileges on catalog "main" cannot be read as a whole: .*principal is a number; expected a text/,
        );
    });
});
