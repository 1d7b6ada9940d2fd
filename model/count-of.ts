/** `1 sensor`, `2 sensors`. @param show how the number is written */
export const countOf = (
  count: number,
  one: string,
  many: string = `${one}s`,
  show: (count: number) => string = String,
): string => `${show(count)} ${count === 1 ? one : many}`;
