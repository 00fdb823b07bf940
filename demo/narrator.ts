/** Tells on the terminal what happens, and remembers what did not happen as told. */
export class Narrator {
    private step = 0;
    private failures = 0;
    private readonly colored = process.stdout.isTTY && process.env.NO_COLOR === undefined;

    /** Begins a step of the story. */
    chapter(title: string): void {
        this.step += 1;
        this.say(`\n${this.paint("1;36", `${this.step}  ${title}`)}`);
    }

    /** A command that the reader could type. */
    command(line: string): void {
        this.say(`   ${this.paint("1", `$ ${line}`)}`);
    }

    /** A line of the story. */
    tell(line: string): void {
        this.say(`   ${line}`);
    }

    /** Lines that a command printed. */
    quote(lines: string[]): void {
        lines.forEach((line) => this.say(`   ${this.paint("2", `│ ${line}`)}`));
    }

    /** A fact that the story promised. One that does not hold makes the demo fail. */
    check(fact: string, holds: boolean): void {
        this.failures += holds ? 0 : 1;
        this.say(`   ${holds ? this.paint("32", "✓") : this.paint("1;31", "✗ NOT SO:")} ${fact}`);
    }

    /** The end: how many facts did not hold. */
    close(): number {
        this.say(
            this.failures === 0
                ? `\n${this.paint("1;32", "Everything happened as told.")}`
                : `\n${this.paint("1;31", `${this.failures} facts did not hold.`)}`,
        );
        return this.failures;
    }

    /** Prints as it is. */
    say(text: string): void {
        process.stdout.write(`${text}\n`);
    }

    private paint(code: string, text: string): string {
        return this.colored ? `\u001b[${code}m${text}\u001b[0m` : text;
    }
}
