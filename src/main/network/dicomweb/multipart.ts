import { DicomwebError } from './faults.ts'

export interface Part { readonly type: string; readonly body: Buffer }

const broken = (): never => { throw new DicomwebError('bad_response', 'The server\'s answer is not the multipart message that DICOMweb asks for.') }

/** The boundary of a multipart content type; null for another type. */
export function boundaryOf(contentType: string): string | null {
  if (!/^multipart\//i.test(contentType)) return null
  const match = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  return match?.[1] ?? match?.[2] ?? null
}

/** The parts of a multipart message (RFC 2046). A part that names its length is taken by it, so that binary data may hold anything. */
export function parseMultipart(contentType: string, message: Buffer): Part[] {
  const boundary = boundaryOf(contentType) ?? broken()
  const delimiter = Buffer.from(`--${boundary}`, 'latin1')
  const parts: Part[] = []
  let at = message.indexOf(delimiter)
  if (at < 0) broken()
  for (;;) {
    at += delimiter.length
    if (message.toString('latin1', at, at + 2) === '--') return parts
    const end = message.indexOf('\r\n\r\n', at)
    if (end < 0) broken()
    const headers = message.toString('latin1', at, end)
    const type = /^content-type:\s*(.+?)\s*$/im.exec(headers)?.[1] ?? ''
    const named = /^content-length:\s*(\d+)\s*$/im.exec(headers)?.[1]
    const start = end + 4
    const close = Buffer.from(`\r\n--${boundary}`, 'latin1')
    const next = message.indexOf(close, named === undefined ? start : Math.min(message.length, start + Number(named)))
    if (next < 0) broken()
    parts.push({ type, body: message.subarray(start, next) })
    at = next + 2
  }
}

/** One DICOM file as a STOW-RS message. */
export function multipartOf(file: Uint8Array, boundary: string): { readonly type: string; readonly body: readonly Uint8Array[] } {
  return {
    type: `multipart/related; type="application/dicom"; boundary=${boundary}`,
    body: [Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\nContent-Length: ${file.length}\r\n\r\n`, 'latin1'), file, Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1')],
  }
}
