/** Of names that people gave and that may hold anything: what every system takes as a file's. */
export function fileName(words: readonly string[], ending: string): string {
  const name = words
    .join('-')
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 100);
  return `${name === '' ? 'file' : name}.${ending}`;
}
