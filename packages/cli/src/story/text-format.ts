const formats = ['table', 'json'] as const;

/** How `why` and `logs` answer: in words, or as JSON. */
export function readTextFormat(text: string): (typeof formats)[number] {
  const found = formats.find((format) => format === text);
  if (found === undefined) throw new Error(`--output is one of ${formats.join(', ')}, not ${text}`);
  return found;
}
