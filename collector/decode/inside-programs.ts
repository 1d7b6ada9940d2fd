/** The modules whose `serve` runs in a child that is kept in. */
export const inside_programs = {
  sqlite: new URL('../readers/sqlite-inside.ts', import.meta.url),
  capture: new URL('../readers/capture-inside.ts', import.meta.url),
} as const;

export type InsideProgram = keyof typeof inside_programs;
