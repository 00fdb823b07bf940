import { NotYet } from "../doubts/not-yet";

/** What a model showed before a take-over. */
export interface FormerOwnership {
    owner: string;
    /** The datasources of its sources, in their order. */
    datasourceIds: string[];
}

/** The owners that models still show, where a take-over is not visible at once. */
export class FormerOwners {
    private readonly former = new Map<string, FormerOwnership>();

    /** @param notYet what counts the looks. */
    constructor(private readonly notYet: NotYet) {}

    /** From now on, some looks at a model still show this. */
    show(datasetId: string, ownership: FormerOwnership): void {
        this.former.set(datasetId, ownership);
        this.notYet.begin(`the owner of ${datasetId}`);
    }

    /** The former ownership of a model, as long as it is shown; counts this look. */
    lookAt(datasetId: string): FormerOwnership | undefined {
        return this.notYet.isTooEarly(`the owner of ${datasetId}`) ? this.former.get(datasetId) : undefined;
    }
}
