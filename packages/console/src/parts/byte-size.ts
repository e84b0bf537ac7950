const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `3.2 MiB`. */
export function sizeOf(bytes: number): string {
  let [value, unit] = [bytes, 0];
  for (; value >= 1024 && unit < byteUnits.length - 1; unit++) value /= 1024;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${byteUnits[unit] ?? ''}`;
}
