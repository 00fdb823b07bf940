import { type Doubt } from "../../../sandbox/doubts/doubt";
import { modelPath, PowerBiBench } from "../power-bi-bench";

/** Shows that the sandbox does it. */
export type Proof = (bench: PowerBiBench) => Promise<void>;

/** A proof for each behaviour of each doubt: the compiler misses none. */
export type Proofs<Doubts extends Record<string, Doubt>> = {
    [Name in keyof Doubts]: Record<keyof Doubts[Name]["behaviours"], Proof>;
};

/** Models, a gateway's datasource and a VNET's, of the estate world. */
export const sales = "90000000-0000-4000-8000-0000000000a1";
export const orders = "d0000000-0000-4000-8000-000000000001";
export const forecast = "d0000000-0000-4000-8000-000000000005";
export const liveStock = "d0000000-0000-4000-8000-000000000006";
export const storeSales = "d0000000-0000-4000-8000-000000000007";
export const model = modelPath(sales, orders);
export const hq = {
    gatewayId: "6a7e0000-0000-4000-8000-0000000000a0",
    datasourceId: "50000000-0000-4000-8000-000000000001",
};
export const vnet = {
    gatewayId: "6a7e0000-0000-4000-8000-0000000000d0",
    datasourceId: "50000000-0000-4000-8000-000000000005",
};
export const schedule = { enabled: true, days: ["Monday"], times: ["06:00"] };

/** A refresh that is running. */
export const atWork = {
    requestId: "e0000000-0000-4000-8000-000000000001",
    refreshType: "ViaApi",
    startTime: new Date().toISOString(),
    status: "Unknown" as const,
};

/** Takes a model over; tells the status. */
export const takeOver = async ({ powerBi }: PowerBiBench, path = model) =>
    (await powerBi.post(`${path}/Default.TakeOver`)).status;

/** What `configuredBy` says of the model. */
export const ownerOf = async ({ powerBi }: PowerBiBench) => (await powerBi.get(model)).data.configuredBy;
