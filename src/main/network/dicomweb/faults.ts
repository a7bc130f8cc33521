/** Why a PACS did not do what was asked. The message is a sentence with the next step in it. */
export type DicomwebFaultCode =
  | 'bad_address' | 'insecure' | 'unreachable' | 'certificate' | 'unauthorized' | 'forbidden' | 'not_found' | 'rejected' | 'server_error' | 'timeout' | 'cancelled'
  | 'bad_response' | 'too_large'

export interface DicomwebFault { readonly code: DicomwebFaultCode; readonly message: string }

export class DicomwebError extends Error {
  readonly fault: DicomwebFault
  constructor(code: DicomwebFaultCode, message: string) {
    super(message)
    this.name = 'DicomwebError'
    this.fault = { code, message }
  }
}

/** What OpenSSL says when the other side wants a certificate of ours, or does not like the one it got. */
const OURS = /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|CERTIFICATE_UNKNOWN|UNSUPPORTED_CERTIFICATE|CERTIFICATE_EXPIRED|ACCESS_DENIED)/
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|SSL|DEPTH_ZERO/i

/** The fault behind whatever the network threw. */
export function faultOf(error: unknown, server: string): DicomwebFault {
  if (error instanceof DicomwebError) return error.fault
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  const name = error instanceof Error ? error.name : ''
  if (name === 'AbortError' || code === 'ABORT_ERR') return { code: 'cancelled', message: 'The transfer was cancelled.' }
  // OpenSSL's reason is in the code or, as EPROTO, in the message.
  const reason = `${code} ${code === 'EPROTO' && error instanceof Error ? error.message : ''}`.toUpperCase().replaceAll(' ', '_')
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/.test(reason)) return { code: 'unreachable', message: `${server} answers, but not encrypted: does its address begin with http:// rather than https://?` }
  if (OURS.test(reason)) return { code: 'certificate', message: `${server} asks for a certificate of this workstation, or does not accept the one it got (${code}). Ask its administrator for one, and give it with its key in the settings.` }
  if (code.startsWith('ERR_OSSL') || code === 'ERR_TLS_CERT_ALTNAME_FORMAT') return { code: 'certificate', message: `The certificate or key of this workstation cannot be used (${code}): give both as PEM text that belong together, the key without a pass phrase.` }
  if (CERTIFICATE.test(code)) {
    return { code: 'certificate', message: `The certificate of ${server} is not trusted (${code}). Ask for the hospital's certificate authority and give its file in the settings.` }
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { code: 'unreachable', message: `There is no server named ${server}: check the address and the network.` }
  if (code === 'ECONNREFUSED') return { code: 'unreachable', message: `${server} refuses the connection: is the PACS running, and is the port right?` }
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT') return { code: 'timeout', message: `${server} does not answer: check the network, or try again later.` }
  return { code: 'unreachable', message: `The connection to ${server} broke (${code || (error instanceof Error ? error.message : String(error))}): try again.` }
}

/** The fault of an HTTP status that is no success; null for 2xx. */
export function faultOfStatus(status: number, server: string, detail: string): DicomwebFault | null {
  const said = detail ? ` It says: ${detail}` : ''
  if (status >= 200 && status < 300) return null
  if (status === 401) return { code: 'unauthorized', message: `${server} does not accept the user name, password or token.` }
  if (status === 403) return { code: 'forbidden', message: `This account may not do that on ${server}.` }
  if (status === 404) return { code: 'not_found', message: `${server} does not have it, or its DICOMweb address is another one.` }
  if (status === 409 || status === 415 || status === 400) return { code: 'rejected', message: `${server} refuses the request (${status}).${said}` }
  if (status === 413) return { code: 'too_large', message: `${server} takes no object that large.` }
  if (status >= 500) return { code: 'server_error', message: `${server} has a fault of its own (${status}): try again, or ask its administrator.${said}` }
  return { code: 'bad_response', message: `${server} answers with status ${status}, which is not expected.` }
}
