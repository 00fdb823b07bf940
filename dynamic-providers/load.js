// The stub that Pulumi stores with a dynamic resource requires this file by the package's name, in a process that knows
// no TypeScript. It is plain JavaScript for that reason, and all it does is load the code as it is now: an edited
// provider is what the next `pulumi` command runs.
"use strict";

const path = require("node:path");

require("ts-node").register({ transpileOnly: true, project: path.join(__dirname, "..", "tsconfig.json") });

module.exports = require("./implementations");
