export interface RequestLogEntry {
    time: string;
    service: string;
    method: string;
    /** With the query. */
    path: string;
    /** 0 when the connection was reset instead of a reply. */
    status: number;
    /** User name, application id or "anonymous". */
    caller: string;
    userAgent: string;
}

/** Every request of the four services, in the order of their replies. */
export class RequestLog {
    private entries: RequestLogEntry[] = [];

    add(entry: RequestLogEntry): void {
        this.entries.push(entry);
    }

    list(): RequestLogEntry[] {
        return this.entries;
    }

    clear(): void {
        this.entries = [];
    }
}
