import { pixelSizeOfLines, scaleLineLength, type PixelSize, type Point, type ScaleLine } from '#shared/geometry/index.ts'

/** A line as far as it was drawn and measured. */
export interface DrawnLine { readonly from: Point | null; readonly to: Point | null; readonly mm: number | null }
export const nothingDrawn: readonly DrawnLine[] = [{ from: null, to: null, mm: 10 }]

const drawn = (line: DrawnLine): ScaleLine | null => (line.from === null || line.to === null || line.mm === null || line.mm <= 0 ? null : { from: line.from, to: line.to, mm: line.mm })
const inWords = ({ x, y }: PixelSize): string => (x === y ? `${x.toFixed(4)} mm a pixel` : `${x.toFixed(4)} mm across, ${y.toFixed(4)} mm down a pixel`)

/** What follows from one line, or from two: the lines as they are sent, and a sentence. `lines` is null while something is missing or no scale follows. */
export function lineScale(lines: readonly DrawnLine[]): { readonly lines: readonly [ScaleLine, ScaleLine | null] | null; readonly said: string } {
  const [first, second] = lines.map(drawn)
  const waiting = lines.findIndex((line) => line.from === null || line.to === null || scaleLineLength({ from: line.from, to: line.to }) === 0)
  if (waiting >= 0) return { lines: null, said: lines.length < 2 ? 'Draw a line along a scale whose length you know.' : waiting === 0 ? 'Draw line 1 along a scale whose length you know.' : 'Draw line 2 along a scale of the other direction.' }
  if (first == null || (lines.length === 2 && second == null)) return { lines: null, said: 'Enter how long the line is.' }
  const size = pixelSizeOfLines(first, second ?? null)
  if (!size.ok) return { lines: null, said: `${size.error.charAt(0).toUpperCase()}${size.error.slice(1)}.` }
  const lengths = [first, ...(second == null ? [] : [second])].map((line) => `${scaleLineLength(line).toFixed(1)} px = ${line.mm} mm`).join(', ')
  return { lines: [first, second ?? null], said: `${lengths}: ${inWords(size.value)}` }
}
