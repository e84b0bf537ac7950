import { signal } from '@preact/signals';

const narrow = matchMedia('(max-width: 47rem)');

/** As on a phone: one column, and two lines a row. */
export const isNarrow = signal(narrow.matches);
narrow.addEventListener('change', ({ matches }) => (isNarrow.value = matches));
