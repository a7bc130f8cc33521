import chromium from '@sparticuz/chromium'

/** Unpacks Chromium before any test starts: two files that find it packed at the same time would write over each other. */
export default async function setup(): Promise<void> {
  if (process.env['CHROMIUM_PATH'] === undefined) await chromium.executablePath()
}
