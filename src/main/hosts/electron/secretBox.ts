import type { AppConfig } from '#main/app/createApp.ts'

interface Storage { isEncryptionAvailable(): boolean; encryptString(text: string): Buffer; decryptString(encrypted: Buffer): string; getSelectedStorageBackend?(): string }

/** The operating system's key store through Electron's safeStorage; nothing where there is none (on Linux without a keyring it would be plain text). */
export function systemSecretBox(storage: Storage | undefined): Pick<AppConfig, 'secretBox'> {
  if (storage === undefined || !storage.isEncryptionAvailable() || storage.getSelectedStorageBackend?.() === 'basic_text') return {}
  return { secretBox: { protect: (text) => storage.encryptString(text).toString('base64'), reveal: (text) => storage.decryptString(Buffer.from(text, 'base64')) } }
}
