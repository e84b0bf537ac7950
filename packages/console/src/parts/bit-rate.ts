const bitUnits = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'] as const;

/** `12.4 Mbit/s`. */
export function bitsOf(bitsPerSecond: number): string {
  let [value, unit] = [bitsPerSecond, 0];
  for (; value >= 1000 && unit < bitUnits.length - 1; unit++) value /= 1000;
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${bitUnits[unit] ?? ''}`;
}
