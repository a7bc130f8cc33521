/** What the program asks of the world: given to createApp, so that tests bring their own. */
export interface Clock { now(): Date }
export interface Ids { next(): string }
export interface Logger {
  info(fields: Record<string, unknown>, message: string): void
  warn(fields: Record<string, unknown>, message: string): void
  error(fields: Record<string, unknown>, message: string): void
}
/** The operating system's key store, where a host has one: what it protects can be read on this computer by this user alone. */
export interface SecretBox {
  protect(text: string): string
  reveal(text: string): string
}
