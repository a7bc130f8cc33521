/** The minutes after which a session without a call is signed out, as the command line gives them: it may be made shorter than the usual 30, never longer. */
export function idleMinutesOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const minutes = text.trim() === '' ? NaN : Number(text)
  if (!(minutes > 0 && minutes <= 30)) throw new Error('--idle-minutes takes a number over 0, at most 30')
  return minutes
}
