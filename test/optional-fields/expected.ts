import { Outcome } from "./outcome";

/** What is expected where a field is missing; written down before it was tried. A better outcome is as good. */
export interface Rule {
    answer: RegExp;
    field: RegExp;
    /** In the first up. */
    first: Outcome;
    /** Where an earlier up bound what is planned. */
    later: Outcome;
    reason: string;
}

/** The fields that a contract requires: an answer without one is not dropped, for it is none of the service's. */
export const required: { answer: RegExp; field: RegExp; source: string }[] = [
    ...["groups", "groups/{}/datasets", "admin/groups", "gateways"].map((path) => ({
        answer: ofPowerBi(path),
        field: /^\/value\/\*\/id$/,
        source: powerBiContract(),
    })),
    {
        answer: ofPowerBi("gateways/{}/datasources"),
        field: /^\/value\/\*\/(id|gatewayId|credentialType)$/,
        source: powerBiContract(),
    },
    {
        answer: ofPowerBi("admin/workspaces/scanResult/{}"),
        field: /^\/workspaces\/\*\/(id|datasets\/\*\/id|datasets\/\*\/datasourceUsages\/\*\/datasourceInstanceId)$/,
        source: powerBiContract(),
    },
    {
        answer: ofPowerBi("gateways/{}/datasources/{}"),
        field: /^\/(id|gatewayId|credentialType)$/,
        source: powerBiContract(),
    },
    {
        answer: /^fabric GET \/v1\/gateways$/,
        field: /^\/value(\/\*\/(id|type|displayName|publicKey|publicKey\/.*|version|numberOfMemberGateways|loadBalancingSetting|allow.*|virtualNetworkAzureResource|virtualNetworkAzureResource\/.*|inactivity.*))?$/,
        source: fabricContract("gateway"),
    },
    {
        answer: /^fabric GET \/v1\/gateways\/\{\}\/members$/,
        field: /^\/value(\/\*\/(id|displayName|publicKey|publicKey\/.*|version|enabled))?$/,
        source: fabricContract("gateway"),
    },
    {
        answer: /^fabric GET \/v1\/connections$/,
        field: /^\/value(\/\*\/(id|connectivityType|connectionDetails|connectionDetails\/path))?$/,
        source: fabricContract("connection"),
    },
    {
        answer: /^fabric GET \/v1\/connections\/\{\}$/,
        field: /^\/(id|connectivityType|connectionDetails|connectionDetails\/path)$/,
        source: fabricContract("connection"),
    },
    {
        answer: /^databricks GET .*\/scim\/v2\/ServicePrincipals$/,
        field: /^\/(schemas|totalResults|Resources\/\*\/(id|schemas))$/,
        source: "https://www.rfc-editor.org/rfc/rfc7643#section-3.1 and rfc7644#section-3.4.2",
    },
    {
        answer: /^entra POST .*\/token$/,
        field: /^\/(access_token|token_type)$/,
        source: "https://www.rfc-editor.org/rfc/rfc6749#section-5.1",
    },
    {
        answer: /^entra GET .*openid-configuration$/,
        field: /^\/(issuer|authorization_endpoint|token_endpoint|jwks_uri)$/,
        source: "https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata",
    },
];

const anything = /./;
const nothingToRead = /^(\{\}|a text|a web page)$/;

