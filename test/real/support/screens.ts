import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { Page } from './browser.ts'

const goldens = fileURLToPath(new URL('../../../fixtures/screens/', import.meta.url))
const isUpdating = process.env['SESSCTL_UPDATE_GOLDENS'] === '1'

/** How a part of the page looks, whatever font a host has: pictures of this width, blurred by their size. */
const thumbnailWidth = 120
const screenHeight = 1500

/** In the page: the pixels of a PNG at a size. */
const drawn = `async (png, width) => {
  const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0))
  const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
  const height = Math.round(image.height * width / image.width)
  const canvas = new OffscreenCanvas(width, height)
  const drawing = canvas.getContext('2d')
  drawing.imageSmoothingQuality = 'high'
  drawing.drawImage(image, 0, 0, width, height)
  return { canvas, pixels: drawing.getImageData(0, 0, width, height).data }
}`

const thumbnailOf = (png: string): string => `(async () => {
  const { canvas } = await (${drawn})('${png}', ${thumbnailWidth})
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())
  return btoa(String.fromCharCode(...bytes))
})()`

/** The mean difference of two pictures, from 0 to 1. */
const differenceOf = (one: string, other: string): string => `(async () => {
  const { pixels: a } = await (${drawn})('${one}', ${thumbnailWidth})
  const { pixels: b } = await (${drawn})('${other}', ${thumbnailWidth})
  if (a.length !== b.length) return 1
  return a.reduce((sum, value, at) => sum + Math.abs(value - b[at]), 0) / a.length / 255
})()`

/** A missing block of text makes a difference of 0.017; another version of a font makes less. */
const mostDifference = 0.01

const compare = async (name: string, png: string, blank: Page): Promise<void> => {
  const thumbnail = String(await blank.evaluate(thumbnailOf(png)))
  const file = join(goldens, `${name}.png`)
  if (isUpdating) {
    mkdirSync(goldens, { recursive: true })
    writeFileSync(file, Buffer.from(thumbnail, 'base64'))
  }
  const golden = readFileSync(file).toString('base64')
  const difference = Number(await blank.evaluate(differenceOf(thumbnail, golden)))
  expect(difference, name).toBeLessThan(mostDifference)
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const violations = `axe.run(document).then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).slice(0, 3).join(' ')))`

const isOverflowing = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'

/**
 * The page in light and dark, wide and as on a phone: nothing is cut off, axe-core finds nothing, and it
 * looks as in fixtures/screens.
 */
export const expectGoodLooks = async (name: string, page: Page, blank: Page): Promise<void> => {
  await page.evaluate(axe)
  for (const scheme of ['light', 'dark'] as const)
    for (const [size, width] of [
      ['wide', 1200],
      ['narrow', 400],
    ] as const) {
      await page.emulate(width, scheme)
      expect(await page.evaluate(isOverflowing), `${name}, ${size}: scrolls sideways`).toBe(false)
      expect(await page.evaluate(violations), `${name}, ${scheme}, ${size}`).toEqual([])
      await compare(`${name}-${scheme}-${size}`, await page.screenshot(screenHeight), blank)
    }
}
