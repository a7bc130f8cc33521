declare module 'svg-to-pdfkit' {
  interface Options { readonly width?: number; readonly height?: number; readonly assumePt?: boolean; readonly preserveAspectRatio?: string; readonly fontCallback?: (family: string, bold: boolean, italic: boolean) => string; readonly warningCallback?: (text: string) => void }
  export default function SVGtoPDF(document: PDFKit.PDFDocument, svg: string, x: number, y: number, options?: Options): void
}
