import { DicomwebError } from './faults.ts'

export type Authentication =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'token'; readonly token: string }

export interface DicomwebSettings {
  /** The root of its DICOMweb services, e.g. https://pacs.example/dicom-web */
  readonly baseUrl: string
  readonly authentication: Authentication
  /** PEM of a certificate authority to trust besides the system's own. */
  readonly certificateAuthority?: string
  /** PEM of this workstation's own certificate and key, where the server asks for one. */
  readonly clientCertificate?: { readonly certificate: string; readonly key: string }
  /** Sends credentials over unencrypted http to another machine. Off unless somebody decides so. */
  readonly allowPlainHttp?: boolean
  /** Silence of the server after which it is given up. Default 30 s. */
  readonly timeoutMs?: number
  /** No answer may be larger. Default 1 GiB. */
  readonly maxBytes?: number
  /** Tries of a request that only reads, when the connection breaks or the server is busy. Default 3. */
  readonly tries?: number
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

/** The root address, checked: http or https, and no password in the clear to another machine. */
export function rootOf(settings: DicomwebSettings): URL {
  let url: URL
  try {
    url = new URL(settings.baseUrl.endsWith('/') ? settings.baseUrl : `${settings.baseUrl}/`)
  } catch {
    throw new DicomwebError('bad_address', `"${settings.baseUrl}" is not a web address.`)
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new DicomwebError('bad_address', 'The address must begin with https:// (or http:// on this machine).')
  if (url.username || url.password) throw new DicomwebError('bad_address', 'Give user name and password in their own fields, not in the address.')
  const secret = settings.authentication.kind !== 'none'
  if (url.protocol === 'http:' && secret && !LOOPBACK.test(url.hostname) && !settings.allowPlainHttp) {
    throw new DicomwebError('insecure', `Passwords and tokens are not sent unencrypted to ${url.host}: use https, or allow it in the settings.`)
  }
  return url
}

export function authorization(authentication: Authentication): Record<string, string> {
  switch (authentication.kind) {
    case 'none': return {}
    case 'basic': return { authorization: `Basic ${Buffer.from(`${authentication.user}:${authentication.password}`, 'utf8').toString('base64')}` }
    case 'token': return { authorization: `Bearer ${authentication.token}` }
  }
}

/** What is wrong with an address, in words; null where nothing is. */
export function checkAddress(settings: DicomwebSettings): string | null {
  try {
    rootOf(settings)
    return null
  } catch (error) {
    if (error instanceof DicomwebError) return error.fault.message
    throw error
  }
}
