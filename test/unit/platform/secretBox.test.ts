import { expect, test } from 'vitest'
import { systemSecretBox } from '#main/hosts/electron/secretBox.ts'
import { seal, unseal } from '#main/platform/index.ts'

const storage = { isEncryptionAvailable: () => true, encryptString: (text: string) => Buffer.from(Buffer.from(text).map((b) => b ^ 0x5a)), decryptString: (bytes: Buffer) => Buffer.from(bytes.map((b) => b ^ 0x5a)).toString() }

test('the system’s key store is used where it really encrypts, and nowhere else', () => {
  const { secretBox } = systemSecretBox(storage)
  const kept = secretBox?.protect('a private key') ?? ''
  expect(kept).not.toContain('private')
  expect(secretBox?.reveal(kept)).toBe('a private key')
  expect(systemSecretBox(undefined)).toEqual({})
  expect(systemSecretBox({ ...storage, isEncryptionAvailable: () => false })).toEqual({})
  expect(systemSecretBox({ ...storage, getSelectedStorageBackend: () => 'basic_text' })).toEqual({})
})

test('what is sealed under a pass phrase opens with it, not with another, and not when a byte was changed', async () => {
  const sealed = await seal(Buffer.from('secret'), 'the right words')
  expect((await unseal(sealed, 'the right words'))?.toString()).toBe('secret')
  expect(await unseal(sealed, 'the wrong words')).toBeNull()
  expect(await unseal({ ...sealed, data: Buffer.from('sEcret').toString('base64') }, 'the right words')).toBeNull()
  expect(await unseal({ ...sealed, kdf: { ...sealed.kdf, N: 2 ** 30 } }, 'the right words')).toBeNull()
})
