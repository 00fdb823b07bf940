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

    it("has elements of which only that is needed which the contract promises", async () => {
        const ids = [
            { body: { id: "x" }, read: () => server.powerBi.listWorkspaces() },
            { body: { id: "x" }, read: () => server.powerBi.listDatasets(`w${Math.random()}`) },
            { body: {}, read: () => server.powerBi.listDatasources("w", "d") },
            { body: { groupUserAccessRight: "Admin" }, read: () => server.powerBi.listMembers("w") },
            { body: { id: "x" }, read: () => server.powerBi.gateways.list() },
            {
                body: { id: "x", gatewayId: "g", credentialType: "Basic" },
                read: () => server.powerBi.gateways.listDatasources("g"),
            },
            { body: { id: "x", type: "OnPremisesPersonal" }, read: () => server.fabric.listGateways() },
            {
                body: { id: "x", connectivityType: "Automatic", connectionDetails: { path: "p" } },
                read: () => server.fabric.listConnections(),
            },
        ];
        for (const { body, read } of ids) {
            server.body = { value: [body] };
            const { items, unreadable } = await read();
            assert.deepEqual([items.length, unreadable], [1, []], JSON.stringify(body));
        }
        server.body = { value: [{}] };
        assert.deepEqual((await server.powerBi.latestRefresh("w", "d"))?.status, undefined);
        server.body = { secrets: [{ id: "s" }] };
        assert.deepEqual((await server.databricks.listSecrets("1")).unreadable, []);
        server.body = { totalResults: 1, Resources: [{ id: "1", applicationId: "a" }] };
        assert.equal((await server.databricks.findServicePrincipals("displayName", "x")).length, 1);
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

describe("a scan of workspaces", () => {
    const server = new AnsweringServer();
    before(() => server.start());
    after(() => server.close());
    const connectionDetails = { kind: "Databricks", path: '{"host":"h","httpPath":"/p"}' };
    /** One answer to all three requests of a scan. */
    const answer = (datasets: unknown, datasourceInstances: unknown[] = []) => ({
        id: "scan",
        status: "Succeeded",
        workspaces: [{ id: "w", name: "Sales", datasets }],
        datasourceInstances,
    });

    it("tells the datasets with their datasources", async () => {
        const usages = [{ datasourceInstanceId: "s" }];
        const instances = [{ datasourceId: "s", gatewayId: "g", datasourceType: "Extension", connectionDetails }];
        server.body = answer([{ id: "d", name: "Model", datasourceUsages: usages }, { id: "e" }], instances);
        const { items } = await server.powerBi.scanner.scan(["w"]);
        assert.deepEqual(
            items[0].datasets.items.map(({ id, datasources }) => [id, datasources?.map(({ gatewayId }) => gatewayId)]),
            [
                ["d", ["g"]],
                ["e", []],
            ],
        );
    });

    it("tells by name a dataset that cannot be read, or whose datasource cannot be: nobody knows what it is", async () => {
        const usages = [{ datasourceInstanceId: "s" }];
        const datasets = [{ id: "d", name: "Model", datasourceUsages: usages }, { name: "Other" }, { id: "e" }];
        server.body = answer(datasets, [{ datasourceId: "s", gatewayId: 7 }]);
        const [{ datasets: found }] = (await server.powerBi.scanner.scan(["w"])).items;
        assert.deepEqual(
            found.items.map(({ id }) => id),
            ["e"],
        );
        assert.deepEqual(found.unreadable, [
            { name: "Other", reason: "id is absent; expected a text" },
            {
                id: "d",
                name: "Model",
                reason: "its datasource s cannot be read: gatewayId is a number; expected a text",
            },
        ]);
    });

    it("is an UnexpectedAnswer where it has no id, no status and no workspaces", async () => {
        for (const [body, words] of [
            [{}, /getInfo answered 200: unexpected answer: id is absent/],
            [{ id: "scan" }, /scanStatus\/scan answered 200: unexpected answer: status is absent/],
            [
                { id: "scan", status: "Succeeded" },
                /scanResult\/scan answered 200: .*workspaces is absent; expected a list/,
            ],
        ] as const) {
            server.body = body;
            await assert.rejects(server.powerBi.scanner.scan(["w"]), words);
        }
    });
});
