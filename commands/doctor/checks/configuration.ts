import { ConfigurationError } from "../../../clients/config-reader";
import { isLoopback } from "../../../clients/endpoints";
import { Check, failure, problemOf } from "../check";
import { Examination } from "../examination";

/** The configuration, without asking any service. */
export const configuration: Check<Examination> = {
    title: "Configuration",
    needs: ["Engine", "Backend"],
    async run(examination) {
        const file = (await examination.stack()).fileName;
        try {
            const { credentials, connection, rotationKeys } = await examination.settings();
            const bindings = credentials.flatMap((credential) => credential.bindings).length;
            const place = isLoopback(connection.endpoints.entra) ? ", on the sandbox" : "";
            const says =
                `rotation key ${rotationKeys[0]}, ${counted(credentials.length, "credential")}, ` +
                `${counted(bindings, "binding")}${place}`;
            return { says, problems: [] };
        } catch (error) {
            if (error instanceof ConfigurationError) {
                return { says: file, problems: error.problems.map((problem) => problemOf(problem)) };
            }
            const { message } = error as Error;
            const remedy = /passphrase/.test(message)
                ? "set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE"
                : "make sure that this login may decrypt with the stack's key, and that the file is well-formed";
            return { says: file, problems: [failure(message, remedy)] };
        }
    },
};

function counted(count: number, what: string): string {
    return `${count} ${what}${count === 1 ? "" : "s"}`;
}
