/** What the program asks of the world: given to createApp, so that tests bring their own. */
export interface Clock { now(): Date }
export interface Ids { next(): string }
export interface Logger {
  info(fields: Record<string, unknown>, message: string): void
  warn(fields: Record<string, unknown>, message: string): void
  error(fields: Record<string, unknown>, message: string): void
}
