import { spawnSync } from "node:child_process";
import * as support from "/work/wt/speed/test/engine/support";
async function main() {
    const scene = await support.setScene();
    try {
        support.succeeds(await scene.stack.up());
        const variants: Record<string, string>[] = [
            {}, { NODE_OPTIONS: "--max-semi-space-size=64" },
            { NODE_COMPILE_CACHE: "/tmp/sp/ncc" }, { NODE_COMPILE_CACHE: "/tmp/sp/ncc" },
            { NODE_COMPILE_CACHE: "/tmp/sp/ncc", NODE_OPTIONS: "--max-semi-space-size=64" },
            { GOGC: "400" }, {}, { NODE_COMPILE_CACHE: "/tmp/sp/ncc", NODE_OPTIONS: "--max-semi-space-size=64 --no-opt", GOGC: "400" },
            { NODE_COMPILE_CACHE: "/tmp/sp/ncc", NODE_OPTIONS: "--max-semi-space-size=64", GOGC: "400" },
        ];
        for (const v of variants) {
            const r = spawnSync("bash", ["-c", `TIMEFORMAT='%R %U %S'; time pulumi up --yes --skip-preview --stack test --non-interactive --color never >/tmp/sp/out 2>&1`], { cwd: scene.stack.folder, env: { ...process.env, ...scene.stack.variables(), ...v }, encoding: "utf8" });
            console.log(JSON.stringify(v), r.stderr.trim(), r.status);
        }
        console.log(require("fs").readFileSync("/proc/loadavg", "utf8"));
    } finally { await scene.close(); }
}
main();
