import { CredentialOutputs, HeldOutputs } from "../outputs";
import { Binding } from "../settings/binding";
import { Release } from "../settings/release";
import { Account, accountFor, Fate, isMeantBy, isPlanned, keptWords, letGoWords, showHolder } from "./accounting";
import { History, Renamed } from "./history";
import { Inventory } from "./inventory";
import { Looked, whyNotFound } from "./lost-holders";
import { CredentialPlan } from "./plan";
import { isReleased, Released, resolveReleases } from "./releases";

/** What earlier runs bound of a credential and this one does not. */
export interface CredentialAccount {
    /** The keys of the generations that have to stay alive for it. */
    keptKeys: string[];
    /** What the next run has to know of it. */
    outputs: Pick<CredentialOutputs, "held" | "formerNames" | "released">;
}

/** A credential with what earlier runs bound of it. */
export interface Accountable {
    /** The place of the credential in the configuration. */
    where: string;
    bindings: Binding[];
    release: Release[];
    history: History;
    /** What entries of `release` let go in earlier runs. */
    released: Released;
}

/** What this run is about to do, and whom it may ask. */
export interface Present {
    /** The plans of all credentials: what one let go another may bind. */
    plans: Pick<CredentialPlan, "cloud" | "datasources">[];
    /** The keys of the generations to keep alive, the one in use first. */
    rotationKeys: string[];
    inventory: Pick<Inventory, "isGone"> & Looked;
    warn: (words: string) => void;
}

/**
 * Accounts for everything that earlier runs bound (invariant I13). What is not bound, let go or positively gone keeps its
 * generation: the secret that it holds stays alive, and the run says so.
 */
export async function keepAccounts(credentials: Accountable[], present: Present): Promise<CredentialAccount[]> {
    return Promise.all(credentials.map((credential) => keepAccount(credential, present)));
}

async function keepAccount(
    { where, bindings, release, history, released: before }: Accountable,
    { plans, rotationKeys, inventory, warn }: Present,
): Promise<CredentialAccount> {
    const released = resolveReleases(release, before, history);
    const judged: { holder: HeldOutputs; account: Account; isReleased: boolean }[] = [];
    for (const holder of history.holders) {
        const question = {
            isPlanned: isPlanned(holder, plans),
            isReleased: isReleased(holder, released),
            isMeant: isMeantBy(bindings, holder, history),
        };
        const isOpen = accountFor({ ...question, isGone: false }) === "kept";
        const account = accountFor({ ...question, isGone: isOpen && (await inventory.isGone(holder)) });
        judged.push({ holder, account, isReleased: question.isReleased });
    }
    const held = await Promise.all(
        judged.flatMap(({ holder, account }) => (account === "kept" ? [withCause(holder, inventory)] : [])),
    );
    held.forEach((holder) => warn(keptWords(where, holder)));
    for (const { holder, account, isReleased: byRelease } of judged) {
        if (account === "let go") {
            warn(letGoWords(where, holder, { isReleased: byRelease, fate: fateOf(holder, rotationKeys, held) }));
        } else if (account === "gone") {
            warn(`${where}: ${showHolder(holder)} is gone, as Power BI says. Take it out of the bindings.`);
        }
    }
    history.renamed().forEach((renamed) => warn(renamedWords(where, renamed)));
    const formerNames = history.formerNames();
    return {
        keptKeys: [...new Set(held.map(({ rotationKey }) => rotationKey))],
        outputs: {
            ...(held.length > 0 ? { held } : {}),
            ...(Object.keys(formerNames).length > 0 ? { formerNames } : {}),
            ...(Object.keys(released).length > 0 ? { released } : {}),
        },
    };
}

/** What becomes of a secret: the generation lives on as long as the configuration names it, or anybody holds it. */
function fateOf({ rotationKey }: HeldOutputs, rotationKeys: string[], held: HeldOutputs[]): Fate {
    return rotationKeys.includes(rotationKey)
        ? "declared"
        : (held.find((other) => other.rotationKey === rotationKey) ?? "dies");
}

async function withCause({ cause: _, ...holder }: HeldOutputs, inventory: Present["inventory"]): Promise<HeldOutputs> {
    const cause = await whyNotFound(holder, inventory);
    return { ...holder, ...(cause === undefined ? {} : { cause }) };
}

function renamedWords(where: string, { what, former, now }: Renamed): string {
    return `${where}: ${what} "${former}" is called "${now}" now. What was bound there stays bound; write the new name in the bindings.`;
}
