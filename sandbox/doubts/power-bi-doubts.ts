import { gatewayDoubts } from "./power-bi/gateway-doubts";
import { modelDoubts } from "./power-bi/model-doubts";
import { refreshDoubts } from "./power-bi/refresh-doubts";
import { serviceDoubts } from "./power-bi/service-doubts";
import { takeOverDoubts } from "./power-bi/take-over-doubts";

/** What nobody knows about Power BI, Fabric and Entra. */
export const powerBiDoubts = {
    ...takeOverDoubts,
    ...modelDoubts,
    ...gatewayDoubts,
    ...refreshDoubts,
    ...serviceDoubts,
};
