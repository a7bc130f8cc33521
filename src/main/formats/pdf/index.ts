/** Reports as PDF, drawn from the same figures as everything else. */
export { writePdf } from './writePdf.ts'
export { panelSize } from './document.ts'
export type { ReportBlock, ReportColumn, ReportDocument, ReportDrawing, ReportTable } from './document.ts'
