import { type DefinitionFile } from "./definition-file";

const text = { type: "string" };

/**
 * What Fabric's contracts take from a file for all of its services, in the words that this sandbox needs. What is not here
 * may be anything.
 *
 * @see https://github.com/microsoft/fabric-rest-api-specs/blob/main/common/definitions.json
 */
export const commonDefinitions: DefinitionFile = {
    name: "fabric-common",
    twoSpellings: false,
    textBooleans: false,
    definitions: {
        ErrorResponse: {
            type: "object",
            required: ["errorCode", "message"],
            properties: {
                errorCode: text,
                message: text,
                requestId: { type: "string", format: "uuid" },
                isRetriable: { type: "boolean" },
                relatedResource: { $ref: "#/definitions/ErrorRelatedResource" },
                moreDetails: { type: "array", items: { $ref: "#/definitions/ErrorResponseDetails" } },
            },
        },
        ErrorResponseDetails: {
            type: "object",
            required: ["errorCode", "message"],
            properties: {
                errorCode: text,
                message: text,
                relatedResource: { $ref: "#/definitions/ErrorRelatedResource" },
            },
        },
        ErrorRelatedResource: {
            type: "object",
            required: ["resourceId", "resourceType"],
            properties: { resourceId: text, resourceType: text },
        },
        // On the last page both are there as null, or not at all: https://learn.microsoft.com/rest/api/fabric/articles/pagination
        PaginatedResponse: { type: "object", properties: { continuationToken: {}, continuationUri: {} } },
        Principal: {
            type: "object",
            required: ["id", "type"],
            properties: {
                id: { type: "string", format: "uuid" },
                type: text,
                displayName: text,
                userDetails: { type: "object" },
                groupDetails: { type: "object" },
                servicePrincipalDetails: { type: "object" },
                servicePrincipalProfileDetails: { type: "object" },
            },
        },
        VirtualNetworkAzureResource: {
            type: "object",
            required: ["virtualNetworkName", "subnetName", "subscriptionId", "resourceGroupName"],
            properties: {
                subscriptionId: { type: "string", format: "uuid" },
                resourceGroupName: text,
                virtualNetworkName: text,
                subnetName: text,
            },
        },
    },
};
