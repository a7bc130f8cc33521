import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { closeSync, createReadStream, createWriteStream, existsSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync } from 'node:fs'
import { appendFile, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Failure } from '#shared/contract/index.ts'
import { keyFrom, newKdf, type Kdf } from '#main/platform/index.ts'

/**
 * An encrypted file that carries work between workstations: magic, length of the header, header (JSON, authenticated), the entries under AES-256-GCM, the tag.
 * The header says how the key comes from the pass phrase and nothing about the study.
 */
const MAGIC = 'SLNPKG1\n'
const TAG = 16

interface Header { readonly format: 'sln-package/1'; readonly kind: 'work' | 'return'; readonly cipher: 'aes-256-gcm'; readonly kdf: Kdf; readonly iv: string }
/** A named file in the container: bytes, or a file that is read when its turn comes. */
export interface Entry { readonly name: string; readonly bytes: Uint8Array | { readonly file: string } }

function* framed(entries: Iterable<Entry>): Generator<Buffer> {
  for (const { name, bytes } of entries) {
    const content = 'file' in bytes ? readFileSync(bytes.file) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    yield Buffer.from(`${JSON.stringify({ name, size: content.length })}\n`)
    yield content
  }
}

function writable(to: string): void {
  if (!isAbsolute(to)) throw new Failure('invalid_input', 'give the whole path of the file to write')
  if (existsSync(to)) throw new Failure('conflict', `${to} is there already; choose another name`)
  if (!existsSync(dirname(to))) throw new Failure('not_found', `there is no folder ${dirname(to)}`)
}

/** Writes a container; the file gets its name when it is whole. Returns its size. */
export async function writeContainer(to: string, kind: Header['kind'], passphrase: string, entries: Iterable<Entry>): Promise<number> {
  writable(to)
  const iv = randomBytes(12), kdf = newKdf()
  const header = Buffer.from(JSON.stringify({ format: 'sln-package/1', kind, cipher: 'aes-256-gcm', kdf, iv: iv.toString('base64') } satisfies Header))
  const cipher = createCipheriv('aes-256-gcm', await keyFrom(passphrase, kdf), iv)
  cipher.setAAD(header)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(header.length)
  const part = `${to}.part`
  try {
    await writeFile(part, Buffer.concat([Buffer.from(MAGIC), length, header]))
    await pipeline(Readable.from(framed(entries)), cipher, createWriteStream(part, { flags: 'a' }))
    await appendFile(part, cipher.getAuthTag())
    renameSync(part, to)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
  return statSync(to).size
}

function headerOf(from: string): { header: Header; raw: Buffer; start: number; size: number } {
  const wrong = (): Failure => new Failure('refused', `${from} is not a package of this program`)
  if (!existsSync(from) || !statSync(from).isFile()) throw new Failure('not_found', `there is no file ${from}`)
  const size = statSync(from).size
  const handle = openSync(from, 'r')
  try {
    const head = Buffer.alloc(MAGIC.length + 4)
    if (readSync(handle, head, 0, head.length, 0) < head.length || head.subarray(0, MAGIC.length).toString() !== MAGIC) throw wrong()
    const length = head.readUInt32BE(MAGIC.length)
    if (length > 4096 || head.length + length + TAG > size) throw wrong()
    const raw = Buffer.alloc(length)
    readSync(handle, raw, 0, length, head.length)
    const header = JSON.parse(raw.toString()) as Header
    if (header.format !== 'sln-package/1') throw wrong()
    return { header, raw, start: head.length + length, size }
  } catch (error) {
    throw error instanceof Failure ? error : wrong()
  } finally {
    closeSync(handle)
  }
}

function readAt(handle: number, at: number, size: number): Buffer {
  const buffer = Buffer.alloc(size)
  if (readSync(handle, buffer, 0, size, at) !== size) throw new Failure('refused', 'the package ends early')
  return buffer
}

/** Splits the decrypted stream into files below `folder`; names stay below it. */
async function unframe(file: string, folder: string): Promise<void> {
  const size = statSync(file).size
  const handle = openSync(file, 'r')
  try {
    let at = 0
    while (at < size) {
      const line = readAt(handle, at, Math.min(400, size - at))
      const end = line.indexOf(10)
      const entry = JSON.parse(line.subarray(0, end).toString()) as { name: string; size: number }
      const name = normalize(entry.name)
      if (isAbsolute(name) || name.startsWith('..')) throw new Failure('refused', 'the package names a file outside of its folder')
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), readAt(handle, at + end + 1, entry.size))
      at += end + 1 + entry.size
    }
  } finally {
    closeSync(handle)
  }
}

/** Decrypts a container into a folder that does not exist yet. Nothing is left there when the pass phrase is wrong or a byte was changed. */
export async function readContainer(from: string, kind: Header['kind'], passphrase: string, folder: string): Promise<void> {
  const { header, raw, start, size } = headerOf(from)
  if (header.kind !== kind) throw new Failure('refused', kind === 'work' ? 'this file brings work back; merge it in the study that it came from' : 'this is a package to work on, not one that brings work back')
  const key = await keyFrom(passphrase, header.kdf).catch(() => {
    throw new Failure('refused', `${from} is not a package of this program`)
  })
  const handle = openSync(from, 'r')
  const tag = readAt(handle, size - TAG, TAG)
  closeSync(handle)
  const plain = join(folder, 'content.part')
  mkdirSync(folder, { recursive: true })
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(header.iv, 'base64'))
    decipher.setAAD(raw)
    decipher.setAuthTag(tag)
    await pipeline(createReadStream(from, { start, end: size - TAG - 1 }), decipher, createWriteStream(plain)).catch(() => {
      throw new Failure('wrong_password', 'the pass phrase is wrong, or the file was damaged on its way; nothing was unpacked')
    })
    await unframe(plain, folder)
    rmSync(plain)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}
