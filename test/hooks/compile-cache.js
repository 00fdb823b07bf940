// Compiling what Node.js loads costs the tests more than running it: they start hundreds of processes, and each loads the SDK
// and a compiler. They share what one of them has compiled. In JavaScript, so that it is there before the compiler is.
"use strict";

const module_ = require("node:module");
const os = require("node:os");
const path = require("node:path");

if (module_.enableCompileCache && !process.env.NODE_COMPILE_CACHE) {
    const folder = path.join(os.tmpdir(), "powerbi-databricks-credentials-compile-cache");
    module_.enableCompileCache(folder);
    // For all that is started from here: the engine's language host, providers, commands.
    process.env.NODE_COMPILE_CACHE = folder;
}
