/** A numeric image, row-major, channels last: value (row, column, channel) is data[(row * width + column) * channels + channel]. */
export interface Raster {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly data: ArrayLike<number>
}
