import { createHmac } from 'node:crypto'

/** Replacements that need a study's secret to be made again and cannot be turned back without it. */
export interface Pseudonyms {
  /** The same new UID for the same old one, within this study. */
  uid(original: string): string
  /** Days to add to every date of a patient: the same for all of a patient's files, never 0, within ten years back. */
  dayShift(patient: string): number
  /** A date YYYYMMDD moved by whole days; null for anything that is no date. */
  shiftDate(date: string, patient: string): string | null
}

const DAY = 86_400_000
const SPAN_DAYS = 3650

export function createPseudonyms(secret: Uint8Array): Pseudonyms {
  if (secret.length < 16) throw new Error('the study secret must be at least 16 bytes')
  const digest = (purpose: string, text: string): Buffer => createHmac('sha256', secret).update(`${purpose}\0${text}`).digest()
  const dayShift = (patient: string): number => -1 - (digest('days', patient).readUInt32BE(0) % SPAN_DAYS)
  return {
    dayShift,
    uid: (original) => `2.25.${BigInt(`0x${digest('uid', original.trim()).subarray(0, 16).toString('hex')}`)}`,
    shiftDate(date, patient) {
      const match = /^(\d{4})\.?(\d{2})\.?(\d{2})/.exec(date)
      if (!match) return null
      const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
      const time = Date.UTC(year, month - 1, day)
      const real = new Date(time)
      if (year < 1900 || real.getUTCMonth() !== month - 1 || real.getUTCDate() !== day) return null
      return new Date(time + dayShift(patient) * DAY).toISOString().slice(0, 10).replaceAll('-', '')
    },
  }
}
