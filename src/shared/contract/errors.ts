/** Every way in which a call may fail as expected. A broken invariant is `internal` and is logged with its stack. */
export const ERROR_CODES = [
  'not_signed_in', // no account in this context
  'wrong_password',
  'locked_out', // too many failed sign-ins
  'password_expired', // first password must be changed
  'forbidden', // the role may not make this call
  'invalid_input',
  'no_study', // no study is open
  'not_found',
  'conflict', // somebody changed it meanwhile, or it exists already
  'locked', // submitted or frozen: no more changes
  'not_ready', // something else must be done first
  'washout', // too early for a second look
  'blinded', // the answer would break the blinding
  'refused', // the file or folder cannot be taken; the message says why
  'cancelled',
  'unavailable', // a part of the program (inference, network) is not there
  'internal',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** What a caller gets when a call fails: a code to act on and a sentence to show. */
export interface CallError {
  readonly code: ErrorCode
  readonly message: string
}

/** Thrown inside services for an expected failure; dispatch turns it into a `CallError`. */
export class Failure extends Error {
  readonly code: ErrorCode
  constructor(code: ErrorCode, message: string) {
    super(message)
    this.name = 'Failure'
    this.code = code
  }
}
