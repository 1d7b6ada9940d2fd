/** Sizes for people. */

const units: [number, string][] = [
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
];

export function showBytes(bytes: number): string {
  const [size, unit] = units.find(([least]) => bytes >= least) ?? [1, 'B'];
  const value = bytes / size;
  return `${unit !== 'B' && value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
