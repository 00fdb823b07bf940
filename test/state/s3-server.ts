import { ChildProcess, spawn } from "node:child_process";
import * as readline from "node:readline";
import { goTool } from "../tools/go-tool";

/** An S3 server with one bucket, in memory. */
export interface S3Server {
    /** Where Pulumi keeps its state in it. */
    backendUrl: string;
    /** The login that S3 clients need; this server takes any. */
    environment: Record<string, string>;
    /** The keys of the bucket's objects. */
    keys(): Promise<string[]>;
    /** Writes an object. */
    put(key: string, content: string): Promise<void>;
    close(): Promise<void>;
}

const bucket = "state";

/** Starts gofakes3. */
export async function startS3Server(): Promise<S3Server> {
    const args = ["-backend", "memory", "-host", "127.0.0.1:0", "-initialbucket", bucket];
    const server = spawn(await goTool("gofakes3"), args, { stdio: ["ignore", "pipe", "pipe"] });
    const address = await addressOf(server);
    return {
        backendUrl: `s3://${bucket}?endpoint=${address}&disable_https=true&use_path_style=true&region=eu-central-1`,
        environment: { AWS_ACCESS_KEY_ID: "anybody", AWS_SECRET_ACCESS_KEY: "anything" },
        keys: async () => {
            const listing = await (await fetch(`http://${address}/${bucket}`)).text();
            return [...listing.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key);
        },
        put: async (key, content) => {
            const answer = await fetch(`http://${address}/${bucket}/${key}`, { method: "PUT", body: content });
            if (!answer.ok) {
                throw new Error(`${key} could not be written: ${answer.status}`);
            }
        },
        close: () =>
            new Promise((resolve) => {
                server.once("close", () => resolve());
                server.kill();
            }),
    };
}

/** The address that the server says it listens on. */
function addressOf(server: ChildProcess): Promise<string> {
    return new Promise((resolve, reject) => {
        const said: string[] = [];
        for (const stream of [server.stdout!, server.stderr!]) {
            readline.createInterface({ input: stream }).on("line", (line) => {
                said.push(line);
                const [, port] = /using port: (\d+)/.exec(line) ?? [];
                if (port) {
                    resolve(`127.0.0.1:${port}`);
                }
            });
        }
        server.once("error", reject);
        server.once("close", () => reject(new Error(`gofakes3 ended:\n${said.join("\n")}`)));
    });
}
