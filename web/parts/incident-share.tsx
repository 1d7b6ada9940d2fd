/** An incident, or several, for others: under which marking, in which format, and a report of abuse about one of its sources. */
import type { Incident } from '@apiary/model/api/incidents.ts';
import {
  type IncidentFormat,
  incident_formats,
  set_formats,
  tlp_levels,
} from '@apiary/model/incident-words.ts';
import { Anchor, Button, List, Modal, Select, Text, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';

const format_titles: Record<IncidentFormat, string> = {
  html: 'Report to print (HTML)',
  stix: 'STIX 2.1',
  misp: 'MISP event',
  idea: 'IDEA',
  idmef: 'IDMEF (RFC 4765)',
  idmefv2: 'IDMEFv2',
  csv: 'Indicators as CSV',
  suricata: 'Suricata rules',
  snort: 'Snort rules',
  nftables: 'nftables sets',
  sigma: 'Sigma rules',
  yara: 'YARA rules',
};
const meanings: Record<(typeof tlp_levels)[number], string> = {
  clear: 'for everybody',
  green: 'for the community',
  amber: 'for the organisation of who gets it, and its clients',
  red: 'for the eyes of who gets it only',
};

function AbuseReport({ data, tlp }: { data: Incident; tlp: string }) {
  const sources = [...new Set(data.attacks.map(({ attacker_ip }) => attacker_ip))].filter(
    (address) => address !== '',
  );
  const [source, setSource] = useState(sources[0] ?? null);
  if (source === null) return null;
  return (
    <>
      <Title order={3} mt="md" mb={4}>
        Report of abuse
      </Title>
      <Select
        size="xs"
        label="About the source"
        data={sources}
        value={source}
        onChange={(value) => setSource(value ?? source)}
        searchable
        allowDeselect={false}
        mb={6}
      />
      <Anchor
        size="sm"
        href={`/api/v1/incidents/${data.incident.number}/abuse?${new URLSearchParams({ source, tlp })}`}
        download
      >
        X-ARF 4 for {source}
      </Anchor>
      <Text size="xs" c="dimmed">
        Nothing is sent: look through it, and send it to whoever runs the network.
      </Text>
    </>
  );
}

function MarkingSelect({ tlp, onChange }: { tlp: string; onChange: (tlp: string) => void }) {
  return (
    <>
      <Select
        size="xs"
        label="Marking"
        description="Traffic Light Protocol 2.0; it stands in every file"
        data={tlp_levels.map((value) => ({
          value,
          label: `TLP:${value.toUpperCase()}, ${meanings[value]}`,
        }))}
        value={tlp}
        onChange={(value) => onChange(value ?? 'amber')}
        allowDeselect={false}
        mb="sm"
      />
      <Text size="sm" mb={4}>
        Sensors are under pseudonyms; their names, places and addresses are taken out, of payloads too.
      </Text>
    </>
  );
}

function FormatList({
  formats,
  hrefOf,
}: {
  formats: readonly IncidentFormat[];
  hrefOf: (format: IncidentFormat) => string;
}) {
  return (
    <List size="sm">
      {formats.map((format) => (
        <List.Item key={format}>
          <Anchor size="sm" href={hrefOf(format)} download>
            {format_titles[format]}
          </Anchor>
        </List.Item>
      ))}
    </List>
  );
}

/** A button, and the dialogue that it opens. */
function ShareDialog({ label, title, children }: { label: string; title: string; children: ReactNode }) {
  const [is_open, setOpen] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" mb="xs" onClick={() => setOpen(true)}>
        {label}
      </Button>
      {/* The page may scroll behind it: locking that would take an inline style, which is refused. */}
      <Modal opened={is_open} onClose={() => setOpen(false)} title={title} lockScroll={false}>
        {children}
      </Modal>
    </>
  );
}

/** The incidents of a page of the list, in one file. */
export function IncidentsShare({ numbers }: { numbers: readonly number[] }) {
  const [tlp, setTlp] = useState<string>('amber');
  if (numbers.length === 0) return null;
  const count = numbers.length === 1 ? 'this incident' : `these ${numbers.length} incidents`;
  return (
    <ShareDialog label="Share these" title={`Share ${count}`}>
      <MarkingSelect tlp={tlp} onChange={setTlp} />
      <FormatList
        formats={set_formats}
        hrefOf={(format) =>
          `/api/v1/incidents/file?${new URLSearchParams({ numbers: numbers.join(','), format, tlp })}`
        }
      />
    </ShareDialog>
  );
}

/** @param props.sees_whole the asker sees every honeynet, with what was sent to it */
export function IncidentShare({ data, sees_whole }: { data: Incident; sees_whole: boolean }) {
  const [tlp, setTlp] = useState<string>('amber');
  const { number } = data.incident;
  return (
    <ShareDialog label="Share" title={`Share incident #${number}`}>
      <MarkingSelect tlp={tlp} onChange={setTlp} />
      <FormatList
        formats={incident_formats}
        hrefOf={(format) => `/api/v1/incidents/${number}/file?${new URLSearchParams({ format, tlp })}`}
      />
      <AbuseReport data={data} tlp={tlp} />
      {sees_whole && (
        <>
          <Title order={3} mt="md" mb={4}>
            With the names of your sensors
          </Title>
          <Anchor size="sm" href={`/api/v1/incidents/${number}/evidence`} download>
            Evidence: all records, signed (ZIP)
          </Anchor>
        </>
      )}
    </ShareDialog>
  );
}
