import type { InferenceSettings, Provider } from '#shared/contract/inference.ts'
import type { SegmentationModel, SegmentationNetwork } from '#shared/domain/index.ts'

export interface GraphRef {
  readonly name: string
  readonly file: string
  readonly sha256: string
  /** A pixel is lesion at or above it; from the model's manifest, 0.5 unless it says otherwise. */
  readonly threshold?: number
}

export interface SegmentRequest {
  readonly kind: 'segment'
  /** An 8-bit PNG. */
  readonly image: Uint8Array
  readonly networks: readonly (GraphRef & { readonly name: SegmentationNetwork })[]
  readonly fusion: GraphRef
  readonly provider: Provider | 'auto'
}

export interface SegmentedMap {
  readonly model: SegmentationModel
  /** `maskToBytes` of probability >= the model's threshold */
  readonly mask: Uint8Array
  readonly areaPx: number
  /** PNG of 16-bit grey: probability x 65535 */
  readonly map: Uint8Array
}

export interface SegmentAnswer {
  readonly maps: readonly SegmentedMap[]
  readonly provider: Provider
  readonly providerNote: string
  /** why it did not run as it was asked, in whole or in part; null: it did */
  readonly fallback: string | null
  readonly milliseconds: number
  /** of it, inside the graphs */
  readonly graphMilliseconds: number
  /** 1 - mean pairwise Dice of the three networks */
  readonly disagreement: number
  /** share of the mask's border band where the fused probability is between 0.25 and 0.75 */
  readonly uncertainty: number
  readonly components: number
  readonly touchesBorder: boolean
}

export interface ClassifyRequest {
  readonly kind: 'classify'
  readonly image: Uint8Array
  readonly mask: Uint8Array
  readonly networks: readonly GraphRef[]
  readonly provider: Provider | 'auto'
}

export interface ClassifyAnswer {
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  readonly results: readonly {
    readonly name: string; readonly probability: number; readonly cam: { readonly width: number; readonly height: number; readonly values: Float32Array }
    /** what really ran this network, and why */
    readonly provider: Provider; readonly providerNote: string; readonly fallback: string | null
  }[]
}

/** `probes`: every graph that a provider has to agree with the CPU on. */
export interface ProvidersRequest { readonly kind: 'providers'; readonly probes: readonly GraphRef[] }
/** Largest difference of a probability from the CPU's on a probe picture; null where the graph did not run. */
export interface ParityOfGraph { readonly graph: string; readonly sha256: string; readonly difference: number | null; readonly problem: string | null }
export interface ProviderState { readonly name: Provider; readonly available: boolean; readonly reason: string; readonly checks: readonly ParityOfGraph[] }
export interface ProvidersAnswer { readonly providers: readonly ProviderState[]; readonly runtime: string }

/** One graph on one picture, prepared as the app does it, on exactly the provider asked for: for parity checks and for graphs that somebody brings. */
export interface GraphRunRequest {
  readonly kind: 'graph'
  readonly graph: GraphRef
  readonly provider: Provider
  /** interleaved 8-bit pixels */
  readonly pixels: { readonly width: number; readonly height: number; readonly channels: 1 | 3; readonly data: Uint8Array }
  /** `image`: z-score of the whole picture; `roi`: the whole picture as the region of a classifier */
  readonly input: 'image' | 'roi'
}
export interface GraphValue { readonly dims: readonly number[]; readonly values: Float32Array }
export interface GraphRunAnswer { readonly outputs: Readonly<Record<string, GraphValue>>; readonly fed: Float32Array }

export interface DescribeRequest { readonly kind: 'describe'; readonly graph: GraphRef }
/** A dimension is a number, or the name of one that is free. */
export interface GraphPort { readonly name: string; readonly type: string; readonly shape: readonly (number | string)[] }
export interface DescribeAnswer { readonly inputs: readonly GraphPort[]; readonly outputs: readonly GraphPort[] }

export type Request = SegmentRequest | ClassifyRequest | ProvidersRequest | GraphRunRequest | DescribeRequest
export type Answer<R extends Request> = R extends SegmentRequest ? SegmentAnswer : R extends ClassifyRequest ? ClassifyAnswer : R extends GraphRunRequest ? GraphRunAnswer : R extends DescribeRequest ? DescribeAnswer : ProvidersAnswer

export interface Envelope { readonly id: number; readonly request: Request; readonly settings?: InferenceSettings }
export type Reply = { readonly id: number; readonly ok: true; readonly value: unknown } | { readonly id: number; readonly ok: false; readonly message: string }
