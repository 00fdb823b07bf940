import { UserError } from "../clients/user-error";

/**
 * A datasource whose reports query with their reader's own identity. A Basic credential beside that would not be used, or
 * break them; and whose identity is used is not for a rotation to change unasked.
 *
 * @see https://learn.microsoft.com/rest/api/power-bi/gateways/update-datasource
 */
export class SingleSignOn extends UserError {
    /**
     * @param name the datasource as the user reads it.
     * @param type what kind of single sign-on it is, where the service says it.
     */
    constructor(name: string, type?: string) {
        super(
            `${name} uses single sign-on${type === undefined ? "" : ` (${type})`}: its reports query with their reader's ` +
                "identity, not with this credential. Nothing was written. Switch single sign-on off in the connection's " +
                "settings, or set switchOffSingleSignOn: true on the binding.",
        );
    }
}

/** Says that reports do not use the credential that is stored. */
export function singleSignOnIsOn(name: string): string {
    return `${name} uses single sign-on: its reports query with their reader's identity, not with this credential`;
}
