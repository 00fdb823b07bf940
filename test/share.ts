/** The variable that says that long tables are tried as a whole. The scripts of the series set it: `npm run upgrades`. */
export const wholeVariable = "WHOLE_SERIES";

/**
 * What `npm test` tries of a long table: each row at a multiple of a number, always the same ones. A series tries all.
 *
 * @param rows the table, in an order that does not depend on anything.
 * @param every how many rows there are for one that is tried.
 */
export function shareOf<T>(rows: readonly T[], every: number): T[] {
    return process.env[wholeVariable] ? [...rows] : rows.filter((_, position) => position % every === 0);
}
