import { type Doubt } from "./doubt";

const converges = "converges";
const terraform = "https://github.com/databricks/terraform-provider-databricks/issues";

/**
 * What nobody knows about Databricks. "The first three" of something are requests: no delay is measured in time.
 *
 * Nearly all of it is to converge: what is not there yet is waited for, and what is written in another way is the same.
 */
export const databricksDoubts = {
    newPrincipalInPermissions: {
        question: "What does a warehouse's list answer about a service principal that was just made?",
        source: `${terraform}/1415`,
        behaviours: {
            known: { does: "It is known at once.", expected: converges },
            notFound404: {
                does: "The first three requests that name it: 404 RESOURCE_DOES_NOT_EXIST, Principal … does not exist.",
                expected: converges,
            },
            badRequest400: {
                does: "The first three requests that name it: 400 INVALID_PARAMETER_VALUE, Principal … does not exist.",
                expected: converges,
            },
            forbidden403: {
                does: "The first three requests that name it: 403 PERMISSION_DENIED.",
                expected: converges,
            },
            unavailable503: {
                does: "The first three requests that name it: 503 TEMPORARILY_UNAVAILABLE.",
                expected: converges,
            },
        },
    },
    newPrincipalForSecrets: {
        question: "What do the secrets of a service principal answer that was just made?",
        source: "invented",
        behaviours: {
            known: { does: "It is known at once.", expected: converges },
            notFound404: {
                does: "The first three requests for its secrets, of any kind: 404 RESOURCE_DOES_NOT_EXIST.",
                expected: converges,
            },
            unavailable503: {
                does: "The first three requests for its secrets, of any kind: 503 TEMPORARILY_UNAVAILABLE.",
                expected: converges,
            },
        },
    },
    newPrincipalInList: {
        question: "When does the list of service principals (SCIM) show one that was just made?",
        source: "invented",
        behaviours: {
            shown: { does: "At once.", expected: converges },
            later: {
                does: "The first three lists do not show it; asked for by its id it is there.",
                expected: converges,
            },
        },
    },
    newPrincipalInCatalog: {
        question: "When can Unity Catalog grant something to a service principal that was just made?",
        source: `${terraform}/1773`,
        behaviours: {
            known: { does: "At once.", expected: converges },
            notFound404: {
                does: "The first three changes that name it: 404 PRINCIPAL_DOES_NOT_EXIST, Could not find principal.",
                expected: converges,
            },
            badRequest400: {
                does: "The first three changes that name it: 400 INVALID_PARAMETER_VALUE, Could not find principal.",
                expected: converges,
            },
        },
    },
    permissionInForce: {
        question: "When is a permission on a warehouse that was just given in force?",
        source: "invented",
        behaviours: {
            atOnce: { does: "At once.", expected: converges },
            laterForQueries: {
                does: "The list shows it, and the first three queries are refused: 403 PERMISSION_DENIED.",
                expected: converges,
            },
            laterInList: { does: "The first three reads of the list do not show it.", expected: converges },
            laterAsHtml: {
                does: "The first three queries: 403 with HTML, the reason in X-Databricks-Reason-Phrase alone.",
                expected: converges,
            },
        },
    },
    permissionsPatchAnswer: {
        question: "What does a PATCH of a warehouse's permissions answer?",
        source: "https://docs.databricks.com/api/workspace/warehouses/updatepermissions",
        behaviours: {
            wholeList: { does: "The whole list.", expected: converges },
            nothing: { does: "An empty object.", expected: converges },
            changedOnly: { does: "The entries that it named.", expected: converges },
        },
    },
    secretInForce: {
        question: "What does the token endpoint answer to a secret that was just made?",
        source: `${terraform}/2042`,
        behaviours: {
            atOnce: { does: "A token.", expected: converges },
            invalidClient401: { does: "The first three times: 401 invalid_client.", expected: converges },
            invalidRequest400: {
                does: "The first three times: 400 invalid_request, Temporarily throttled.",
                expected: converges,
            },
            unavailable503: { does: "The first three times: 503 with a text that is no JSON.", expected: converges },
        },
    },
    secretListing: {
        question: "What does the list of a service principal's secrets show of each?",
        source: "invented",
        behaviours: {
            everything: { does: "Id, status, hash and all times.", expected: converges },
            noExpiry: { does: "No expire_time.", expected: converges },
            noStatus: { does: "No status.", expected: converges },
            idsOnly: { does: "The id alone.", expected: converges },
        },
    },
    secretLimit: {
        question: "What is the answer to a secret beyond the five that a service principal may have?",
        source: "invented",
        behaviours: {
            badRequest400: { does: "400 INVALID_PARAMETER_VALUE.", expected: converges },
            exhausted429: {
                does: "429 RESOURCE_EXHAUSTED, which clients take for a reason to try again.",
                expected: converges,
            },
            quota403: { does: "403 QUOTA_EXCEEDED.", expected: converges },
        },
    },
    tokensOfDeletedSecrets: {
        question: "Does a token still work when the secret that it was got with is deleted?",
        source: "invented",
        behaviours: {
            liveOn: { does: "It lives on until it expires.", expected: converges },
            die: { does: "It is refused from then on: 401.", expected: converges },
        },
    },
    grantInForce: {
        question: "When is a privilege on data that was just granted in force?",
        source: "invented",
        behaviours: {
            atOnce: { does: "At once.", expected: converges },
            laterForQueries: {
                does: "It is listed, and the first three queries that need it fail.",
                expected: converges,
            },
            laterInList: { does: "The first three reads of the grants do not show it.", expected: converges },
        },
    },
    privilegeSpelling: {
        question: "How are privileges written that are read back?",
        source: `${terraform}/1818`,
        behaviours: {
            underscores: { does: "As they were given: USE_SCHEMA.", expected: converges },
            spaces: { does: "As SQL writes them: USE SCHEMA.", expected: converges },
        },
    },
    principalSpelling: {
        question: "How are the names of principals written that rights are read back for?",
        source: `${terraform}/4043`,
        behaviours: {
            asGiven: { does: "As they were given.", expected: converges },
            lowerCase: { does: "In lower case, in secret scopes and in grants.", expected: converges },
        },
    },
    startingWarehouse: {
        question: "What is the answer to a query while its warehouse starts?",
        source: "https://github.com/databricks/dbt-databricks/issues/893",
        behaviours: {
            pending: { does: "The statement is PENDING until it runs.", expected: converges },
            refused400: {
                does: "Whoever asks a warehouse for the first time is refused three times: 400 BAD_REQUEST, Cannot create the resource, please try again later.",
                expected: converges,
            },
            unavailable503: {
                does: "Whoever asks a warehouse for the first time is refused three times: 503 with a text that is no JSON.",
                expected: converges,
            },
        },
    },
    foreignLogin: {
        question: "What does a workspace answer to a login of another one, or to one that is no good?",
        source: "https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m",
        behaviours: {
            // No run of the main life cycle logs in like that: what it does then is judged where a login is wrong.
            json401: { does: "401 UNAUTHENTICATED as JSON.", expected: converges },
            html403: {
                does: "403 with HTML, the reason in X-Databricks-Reason-Phrase alone.",
                expected: converges,
            },
        },
    },
} satisfies Record<string, Doubt>;
