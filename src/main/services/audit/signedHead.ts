import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { Failure, type SigningKeyState } from '#shared/contract/index.ts'
import { auditHeads, auditEntryAt } from '#main/database/queries/auditLog.ts'
import type { ReadDb } from '#main/database/index.ts'
import { canonicalJson, seal, sha256, unseal, type SealedSecret, type SecretBox } from '#main/platform/index.ts'
import type { OpenStudy, World } from '../context.ts'

/** Where the signing key and the newest exported heads lie: with the user's data, never in a study folder. */
export interface KeyHome { readonly userData: string; readonly secretBox: SecretBox | null }

interface StoredKey { readonly format: 'sln-signing-key/1'; readonly publicKey: string; readonly madeAt: string; readonly secret: { readonly protection: 'system'; readonly text: string } | { readonly protection: 'passphrase'; readonly sealed: SealedSecret } }

/** The newest entry of every chain at a time, signed with Ed25519 over its canonical JSON. */
export interface SignedHead {
  readonly format: 'sln-audit-head/1'; readonly study: { readonly id: string; readonly name: string }; readonly at: string; readonly heads: readonly { readonly origin: string; readonly seq: number; readonly hash: string }[]
  readonly publicKey: string; readonly signature: string
}

const keyFile = (home: KeyHome): string => join(home.userData, 'keys', 'audit-signing.json')
const headFile = (userData: string, studyId: string): string => join(userData, 'heads', `${sha256(studyId).slice(0, 32)}.json`)
/** The first 16 hex digits of the public key's hash: what people compare. */
export const fingerprint = (publicKey: string): string => sha256(Buffer.from(publicKey, 'base64')).slice(0, 16)

function storedKey(home: KeyHome): StoredKey | null {
  return existsSync(keyFile(home)) ? JSON.parse(readFileSync(keyFile(home), 'utf8')) as StoredKey : null
}

/** The head that this user exported last of a study, remembered here. */
export function rememberedHead(userData: string, studyId: string): SignedHead | null {
  try {
    return JSON.parse(readFileSync(headFile(userData, studyId), 'utf8')) as SignedHead
  } catch {
    return null
  }
}

export function signingKeyState(home: KeyHome, studyId: string): SigningKeyState {
  const key = storedKey(home), last = rememberedHead(home.userData, studyId)
  return {
    fingerprint: key === null ? null : fingerprint(key.publicKey), protection: key?.secret.protection ?? null, systemStore: home.secretBox !== null,
    last: last === null ? null : { at: last.at, entries: last.heads.reduce((n, h) => n + h.seq, 0) },
  }
}

/** Makes the key once. Under the operating system's key store where the host has one and no pass phrase is given; else under the pass phrase. */
export async function createSigningKey(home: KeyHome, world: World, passphrase: string | null): Promise<void> {
  if (storedKey(home) !== null) throw new Failure('conflict', 'there is a signing key already; heads that it signed could no longer be told from others')
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const secret = privateKey.export({ format: 'der', type: 'pkcs8' })
  if (passphrase === null && home.secretBox === null) throw new Failure('invalid_input', 'there is no key store of the operating system here: give a pass phrase for the key')
  const stored: StoredKey = {
    format: 'sln-signing-key/1', publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'), madeAt: world.clock.now().toISOString(),
    secret: passphrase === null && home.secretBox !== null ? { protection: 'system', text: home.secretBox.protect(secret.toString('base64')) } : { protection: 'passphrase', sealed: await seal(secret, passphrase ?? '') },
  }
  mkdirSync(dirname(keyFile(home)), { recursive: true })
  writeFileSync(keyFile(home), JSON.stringify(stored), { mode: 0o600, flag: 'wx' })
}

