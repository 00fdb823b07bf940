import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { projectRoot } from "../../engine/home";
import { linkModules } from "./linked-modules";
import * as support from "./support";

/** A copy of the project whose providers can be edited; the packages are the project's own. */
function copyProject(): string {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "project-copy-"));
    const parts = [
        "Pulumi.yaml",
        "package.json",
        "tsconfig.json",
        "index.ts",
        "outputs.ts",
        "optional-plugins.ts",
        "stack-traces.ts",
    ];
    const folders = ["clients", "components", "diagnostics", "dynamic-providers", "planning", "settings"];
    [...parts, ...folders].forEach((name) =>
        fs.cpSync(path.join(projectRoot, name), path.join(folder, name), { recursive: true }),
    );
    linkModules(folder);
    return folder;
}

describe("the code of the dynamic providers", function () {
    this.timeout(support.engineTimeoutInMs);

    let scene: support.Scene;
    let folder: string;
    const edit = (search: string, replacement: string) => {
        const file = path.join(folder, "dynamic-providers", "provider.ts");
        const text = fs.readFileSync(file, "utf8");
        assert.ok(text.includes(search));
        fs.writeFileSync(file, text.replace(search, replacement));
    };
    const stubs = async () => {
        const { deployment } = JSON.parse(await scene.stack.export());
        const resources: { type: string; urn: string; inputs: { __provider: string } }[] = deployment.resources;
        return Object.fromEntries(
            resources
                .filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"))
                .map(({ urn, inputs }) => [urn, inputs.__provider]),
        );
    };

    before(async () => {
        folder = copyProject();
        scene = await support.setScene({ programFolder: folder });
        support.succeeds(await scene.stack.up());
    });
    after(async () => {
        await scene?.close();
        fs.rmSync(folder, { recursive: true, force: true });
    });

    it("is not in the state: a stub of at most 2 KB is, and it names no path of this machine", async () => {
        const texts = Object.values(await stubs());
        assert.ok(texts.length >= 8);
        for (const text of texts) {
            assert.ok(text.length <= 2048, `${text.length} bytes`);
            assert.match(text, /require\("@powerbi-databricks-credentials\/dynamic-providers"\)/);
            assert.ok(!text.includes(folder) && !text.includes(projectRoot));
        }
    });

    it("is what the next up and refresh run once it is edited, and the stubs stay as they were", async () => {
        const before = await stubs();
        edit(
            "const observed = await",
            'announce({ subject: {}, reason: "the edited code runs" });\n        const observed = await',
        );
        const up = support.succeeds(await scene.stack.up());
        assert.match(up.output, /the edited code runs/);
        assert.match(up.output, /^ +42 unchanged$/m);
        assert.deepEqual(await stubs(), before);
        edit("the edited code runs", "the code edited again runs");
        assert.match(support.succeeds(await scene.stack.refresh()).output, /the code edited again runs/);
    });

    it("is what destroy runs", async () => {
        edit(
            "async delete(_id: string, _props: Inputs & Outputs): Promise<void> {}",
            'async delete(): Promise<void> { announce({ subject: {}, reason: "the edited delete runs" }); }',
        );
        assert.match(support.succeeds(await scene.stack.destroy()).output, /the edited delete runs/);
    });
});
