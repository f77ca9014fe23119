import { afterAll } from 'vitest'
import { unwindFile } from './cleanup.ts'

// Vitest runs this for each test file, also where files share a process, which loads cleanup.ts once.
afterAll(unwindFile)
