import { err, ok, type Result } from '#shared/lib/index.ts'

/** Why a file was refused. The code is for programs, the message (a sentence that names the fault) for people. */
export type DicomFaultCode =
  | 'empty' | 'unreadable' | 'not_dicom' | 'truncated' | 'corrupt' | 'no_pixel_data' | 'unsupported_transfer_syntax' | 'unsupported_pixel_format'
  | 'bad_dimensions' | 'decompression_bomb' | 'too_large' | 'nesting_too_deep' | 'decode_failed' | 'no_such_frame' | 'timeout'

export interface DicomFault { readonly code: DicomFaultCode; readonly message: string }

/** Carries a fault out of nested parsing code; never leaves this folder (see `attempt`). */
export class DicomError extends Error {
  readonly fault: DicomFault
  constructor(code: DicomFaultCode, message: string) {
    super(message)
    this.name = 'DicomError'
    this.fault = { code, message }
  }
}

export function refuse(code: DicomFaultCode, message: string): never {
  throw new DicomError(code, message)
}

const describe = (error: unknown): string => {
  if (error instanceof Error) return error.message
  if (typeof error === 'string') return error
  if (typeof error === 'object' && error !== null && 'exception' in error) return describe(error.exception)
  return String(error)
}

/** The fault behind anything thrown while a file was read: the input is hostile until proven otherwise, so nothing is let through. */
export function faultOf(error: unknown, otherwise: DicomFaultCode = 'corrupt'): DicomFault {
  if (error instanceof DicomError) return error.fault
  const inner = typeof error === 'object' && error !== null && 'exception' in error ? error.exception : error
  if (inner instanceof DicomError) return inner.fault
  if (inner instanceof RangeError && /call stack/i.test(inner.message)) {
    return { code: 'nesting_too_deep', message: 'Its sequences are nested deeper than any scanner writes.' }
  }
  return { code: otherwise, message: `It cannot be read: ${describe(error).replace(/^dicomParser[.:][\w.]*:?\s*/, '').slice(0, 200)}.` }
}

export function attempt<T>(work: () => T, otherwise: DicomFaultCode = 'corrupt'): Result<T, DicomFault> {
  try {
    return ok(work())
  } catch (error) {
    return err(faultOf(error, otherwise))
  }
}

export async function attemptAsync<T>(work: () => Promise<T>, otherwise: DicomFaultCode = 'corrupt'): Promise<Result<T, DicomFault>> {
  try {
    return ok(await work())
  } catch (error) {
    return err(faultOf(error, otherwise))
  }
}
