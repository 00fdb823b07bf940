import { type Schema } from "./operation";

/** A file of definitions, by the name that schemas are registered under. */
export interface DefinitionFile {
    name: string;
    definitions: Record<string, Schema>;
    /** Whether definitions and examples of this contract spell the same property in two ways. */
    twoSpellings: boolean;
    /** Whether requests may say true and false in text, as the contract's own examples do. */
    textBooleans: boolean;
}
