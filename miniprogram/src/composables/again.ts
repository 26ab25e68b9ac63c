import { watch } from 'vue'
import { useSession } from '@/stores/session'

/** A page that could not read because the session had ended reads when it goes on. */
export function whenLoggedInAgain(load: () => unknown) {
  const session = useSession()
  watch(() => session.expired, (now, before) => {
    if (before && !now) void load()
  })
}
