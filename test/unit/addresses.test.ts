import assert from "node:assert/strict";
import fc from "fast-check";
import { databricksAddress, databricksHost, isReadAlike } from "../../clients/endpoints";
import { ConfigurationError } from "../../clients/config-reader";
import { configurationOf } from "../../commands/init/configuration";
import { readConnection, readWorkspaces } from "../../clients/connection";
import { toText } from "../../diagnostics/render";

const own = "https://adb-1234567890123456.7.azuredatabricks.net";
const name = "adb-1234567890123456.7.azuredatabricks.net";
const objectionTo = (text: unknown) => databricksAddress.safeParse(text).error?.issues[0].message;

describe("the address of a Databricks workspace", () => {
    const spellings = [
        own,
        `${own}/`,
        `${own}///`,
        `${own}:443`,
        `${own}.`,
        `${own}.:443/`,
        own.toUpperCase(),
        `${own}/?o=1234567890123456`,
        `${own}?o=1234567890123456`,
        `${own}/sql/warehouses/44ff20e73e461e56?o=1234567890123456`,
        `${own}/sql/warehouses/44ff20e73e461e56/monitoring?o=1234567890123456&tab=x`,
        `${own}/?o=1234567890123456#notebook/17/command/18`,
        `  ${own}/?o=1234567890123456 `,
    ];
    for (const spelling of spellings) {
        it(`is understood as ${JSON.stringify(spelling)}`, () => assert.equal(databricksAddress.parse(spelling), own));
    }

    const workspaces = [
        "dbc-a1b2c3d4-e5f6.cloud.databricks.com",
        "1234567890123456.7.gcp.databricks.com",
        "adb-1.7.databricks.azure.us",
        "adb-1.7.databricks.azure.cn",
        "dbc-a1b2c3d4-e5f6.cloud.databricks.us",
        "dbc-a1b2c3d4-e5f6.cloud.databricks.mil",
        "sales.databricks.com",
        "sales.azuredatabricks.net",
    ];
    for (const host of workspaces) {
        it(`may be ${host}`, () => assert.equal(databricksAddress.parse(`https://${host}`), `https://${host}`));
    }

    const consoles = [
        "accounts.azuredatabricks.net",
        "accounts.azuredatabricks.us",
        "accounts.cloud.databricks.com",
        "accounts.gcp.databricks.com",
        "accounts.cloud.databricks.us",
        "accounts-dod.cloud.databricks.us",
        "accounts-dod.cloud.databricks.mil",
        "accounts.staging.cloud.databricks.com",
    ];
    for (const host of consoles) {
        it(`is never ${host}, in whatever way it is pasted: that is an account console`, () => {
            for (const spelling of [`https://${host}`, `https://${host.toUpperCase()}:443/workspaces?account_id=1`]) {
                assert.match(objectionTo(spelling)!, /is an account console, not a workspace\. Write the address/);
                assert.match(databricksHost.safeParse(host).error!.issues[0].message, /is an account console/);
            }
        });
    }

    it("may begin with what consoles begin with", () => {
        assert.equal(objectionTo("https://accounts-eu.cloud.databricks.com"), undefined);
    });

    it("is not a host that stands for several workspaces, when only the query tells which", () => {
        for (const host of ["sales.databricks.com", "westeurope.azuredatabricks.net"]) {
            assert.match(
                objectionTo(`https://${host}/?o=1`)!,
                /stands for several workspaces.* Write the workspace's own/,
            );
            assert.equal(objectionTo(`https://${host}/`), undefined);
        }
    });

    it("ends where every parser sees the host's end, whatever follows it", () => {
        const tail = fc.oneof(
            fc.string({ unit: "binary" }),
            fc.webPath(),
            fc.constantFrom("@x", "\\@x", "/\\x", "#@x"),
        );
        fc.assert(
            fc.property(tail, fc.constantFrom("", "/", "?", "#", ":443"), (tail, separator) => {
                const text = own + separator + tail;
                const { data } = databricksAddress.safeParse(text);
                fc.pre(data !== undefined);
                // Other digits behind the host are other hosts and ports.
                assert.equal(new URL(text).origin.replace(/\.$/, ""), data);
                assert.ok(!text.includes("@") && !text.includes("\\"), text);
            }),
            { numRuns: 2000 },
        );
    });
});

describe("a further host of a workspace", () => {
    for (const spelling of [name, own, `${name}/`, `${own}/?o=1`, `${name}:443`, name.toUpperCase(), `${name}.`]) {
        it(`is understood as ${JSON.stringify(spelling)}`, () => assert.equal(databricksHost.parse(spelling), name));
    }

    it("may be a whole account's: the warehouse's id tells whose it is", () => {
        assert.equal(databricksHost.parse("https://sales.databricks.com/?o=123"), "sales.databricks.com");
    });

    for (const foreign of [
        "example.com",
        `x@${name}`,
        "http://sales.databricks.com",
        "",
        7,
        "sales.databricks.com.evil.org",
    ]) {
        it(`is never ${JSON.stringify(foreign)}: Power BI sends secrets there`, () => {
            assert.ok(!databricksHost.safeParse(foreign).success);
        });
    }
});

