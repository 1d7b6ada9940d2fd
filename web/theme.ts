/** One look: dense, calm, honey for what can be acted on, red and violet for what is wrong. */
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const honey: MantineColorsTuple = [
  '#fff8e6',
  '#fcecc4',
  '#f8dc98',
  '#f3ca66',
  '#eebb3e',
  '#e3a71f',
  '#c98d0f',
  '#a66f06',
  '#815403',
  '#5e3c00',
];

export const theme = createTheme({
  primaryColor: 'honey',
  primaryShade: { light: 8, dark: 4 },
  autoContrast: true,
  colors: { honey },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    sizes: { h1: { fontSize: '1.25rem' }, h2: { fontSize: '1rem' }, h3: { fontSize: '0.875rem' } },
  },
  defaultRadius: 'sm',
});

/** Colours of the conditions of sensors, and of gaps. */
export const condition_colors = {
  live: '#2f9e5a',
  quiet: '#7d8794',
  missing: '#d9822b',
  dead: '#d64545',
  failing: '#d64545',
  unknown: '#8a5cd1',
  never: '#8a8f98',
  imported: '#8a8f98',
  gap: '#d64545',
  expired: '#8a8f98',
} as const;
