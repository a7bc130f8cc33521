import type { Finished } from './segmentation.ts'
import type { FinishOrder } from './work.ts'

/** Arrays are in shared memory: what is written to them is there when the answer comes. */
export type Asked = { readonly id: number; readonly kind: 'prepare'; readonly image: Uint8Array; readonly planes: Float32Array } | { readonly id: number; readonly kind: 'finish'; readonly order: FinishOrder }
export type Answered = { readonly id: number; readonly ok: true; readonly value: Finished | null } | { readonly id: number; readonly ok: false; readonly message: string }
