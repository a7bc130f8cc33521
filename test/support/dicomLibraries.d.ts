declare module 'dcmjs' {
  const dcmjs: { readonly data: { readonly DicomMetaDictionary: { readonly dictionary: Readonly<Record<string, { readonly vr: string; readonly name: string } | undefined>> } } }
  export default dcmjs
}
