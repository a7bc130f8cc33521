import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure, type PacsServer, type ParsedInput } from '#shared/contract/index.ts'
import type { Authentication, DicomwebSettings } from '#main/network/dicomweb/index.ts'
import { checkAddress } from '#main/network/dicomweb/index.ts'
import type { Ids } from '#main/platform/index.ts'

/** As it lies in the file: what is secret is sealed, the rest is plain. */
interface Entry {
  readonly id: string; readonly name: string; readonly baseUrl: string; readonly authentication: PacsServer['authentication']; readonly user: string; readonly certificateAuthority: string; readonly allowPlainHttp: boolean
  readonly secret: string | null; readonly clientCertificate: string | null
}

/** The PACS of this computer and its user. They belong to no study: no secret of theirs lies in a study folder. */
export interface PacsServers {
  list(): PacsServer[]
  /** By id or by name. */
  find(idOrName: string): PacsServer
  settings(id: string): DicomwebSettings
  save(input: ParsedInput<'pacs.saveServer'>): PacsServer
  remove(id: string): void
}

const shown = (e: Entry): PacsServer => ({
  id: e.id, name: e.name, baseUrl: e.baseUrl, authentication: e.authentication, user: e.user, hasSecret: e.secret !== null, certificateAuthority: e.certificateAuthority, hasClientCertificate: e.clientCertificate !== null, allowPlainHttp: e.allowPlainHttp,
})

/** Writes a file for its owner's eyes only, whole or not at all. */
function writePrivate(file: string, text: string | Uint8Array): void {
  const part = `${file}.part`
  writeFileSync(part, text, { mode: 0o600 })
  chmodSync(part, 0o600)
  renameSync(part, file)
}

/** Secrets are sealed (AES-256-GCM) under a key beside them, so that a copied or shown settings file tells none; who can read both files as this user is trusted. */
function createSeal(userData: string): { seal(text: string): string; open(sealed: string): string } {
  const file = join(userData, 'pacs.key')
  const key = (): Buffer => {
    if (!existsSync(file)) writePrivate(file, randomBytes(32))
    return readFileSync(file)
  }
  return {
    seal(text) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key(), nonce)
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')
    },
    open(sealed) {
      try {
        const bytes = Buffer.from(sealed, 'base64')
        const decipher = createDecipheriv('aes-256-gcm', key(), bytes.subarray(0, 12))
        decipher.setAuthTag(bytes.subarray(12, 28))
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
      } catch {
        throw new Failure('not_ready', 'the stored password or token of this PACS cannot be opened on this computer; enter it again in its settings')
      }
    },
  }
}

function authenticationOf(e: Entry, open: (sealed: string) => string): Authentication {
  const secret = e.secret === null ? '' : open(e.secret)
  switch (e.authentication) {
    case 'none': return { kind: 'none' }
    case 'basic': return { kind: 'basic', user: e.user, password: secret }
    case 'token': return { kind: 'token', token: secret }
  }
}

export function createPacsServers(userData: string, ids: Ids): PacsServers {
  const file = join(userData, 'pacs.json')
  const { seal, open } = createSeal(userData)
  const read = (): Entry[] => {
    if (!existsSync(file)) return []
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Entry[]
    } catch {
      throw new Failure('not_ready', `the list of PACS servers (${file}) cannot be read; no study is touched by this; remove the file and enter the servers again`)
    }
  }
  const write = (entries: readonly Entry[]): void => {
    mkdirSync(userData, { recursive: true })
    writePrivate(file, JSON.stringify(entries, null, 1))
  }
  const entry = (idOrName: string): Entry => {
    const found = read().find((e) => e.id === idOrName) ?? read().find((e) => e.name.toLowerCase() === idOrName.toLowerCase())
    if (found === undefined) throw new Failure('not_found', 'there is no such PACS in the settings; add it first')
    return found
  }
  return {
    list: () => read().map(shown).sort((a, b) => a.name.localeCompare(b.name)),
    find: (idOrName) => shown(entry(idOrName)),
    settings(id) {
      const e = entry(id)
      const certificate = e.clientCertificate === null ? undefined : (JSON.parse(open(e.clientCertificate)) as { certificate: string; key: string })
      return {
        baseUrl: e.baseUrl, authentication: authenticationOf(e, open), allowPlainHttp: e.allowPlainHttp, ...(e.certificateAuthority === '' ? {} : { certificateAuthority: e.certificateAuthority }), ...(certificate === undefined ? {} : { clientCertificate: certificate }),
      }
    },
    save(input) {
      const entries = read()
      const old = input.id === null ? undefined : entries.find((e) => e.id === input.id)
      if (input.id !== null && old === undefined) throw new Failure('not_found', 'there is no such PACS in the settings')
      if (entries.some((e) => e.id !== input.id && e.name.toLowerCase() === input.name.toLowerCase())) throw new Failure('conflict', `there is a PACS called ${input.name} already; choose another name`)
      const wrong = checkAddress({ baseUrl: input.baseUrl, authentication: input.authentication === 'none' ? { kind: 'none' } : { kind: 'token', token: '' }, allowPlainHttp: input.allowPlainHttp })
      if (wrong !== null) throw new Failure('invalid_input', wrong)
      if (/[\r\n]/.test(input.secret ?? '')) throw new Failure('invalid_input', 'a password or token is one line')
      // A stored secret is not carried along to another address or way of signing in: it would be sent to whoever answers there.
      const moved = old !== undefined && (old.baseUrl !== input.baseUrl || old.authentication !== input.authentication || old.user !== input.user)
      const keep = moved ? null : (old?.secret ?? null)
      const made: Entry = {
        id: old?.id ?? ids.next(), name: input.name, baseUrl: input.baseUrl, authentication: input.authentication, user: input.authentication === 'basic' ? input.user : '', certificateAuthority: input.certificateAuthority.trim(), allowPlainHttp: input.allowPlainHttp,
        secret: input.authentication === 'none' || input.secret === '' ? null : input.secret === null ? keep : seal(input.secret),
        clientCertificate: input.clientCertificate === null ? (old?.clientCertificate ?? null) : input.clientCertificate.certificate.trim() === '' ? null : seal(JSON.stringify(input.clientCertificate)),
      }
      write([...entries.filter((e) => e.id !== made.id), made])
      return shown(made)
    },
    remove(id) {
      write(read().filter((e) => e.id !== entry(id).id))
    },
  }
}
