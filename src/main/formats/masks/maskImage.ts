import { err, type Result } from '#shared/lib/index.ts'

/** A dense mask: one byte a pixel, row-major from the top left; 0 is background, 1 (or a label value) foreground. */
export interface MaskImage { readonly width: number; readonly height: number; readonly data: Uint8Array }

/** The masks of a picture's frames, all of one size, with their pixel size in millimetres where it is known (else 1). */
export interface MaskStack {
  readonly width: number
  readonly height: number
  readonly frames: readonly Uint8Array[]
  readonly spacing: { readonly x: number; readonly y: number }
}

export interface MaskFault { readonly code: 'not_this_format' | 'corrupt' | 'unsupported' | 'too_large' | 'wrong_size'; readonly message: string }

export const maskFault = (code: MaskFault['code'], message: string): { readonly ok: false; readonly error: MaskFault } => err({ code, message })
export type MaskResult<T> = Result<T, MaskFault>

/** More voxels than any cine's masks have: a file that asks for more is refused before anything is allocated. */
export const MAX_VOXELS = 1 << 29

/** Runs a reader over an unknown file: whatever a library throws is a corrupt file. */
export function reading<T>(work: () => MaskResult<T>): MaskResult<T> {
  try {
    return work()
  } catch (error) {
    return maskFault('corrupt', `It cannot be read (${error instanceof Error ? error.message.slice(0, 150) : String(error)}).`)
  }
}

export function checkStack({ width, height, frames }: MaskStack): void {
  for (const frame of frames) if (frame.length !== width * height) throw new Error(`a mask of ${width} x ${height} has ${frame.length} bytes`)
}
