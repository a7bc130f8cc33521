import { deflateRawSync } from 'node:zlib'
import { isEncapsulated, isLong, type Elements, type Encapsulated, type Value, type Vr } from './elements.ts'

export interface Encoding { readonly explicit: boolean; readonly bigEndian: boolean; /** Sequences and items with delimiters instead of lengths. */ readonly undefinedLengths?: boolean }

const UNDEFINED = 0xffffffff
const ENCODINGS: Record<string, Encoding> = {
  '1.2.840.10008.1.2': { explicit: false, bigEndian: false },
  '1.2.840.10008.1.2.2': { explicit: true, bigEndian: true },
}

function tagBytes(tag: string, { bigEndian }: Encoding): Buffer {
  const out = Buffer.alloc(4)
  const group = Number.parseInt(tag.slice(0, 4), 16), element = Number.parseInt(tag.slice(4), 16)
  if (bigEndian) { out.writeUInt16BE(group, 0); out.writeUInt16BE(element, 2) } else { out.writeUInt16LE(group, 0); out.writeUInt16LE(element, 2) }
  return out
}

function u32(value: number, { bigEndian }: Encoding): Buffer {
  const out = Buffer.alloc(4)
  if (bigEndian) out.writeUInt32BE(value, 0)
  else out.writeUInt32LE(value, 0)
  return out
}

const item = (tag: string, length: number, encoding: Encoding): Buffer => Buffer.concat([tagBytes(tag, encoding), u32(length, encoding)])

const SIZES: Partial<Record<Vr, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 }

function binary(vr: Vr, values: readonly number[], bigEndian: boolean): Buffer {
  const size = SIZES[vr] ?? 2
  const out = Buffer.alloc(values.length * size)
  const view = new DataView(out.buffer, out.byteOffset, out.length)
  values.forEach((value, i) => {
    const at = i * size, little = !bigEndian
    switch (vr) {
      case 'SS': view.setInt16(at, value, little); break
      case 'UL': view.setUint32(at, value, little); break
      case 'SL': view.setInt32(at, value, little); break
      case 'FL': view.setFloat32(at, value, little); break
      case 'FD': view.setFloat64(at, value, little); break
      default: view.setUint16(at, value, little)
    }
  })
  return out
}

/** A number as DS allows it: at most 16 characters (PS3.5 6.2). */
export function decimalString(value: number): string {
  for (let digits = 16; digits > 0; digits--) {
    const text = String(Number(value.toPrecision(digits)))
    if (text.length <= 16) return text
  }
  return '0'
}

function pad(bytes: Buffer, vr: Vr): Buffer {
  if (bytes.length % 2 === 0) return bytes
  return Buffer.concat([bytes, Buffer.from([vr === 'UI' || vr === 'OB' || vr === 'UN' ? 0 : 0x20])])
}

function valueBytes(vr: Vr, value: Exclude<Value, Encapsulated>, encoding: Encoding): Buffer {
  if (value instanceof Uint8Array) return pad(Buffer.from(value.buffer, value.byteOffset, value.byteLength), vr)
  const list = Array.isArray(value) ? (value as readonly (string | number)[]) : [value as string | number]
  if (vr in SIZES) return binary(vr, list.map(Number), encoding.bigEndian)
  if (vr === 'AT') return Buffer.concat(list.map((tag) => tagBytes(String(tag), encoding)))
  const text = list.map((one) => (typeof one === 'number' ? (vr === 'DS' ? decimalString(one) : String(one)) : one)).join('\\')
  return pad(Buffer.from(text, 'utf8'), vr)
}

function encodeSequence(items: readonly Elements[], encoding: Encoding): Buffer {
  const parts = items.flatMap((elements) => {
    const body = encodeElements(elements, encoding)
    return encoding.undefinedLengths
      ? [item('FFFEE000', UNDEFINED, encoding), body, item('FFFEE00D', 0, encoding)]
      : [item('FFFEE000', body.length, encoding), body]
  })
  return Buffer.concat(encoding.undefinedLengths ? [...parts, item('FFFEE0DD', 0, encoding)] : parts)
}

