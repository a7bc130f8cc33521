import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'

/** How a key was made from a pass phrase: stored beside what it encrypts. */
export interface Kdf { readonly name: 'scrypt'; readonly N: number; readonly r: number; readonly p: number; readonly salt: string }

export const newKdf = (): Kdf => ({ name: 'scrypt', N: 2 ** 16, r: 8, p: 1, salt: randomBytes(16).toString('base64') })

/** 32 bytes from a pass phrase. Refuses parameters that a forged header could use to fill the memory. */
export function keyFrom(passphrase: string, kdf: Kdf): Promise<Buffer> {
  if (kdf.name !== 'scrypt' || kdf.N > 2 ** 18 || kdf.r > 16 || kdf.p > 4) return Promise.reject(new Error('the key parameters are not ones that this program makes'))
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), Buffer.from(kdf.salt, 'base64'), 32, { N: kdf.N, r: kdf.r, p: kdf.p, maxmem: 512 * 1024 * 1024 }, (error, key) => (error === null ? resolve(key) : reject(error)))
  })
}

/** A small secret under a pass phrase (AES-256-GCM): everything needed to open it again but the phrase. */
export interface SealedSecret { readonly kdf: Kdf; readonly iv: string; readonly tag: string; readonly data: string }

export async function seal(secret: Uint8Array, passphrase: string): Promise<SealedSecret> {
  const kdf = newKdf(), iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', await keyFrom(passphrase, kdf), iv)
  const data = Buffer.concat([cipher.update(secret), cipher.final()])
  return { kdf, iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), data: data.toString('base64') }
}

/** The secret, or null where the pass phrase is wrong or the text was altered. */
export async function unseal(sealed: SealedSecret, passphrase: string): Promise<Buffer | null> {
  try {
    const decipher = createDecipheriv('aes-256-gcm', await keyFrom(passphrase, sealed.kdf), Buffer.from(sealed.iv, 'base64'))
    decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'))
    return Buffer.concat([decipher.update(Buffer.from(sealed.data, 'base64')), decipher.final()])
  } catch {
    return null
  }
}
