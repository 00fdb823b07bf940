import { PolicyPack } from "@pulumi/policy";
import config from "./config.json";
import { loopbackEndpoints } from "./loopback-endpoints";
import { protectedPrincipals } from "./protected-principals";
import { secretLifetime } from "./secret-lifetime";
import { secretValues } from "./secret-values";
import { readStack } from "./stack";
import { warehousePermissions } from "./warehouse-permissions";

const stack = readStack();

/**
 * What a stack of this project must keep to, whoever changes its configuration or wraps its program. The rules'
 * configuration is `config.json`; `--policy-pack-config` replaces values of it for one run.
 */
new PolicyPack(
    "powerbi-databricks-credentials",
    {
        enforcementLevel: "mandatory",
        policies: [
            secretLifetime(stack),
            warehousePermissions,
            protectedPrincipals(stack),
            secretValues(),
            loopbackEndpoints(stack),
        ],
    },
    config,
);
