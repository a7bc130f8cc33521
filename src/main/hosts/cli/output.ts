/** Where answers and progress go: answers to standard output, everything else to standard error. */
export interface Output {
  answer(value: unknown, human: () => string): void
  say(text: string): void
  progress(done: number, total: number, note: string): void
  end(): void
}

const clock = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')}`

export function createOutput(json: boolean): Output {
  const terminal = process.stderr.isTTY === true
  const started = Date.now()
  let shown = false
  const clear = (): void => {
    if (shown) process.stderr.write('\r\u001b[K')
    shown = false
  }
  return {
    answer(value, human) {
      clear()
      process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${human()}\n`)
    },
    say(text) {
      clear()
      process.stderr.write(`${text}\n`)
    },
    progress(done, total, note) {
      if (!terminal || total === 0) return
      const seconds = (Date.now() - started) / 1000
      const left = done > 0 && seconds > 1 ? `  ${clock((seconds / done) * (total - done))} left` : ''
      process.stderr.write(`\r\u001b[K${String(Math.floor((100 * done) / total)).padStart(3)} %  ${done} of ${total}${left}${note === '' ? '' : `  ${note}`}`)
      shown = true
    },
    end: clear,
  }
}

/** Columns of text under their heads; numbers to the right. */
export function table(heads: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const text = rows.map((row) => row.map((cell) => (cell === null ? '-' : typeof cell === 'number' ? (Number.isInteger(cell) ? String(cell) : cell.toFixed(3)) : cell)))
  const widths = heads.map((head, i) => Math.max(head.length, ...text.map((row) => (row[i] ?? '').length)))
  const numeric = heads.map((_, i) => rows.some((row) => typeof row[i] === 'number'))
  const line = (cells: readonly string[]): string => cells.map((cell, i) => (numeric[i] === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join('  ').trimEnd()
  return [line(heads), line(widths.map((w) => '-'.repeat(w))), ...text.map(line)].join('\n')
}
