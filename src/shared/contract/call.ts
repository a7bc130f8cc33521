import type { z } from 'zod'
import type { Role } from '#shared/domain/index.ts'

/** `anyone`: before sign-in as well. `signedIn`: every role. Otherwise the roles listed. */
export type Access = 'anyone' | 'signedIn' | readonly Role[]

/** One call of the contract: everything that hosts, handlers and clients are derived from. */
export interface CallSpec<In extends z.ZodType = z.ZodType, Out extends z.ZodType = z.ZodType> {
  readonly kind: 'query' | 'mutation'
  readonly access: Access
  /** Whether the call works without an open study. */
  readonly study: 'required' | 'optional'
  readonly input: In
  readonly output: Out
}

interface Options { readonly study?: 'required' | 'optional' }

export function query<In extends z.ZodType, Out extends z.ZodType>(access: Access, input: In, output: Out, options: Options = {}): CallSpec<In, Out> {
  return { kind: 'query', access, input, output, study: options.study ?? 'required' }
}

/** A mutation writes its own audit entries in the transaction of what it changes. */
export function mutation<In extends z.ZodType, Out extends z.ZodType>(access: Access, input: In, output: Out, options: Options = {}): CallSpec<In, Out> {
  return { kind: 'mutation', access, input, output, study: options.study ?? 'required' }
}
