/** How the words on a holder begin whose secret is kept alive: the commands find them by it in a run's output. */
export const heldMark = "held: ";
