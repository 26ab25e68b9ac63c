import { onMounted, ref, watch } from 'vue'

/** uni-h5 puts a real field inside its own element and leaves the label outside: a screen reader would find it nameless. */
export function useFieldLabel(label: () => string) {
  const field = ref<{ $el?: HTMLElement } | null>(null)
  // #ifdef H5
  const put = () => field.value?.$el?.querySelector?.('input, textarea')?.setAttribute('aria-label', label())
  onMounted(put)
  watch(label, put)
  // #endif
  return field
}
