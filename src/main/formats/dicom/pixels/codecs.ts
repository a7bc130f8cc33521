type Codecs = typeof import('dcmjs-codecs')

export type CodecName = 'rle' | 'jpeg' | 'jpegls' | 'jpeg2000' | 'htj2k'

export interface CodecImage {
  readonly width: number
  readonly height: number
  readonly bitsAllocated: number
  readonly bitsStored: number
  readonly samples: number
  readonly signed: boolean
  readonly planar: boolean
  readonly photometric: string
}

export interface CodecOutput { readonly data: Uint8Array; readonly width: number; readonly height: number; readonly bitsAllocated: number; readonly samples: number; readonly planar: boolean }

let library: Promise<Codecs> | null = null
let ready: Promise<void> | null = null

/** Loads the WebAssembly codecs when a compressed frame is first met; starts them anew after a failure, which leaves their stack where it was. */
async function start(): Promise<Codecs> {
  library ??= import('dcmjs-codecs').then((module) => (module as unknown as { default: Codecs }).default)
  const codecs = await library
  ready ??= codecs.NativeCodecs.initializeAsync()
  await ready
  return codecs
}

/** Loads the codecs ahead of need. */
export const warmCodecs = async (): Promise<void> => void (await start())

type CodecContext = InstanceType<Codecs['Context']>

function run({ NativeCodecs }: Codecs, codec: CodecName, context: CodecContext): CodecContext {
  switch (codec) {
    case 'rle': return NativeCodecs.decodeRle(context)
    case 'jpeg': return NativeCodecs.decodeJpeg(context, { convertColorspaceToRgb: false })
    case 'jpegls': return NativeCodecs.decodeJpegLs(context)
    case 'jpeg2000': return NativeCodecs.decodeJpeg2000(context)
    case 'htj2k': return NativeCodecs.decodeHtJpeg2000(context)
  }
}

/**
 * Decodes one frame. The size in `image` must have been checked against the stream's own header. Throws what the codec throws.
 */
export async function decodeWithCodec(codec: CodecName, encoded: Uint8Array, image: CodecImage): Promise<CodecOutput> {
  const codecs = await start()
  try {
    const context = new codecs.Context({
      width: image.width, height: image.height, bitsAllocated: image.bitsAllocated, bitsStored: image.bitsStored, samplesPerPixel: image.samples,
      pixelRepresentation: image.signed ? 1 : 0, planarConfiguration: image.planar ? 1 : 0, photometricInterpretation: image.photometric, encodedBuffer: encoded,
    })
    const out = run(codecs, codec, context)
    return {
      data: out.getDecodedBuffer() ?? new Uint8Array(0), width: out.getWidth() ?? 0, height: out.getHeight() ?? 0,
      bitsAllocated: out.getBitsAllocated() ?? 0, samples: out.getSamplesPerPixel() ?? 0, planar: out.getPlanarConfiguration() === 1,
    }
  } catch (error) {
    codecs.NativeCodecs.release()
    ready = null
    throw error
  }
}
