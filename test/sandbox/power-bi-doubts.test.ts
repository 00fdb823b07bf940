import assert from "node:assert/strict";
import axios from "axios";
import { doubts } from "../../sandbox/doubts";
import { powerBiDoubts } from "../../sandbox/doubts/power-bi-doubts";
import { gatewayProofs } from "./doubt-proofs/gateway";
import { modelProofs } from "./doubt-proofs/model";
import { refreshProofs } from "./doubt-proofs/refresh";
import { serviceProofs } from "./doubt-proofs/service";
import { type Proof } from "./doubt-proofs/support";
import { takeOverProofs } from "./doubt-proofs/take-over";
import { type Chosen, PowerBiBench } from "./power-bi-bench";

const proofs: Record<string, Record<string, Proof>> = {
    ...takeOverProofs,
    ...modelProofs,
    ...gatewayProofs,
    ...refreshProofs,
    ...serviceProofs,
};

describe("a doubt about Power BI:", () => {
    let bench: PowerBiBench | undefined;
    afterEach(() => bench?.close());

    for (const [name, { question, behaviours }] of Object.entries(powerBiDoubts)) {
        describe(question, () => {
            for (const [behaviour, { does }] of Object.entries<{ does: string }>(behaviours)) {
                it(`${does} (${name}: ${behaviour})`, async () => {
                    bench = await PowerBiBench.start("estate", { [name]: behaviour } as Chosen);
                    await proofs[name][behaviour](bench);
                });
            }
        });
    }

    it("has a source, as an address or as the word invented", () => {
        for (const [name, { source }] of Object.entries(doubts)) {
            assert.ok(source === "invented" || URL.canParse(source), name);
        }
    });

    it("is refused where a world chooses what does not exist", async () => {
        bench = await PowerBiBench.start("dev");
        const world = await bench.control.world();
        const address = `${bench.sandbox.urls.control}/world`;
        for (const wrong of [{ newOwner: "sometimes" }, { newOwners: "atOnce" }]) {
            const body = { ...world, doubts: wrong };
            const refused = await axios.put(address, body, {
                validateStatus: () => true,
            });
            assert.equal(refused.status, 400);
            assert.match(refused.data.message, /doubts.*newOwner/);
        }
    });
});
