import type { paths } from './schema'

/**
 * The one way to the API. Paths, bodies and answers are those of the OpenAPI document.
 *
 *   Trouble            what a person can be told: a sentence to act on
 *   ├── Refused        the server said no; the sentence is its own
 *   ├── Unreachable    no answer came, so nothing is known of what became of it; sending it again is safe
 *   └── Elsewhere      it was meant for a membership that no longer acts here; it was not sent
 */
export class Trouble extends Error {
  constructor(
    readonly sentence: string,
    readonly code: string,
  ) {
    super(`${code}: ${sentence}`)
  }
}

export class Refused extends Trouble {
  constructor(
    readonly status: number,
    code: string,
    sentence: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(sentence, code)
    this.name = 'Refused'
  }
}

export class Unreachable extends Trouble {
  constructor(sentence = '没有网络，或服务器没有应答。已提交的记录不受影响，请再试一次。') {
    super(sentence, 'network.unreachable')
    this.name = 'Unreachable'
  }
}

export class Elsewhere extends Trouble {
  constructor(sentence = '您已切换到别的任职，切换回去后再试。') {
    super(sentence, 'session.elsewhere')
    this.name = 'Elsewhere'
  }
}

/** Codes of refusals that pass by themselves. */
const PASSING = ['file.pending', 'file.not_sent']

/** Whether trying the same again later can help: nobody said no for good. */
export function passing(error: unknown): boolean {
  if (error instanceof Refused) return error.status >= 500 || error.status === 429 || PASSING.includes(error.code)
  return error instanceof Unreachable || error instanceof Elsewhere
}

/** In how many milliseconds the same is allowed again, where the server said so. */
export function waitOf(error: unknown): number | undefined {
  const wait = error instanceof Refused && error.status === 429 ? error.details.wait : undefined
  return typeof wait === 'number' ? wait * 1000 : undefined
}

type Method = 'get' | 'post'
type Operation<P extends keyof paths, M extends Method> = paths[P][M]
type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : never
type Answers<O> = O extends { responses: infer R } ? Json<R[keyof R & (200 | 201)]> : never
type BodyOf<O> = O extends { requestBody: { content: { 'application/json': infer B } } } ? { body: B } : { body?: undefined }
type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? (Q extends undefined ? object : { query?: Q }) : object
type PathOf<O> = O extends { parameters: { path: infer A } } ? { path: A } : object
type Ask<O> = BodyOf<O> & QueryOf<O> & PathOf<O>

/**
 * Who is asking. A request belongs to the owner it was begun for: for another one both ways throw Elsewhere, whatever
 * happened to the session meanwhile. `renew` is asked once when the server no longer accepts the token; false: he has to log in.
 */
export interface Caller {
  owner(): string
  token(owner: string): Promise<string | null>
  renew(owner: string): Promise<boolean>
}

let caller: Caller = { owner: () => '', token: async () => null, renew: async () => false }

export function actAs(who: Caller): void {
  caller = who
}

const ORIGIN = (import.meta.env.VITE_API_ORIGIN as string | undefined) ?? ''
const PATIENCE = 15_000

/** Ask the API as the person logged in, or not at all when that is no longer `owner`. */
export async function call<P extends keyof paths, M extends Method>(
  method: M,
  path: P,
  ask: Ask<Operation<P, M>>,
  owner = caller.owner(),
): Promise<Answers<Operation<P, M>>> {
  const token = await caller.token(owner)
  try {
    return await callWith(token, method, path, ask)
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401) throw error
    // Others may have renewed it while this request was on its way.
    const renewed = (await caller.token(owner)) !== token || (await caller.renew(owner))
    if (!renewed) throw error
    return callWith(await caller.token(owner), method, path, ask)
  }
}

/** Ask with a given token, or none: for login itself. */
export function callWith<P extends keyof paths, M extends Method>(
  token: string | null,
  method: M,
  path: P,
  ask: Ask<Operation<P, M>>,
): Promise<Answers<Operation<P, M>>> {
  const { body } = ask as { body?: object }
  return new Promise((resolve, reject) => {
    uni.request({
      url: ORIGIN + address(path, ask),
      method: method.toUpperCase() as 'GET',
      data: body,
      timeout: PATIENCE,
      header: {
        'Content-Type': 'application/json',
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
      success: (answer) => {
        const good = answer.statusCode >= 200 && answer.statusCode < 300
        // The login page of a Wi-Fi answers 200 too, but never with an object.
        if (good && answer.data && typeof answer.data === 'object') resolve(answer.data as Answers<Operation<P, M>>)
        else reject(refused(answer.statusCode, answer.data))
      },
      fail: () => reject(new Unreachable()),
    })
  })
}

function address(template: string, ask: object): string {
  const { path = {}, query = {} } = ask as { path?: Record<string, string>; query?: Record<string, unknown> }
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))
  const asked = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  const text = asked.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')
  return text ? `${filled}?${text}` : filled
}

function refused(status: number, answer: unknown): Trouble {
  // WeChat hands on problem+json as text.
  const problem = parsed(answer)
  if (!problem) return new Unreachable('服务器没有应答。已提交的记录不受影响，请再试一次。')
  return new Refused(status, problem.code, problem.sentence, problem.details)
}

function parsed(answer: unknown): { code: string; sentence: string; details?: Record<string, unknown> } | null {
  try {
    const value = typeof answer === 'string' ? JSON.parse(answer) : answer
    return typeof value?.sentence === 'string' ? value : null
  } catch {
    return null
  }
}
