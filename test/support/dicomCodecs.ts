import dcmjsCodecs from 'dcmjs-codecs'

// Compressed frames for tests, made by the encoders of the codec library; what they hold is checked against dcmtk's recorded pixels.

const { NativeCodecs, Context } = dcmjsCodecs

export interface EncodeOptions {
  readonly columns: number
  readonly rows: number
  readonly samples: 1 | 3
  readonly bits?: 8 | 16
  readonly stored?: number
  readonly signed?: 0 | 1
  readonly photometric?: string
}

export type Encoder = 'rle' | 'jpegBaseline' | 'jpegLossless' | 'jpegLs' | 'jpegLsNear' | 'jpeg2000' | 'jpeg2000Lossy' | 'htj2k'

export async function encodeFrame(encoder: Encoder, data: Uint8Array, options: EncodeOptions): Promise<Uint8Array> {
  await NativeCodecs.initializeAsync()
  const context = new Context({
    width: options.columns, height: options.rows, samplesPerPixel: options.samples, bitsAllocated: options.bits ?? 8, bitsStored: options.stored ?? options.bits ?? 8,
    pixelRepresentation: options.signed ?? 0, planarConfiguration: 0,
    photometricInterpretation: options.photometric ?? (options.samples === 3 ? 'RGB' : 'MONOCHROME2'), decodedBuffer: data,
  })
  const encode = (): InstanceType<typeof Context> => {
    switch (encoder) {
      case 'rle': return NativeCodecs.encodeRle(context)
      case 'jpegBaseline': return NativeCodecs.encodeJpeg(context, { lossy: true, quality: 90, predictor: 0, pointTransform: 0 })
      case 'jpegLossless': return NativeCodecs.encodeJpeg(context, { lossy: false, predictor: 1, pointTransform: 0 })
      case 'jpegLs': return NativeCodecs.encodeJpegLs(context, { lossy: false })
      case 'jpegLsNear': return NativeCodecs.encodeJpegLs(context, { lossy: true, allowedLossyError: 2 })
      case 'jpeg2000': return NativeCodecs.encodeJpeg2000(context, { lossy: false })
      case 'jpeg2000Lossy': return NativeCodecs.encodeJpeg2000(context, { lossy: true, rate: 5 })
      case 'htj2k': return NativeCodecs.encodeHtJpeg2000(context, { lossy: false })
    }
  }
  const out = encode().getEncodedBuffer()
  if (!out) throw new Error('the encoder gave nothing')
  return out
}
