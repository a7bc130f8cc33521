import { randomBytes } from 'node:crypto'
import pino from 'pino'
import type { Clock, Ids, Logger } from './ports.ts'

export const systemClock: Clock = { now: () => new Date() }

/** Globally unique, sortable ids: 48 bits of time and 80 random bits in Crockford base 32 (the layout of a ULID). */
export function createIds(clock: Clock = systemClock): Ids {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
  return {
    next() {
      let time = clock.now().getTime()
      let head = ''
      for (let i = 0; i < 10; i++) {
        head = (alphabet[time % 32] ?? '0') + head
        time = Math.floor(time / 32)
      }
      let tail = ''
      for (const byte of randomBytes(16)) tail += alphabet[byte % 32] ?? '0'
      return head + tail
    },
  }
}

export const quietLogger: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** Logs as JSON lines to a file (never to standard output, which belongs to the CLI's answers). */
export function createLogger(file: string, level: string = process.env['SLN_LOG'] ?? 'info'): Logger {
  const log = pino({ level, base: null }, pino.destination({ dest: file, mkdir: true, sync: false }))
  return {
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  }
}