function encodeFragments(value: Encapsulated, encoding: Encoding): Buffer {
  const frames = value.frames.map((fragments) => fragments.map((fragment) => {
    const even = pad(Buffer.from(fragment.buffer, fragment.byteOffset, fragment.byteLength), 'OB')
    return Buffer.concat([item('FFFEE000', even.length, encoding), even])
  }))
  let at = 0
  const offsets = frames.map((parts) => {
    const offset = at
    at += parts.reduce((sum, part) => sum + part.length, 0)
    return offset
  })
  const table = value.offsetTable === false ? Buffer.alloc(0) : Buffer.concat(offsets.map((offset) => u32(offset, encoding)))
  return Buffer.concat([item('FFFEE000', table.length, encoding), table, ...frames.flat(), item('FFFEE0DD', 0, encoding)])
}

function encodeElement(tag: string, vr: Vr, value: Value, encoding: Encoding): Buffer {
  const fragments = isEncapsulated(value)
  const body = fragments ? encodeFragments(value, encoding) : vr === 'SQ' ? encodeSequence(value as readonly Elements[], encoding) : valueBytes(vr, value, encoding)
  const length = fragments || (vr === 'SQ' && encoding.undefinedLengths) ? UNDEFINED : body.length
  if (!encoding.explicit) return Buffer.concat([tagBytes(tag, encoding), u32(length, encoding), body])
  if (isLong(vr)) return Buffer.concat([tagBytes(tag, encoding), Buffer.from(`${vr}\0\0`, 'latin1'), u32(length, encoding), body])
  // A value that 16 bits cannot count is written as UN, as PS3.5 6.2.2 has it; what it is follows from its tag.
  if (length > 0xffff) return Buffer.concat([tagBytes(tag, encoding), Buffer.from('UN\0\0', 'latin1'), u32(length, encoding), body])
  const short = Buffer.alloc(2)
  if (encoding.bigEndian) short.writeUInt16BE(length, 0)
  else short.writeUInt16LE(length, 0)
  return Buffer.concat([tagBytes(tag, encoding), Buffer.from(vr, 'latin1'), short, body])
}

/** The elements in tag order, as PS3.5 section 7 lays them out. */
export function encodeElements(elements: Elements, encoding: Encoding): Buffer {
  const tags = Object.keys(elements).sort()
  return Buffer.concat(tags.map((tag) => {
    const [vr, value] = elements[tag] as Elements[string]
    return encodeElement(tag, vr, value, encoding)
  }))
}

export interface Part10Options { readonly transferSyntax?: string; readonly undefinedLengths?: boolean }

const IMPLEMENTATION_UID = '2.25.243183964318264319467124364119572418753'
const EXPLICIT_LITTLE = '1.2.840.10008.1.2.1'

/** A DICOM file (PS3.10): preamble, file meta information, dataset. Class and instance UID are those of the dataset. */
export function encodePart10(dataset: Elements, options: Part10Options = {}): Buffer {
  const transferSyntax = options.transferSyntax ?? EXPLICIT_LITTLE
  const text = (tag: string): string => String(dataset[tag]?.[1] ?? '')
  const little: Encoding = { explicit: true, bigEndian: false }
  const meta = encodeElements({
    '00020001': ['OB', Uint8Array.of(0, 1)],
    '00020002': ['UI', text('00080016')],
    '00020003': ['UI', text('00080018')],
    '00020010': ['UI', transferSyntax],
    '00020012': ['UI', IMPLEMENTATION_UID],
    '00020013': ['SH', 'SLN_WORKSTATION'],
  }, little)
  const length = encodeElements({ '00020000': ['UL', meta.length] }, little)
  const encoding = { ...(ENCODINGS[transferSyntax] ?? little), undefinedLengths: options.undefinedLengths ?? false }
  const body = encodeElements(dataset, encoding)
  const deflated = transferSyntax === '1.2.840.10008.1.2.1.99'
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM', 'latin1'), length, meta, deflated ? pad(deflateRawSync(body), 'OB') : body])
}
