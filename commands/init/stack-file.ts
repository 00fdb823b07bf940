import * as fs from "node:fs";
import { Document, isMap, isScalar, parse, Scalar, visit } from "yaml";

/** What a reader of the file wants to know of a key. */
const comments: Record<string, string> = {
    "databricks:host":
        " The Databricks workspace, and how it is logged in to. The environment may say it instead (DATABRICKS_*).",
    "databricks:retryTimeoutSeconds": " Fails instead of waiting for ever when Databricks does not answer.",
    rotationKey: " Change it to rotate: pulumi config set rotationKey NEXT, then pulumi up.",
    powerBi: " SP2: the Entra service principal that changes Power BI.",
    credentials:
        " One entry for each Databricks service principal with which Power BI logs in. Pulumi.example.yaml shows every key.",
};

/** What stands in a stack's file beside the configuration: without it, stored secrets cannot be decrypted. */
const encryptionKeys = ["secretsprovider", "encryptedkey", "encryptionsalt"];

/**
 * The text of a stack's file.
 *
 * @param former the text of the file that it replaces: how secrets are encrypted is kept.
 */
export function renderStackFile(values: Record<string, unknown>, project: string, former = ""): string {
    const kept = (parse(former) ?? {}) as Record<string, unknown>;
    const encryption = Object.fromEntries(
        encryptionKeys.filter((key) => kept[key] !== undefined).map((key) => [key, kept[key]]),
    );
    const document = new Document({ ...encryption, config: values });
    const config = document.get("config");
    for (const { key } of isMap(config) ? config.items : []) {
        const comment = isScalar(key) ? comments[String(key.value).replace(`${project}:`, "")] : undefined;
        if (isScalar(key) && comment) {
            key.commentBefore = comment;
        }
    }
    // YAML's older readers take 2026-12-01 for a date and 44e2 for a number.
    visit(document, {
        Scalar: (_, node) => {
            if (typeof node.value === "string" && /^\d/.test(node.value)) {
                node.type = Scalar.QUOTE_DOUBLE;
            }
        },
    });
    return document.toString({ lineWidth: 120 });
}

/**
 * Writes a stack's file.
 *
 * @throws Error when there is one already and it is not to be replaced.
 */
export function writeStackFile(file: string, values: Record<string, unknown>, project: string, replace: boolean): void {
    const objection = objectionToFile(file, replace);
    if (objection) {
        throw new Error(objection);
    }
    const former = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
    fs.writeFileSync(file, renderStackFile(values, project, former), { flag: replace ? "w" : "wx" });
}

/** Why a file cannot be written, with what to do; undefined when it can. */
export function objectionToFile(file: string, replace: boolean): string | undefined {
    return !replace && fs.existsSync(file)
        ? `${file} is there already. Choose another --stack, or replace it with --force.`
        : undefined;
}
