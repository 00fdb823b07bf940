import { isLoopback } from "../../../clients/endpoints";
import { Check, failure, Finding, Problem, warning } from "../check";
import { Examination } from "../examination";

/** Where the state is kept, and how its secrets are encrypted. */
export interface BackendFacts {
    user: string;
    url: string;
    /** `passphrase` or the address of a key, as the stack's file names it; undefined where it names none. */
    secretsProvider?: string;
}

/** The backend: reachable, with the stack in it, and encrypted. */
export const backend: Check<Examination> = {
    title: "Backend",
    needs: ["Engine"],
    async run(examination) {
        const stack = await examination.stack();
        const who = await stack.whoAmI().catch((error: Error) => error);
        if (who instanceof Error) {
            return { says: "", problems: [failure(`no backend answers: ${who.message}`, "pulumi login ADDRESS")] };
        }
        const { user, url = "" } = who;
        try {
            await examination.state();
            const { secretsprovider, encryptionsalt } = stack.encryption();
            const named = secretsprovider || (encryptionsalt ? "passphrase" : undefined);
            return judgeBackend({ user, url, secretsProvider: named?.split("?")[0] });
        } catch (error) {
            const { message } = error as Error;
            const remedy = /no stack named/.test(message)
                ? `correct the name, or make the stack: pulumi stack init ${stack.name} --secrets-provider KEY`
                : "check the login to the backend and the rights on the stack";
            return { says: `${user} at ${withoutLogin(url)}`, problems: [failure(message, remedy)] };
        }
    },
};

/** Judges where the state is kept, and how it is encrypted. */
export function judgeBackend({ user, url, secretsProvider }: BackendFacts): Finding {
    const problems: Problem[] = [];
    const scheme = /^(\w+):/.exec(url)?.[1] ?? "";
    if (scheme === "file") {
        problems.push(
            warning(
                "the state is on this machine: for one person, and gone with it",
                "for a team and for pipelines, log in to a shared backend: pulumi login azblob://CONTAINER, s3://BUCKET, " +
                    "gs://BUCKET or Pulumi Cloud",
            ),
        );
    }
    if (scheme === "http" && !isLoopback(url)) {
        problems.push(
            failure("the backend is not https: state and login can be read on the way", "log in to its https address"),
        );
    }
    if (secretsProvider === undefined && scheme !== "https") {
        problems.push(
            failure(
                "the stack's file names no secrets provider",
                "give it one: pulumi stack change-secrets-provider azurekeyvault://VAULT/keys/KEY",
            ),
        );
    }
    if (secretsProvider === "passphrase") {
        problems.push(
            warning(
                "secrets are encrypted with a passphrase: for one person, since whoever runs the stack has to know it",
                "for a team, use a key: pulumi stack change-secrets-provider azurekeyvault://VAULT/keys/KEY " +
                    "(or awskms://, gcpkms://, hashivault://)",
            ),
        );
    }
    const encryption =
        secretsProvider === undefined || secretsProvider === "default" ? "the backend's own key" : secretsProvider;
    return { says: `${user} at ${withoutLogin(url)}, encrypted with ${encryption}`, problems };
}

function withoutLogin(url: string): string {
    return url.replace(/\/\/[^/@]*@/, "//").split("?")[0];
}
