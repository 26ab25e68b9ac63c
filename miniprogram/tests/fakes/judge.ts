import type { InspectionRequest, Item, UnitKind } from '@/api'

/**
 * The rules of the server on a submission, as `tean/domain/inspections.py` (_faults, _check_suspension, _check_stop_use,
 * check_files)
 * and the request model `schemas/inspections.py` have them: what passes the client's rules has to pass these.
 */
export function faultsOf(items: Item[], request: InspectionRequest, side: UnitKind = 'use'): string[] {
  const faults = request.state === 'suspended' ? suspensionFaults(request) : answerFaults(items, request)
  return [...shapeFaults(request), ...faults, ...stopFaults(items, request, side)]
}

const RANK = ['general', 'serious', 'major']
type Answer = NonNullable<InspectionRequest['answers']>[number]

/** Cc, Cf, Cs and Co, but for a line break and a tab. */
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/u
const badText = (text: string | null | undefined, most: number) =>
  text !== undefined && text !== null && (INVISIBLE.test(text) || !text.trim() || [...text].length > most)

function shapeFaults(request: InspectionRequest): string[] {
  const answers = request.answers ?? []
  const files = [...answers.flatMap((answer) => answer.photos ?? []), ...(request.signature ? [request.signature] : [])]
  return [
    badText(request.reason, 120) && 'reason',
    badText(request.kept_in_use, 120) && 'reason to keep it in use',
    answers.some((answer) => badText(answer.outcome, 600) || badText(answer.remark, 600)) && 'text',
    answers.some(({ seconds }) => typeof seconds === 'number' && !(Number.isInteger(seconds) && seconds >= 0 && seconds <= 86_400)) && 'seconds',
    files.some((file) => !/^[A-Za-z0-9][\w-]{0,31}\.[0-9a-f]{32}$/.test(file)) && 'file id',
    files.length > 60 && 'too many files',
    new Set(files).size < files.length && 'file twice',
  ].filter((fault) => typeof fault === 'string')
}

function stopFaults(items: Item[], request: InspectionRequest, side: UnitKind): string[] {
  const grave = side !== 'production' && (request.answers ?? []).some((answer) => {
    const grade = answer.grade ?? items.find((item) => item.code === answer.item)?.grade
    return answer.handling === 'pending' && grade === 'major'
  })
  const decided = Number(Boolean(request.stop_use)) + Number(request.kept_in_use !== undefined && request.kept_in_use !== null)
  if (decided === 2) return ['stopped and kept in use']
  return grave === Boolean(decided) ? [] : [grave ? 'not decided whether it is stopped' : 'decided and nothing grave']
}

function suspensionFaults(request: InspectionRequest): string[] {
  return [...(request.answers?.length || request.checklist ? ['suspended with answers'] : []), ...(request.reason ? [] : ['no reason'])]
}

function answerFaults(items: Item[], request: InspectionRequest): string[] {
  const answers = request.answers ?? []
  const times = (code: string) => answers.filter((answer) => answer.item === code).length
  return [
    ...(request.reason ? ['reason of one in use'] : []),
    ...items.filter((item) => !times(item.code)).map((item) => `${item.code}: not checked`),
    ...items.filter((item) => times(item.code) > 1).map((item) => `${item.code}: twice`),
    ...answers.flatMap((answer) => {
      const item = items.find((one) => one.code === answer.item)
      return item ? oneAnswer(item, answer).map((fault) => `${item.code}: ${fault}`) : [`${answer.item}: not in the list`]
    }),
  ]
}

function oneAnswer(item: Item, answer: Answer): string[] {
  const faults = answer.result === 'not_applicable' && !item.na_allowed ? ['not applicable'] : []
  return [...faults, ...(answer.result === 'fail' ? failFaults(item, answer) : otherFaults(answer))]
}

function failFaults(item: Item, answer: Answer): string[] {
  return [
    !answer.handling && 'no handling',
    answer.handling === 'on_site' && !answer.outcome && 'no outcome',
    answer.handling === 'pending' && answer.outcome && 'an outcome already',
    answer.grade && RANK.indexOf(answer.grade) < RANK.indexOf(item.grade) && 'grade lowered',
    (answer.grade ?? item.grade) === 'major' && !answer.photos?.length && 'no photo',
    (answer.photos?.length ?? 0) > 9 && 'too many photos',
  ].filter((fault) => typeof fault === 'string')
}

const otherFaults = (answer: Answer) =>
  answer.handling || answer.outcome || answer.grade || answer.photos?.length ? ['what only a fail has'] : []
