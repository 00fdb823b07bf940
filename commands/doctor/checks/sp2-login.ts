import { AzureLogin, describeLogin } from "../../../clients/azure-login";
import { Check, failure, Problem } from "../check";
import { Examination } from "../examination";

/** What Entra's codes mean and what to do (learn.microsoft.com, Microsoft Entra authentication error codes). */
const codes: Record<string, { words: string; remedy: string | ((login: AzureLogin) => string) }> = {
    AADSTS7000215: {
        words: "the client secret is wrong",
        remedy: (login) =>
            `store the value of a secret of the application, not the secret's id, ${placeOfSecret(login)}`,
    },
    AADSTS7000222: {
        words: "the client secret has expired",
        remedy: (login) =>
            `make a new one in Entra (App registrations, Certificates & secrets), and store it ${placeOfSecret(login)}`,
    },
    AADSTS700016: {
        words: "the tenant has no such application",
        remedy: "correct powerBi.clientId (the application's id, not the object's) or powerBi.tenantId",
    },
    AADSTS90002: { words: "there is no such tenant", remedy: "correct powerBi.tenantId, or cloud" },
    AADSTS700027: {
        words: "the certificate is not registered with the application, or has expired",
        remedy: "upload it in Entra (App registrations, Certificates & secrets), or store the one that is registered",
    },
    AADSTS70021: federation(),
    AADSTS700211: federation(),
    AADSTS700212: federation(),
    AADSTS700213: federation(),
    AADSTS700024: {
        words: "the pipeline's token is not valid at this time",
        remedy: "check the clock of the machine, and that the token is fetched in this run",
    },
    AADSTS7000112: { words: "the application is disabled", remedy: "enable it in Entra (Enterprise applications)" },
    AADSTS53003: {
        words: "a Conditional Access policy blocks the login",
        remedy: "let the policy for workload identities allow where this runs",
    },
};

/** The login of the service principal that changes Power BI. */
export const sp2Login: Check<Examination> = {
    title: "SP2's login",
    needs: ["Configuration"],
    async run(examination) {
        const { connection, credentials } = await examination.settings();
        const login = connection.powerBi;
        if (!login || credentials.every(({ bindings }) => bindings.length === 0)) {
            return { notMade: "not needed: nothing is bound in Power BI" };
        }
        const { who } = describeLogin(login);
        try {
            await (await examination.services()).powerBi.ownNames();
            return { says: who, problems: [] };
        } catch (error) {
            const { severity, reason, remedy } = explainLogin(login, (error as Error).message);
            return { says: "", problems: [{ severity, reason, remedy: remedy + (await examination.afterNewLogin()) }] };
        }
    },
};

/** Puts the refusal of a login in words. */
export function explainLogin(login: AzureLogin, message: string): Problem {
    const { who } = describeLogin(login);
    const code = /AADSTS\d+/.exec(message)?.[0] ?? "";
    const known = codes[code];
    if (!known) {
        const [, reason, remedy] = /^(.*)\. ((?:Check|Look) .*)\.$/s.exec(message) ?? [];
        return reason ? failure(reason, remedy[0].toLowerCase() + remedy.slice(1)) : failure(message, "try again");
    }
    const remedy = typeof known.remedy === "string" ? known.remedy : known.remedy(login);
    return failure(`${who} cannot log in: ${known.words} (${code})`, remedy);
}

function placeOfSecret(login: AzureLogin): string {
    switch (login.login) {
        case "secretScope":
            return `in the secret scope ${login.secretScope}, entry ${login.clientSecretKey}`;
        case "environment":
            return "in AZURE_CLIENT_SECRET";
        default:
            return "with: pulumi config set --secret --path powerBi.clientSecret";
    }
}

function federation() {
    return {
        words: "no federated credential of the application fits the pipeline's token",
        remedy: "add one in Entra (App registrations, Certificates & secrets, Federated credentials) with the issuer, subject and audience of this pipeline",
    };
}
