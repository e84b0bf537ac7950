/** `3 d 4 h`, `2 min 5 s`: the two greatest units of it. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const words = parts.map((part, index) => `${part} ${['d', 'h', 'min', 's'][index] ?? ''}`);
  const first = parts.findIndex((part) => part > 0);
  return first === -1 ? '0 s' : words.slice(first, first + 2).join(' ');
}
