/** Writes ONNX files of a few nodes, so that tests need no Python: protobuf by hand (onnx.proto3, IR 7, opset 13). */
type Dim = number | string
export interface TinyNode { readonly op: string; readonly inputs: readonly string[]; readonly output: string; readonly axes?: readonly number[]; readonly keepDims?: boolean }
export interface TinyGraph { readonly inputs: Readonly<Record<string, readonly Dim[]>>; readonly outputs: Readonly<Record<string, readonly Dim[]>>; readonly nodes: readonly TinyNode[]; /** Names of weights of one value that lie in files beside the graph. */ readonly outside?: Readonly<Record<string, string>> }

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let v = value; ; v = Math.floor(v / 128)) {
    if (v < 128) return Buffer.from([...bytes, v])
    bytes.push((v % 128) | 128)
  }
}
const int = (field: number, value: number): Buffer => Buffer.concat([varint(field * 8), varint(value)])
const bytes = (field: number, content: Buffer | string): Buffer => {
  const body = Buffer.from(content)
  return Buffer.concat([varint(field * 8 + 2), varint(body.length), body])
}
const FLOAT = 1, INT = 2, INTS = 7

const port = (name: string, shape: readonly Dim[]): Buffer => {
  const dims = Buffer.concat(shape.map((d) => bytes(1, typeof d === 'number' ? int(1, d) : bytes(2, d))))
  return Buffer.concat([bytes(1, name), bytes(2, bytes(1, Buffer.concat([int(1, FLOAT), bytes(2, dims)])))])
}
const node = (n: TinyNode, i: number): Buffer => Buffer.concat([
  ...n.inputs.map((name) => bytes(1, name)), bytes(2, n.output), bytes(3, `node${i}`), bytes(4, n.op),
  ...(n.axes === undefined ? [] : [bytes(5, Buffer.concat([bytes(1, 'axes'), ...n.axes.map((a) => int(8, a)), int(20, INTS)]))]),
  ...(n.keepDims === undefined ? [] : [bytes(5, Buffer.concat([bytes(1, 'keepdims'), int(3, Number(n.keepDims)), int(20, INT)]))]),
])

const outside = (name: string, file: string): Buffer => Buffer.concat([int(1, 1), int(2, FLOAT), bytes(8, name), bytes(13, Buffer.concat([bytes(1, 'location'), bytes(2, file)])), int(14, 1)])

export function tinyOnnx(graph: TinyGraph): Buffer {
  const body = Buffer.concat([
    ...graph.nodes.map((n, i) => bytes(1, node(n, i))), bytes(2, 'tiny'), ...Object.entries(graph.outside ?? {}).map(([name, file]) => bytes(5, outside(name, file))),
    ...Object.entries(graph.inputs).map(([name, shape]) => bytes(11, port(name, shape))), ...Object.entries(graph.outputs).map(([name, shape]) => bytes(12, port(name, shape))),
  ])
  return Buffer.concat([int(1, 7), bytes(7, body), bytes(8, Buffer.concat([bytes(1, ''), int(2, 13)]))])
}
