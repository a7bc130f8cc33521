import type { InferenceSession } from 'onnxruntime-node'

/** Numbers with their shape; across threads they lie in shared memory where their maker put them there. */
export interface Values { readonly dims: readonly number[]; readonly data: Float32Array }
export type Port = { readonly name: string; readonly isTensor: false } | { readonly name: string; readonly isTensor: true; readonly type: string; readonly shape: readonly (number | string)[] }

export type LaneAsked =
  | { readonly id: number; readonly kind: 'open'; readonly session: number; readonly file: string; readonly options: InferenceSession.SessionOptions }
  /** `into`: what the outputs are written to; null: they come back in memory of their own. */
  | { readonly id: number; readonly kind: 'run'; readonly session: number; readonly feeds: Readonly<Record<string, Values>>; readonly into: Readonly<Record<string, Values>> | null }
  | { readonly id: number; readonly kind: 'release'; readonly session: number }
export interface Opened { readonly inputs: readonly Port[]; readonly outputs: readonly Port[] }
export type LaneAnswered = { readonly id: number; readonly ok: true; readonly value: Opened | Readonly<Record<string, Values>> | null } | { readonly id: number; readonly ok: false; readonly message: string }
