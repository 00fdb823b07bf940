/** What a statement of the SQL API came to. */
export interface Statement {
    id: string;
    owner: string;
    /** How many more looks find it PENDING, while its warehouse starts. */
    pendingLooks: number;
    warehouseId: string;
    rows?: string[][];
    error?: { error_code: string; message: string };
}

/** The statements that were submitted. They live as long as the process. */
export class StatementStore {
    private readonly statements = new Map<string, Statement>();

    add(statement: Statement): void {
        this.statements.set(statement.id, statement);
    }

    find(id: string): Statement | undefined {
        return this.statements.get(id);
    }
}
