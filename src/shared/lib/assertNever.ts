/** Ends a switch over a closed union: a new member that nobody handled fails to compile. */
export function assertNever(value: never): never {
  throw new Error(`unhandled value: ${JSON.stringify(value)}`)
}
