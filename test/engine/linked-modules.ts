import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../engine/home";

/**
 * Gives a copy of the project the packages that are installed here, as links: all but the workspace's own, which is the
 * copy's.
 */
export function linkModules(folder: string): void {
    const modules = path.join(folder, "node_modules");
    fs.mkdirSync(modules);
    const own = "@powerbi-databricks-credentials";
    fs.readdirSync(path.join(projectRoot, "node_modules"))
        .filter((name) => name !== own)
        .forEach((name) => fs.symlinkSync(path.join(projectRoot, "node_modules", name), path.join(modules, name)));
    fs.mkdirSync(path.join(modules, own));
    fs.symlinkSync(path.join(folder, "dynamic-providers"), path.join(modules, own, "dynamic-providers"));
}
