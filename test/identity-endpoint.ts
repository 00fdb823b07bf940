import * as http from "node:http";
import { AddressInfo } from "node:net";

let listening: Promise<string> | undefined;
let target: string;

/**
 * The address of this process's managed identity, which passes on what it is asked to an address. MSAL keeps the first one
 * that it learns for as long as its process lives, and each test has a sandbox of its own.
 *
 * @param address where requests go from now on.
 */
export function identityEndpoint(address: string): Promise<string> {
    target = address;
    listening ??= new Promise((resolve) => {
        const server = http.createServer((request, response) => {
            const { search } = new URL(request.url ?? "/", address);
            const passed = http.request(
                target + search,
                { method: request.method, headers: request.headers },
                (answer) => {
                    response.writeHead(answer.statusCode ?? 500, answer.headers);
                    answer.pipe(response);
                },
            );
            passed.on("error", () => response.destroy());
            request.pipe(passed);
        });
        server.listen(0, "127.0.0.1", () => {
            server.unref();
            resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
        });
    });
    return listening;
}
