import { HttpError } from "../http/service-server";
import { type Sandbox } from "../sandbox";
import { type Dataset } from "../world/power-bi-world";
import { capacityNotActive, powerBiError } from "./access";
import { findApplication } from "./owner-names";

/**
 * Refuses what is there for models that people make, and not for those that Power BI makes itself.
 *
 * @see https://github.com/maikvandergaag/msft-extensions/issues/356
 * @throws HttpError 415
 */
export function demandModelBased({ isModelBased }: Dataset): void {
    if (!isModelBased) {
        throw new HttpError(415, { Message: "This API can only be called on a Model-based dataset" });
    }
}

/** @throws HttpError with which Power BI does not tell the sources of a model */
export function demandTellableSources(sandbox: Sandbox, dataset: Dataset): void {
    demandModelBased(dataset);
    const { doubts, powerBi } = sandbox.world;
    if (powerBi.usersWhoLeft.includes(dataset.owner)) {
        throw userNotFound();
    }
    if (!dataset.odd) {
        return;
    }
    switch (doubts.oddModel) {
        case "readable":
            return;
        case "ownerLeft":
            // A service principal that took it over is there.
            if (!findApplication(sandbox, dataset.owner)) {
                throw userNotFound();
            }
            return;
        case "capacityPaused":
            throw powerBiError(404, capacityNotActive.code, capacityNotActive.message);
        case "stray404":
            throw powerBiError(404, "PowerBIEntityNotFound");
        case "stray415":
            throw new HttpError(415, { Message: "This API can only be called on a Model-based dataset" });
        case "stray403":
            throw new HttpError(403, undefined);
        case "stray500":
            throw powerBiError(500, "InternalServerError", "An error has occurred");
    }
}

function userNotFound(): HttpError {
    return powerBiError(404, "DMTS_UserNotFoundInADGraphError");
}
