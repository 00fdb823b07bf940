import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../engine/home";
import { parseSettings } from "../../settings";

const project = "powerbi-databricks-credentials:";
const readYaml = (name: string) => parse(fs.readFileSync(path.join(projectRoot, name), "utf8"));

describe("Pulumi.example.yaml", () => {
    const { config } = readYaml("Pulumi.example.yaml") as { config: Record<string, unknown> };
    const declared = Object.keys((readYaml("Pulumi.yaml") as { config: object }).config);
    const read = (key: string) => {
        const value = config[key.includes(":") ? key : project + key];
        return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
    };
    const keys = Object.keys(config).flatMap((key) => (key.startsWith(project) ? [key.slice(project.length)] : []));

    it("is a valid configuration", () => {
        const settings = parseSettings(keys, read, () => true);
        assert.deepEqual(
            settings.credentials.map(({ name, bindings }) => [name, bindings.map(({ kind }) => kind)]),
            [
                ["powerbi-sales", ["dataset", "dataset"]],
                ["0dd5ec7e-0000-4000-8000-000000000001", ["datasource", "datasource", "discover"]],
                ["powerbi-ops", ["discover"]],
            ],
        );
    });

    it("shows every key that Pulumi.yaml declares, but for the sandbox's endpoints", () => {
        assert.deepEqual(
            declared.filter((key) => !keys.includes(key)),
            ["endpoints"],
        );
    });

    it("shows every key of a credential and of each kind of binding", () => {
        const text = fs.readFileSync(path.join(projectRoot, "Pulumi.example.yaml"), "utf8");
        const { credentials } = parseSettings(keys, read, () => true);
        const names = [
            ...credentials.flatMap((credential) => Object.keys(credential)),
            ...credentials.flatMap(({ bindings }) => bindings.flatMap((binding) => Object.keys(binding))),
        ];
        const shown = [...new Set(names)].filter((name) => !["name", "kind", "bindings"].includes(name));
        assert.deepEqual(
            shown.filter((name) => !new RegExp(`\\b${name}:`).test(text)),
            [],
        );
        assert.ok(shown.length > 20);
    });

    it("shows every login", () => {
        const text = fs.readFileSync(path.join(projectRoot, "Pulumi.example.yaml"), "utf8");
        for (const login of [
            "clientSecret",
            "certificate",
            "secretScope",
            "environment",
            "azureDevOps",
            "tokenFile",
            "managedIdentity",
            "azureCli",
        ]) {
            assert.match(text, new RegExp(`\\b${login}\\b`));
        }
    });
});
