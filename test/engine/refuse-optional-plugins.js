// Required before everything else in the processes of a test's stack: makes the optional plugins' packages look as if
// they were not installed, so that a program that loads one fails.
"use strict";

const Module = require("node:module");

const optional = /^@pulumi\/(azuread|azure-native|command)(\/|$)/;
const load = Module._load;

Module._load = function (request, ...rest) {
    if (optional.test(request)) {
        throw Object.assign(new Error(`Cannot find module '${request}'`), { code: "MODULE_NOT_FOUND" });
    }
    return load.call(this, request, ...rest);
};
