/**
 * Shows how far a long piece of work is: a line that is redrawn on a terminal, a line for each tenth elsewhere.
 */
export class Progress {
    private steps = 0;
    private shownTenth = -1;
    private readonly startedAt = Date.now();

    constructor(
        private readonly title: string,
        private readonly total: number,
        private readonly out: NodeJS.WriteStream = process.stderr,
    ) {
        this.show();
    }

    /** Counts one unit of work. */
    step(): void {
        this.steps += 1;
        this.show();
    }

    /** Says that the work is done, and how long it took. */
    done(): void {
        const seconds = Math.round((Date.now() - this.startedAt) / 1000);
        const line = `${this.title}: done in ${seconds} s`;
        this.out.write(this.out.isTTY ? `\r\u001b[K${line}\n` : `${line}\n`);
    }

    private show(): void {
        if (this.out.isTTY) {
            this.out.write(`\r\u001b[K${this.title}: ${this.steps} of ${this.total} packages`);
            return;
        }
        const tenth = Math.floor((this.steps * 10) / this.total);
        if (tenth > this.shownTenth && tenth < 10) {
            this.shownTenth = tenth;
            this.out.write(`${this.title}: ${tenth * 10} %\n`);
        }
    }
}