/** The first that fits decides. */
const rules: Rule[] = [
    rule(/entra GET .*openid-configuration/, nothingToRead, "refuses", "refuses", "there is no address to log in at"),
    rule(
        /databricks GET .*\/secrets\/scopes\/list$/,
        /^\{\}$/,
        "believes",
        "refuses",
        "Databricks leaves out lists that are empty: there is no scope",
    ),
    rule(anything, nothingToRead, "refuses", "refuses", "that is no answer of the service's: nothing is planned on it"),
    rule(
        anything,
        /^\{"\w+": \[\]\}$/,
        "believes",
        "refuses",
        "nothing there, no right, or not yet visible: what an earlier run bound is not let go of for it",
    ),
    rule(
        anything,
        /^\/(value|workspaces|datasourceInstances)$/,
        "refuses",
        "refuses",
        "a list that is missing is not an empty one; the contract lets it be missing, and nothing says what that means",
    ),
    rule(/databricks GET .*\/warehouses$/, /^\/warehouses$/, "refuses", "refuses", "there is no warehouse to be for"),
    rule(
        /databricks GET .*ServicePrincipals$/,
        /^\/Resources$/,
        "refuses",
        "refuses",
        "SCIM: none; one that is adopted is not there then, and one that an earlier up made is not made again",
    ),
    rule(
        /databricks GET .*\/permissions\//,
        /^\/privilege_assignments(\/[*0]\/privileges)?$/,
        "believes",
        "refuses",
        "Databricks says so that there are none; what others gave an adopted principal is not to be taken away unsaid",
    ),
    rule(
        /databricks GET .*\/permissions\//,
        /principal$/,
        "converges",
        "converges",
        "it was asked for one principal only: whose else can they be",
    ),
    rule(
        /databricks GET .*\/secrets\/(scopes\/list|list)$/,
        /^\/(scopes|secrets)(\/[*0]\/(name|key))?$/,
        "believes",
        "refuses",
        "Databricks says so that there are none; a scope that an earlier up made is not made again",
    ),
    rule(/databricks GET .*\/secrets\/get$/, /^\/value$/, "refuses", "refuses", "a login without its secret is none"),
    rule(
        /databricks GET .*\/warehouses$/,
        /\/(id|name)$/,
        "refuses",
        "keeps",
        "what is declared by it cannot be found; an earlier up knows the warehouse",
    ),
    rule(
        anything,
        /\/(name|displayName|datasourceName)$/,
        "refuses",
        "keeps",
        "what is declared by a name cannot be found without; an earlier up knows the id",
    ),
    rule(
        /^fabric GET \/v1\/connections$/,
        /\/gatewayId$/,
        "refuses",
        "keeps",
        "what is declared by its gateway cannot be found without; an earlier up knows its ids",
    ),
    rule(
        anything,
        /\/(gatewayId|datasourceId)$/,
        "keeps",
        "keeps",
        "a source is not bound, or its place not told: nothing is taken over without a proof that it is in the cloud",
    ),
    rule(
        anything,
        /connectionDetails(\/(path|kind|type|extensionDataSource\w+))?$/,
        "refuses",
        "keeps",
        "what a source reads cannot be told: it is not bound anew, and not let go of",
    ),
    rule(
        /scanResult/,
        /\/datasets$/,
        "believes",
        "refuses",
        "a workspace without datasets, or a scan that did not get that far",
    ),
    rule(
        /scanResult/,
        /\/datasourceUsages$/,
        "believes",
        "keeps",
        "a dataset that reads nothing is scanned like that too; what an earlier run bound is not let go of",
    ),
    rule(
        /\/groups\/\{\}\/datasets$/,
        /\/isRefreshable$/,
        "keeps",
        "keeps",
        "one that may be a DirectQuery one is not refreshed, and that is told",
    ),
    rule(
        /getInfo|scanStatus/,
        /^\/(id|status)$/,
        "refuses",
        "refuses",
        "without it nobody knows whether a scan is over",
    ),
    rule(
        /^fabric GET/,
        /^\/continuation(Token|Uri)$/,
        "believes",
        "refuses",
        "the contract: this is the last page; what an earlier run bound is not let go of for it",
    ),
    rule(anything, anything, "converges", "converges", "planning does not need it"),
];

/** Of the reads of resources; all are of a later up. */
const readRules: Rule[] = [
    {
        ...read(
            /^(\{\}|a text|a web page|\/value|\/value\/[*0]\/status)$/,
            "believes",
            "optional: told, and nothing fails",
        ),
        answer: /\/refreshes$/,
    },
    read(nothingToRead, "refuses", "that is no answer of the service's"),
    read(/^\{"\w+": \[\]\}$/, "believes", "there is nothing, as the service says"),
    read(/^\/value$/, "refuses", "a list that is missing is not an empty one"),
    read(/^\/Resources$/, "refuses", "the answer says how many there are, and lacks them: it proves nothing"),
    read(
        /^\/(secrets|access_control_list)$/,
        "keeps",
        "Databricks says so that there are none: that is told, and one up heals it",
    ),
    read(/^\/secrets\/[*0]\/id$/, "keeps", "which secrets there are cannot be told; the state keeps the one it has"),
    read(
        /^\/access_control_list\/[*0]\/(service_principal_name|all_permissions(\/[*0]\/permission_level)?)$/,
        "keeps",
        "who may what cannot be told: CAN USE is added again, which changes nothing where it is there",
    ),
    read(/connectionDetails(\/(type|kind))?$/, "keeps", "where the datasource points to cannot be told"),
    read(anything, "converges", "what is not told has not changed"),
];

/** How many refusals there are; they may not grow. One fewer is to be written down here. */
export const refusals = { planning: 201, reads: 31 };

/** Whether a contract requires a field. */
export function isRequired(answer: string, field: string): boolean {
    return required.some((entry) => entry.answer.test(answer) && entry.field.test(field));
}

/** What is expected of planning in a case, or of a read. */
export function ruleFor(answer: string, field: string, of: "planning" | "reads" = "planning"): Rule {
    return (of === "reads" ? readRules : rules).find(
        (candidate) => candidate.answer.test(answer) && candidate.field.test(field),
    )!;
}

const order: Outcome[] = ["converges", "keeps", "refuses", "believes", "breaks"];

/** Whether an outcome is as good as what is expected, or better. */
export function isAsGood(found: Outcome, expected: Outcome): boolean {
    return order.indexOf(found) <= order.indexOf(expected);
}

function rule(answer: RegExp, field: RegExp, first: Outcome, later: Outcome, reason: string): Rule {
    return { answer, field, first, later, reason };
}

function read(field: RegExp, outcome: Outcome, reason: string): Rule {
    return { answer: anything, field, first: outcome, later: outcome, reason };
}

function ofPowerBi(path: string): RegExp {
    return new RegExp(`^powerBi GET /v1\\.0/myorg/${path.replaceAll("{}", "\\{\\}")}$`);
}

function powerBiContract(): string {
    return "https://github.com/microsoft/PowerBI-CSharp/blob/master/sdk/swaggers/swagger.json";
}

function fabricContract(what: string): string {
    return `https://github.com/microsoft/fabric-rest-api-specs/blob/main/platform/definitions/${what}s.json`;
}
