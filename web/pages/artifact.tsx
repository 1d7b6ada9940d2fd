/** One file: where it was seen, and what can be seen of it without running it. */
import type { Artifact, ArtifactContent } from '@apiary/model/api/artifacts.ts';
import { Button, Card, SimpleGrid, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import {
  artifactContentQuery,
  artifactQuery,
  artifactSessionsQuery,
  eventsCountQuery,
  me_query,
} from '../api.ts';
import { showBytes } from '../parts/bytes.ts';
import { HostileText } from '../parts/hostile-text.tsx';
import { RawBytes } from '../parts/raw-bytes.tsx';
import { SessionList } from '../parts/session-list.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Empty, Problem, Waiting } from '../parts/state-boxes.tsx';
import { Time } from '../parts/time.tsx';

const number = new Intl.NumberFormat('en');
const iso = (ms: number): string => new Date(ms).toISOString();

function Row({ title, children }: { title: string; children: ReactNode }) {
  return (
    <tr>
      <th scope="row">{title}</th>
      <td>{children}</td>
    </tr>
  );
}

function Seen({ data }: { data: Artifact }) {
  const search = { last: '365d', file_sha256: data.sha256 };
  const count = useQuery(eventsCountQuery(search));
  return (
    <Card withBorder padding="sm">
      <Title order={2} mb={6}>
        Where it was seen
      </Title>
      <table className="dense facts">
        <tbody>
          <Row title="Events of a year">
            <Link to="/events" search={search}>
              {count.data === undefined ? 'show' : number.format(count.data.events)}
            </Link>
          </Row>
          <Row title="Incidents">
            {data.incidents.length === 0 && <span className="dim">none names it</span>}
            {data.incidents.map((one) => (
              <span key={one}>
                <Link to="/incidents/$number" params={{ number: String(one) }}>
                  #{one}
                </Link>{' '}
              </span>
            ))}
          </Row>
          {data.stored?.receipts.map(({ sensor, collector, first_ms, last_ms }) => (
            <Row key={`${sensor} ${collector}`} title={`Sent by ${sensor}`}>
              <Time time={iso(first_ms)} />
              {last_ms !== first_ms && (
                <>
                  , last <Time time={iso(last_ms)} />
                </>
              )}
              , <span className="dim">collector {collector}</span>
            </Row>
          ))}
          {data.records.map(({ sensor, path, kind, mtime, cut, size, size_taken }) => (
            <Row key={`${sensor} ${path} ${mtime}`} title={`${kind} on ${sensor}`}>
              <HostileText text={path} limit={200} />, <Time time={mtime} />
              {cut && (
                <strong>
                  {' '}
                  cut: {showBytes(size_taken)} of {showBytes(size)} were taken
                </strong>
              )}
            </Row>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Sessions({ sha256 }: { sha256: string }) {
  const query = useQuery(artifactSessionsQuery(sha256));
  if (query.error !== null) return <Problem error={query.error} />;
  if (query.data === undefined || query.data.sessions.length === 0) return null;
  const { sessions, is_cut } = query.data;
  return (
    <section className="section">
      <Title order={2} mb={4}>
        Sessions {is_cut && <span className="dim">some of those that it belongs to</span>}
      </Title>
      <Card withBorder padding="sm">
        <SessionList sessions={sessions} />
      </Card>
    </section>
  );
}

function Looks({ content }: { content: ArtifactContent }) {
  return (
    <Card withBorder padding="sm">
      <Title order={2} mb={6}>
        What it is
      </Title>
      <table className="dense facts">
        <tbody>
          <Row title="Type">
            <HostileText text={content.type} />
          </Row>
          <Row title="Size">
            {showBytes(content.size)} <span className="dim">{number.format(content.size)} bytes</span>
          </Row>
          <Row title="Entropy">
            {content.entropy.toFixed(2)}{' '}
            <span className="dim">
              bits a byte
              {content.entropy > 7.2 && ': compressed, packed or encrypted'}
            </span>
          </Row>
          {(['md5', 'sha1', 'sha256'] as const).map((name) => (
            <Row key={name} title={name.toUpperCase()}>
              <code className="break">{content[name]}</code>
            </Row>
          ))}
        </tbody>
      </table>
      {content.trouble !== '' && (
        <Text size="sm" c="dimmed" mt={6}>
          <HostileText text={content.trouble} />
        </Text>
      )}
    </Card>
  );
}

function Entries({ content }: { content: ArtifactContent }) {
  if (content.entries === null) return null;
  return (
    <section className="section">
      <Title order={2} mb={6}>
        It holds <span className="dim">by its own word; nothing was unpacked</span>
      </Title>
      <Sheet heads={3}>
        {content.entries.map(({ name, size, kind }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an archive may name an entry twice
          <tr key={index}>
            <td>
              <HostileText text={name} limit={200} />
            </td>
            <td className="figure nowrap">{showBytes(size)}</td>
            <td className="nowrap">{kind}</td>
          </tr>
        ))}
      </Sheet>
      {content.entries_are_cut && <Text size="sm">Only the first {content.entries.length} are listed.</Text>}
    </section>
  );
}

function Strings({ content }: { content: ArtifactContent }) {
  if (content.strings.length === 0) return null;
  return (
    <section className="section">
      <Title order={2} mb={6}>
        Strings{' '}
        <span className="dim">
          {content.strings_are_cut ? `the first ${content.strings.length}` : content.strings.length}
        </span>
      </Title>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className="raw" tabIndex={0}>
        {content.strings.join('\n')}
      </pre>
    </section>
  );
}

export function ArtifactPage() {
  const { sha256 = '' } = useParams({ strict: false });
  const me = useQuery(me_query);
  const facts = useQuery(artifactQuery(sha256));
  const user = me.data?.user;
  const may_look = user !== undefined && user.role !== 'viewer' && user.sees_secrets;
  const is_here = facts.data !== undefined && facts.data.stored !== null;
  const content = useQuery(artifactContentQuery(sha256, may_look && is_here));
  if (facts.data === undefined)
    return facts.error === null ? <Waiting rows={16} /> : <Problem error={facts.error} />;
  return (
    <>
      <Title order={1} mb="xs">
        File <code className="break">{sha256}</code>
      </Title>
      {may_look && is_here && (
        <Button
          component="a"
          size="xs"
          variant="default"
          mb="xs"
          href={`/api/v1/artifacts/${sha256}/zip`}
          download
        >
          Download, locked in a ZIP (password: infected)
        </Button>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
        <Seen data={facts.data} />
        {content.data !== undefined && <Looks content={content.data} />}
        {content.error !== null && <Problem error={content.error} />}
        {content.isFetching && content.data === undefined && <Waiting rows={8} />}
        {!is_here && (
          <Empty title="Its bytes are not here">
            A sensor named the file, and nobody sent it: its path is not followed, it was over a limit, or it
            has not come yet.
          </Empty>
        )}
        {is_here && !may_look && (
          <Empty title="You may not look into files">
            Analysts and administrators may, where an administrator has not hidden payloads from them.
          </Empty>
        )}
      </SimpleGrid>
      <Sessions sha256={sha256} />
      {content.data !== undefined && (
        <>
          <Entries content={content.data} />
          <section className="section">
            <Title order={2} mb={6}>
              How it begins
            </Title>
            <RawBytes base64={content.data.head_base64} />
          </section>
          <Strings content={content.data} />
        </>
      )}
    </>
  );
}
