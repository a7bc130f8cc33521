import { z } from 'zod'
import { mutation, query } from './call.ts'
import { id, isoTime, nothing } from './common.ts'
import { jobRef } from './study.ts'

const path = z.string().trim().min(1).max(1000)
const passphrase = z.string().min(12, 'a pass phrase has at least 12 characters').max(400)

/** Work that was done in both places, or came too late: kept beside what counts. `here` and `came` say what each is; of a reading that is still open neither is told (`hidden`). */
export const packageConflict = z.object({ id, kind: z.enum(['answer', 'drawing']), what: z.string(), why: z.string(), at: isoTime, here: z.string().nullable(), came: z.string().nullable(), hidden: z.boolean() })
export type PackageConflict = z.infer<typeof packageConflict>
export const packageInfo = z.object({
  id, kind: z.enum(['reader', 'annotator']), accountId: id, person: z.string(), items: z.number().int(), madeAt: isoTime,
  merges: z.array(z.object({ at: isoTime, chain: z.string(), taken: z.number().int(), known: z.number().int(), conflicts: z.number().int() })), conflicts: z.array(packageConflict),
})
export type PackageInfo = z.infer<typeof packageInfo>
export const packageMade = z.object({ id, to: z.string(), items: z.number().int(), bytes: z.number() })
export type PackageMade = z.infer<typeof packageMade>
export const mergeReport = z.object({ packageId: id, person: z.string(), taken: z.number().int(), known: z.number().int(), conflicts: z.array(z.string()), auditEntries: z.number().int() })
export type MergeReport = z.infer<typeof mergeReport>

const row = z.record(z.string(), z.union([z.string(), z.number(), z.null()]))
/** What comes back from another workstation: the rows made there, and the whole audit chain of that opening. */
export const returnedWork = z.object({
  format: z.literal('sln-return/1'), studyId: id, packageId: id, accountId: id, chain: z.string().min(1).max(200), audit: z.array(row),
  rows: z.object({ reading: z.array(row), annotation: z.array(row), annotation_flag: z.array(row) }),
  loose: z.object({ exposure: z.array(row), reading_draft: z.array(row), reading_event: z.array(row), annotation_journal: z.array(row) }),
})
export type ReturnedWork = z.infer<typeof returnedWork>

const keyState = z.object({
  fingerprint: z.string().nullable(), protection: z.enum(['system', 'passphrase']).nullable(), systemStore: z.boolean(), last: z.object({ at: isoTime, entries: z.number().int() }).nullable(),
})
export type SigningKeyState = z.infer<typeof keyState>

export const packageCalls = {
  'package.list': query(['investigator'], nothing, z.object({ packages: z.array(packageInfo) })),
  /** Writes what one reader or annotator may see, encrypted. The result is a `PackageMade`. */
  'package.create': mutation(['investigator'], z.strictObject({ accountId: id, to: path, passphrase }), jobRef),
  /** Takes back what was done elsewhere. The result is a `MergeReport`. */
  'package.merge': mutation(['investigator'], z.strictObject({ from: path, passphrase }), jobRef),
  /** Unpacks a package into a new folder and opens it here. */
  'package.open': mutation('anyone', z.strictObject({ from: path, directory: path, passphrase }), z.object({ directory: z.string() }), { study: 'optional' }),
  /** Whether the open study is a package, and how much of the work in it was not yet sent back. */
  'package.state': query('signedIn', nothing, z.object({ package: z.object({ id, madeAt: isoTime, unsent: z.number().int(), sentAt: isoTime.nullable() }).nullable() })),
  'package.return': mutation('signedIn', z.strictObject({ to: path, passphrase }), z.object({ to: z.string(), readings: z.number().int(), drawings: z.number().int() })),

  'audit.signingKey': query(['investigator'], nothing, keyState),
  /** Makes the key that signs audit heads; under the operating system's key store, or under a pass phrase where there is none. */
  'audit.createKey': mutation(['investigator'], z.strictObject({ passphrase: passphrase.nullable() }), keyState),
  /** Writes the newest entry of every chain, signed: a cut tail is found against it. */
  'audit.signHead': mutation(['investigator'], z.strictObject({ to: path, passphrase: z.string().max(400).nullable() }), z.object({ to: z.string(), fingerprint: z.string(), entries: z.number().int() })),
}
