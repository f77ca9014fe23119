#!/usr/bin/env node
// CommonJS (bin/package.json says so): Node.js starts it 3 ms earlier than a module.
'use strict'

const fs = require('node:fs')

const dist = `${__dirname}/../dist`

/** null: there is none for this Node.js. */
const readCodeCache = (file) => {
  try {
    return fs.readFileSync(file)
  } catch {
    return null
  }
}

/** Where another process reads it, it must be there whole. */
const writeCodeCache = (file, script) => {
  try {
    fs.accessSync(dist, fs.constants.W_OK)
    const whole = `${file}.${process.pid}`
    fs.writeFileSync(whole, script.createCachedData(), { flag: 'wx' })
    fs.renameSync(whole, file)
  } catch {
    // Only start-up would have been shorter.
  }
}

/**
 * Compiling takes longer than anything else that a small run does (30 of 75 ms), so what V8 made of
 * the command line is kept. It stands beside the code itself, so that nobody can change the one who
 * could not change the other; V8 refuses what another version or other flags of it have made. The
 * build leaves one for its own Node.js; under another, the first `generate` that may write there does.
 */
const runCommandLine = (argv) => {
  const { Script } = require('node:vm')
  const filename = `${dist}/cli.cjs`
  const cache = `${dist}/cli.${process.version}-${process.arch}.cache`
  const cachedData = readCodeCache(cache)
  const source = fs.readFileSync(filename, 'latin1')
  const script = new Script(source, cachedData === null ? { filename } : { filename, cachedData })
  if (cachedData === null && argv[0] === 'generate')
    process.once('exit', () => writeCodeCache(cache, script))
  const commandLine = { exports: {} }
  script.runInThisContext()(commandLine, require)
  return commandLine.exports.main(argv, `${__dirname}/..`)
}

/** Not by process.stdout, which would take longer than all the rest (2 of 22 ms). */
const printVersion = () => {
  try {
    fs.writeSync(1, `${require('../package.json').version}\n`)
  } catch {
    // Nobody reads it.
  }
}

const argv = process.argv.slice(2)
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) printVersion()
else runCommandLine(argv)
