/** The echo of everything at full resolution, before the beam: row by row over the ultrasound field. */
export interface EchoField {
  readonly width: number
  readonly height: number
  readonly mmPerPx: number
  /** x in mm of column 0. */
  readonly left: number
  /** Diffuse scattering, dB. */
  readonly diffuse: Float32Array
  /** Specular reflection, dB. */
  readonly specular: Float32Array
}