describe("the configured addresses", () => {
    const read = (values: Record<string, unknown>, environment: NodeJS.ProcessEnv = {}) => {
        const all: Record<string, unknown> = { "databricks:token": "t", ...values };
        return readConnection((key) => {
            const value = all[key];
            return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
        }, environment).databricks;
    };
    const problemsOf = (values: Record<string, unknown>, environment?: NodeJS.ProcessEnv) => {
        try {
            read(values, environment);
            return "";
        } catch (error) {
            assert.ok(error instanceof ConfigurationError);
            return error.problems.map(toText).join("\n");
        }
    };
    const ops = { host: `${own}:443/?o=1`, authType: "pat", token: "t" };

    it("are one host each, with the further ones that are listed", () => {
        const { databricks, ops: second } = read({
            "databricks:host": "https://adb-1.7.azuredatabricks.net/sql/warehouses/abc?o=1",
            hosts: ["sales.databricks.com", "https://OTHER.azuredatabricks.net/"],
            databricksWorkspaces: { ops: { ...ops, hosts: ["ops.databricks.com"] } },
        });
        assert.equal(databricks.host, "https://adb-1.7.azuredatabricks.net");
        assert.deepEqual(databricks.hosts, ["sales.databricks.com", "other.azuredatabricks.net"]);
        assert.deepEqual([second.host, second.hosts], [own, ["ops.databricks.com"]]);
        assert.deepEqual(read({ "databricks:host": own, hosts: [] }).databricks.hosts, []);
    });

    it("leave the databricks provider its own values: it has no key for hosts", () => {
        const values = JSON.stringify({ ops: { ...ops, hosts: ["ops.databricks.com"] } });
        assert.deepEqual(
            readWorkspaces((key) => (key === "databricksWorkspaces" ? values : undefined)),
            { ops },
        );
    });

    // The provider takes the origin and the workspace's id out of it (databricks-sdk-go, fixHostIfNeeded).
    for (const spelling of [own, `${own}/`, own.toUpperCase(), `${own}/?o=123`, `${own}/sql/warehouses/a?o=1#x`]) {
        it(`of the default workspace may be ${spelling}: the databricks provider reads the same host`, () => {
            assert.equal(read({ "databricks:host": spelling }).databricks.host, own);
            assert.ok(isReadAlike(spelling, own));
        });
    }

    for (const spelling of [
        `${own}:443`,
        `${own}.`,
        ` ${own}`,
        `${own}/?o=1&a=2`,
        `${own}/?account_id=x`,
        `${own}/%zz`,
    ]) {
        it(`of the default workspace is refused as ${JSON.stringify(spelling)}, with the value to write`, () => {
            const words = `databricks:host: the databricks provider gets this address as it is written`;
            for (const problem of [
                problemsOf({ "databricks:host": spelling }),
                problemsOf({}, { DATABRICKS_HOST: spelling }),
            ]) {
                assert.ok(problem.startsWith(words) && problem.includes(`Write ${own} `), problem);
            }
            const values = { ...ops, host: spelling };
            assert.equal(read({ "databricks:host": undefined, databricksWorkspaces: { ops: values } }).ops.host, own);
        });
    }

    it("are not another workspace's own", () => {
        const values = { "databricks:host": "https://adb-1.7.azuredatabricks.net", databricksWorkspaces: { ops } };
        assert.match(
            problemsOf({ ...values, hosts: [name] }),
            /^hosts: adb-12\S+ is databricksWorkspaces\.ops\.host\. Take/,
        );
        assert.equal(problemsOf({ ...values, hosts: ["adb-1.7.azuredatabricks.net"] }), "");
    });

    it("say which entry is wrong", () => {
        const hosts = ["sales.databricks.com", "example.com"];
        assert.match(
            problemsOf({ "databricks:host": own, hosts }),
            /^hosts\[1\]: "https:\/\/example\.com" is no Databricks/,
        );
        const further = { databricksWorkspaces: { ops: { ...ops, hosts } } };
        assert.match(problemsOf(further), /^databricksWorkspaces\.ops\.hosts\[1\]: /);
        assert.match(problemsOf({ "databricks:host": own, hosts: {} }), /^hosts: expected a list of hosts/);
        assert.match(
            problemsOf({ hosts: ["sales.databricks.com"], databricksWorkspaces: { ops } }),
            /^hosts: there is no workspace of databricks:host\. Write them below databricksWorkspaces\.NAME\.hosts/,
        );
    });

    it("are written by init as the provider reads them", () => {
        const answers = { "databricks-host": `${own}:443/?o=1`, "databricks-auth": "pat" };
        assert.equal(configurationOf(answers, "p").values["databricks:host"], own);
    });
});
