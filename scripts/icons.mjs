// Makes the icons of the packages in build/ from src/renderer/public/icon.svg: PNGs for Linux, icon.ico, icon.icns. Run it after changing the drawing.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { root } from './lib.mjs'

const svg = readFileSync(join(root, 'src/renderer/public/icon.svg'))
const png = (size) => sharp(svg, { density: (72 * size) / 64 }).resize(size, size).png({ compressionLevel: 9 }).toBuffer()

/** An icon file of Windows: a table of entries, then the images; PNG at every size, as Windows reads since Vista. */
function ico(images) {
  const head = Buffer.alloc(6 + 16 * images.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(images.length, 4)
  let at = head.length
  for (const [i, { size, data }] of images.entries()) {
    const entry = 6 + 16 * i
    head.writeUInt8(size % 256, entry)
    head.writeUInt8(size % 256, entry + 1)
    head.writeUInt16LE(1, entry + 4)
    head.writeUInt16LE(32, entry + 6)
    head.writeUInt32LE(data.length, entry + 8)
    head.writeUInt32LE(at, entry + 12)
    at += data.length
  }
  return Buffer.concat([head, ...images.map((i) => i.data)])
}

/** An icon file of macOS: chunks of a type by size, each a PNG. */
const ICNS = { 16: 'icp4', 32: 'icp5', 64: 'icp6', 128: 'ic07', 256: 'ic08', 512: 'ic09', 1024: 'ic10' }
function icns(images) {
  const chunk = (type, data) => {
    const head = Buffer.alloc(8)
    head.write(type, 'latin1')
    head.writeUInt32BE(data.length + 8, 4)
    return Buffer.concat([head, data])
  }
  return chunk('icns', Buffer.concat(images.map(({ size, data }) => chunk(ICNS[size], data))))
}

const sized = (sizes) => Promise.all(sizes.map(async (size) => ({ size, data: await png(size) })))
const build = join(root, 'build')
mkdirSync(join(build, 'icons'), { recursive: true })
for (const { size, data } of await sized([16, 32, 48, 64, 128, 256, 512])) writeFileSync(join(build, 'icons', `${size}x${size}.png`), data)
writeFileSync(join(build, 'icon.ico'), ico(await sized([16, 24, 32, 48, 64, 128, 256])))
writeFileSync(join(build, 'icon.icns'), icns(await sized([16, 32, 64, 128, 256, 512, 1024])))
