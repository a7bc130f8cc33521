/** Datasets to be written: by tag (eight upper-case hex digits) a VR and a value; multiple values are arrays, sequences arrays of datasets. */
export type Vr =
  | 'AE' | 'AS' | 'AT' | 'CS' | 'DA' | 'DS' | 'DT' | 'FD' | 'FL' | 'IS' | 'LO' | 'LT' | 'OB' | 'OV' | 'OW' | 'PN' | 'SH' | 'SL' | 'SQ' | 'SS' | 'ST'
  | 'TM' | 'UC' | 'UI' | 'UL' | 'UN' | 'UR' | 'US' | 'UT'

/** Encapsulated pixel data: one list of fragments a frame. */
export interface Encapsulated { readonly frames: readonly (readonly Uint8Array[])[]; readonly offsetTable?: boolean }

export type Value = string | number | readonly string[] | readonly number[] | Uint8Array | readonly Elements[] | Encapsulated
export type WriteElement = readonly [Vr, Value]
export interface Elements { readonly [tag: string]: WriteElement }

const LONG: readonly Vr[] = ['OB', 'OV', 'OW', 'SQ', 'UC', 'UN', 'UR', 'UT']

/** VRs whose explicit form has a 32-bit length (PS3.5 7.1.2). */
export const isLong = (vr: Vr): boolean => LONG.includes(vr)
export const isEncapsulated = (value: Value): value is Encapsulated => typeof value === 'object' && 'frames' in value
