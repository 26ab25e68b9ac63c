// Made of schemas/openapi.json by scripts/words.mjs (npm run api).
/* eslint-disable */
export const WORDS = {} as const

export const TARGET_KINDS: Record<string, { name: string; short: string; unit_kind: string; category?: string | null }> = {}
