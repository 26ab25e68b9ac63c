import { ref } from 'vue'

/** Whether the phone believes it has a network. Only a hint: an answer is the only proof. */
export const online = ref(true)

type Listener = () => void
const returned: Listener[] = []

export function whenNetworkReturns(listener: Listener): void {
  returned.push(listener)
}

export function watchNetwork(): void {
  // #ifdef H5
  // uni-h5 asks what sort of connection it is, which browsers on a desk do not say: it would always be there.
  tell(navigator.onLine)
  window.addEventListener('online', () => tell(true))
  window.addEventListener('offline', () => tell(false))
  // #endif
  // #ifndef H5
  uni.getNetworkType({ success: (now) => (online.value = now.networkType !== 'none') })
  uni.onNetworkStatusChange((now) => tell(now.isConnected))
  // #endif
}

function tell(now: boolean): void {
  online.value = now
  // A change from one network to another says so too: what failed on the first is worth another try on the second.
  if (now) returned.forEach((listener) => listener())
}
