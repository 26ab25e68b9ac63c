// Writes src/api/words.ts from the OpenAPI document: the words a person reads for every value of the API.
import { readFileSync, writeFileSync } from 'node:fs'

const SOURCE = new URL('../../schemas/openapi.json', import.meta.url)
const TARGET = new URL('../src/api/words.ts', import.meta.url)

const document = JSON.parse(readFileSync(SOURCE, 'utf8'))
const words = Object.fromEntries(
  Object.entries(document.components.schemas).flatMap(([name, schema]) => (schema['x-words'] ? [[name, schema['x-words']]] : [])),
)
const text = `// Made of schemas/openapi.json by scripts/words.mjs (npm run api).
export const WORDS = ${JSON.stringify(words, null, 2)} as const

export const TARGET_KINDS: Record<string, { name: string; short: string; unit_kind: string }> = ${JSON.stringify(document['x-target-kinds'], null, 2)}
`

if (!process.argv.includes('--check')) writeFileSync(TARGET, text)
else if (readFileSync(TARGET, 'utf8') !== text) {
  console.error('src/api/words.ts does not match schemas/openapi.json: run npm run api')
  process.exit(1)
}
