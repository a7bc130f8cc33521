/** How the pixel data of a transfer syntax is packed (PS3.5 section 10 and annex A). */
export type PixelEncoding = 'native' | 'rle' | 'jpeg' | 'jpegls' | 'jpeg2000' | 'htj2k'

export interface TransferSyntax {
  readonly uid: string
  readonly name: string
  readonly encoding: PixelEncoding
  readonly bigEndian: boolean
  readonly explicit: boolean
  readonly deflated: boolean
  /** The syntax always loses detail; JPEG-LS near-lossless and general JPEG 2000 may. */
  readonly lossy: boolean
}

const table: readonly (readonly [string, string, PixelEncoding, boolean])[] = [
  ['1.2.840.10008.1.2', 'Implicit VR Little Endian', 'native', false],
  ['1.2.840.10008.1.2.1', 'Explicit VR Little Endian', 'native', false],
  ['1.2.840.10008.1.2.1.99', 'Deflated Explicit VR Little Endian', 'native', false],
  ['1.2.840.10008.1.2.2', 'Explicit VR Big Endian', 'native', false],
  ['1.2.840.10008.1.2.5', 'RLE Lossless', 'rle', false],
  ['1.2.840.10008.1.2.4.50', 'JPEG Baseline (Process 1)', 'jpeg', true],
  ['1.2.840.10008.1.2.4.51', 'JPEG Extended (Process 2 and 4)', 'jpeg', true],
  ['1.2.840.10008.1.2.4.57', 'JPEG Lossless (Process 14)', 'jpeg', false],
  ['1.2.840.10008.1.2.4.70', 'JPEG Lossless (Process 14, Selection Value 1)', 'jpeg', false],
  ['1.2.840.10008.1.2.4.80', 'JPEG-LS Lossless', 'jpegls', false],
  ['1.2.840.10008.1.2.4.81', 'JPEG-LS Near-Lossless', 'jpegls', true],
  ['1.2.840.10008.1.2.4.90', 'JPEG 2000 (Lossless Only)', 'jpeg2000', false],
  ['1.2.840.10008.1.2.4.91', 'JPEG 2000', 'jpeg2000', true],
  ['1.2.840.10008.1.2.4.201', 'High-Throughput JPEG 2000 (Lossless Only)', 'htj2k', false],
  ['1.2.840.10008.1.2.4.202', 'High-Throughput JPEG 2000 with RPCL (Lossless Only)', 'htj2k', false],
  ['1.2.840.10008.1.2.4.203', 'High-Throughput JPEG 2000', 'htj2k', true],
]

const syntaxes = new Map<string, TransferSyntax>(table.map(([uid, name, encoding, lossy]) => [uid, {
  uid, name, encoding, lossy,
  bigEndian: uid === '1.2.840.10008.1.2.2',
  explicit: uid !== '1.2.840.10008.1.2',
  deflated: uid === '1.2.840.10008.1.2.1.99',
}]))

export const transferSyntax = (uid: string): TransferSyntax | undefined => syntaxes.get(uid)
export const allTransferSyntaxes = (): readonly TransferSyntax[] => [...syntaxes.values()]
