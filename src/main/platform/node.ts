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

/**
 * Logs as JSON lines to a file (never to standard output, which belongs to the CLI's answers). Lines are few and are written at once, so that the last ones before an end are there too.
 * A log that cannot be written is said once and is no reason to stop.
 */
export function createLogger(file: string, level: string = process.env['SLN_LOG'] ?? 'info'): Logger {
  const destination = openLog(file)
  if (destination === null) return quietLogger
  const log = pino({ level, base: null }, destination)
  return {
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  }
}

function openLog(file: string): ReturnType<typeof pino.destination> | null {
  const complain = (error: unknown): void => void process.stderr.write(`the log ${file} cannot be written: ${error instanceof Error ? error.message : String(error)}\n`)
  try {
    const destination = pino.destination({ dest: file, mkdir: true, sync: true })
    destination.once('error', complain)
    destination.on('error', () => undefined)
    return destination
  } catch (error) {
    complain(error)
    return null
  }
}
