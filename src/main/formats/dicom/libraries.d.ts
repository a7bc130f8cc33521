declare module 'dicom-character-set' {
  /** Text of a DICOM element from its bytes and the value of Specific Character Set. */
  export function convertBytes(specificCharacterSet: string, bytes: Uint8Array, options?: { vr?: string }): string
}
