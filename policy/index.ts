import { PolicyPack, PolicyPackConfig } from "@pulumi/policy";
import config from "./config.json";
import { loopbackEndpoints } from "./loopback-endpoints";
import { protectedPrincipals } from "./protected-principals";
import { secretLifetime } from "./secret-lifetime";
import { secretValues } from "./secret-values";
import { readStack } from "./stack";
import { warehousePermissions } from "./warehouse-permissions";

const stack = readStack();

/** The SDK takes a rule that is configured without a level for advisory, whatever the pack's level is. */
const configuration: PolicyPackConfig = Object.fromEntries(
    Object.entries(config).map(([rule, values]) => [rule, { enforcementLevel: "mandatory", ...values }]),
);

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
    configuration,
);