async function privateKeyOf(home: KeyHome, stored: StoredKey, passphrase: string | null): Promise<Buffer> {
  if (stored.secret.protection === 'system') {
    if (home.secretBox === null) throw new Failure('unavailable', 'the signing key is in the operating system’s key store, which only the workstation’s own window can open; sign there')
    return Buffer.from(home.secretBox.reveal(stored.secret.text), 'base64')
  }
  const secret = await unseal(stored.secret.sealed, passphrase ?? '')
  if (secret === null) throw new Failure('wrong_password', 'the pass phrase of the signing key is wrong')
  return secret
}

const signedText = (head: Omit<SignedHead, 'signature'>): Buffer => Buffer.from(canonicalJson(head))

/** Writes the signed heads of every chain to a file outside of the study, and remembers them for the next verification. The export is itself the last entry that they cover. */
export async function signHead(home: KeyHome, study: OpenStudy, world: World, actor: string, to: string, passphrase: string | null): Promise<{ to: string; fingerprint: string; entries: number }> {
  if (!isAbsolute(to)) throw new Failure('invalid_input', 'give the whole path of the file to write')
  if (!relative(study.directory, to).startsWith('..')) throw new Failure('refused', 'a signed head in the study folder could be changed together with it; write it somewhere else')
  if (existsSync(to)) throw new Failure('conflict', `${to} is there already; choose another name`)
  if (!existsSync(dirname(to))) throw new Failure('not_found', `there is no folder ${dirname(to)}`)
  const stored = storedKey(home)
  if (stored === null) throw new Failure('not_ready', 'there is no signing key yet: make one first')
  const key = createPrivateKey({ key: await privateKeyOf(home, stored, passphrase), format: 'der', type: 'pkcs8' })
  study.db.write(actor, (tx) => tx.audit({ action: 'audit.signHead', subject: 'event', id: study.id, new: fingerprint(stored.publicKey) }))
  const body: Omit<SignedHead, 'signature'> = { format: 'sln-audit-head/1', study: { id: study.id, name: study.name }, at: world.clock.now().toISOString(), heads: auditHeads(study.db.read), publicKey: stored.publicKey }
  const head: SignedHead = { ...body, signature: sign(null, signedText(body), key).toString('base64') }
  const text = JSON.stringify(head, null, 2)
  writeFileSync(to, text, { flag: 'wx' })
  mkdirSync(dirname(headFile(home.userData, study.id)), { recursive: true })
  writeFileSync(headFile(home.userData, study.id), text)
  return { to, fingerprint: fingerprint(stored.publicKey), entries: head.heads.reduce((n, h) => n + h.seq, 0) }
}

/** Reads a signed head from a file; what is wrong with the file is a failure, what is wrong with the study comes from `headFaults`. */
export function readSignedHead(file: string): SignedHead {
  try {
    const head = JSON.parse(readFileSync(file, 'utf8')) as SignedHead
    if (head.format === 'sln-audit-head/1' && Array.isArray(head.heads)) return head
  } catch {
    // said below, as for a file of another kind
  }
  throw new Failure('refused', `${file} is not a signed audit head`)
}

/** What a signed head says against a study: a signature that does not hold, another study, entries that are gone, altered or never followed. */
export function headFaults(db: ReadDb, studyId: string, head: SignedHead): string[] {
  const { signature, ...body } = head
  const name = `signed head of ${head.at.slice(0, 16).replace('T', ' ')}`
  try {
    if (!verify(null, signedText(body), createPublicKey({ key: Buffer.from(head.publicKey, 'base64'), format: 'der', type: 'spki' }), Buffer.from(signature, 'base64'))) return [`${name}: its signature does not hold`]
  } catch {
    return [`${name}: its signature cannot be read`]
  }
  if (head.study.id !== studyId) return [`${name}: it is of another study (${head.study.name})`]
  return head.heads.flatMap(({ origin, seq, hash }) => {
    const entry = auditEntryAt(db, origin, seq)
    if (entry === undefined) return [`audit ${origin}: the tail was cut; entry ${seq} of the ${name} is gone`]
    return entry.hash === hash ? [] : [`audit ${origin}#${seq}: it is not the entry of the ${name}; the chain was written anew`]
  })
}
