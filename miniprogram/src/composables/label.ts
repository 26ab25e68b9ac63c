import { onMounted, ref } from 'vue'

/** uni-h5 puts a real field inside its own element and leaves the label outside: a screen reader would find it nameless. */
export function useFieldLabel(label: () => string) {
  const field = ref<{ $el?: HTMLElement } | null>(null)
  // #ifdef H5
  onMounted(() => field.value?.$el?.querySelector?.('input, textarea')?.setAttribute('aria-label', label()))
  // #endif
  return field
}
