/** Events by country of the attacker, on a map. Geometry: Natural Earth, through world-atlas. */
import type { Counted } from '@apiary/model/api/overview.ts';
import { useNavigate } from '@tanstack/react-router';
import { registerMap } from 'echarts/core';
import type { Position } from 'geojson';
import codes from 'i18n-iso-countries/codes.json';
import { useCallback } from 'react';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import world from 'world-atlas/countries-110m.json';
import type { Search } from '../search.ts';
import { Chart, type ChartClick, type chartColors } from './chart.tsx';
import { countryName } from './names.ts';

const alpha2 = new Map((codes as string[][]).map(([two, , numeric]) => [numeric, two]));
const topology = world as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>;
const shapes = feature(topology, topology.objects.countries);

/** A ring that crosses the 180th meridian goes on beyond it, or it would be drawn across the whole map. */
function unrollRing(ring: Position[]): void {
  const crosses = ring.some(([x = 0], index) => Math.abs(x - (ring[index - 1]?.[0] ?? x)) > 180);
  if (crosses) for (const point of ring) if (point[0]! < 0) point[0]! += 360;
}

const antarctica = '010';
shapes.features = shapes.features.filter(({ id }) => id !== antarctica);
for (const { id, geometry, properties } of shapes.features) {
  properties.name = alpha2.get(String(id).padStart(3, '0')) ?? properties.name;
  if (geometry.type === 'Polygon') geometry.coordinates.forEach(unrollRing);
  if (geometry.type === 'MultiPolygon')
    for (const polygon of geometry.coordinates) polygon.forEach(unrollRing);
}
registerMap('world', shapes as unknown as Parameters<typeof registerMap>[1]);

const number = new Intl.NumberFormat('en');

type Colors = ReturnType<typeof chartColors>;

export function mapOption(countries: readonly Counted[], colors: Colors) {
  const most = Math.max(1, ...countries.map(({ events }) => events));
  return {
    tooltip: {
      renderMode: 'richText',
      confine: true,
      backgroundColor: colors.panel,
      borderColor: colors.line,
      textStyle: { color: colors.text, fontSize: 12 },
      formatter: ({ name, value }: { name: string; value: number }) =>
        `${countryName(name)}: ${Number.isFinite(value) ? number.format(10 ** value) : 'none'}`,
    },
    // Few countries send most events: on a linear scale all others would look alike.
    visualMap: {
      show: false,
      min: 0,
      max: Math.log10(most),
      inRange: { color: countries.length === 0 ? [colors.land, colors.land] : [colors.low, colors.high] },
    },
    series: [
      {
        type: 'map',
        map: 'world',
        top: 4,
        bottom: 4,
        left: 4,
        right: 4,
        selectedMode: false,
        boundingCoords: [
          [-170, 80],
          [190, -56],
        ],
        itemStyle: { areaColor: colors.land, borderColor: colors.panel, borderWidth: 0.5 },
        emphasis: { label: { show: false }, itemStyle: { areaColor: '#3d8bd4' } },
        data: countries.map(({ value, events }) => ({ name: value, value: Math.log10(events) })),
      },
    ],
  };
}

export function WorldMap({ countries, search }: { countries: Counted[]; search: Search }) {
  const navigate = useNavigate();
  const option = useCallback((colors: Colors) => mapOption(countries, colors), [countries]);
  const openEvents = ({ name }: ChartClick): void => {
    if (countries.some(({ value }) => value === name))
      void navigate({ to: '/events', search: { ...search, vantage: 'honeypot', attacker_country: name } });
  };
  return (
    <Chart
      option={option}
      height={240}
      label="World map of events by country of the attacker. The same numbers stand in the list beside it."
      onClick={openEvents}
    />
  );
}
