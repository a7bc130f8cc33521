/** '2026-11-23 19:04:31' in the reader's own time; the text itself where it is no time. */
export function localTime(iso: string): string {
  const at = new Date(iso)
  const two = (n: number): string => String(n).padStart(2, '0')
  return Number.isNaN(at.getTime()) ? iso : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}
