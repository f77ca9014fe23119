import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { reviewPage } from '../../src/report/review/page.ts'
import { simulationPage } from '../../src/report/simulate/page.ts'
import { reportOf } from '../unit/report/review/reports.ts'
import { simulationOf } from '../unit/report/simulate/simulations.ts'
import { browserMissing, openBrowser, type Page } from './support/browser.ts'
import { expectGoodLooks } from './support/screens.ts'
import { tempDir } from './support/temp-dir.ts'

const activeElement = (property: string): string => `document.activeElement.${property}`

/** The skip link is first, and leads to the text; details open and close. */
const useReview = async (page: Page): Promise<void> => {
  await page.press('Tab')
  expect(await page.evaluate(activeElement('textContent'))).toBe('Skip to the text of the files')
  await page.press('Enter')
  expect(await page.evaluate('location.hash')).toBe('#text')
  await page.press('Tab')
  expect(await page.evaluate(activeElement('tagName'))).toBe('SUMMARY')
  expect(await page.evaluate(activeElement('parentElement.open'))).toBe(true)
  await page.press('Enter')
  expect(await page.evaluate(activeElement('parentElement.open'))).toBe(false)
}

/** A table that is wider than the screen is scrolled with the keyboard. */
const useSimulation = async (page: Page): Promise<void> => {
  await page.press('Tab')
  expect(await page.evaluate(activeElement('getAttribute("role")'))).toBe('group')
  const isWider = await page.evaluate(
    'document.activeElement.scrollWidth > document.activeElement.clientWidth',
  )
  expect(isWider).toBe(true)
}

test('the pages of a review and of a simulation, in a browser', async ({ skip }) => {
  const missing = browserMissing()
  skip(missing !== null, missing ?? '')
  const newPage = openBrowser()
  const blank = await newPage()
  for (const [name, text, use] of [
    ['review', reviewPage(reportOf()), useReview],
    ['simulation', simulationPage(...simulationOf()), useSimulation],
  ] as const) {
    const file = join(tempDir(), `${name}.html`)
    writeFileSync(file, text)
    // Each page is opened last: a browser does not draw a page behind another one.
    const page = await newPage()
    await page.open(file)
    await expectGoodLooks(name, page, blank)
    await use(page)
    expect(page.reports(), name).toEqual([])
  }
})
