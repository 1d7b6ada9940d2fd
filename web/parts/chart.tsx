/** A canvas of ECharts, in the colours of the page. Loaded only where a plot is shown. */
import { useComputedColorScheme } from '@mantine/core';
import { BarChart, MapChart } from 'echarts/charts';
import { GeoComponent, GridComponent, TooltipComponent, VisualMapComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

use([BarChart, MapChart, GeoComponent, GridComponent, TooltipComponent, VisualMapComponent, CanvasRenderer]);

export interface ChartClick {
  seriesName?: string;
  name?: string;
  value?: unknown;
  data?: unknown;
}

/** Colours that the canvas cannot take from the style sheet. */
export function chartColors(scheme: 'light' | 'dark') {
  return scheme === 'dark'
    ? { text: '#c3c7cf', line: '#3a3f47', panel: '#25282e', land: '#33383f', low: '#5a4620', high: '#f3b83a' }
    : {
        text: '#4b5058',
        line: '#dfe2e6',
        panel: '#ffffff',
        land: '#e6e8eb',
        low: '#f5e2b4',
        high: '#a66f06',
      };
}

interface ChartProps {
  option: (colors: ReturnType<typeof chartColors>) => EChartsCoreOption;
  height: number;
  /** What the plot shows, in words. */
  label: string;
  onClick?: (event: ChartClick) => void;
}

export function Chart({ option, height, label, onClick }: ChartProps) {
  const scheme = useComputedColorScheme('light');
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init> | null>(null);
  const click = useRef(onClick);
  click.current = onClick;

  useEffect(() => {
    const made = init(box.current!);
    chart.current = made;
    made.on('click', (event) => click.current?.(event as ChartClick));
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(box.current!);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    const colors = chartColors(scheme);
    chart.current?.setOption(
      {
        animation: false,
        textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colors.text },
        ...option(colors),
      },
      { notMerge: true },
    );
  }, [option, scheme]);

  return <div ref={box} role="img" aria-label={label} style={{ height }} />;
}
