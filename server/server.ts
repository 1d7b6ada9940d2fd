/** Puts the server together: state, store, journal, loader, gateway, enrolment, pages; and takes it apart. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readHeader } from '@apiary/model/batch.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { Finding } from '@apiary/model/finding.ts';
import { type Submodule, streamNames } from '@apiary/model/submodule.ts';
import { readRecordedSessions, readRecordings, readReports } from '@apiary/submodules/report.ts';
import type { FastifyInstance } from 'fastify';
import { AlertKeeper } from './alerts/alert-keeper.ts';
import { AnalysisKeeper } from './analysis/analysis-keeper.ts';
import { askLocally, type LocalQuestion } from './api/local.ts';
import { ArtifactStore } from './artifacts/store.ts';
import { removeUnfinished } from './backup.ts';
import { type ServerConfig, splitAddress } from './config.ts';
import { Control } from './control.ts';
import { examineLive } from './doctor-live.ts';
import { DayChain } from './evidence/day-chain.ts';
import { type Manifest, writePackage } from './evidence/incident-package.ts';
import { Backlog } from './gateway/backlog.ts';
import { Enrolment } from './gateway/enrolment.ts';
import { Gateway } from './gateway/gateway.ts';
import { Journal } from './gateway/journal.ts';
import { Ledger } from './gateway/ledger.ts';
import { noteAlert, Refusals } from './gateway/notes.ts';
import { finishRoll } from './gateway/renewal.ts';
import { Turns } from './gateway/turns.ts';
import { listenAt } from './listen-at.ts';
import { Loader } from './loader/loader.ts';
import { DirectoryLock } from './lock.ts';
import { Maintenance } from './maintenance.ts';
import { Authority } from './pki/authority.ts';
import { listReleasedTables, releaseLogged } from './release.ts';
import { Arrivals } from './reports/arrivals.ts';
import { Catalogue } from './reports/catalogue.ts';
import { wholeView } from './reports/view.ts';
import { warmPages } from './reports/warm-pages.ts';
import type { EraseOptions } from './retention/erase.ts';
import { Retention } from './retention/retention.ts';
import { makeScheduledReport } from './scheduled-report.ts';
import { geoInForce, mailInForce } from './settings.ts';
import { Collectors } from './state/collectors.ts';
import { StateDatabase } from './state/database.ts';
import { Gateways } from './state/gateways.ts';
import { readPageGeo } from './state/page-settings.ts';
import { type RetentionLimits, retention_kinds } from './state/retention.ts';
import { ensureFirstAdministrator } from './state/users.ts';
import { tryEngine } from './store/engine-trial.ts';
import { type GeoFiles, loadGeo } from './store/geo.ts';
import { prepareSchema } from './store/prepare-schema.ts';
import { loadProxies } from './store/proxies.ts';
import { clusterOptions } from './store/shards.ts';
import { Store } from './store/store.ts';
import { UnderstandingKeeper } from './understanding.ts';
import { version } from './version.ts';
import { listenWeb } from './web-site.ts';

export interface ServerOptions {
  config: ServerConfig;
  submodules: readonly Submodule[];
  demo?: boolean;
  log: (message: string) => void;
}

const prepare_again_ms = 1000;
/** Records that wait to be loaded; with more the analysis waits too. */
const analysis_backlog_max = 100_000;

export class ApiaryServer {
  readonly state: StateDatabase;
  readonly store: Store;
  readonly authority: Authority;
  readonly analysis: AnalysisKeeper;
  readonly catalogue: Catalogue;
  readonly collectors: Collectors;
  readonly gateways: Gateways;
  readonly artifacts: ArtifactStore;
  readonly journal: Journal;
  readonly loader: Loader;
  readonly gateway: Gateway;
  readonly enrolment: Enrolment;
  readonly config: ServerConfig;
  readonly ledger: Ledger;
  readonly retention: Retention;
  readonly days: DayChain;
  readonly alerts: AlertKeeper;
  readonly understanding: UnderstandingKeeper;
  readonly #refusals: Refusals;
  readonly #lock: DirectoryLock;
  readonly #backlog = new Backlog();
  readonly arrivals = new Arrivals();
  readonly #options: ServerOptions;
  readonly #maintenance: Maintenance;
  #times_full = 0;
  #is_prepared = false;
  #api: FastifyInstance | undefined;
  #control: Control | undefined;
  /** The first administrator, when this start made one. */
  first_administrator: { name: string; password: string } | undefined;

  private constructor(
    options: ServerOptions,
    lock: DirectoryLock,
    state: StateDatabase,
    authority: Authority,
  ) {
    this.#lock = lock;
    const { config, submodules, log } = options;
    this.#options = options;
    this.config = config;
    this.state = state;
    this.authority = authority;
    this.catalogue = new Catalogue(
      submodules.map((submodule) => ({
        sensor_type: submodule.name,
        title: submodule.title,
        reports: readReports(submodule),
      })),
    );
    this.collectors = new Collectors(state);
    this.gateways = new Gateways(state);
    this.#refusals = new Refusals(state, log);
    this.ledger = new Ledger(join(config.directory, 'ledger.sqlite'));
    this.store = new Store({
      directory: join(config.directory, 'engine'),
      url: config.store.clickhouse_url,
      ...(config.store.cluster === undefined ? {} : clusterOptions(config.store.shards ?? [])),
      connections: config.store.connections,
      memory_bytes_max: config.store.memory_bytes_max,
    });
    this.store.engine?.on('state', (state) => {
      if (state === 'down') log(`${this.store.engine?.last_error}; it is started again`);
      if (state === 'up') log('the engine is up');
      if (state === 'down') this.#noteFullDisk();
    });
    this.understanding = new UnderstandingKeeper({ store: this.store, state, submodules });
    this.artifacts = new ArtifactStore(
      join(config.directory, 'artifacts'),
      config.artifacts.disk_bytes_max,
      state,
    );
    this.journal = new Journal(
      {
        directory: join(config.directory, 'journal'),
        bytes_max: config.journal.bytes_max,
        isBehind: (type) => this.loader.isBehind(type),
      },
      (segment) => this.loader.submit(segment),
    );
    const { engine } = this.store;
    this.analysis = new AnalysisKeeper({
      state_path: join(config.directory, 'state.sqlite'),
      engine:
        engine === undefined
          ? { url: config.store.clickhouse_url!, rendering: this.store.rendering }
          : { socket: engine.socket },
      pause_seconds: config.analysis.pause_seconds,
      // What arrives comes first; what it means can wait.
      isBusy: () => this.#backlog.records > analysis_backlog_max,
      log,
    });
    this.loader = new Loader({
      backlog: this.#backlog,
      store: this.store,
      journal: this.journal,
      ledger: this.ledger,
      types: new Set(submodules.map(({ name }) => name)),
      loaded: (segment_id) => {
        this.analysis.note(segment_id);
        this.arrivals.note(segment_id);
      },
      setAside: ({ type, sensor_id, reason }) =>
        this.#refusals.count('', this.#sensorName(sensor_id), 'set_aside', `${type}: ${reason}`),
      log,
    });
    this.retention = new Retention({
      store: this.store,
      state,
      artifacts: this.artifacts,
      limits: Object.fromEntries(
        retention_kinds.map((kind) => {
          const { days = null, bytes_max = null } = config.retention[kind];
          return [kind, { days, bytes_max }];
        }),
      ) as RetentionLimits,
      recordings: this.recordings(),
      holdLoader: (work) => this.loader.hold(work),
      holdAnalysis: (work) => this.analysis.hold(work),
      alert: (kind, message) => noteAlert(state, 'retention', kind, message),
      log,
    });
    this.days = new DayChain({
      store: this.store,
      authority,
      directory: join(config.directory, 'evidence'),
      isWaiting: (before_us) => this.journal.isWaiting(before_us),
      releasedTables: () => listReleasedTables(state),
      log,
    });
    this.alerts = new AlertKeeper({
      store: this.store,
      state,
      mail: () => mailInForce(config, state),
      isWaiting: (before_us) => this.journal.isWaiting(before_us),
      makeReport: (schedule) =>
        makeScheduledReport({ store: this.store, state, catalogue: this.catalogue }, schedule, Date.now()),
      log,
    });
    this.gateway = new Gateway({
      state,
      collectors: this.collectors,
      gateways: this.gateways,
      authority,
      refusals: this.#refusals,
      journal: this.journal,
      ledger: this.ledger,
      streams: new Map(submodules.map((submodule) => [submodule.name, new Set(streamNames(submodule))])),
      turns: new Turns(),
      backlog: this.#backlog,
      loading: () => this.store.state === 'up',
      rate: {
        bytes_per_second: config.gateway.bytes_per_second_max,
        burst_bytes: config.gateway.bytes_per_second_max * 2,
      },
      artifacts: { store: this.artifacts, ...config.artifacts },
      log,
    });
    authority.changed = () => {
      this.gateway.refreshTls();
      this.enrolment.refreshTls();
    };
    const { host, port } = splitAddress(config.enrolment.listen);
    const gateway_address =
      config.gateway.address ?? `${hostname()}:${splitAddress(config.gateway.listen).port}`;
    this.enrolment = new Enrolment({
      authority,
      collectors: this.collectors,
      gateways: this.gateways,
      refusals: this.#refusals,
      host,
      port,
      gateway_address,
      enrolment_address: this.enrolment_address,
      control_address: config.gateway.control_address ?? gateway_address,
      revoked: () => this.gateway.endRevoked(),
      log,
    });
    this.#maintenance = new Maintenance({
      authority,
      days: this.days,
      retention: this.retention,
      log,
    });
  }

  /** What the analysis wrote while the engine's disk ran full may not be there: it reads its tables anew. */
  #noteFullDisk(): void {
    const { times_full: times, trouble } = this.store.engine!.room;
    if (trouble !== '') this.#options.log(trouble);
    if (times === this.#times_full) return;
    this.#times_full = times;
    this.analysis.renew();
    const told =
      'its disk ran full: it loads nothing until there is room; what was being written is written again';
    try {
      noteAlert(this.state, 'disk_full', 'the engine', told);
    } catch (error) {
      // The state mostly lies on the same disk.
      this.#options.log(`the engine: ${told}; no alert could be written: ${(error as Error).message}`);
    }
  }

  get enrolment_address(): string {
    const { enrolment } = this.config;
    return enrolment.address ?? `${hostname()}:${splitAddress(enrolment.listen).port}`;
  }

  /** Starts the server; resolves when collectors and people can reach it. */
  static async start(options: ServerOptions): Promise<ApiaryServer> {
    const { config } = options;
    mkdirSync(config.directory, { recursive: true, mode: 0o700 });
    const lock = new DirectoryLock(config.directory);
    removeUnfinished(config.directory);
    if (config.store.clickhouse_url === undefined)
      await tryEngine(join(config.directory, 'engine'), {
        prepare: (store) => prepareSchema(store, options.submodules),
        log: options.log,
      });
    const state = new StateDatabase(join(config.directory, 'state.sqlite'));
    const server = new ApiaryServer(
      options,
      lock,
      state,
      await Authority.open(join(config.directory, 'pki')),
    );
    await server.#begin();
    return server;
  }

  async #begin(): Promise<void> {
    const { config, log } = this.#options;
    // Acknowledged is acknowledged: the ledger knows what the journal holds before the gateway opens.
    const left = this.journal.recover();
    this.journal.startAfter(this.ledger.lastSegment());
    for (const { entries, segment, damaged } of left) {
      if (damaged > 0) {
        const told = `${segment.path} was damaged on the disk in ${damaged} places: what is whole is loaded, and a copy of all lies beside it. Collectors keep what they sent for two days`;
        log(told);
        noteAlert(this.state, 'journal_damaged', `sensor type ${segment.type}`, told);
      }
      for (const { meta, batch } of entries) {
        const { header } = readHeader(batch);
        this.ledger.accept(meta.sensor_id, header, meta.hash);
        this.#backlog.add(meta.sensor_id, header.records);
      }
      // Before anything new can come: a batch that overlaps with these must find their records in the engine.
      if (entries.length > 0) this.loader.submit(segment, true);
    }
    await listenAt('gateway.listen', config.gateway.listen, ({ host, port }) =>
      this.gateway.listen(host, port),
    );
    await this.enrolment.refresh();
    this.#control = await Control.listen(join(config.directory, 'control.sock'), this);
    this.#api = await listenWeb(this);
    await this.#prepareStore();
    // Last: whoever ends a first start before it has told the password would be shut out.
    this.first_administrator = (await ensureFirstAdministrator(this.state)) ?? undefined;
    if (left.length > 0) log(`${left.length} journal segments of an earlier run are being loaded`);
  }

  async #prepareStore(): Promise<void> {
    const { submodules, log } = this.#options;
    for (;;)
      try {
        await this.store.whenUp();
        await prepareSchema(this.store, submodules, log);
        await this.loadGeo(readPageGeo(this.state));
        await loadProxies(this.store, this.#options.config.honeypots.trusted_proxies);
        await releaseLogged(this);
        break;
      } catch (error) {
        // The gateway goes on meanwhile: an engine that dies, or has no room, is tried again.
        if (!(error instanceof OperationalError) || error.code !== 'engine_down') throw error;
        log(`the engine is not ready yet: ${error.message}`);
        await sleep(prepare_again_ms);
      }
    this.#is_prepared = true;
    await warmPages(wholeView(this.store, this.state), Date.now());
    this.loader.start();
    this.analysis.start();
    const room = this.store.engine?.room;
    if (room?.ran_full_before === true) {
      this.analysis.renew();
      // What the journal holds is inserted again; without any there is nothing to look through.
      if (this.loader.waiting === 0) room.forget();
    }
    this.alerts.start();
    this.#maintenance.start();
  }

  /** What the running server knows of its health. */
  async examine(): Promise<Finding[]> {
    const { store, state, config } = this;
    const { submodules } = this.#options;
    const now_ms = Date.now();
    const gateways = this.gateways.describe(this.gateway.seen, now_ms);
    const segments_waiting = this.loader.waiting;
    const understanding = await this.understanding.look(now_ms);
    return examineLive(
      { store, state, config, submodules, segments_waiting, version, gateways, understanding },
      now_ms,
    );
  }

  get erase_options(): EraseOptions {
    const { store, state, artifacts } = this;
    return { store, state, artifacts, recordings: this.recordings() };
  }

  /** For each sensor type that has any, the SQL that finds a session's recordings. */
  recordings(): Map<string, string> {
    return this.#sqlByType(readRecordings);
  }

  /** … and the SQL that finds a recording's sessions. */
  recordedSessions(): Map<string, string> {
    return this.#sqlByType(readRecordedSessions);
  }

  #sqlByType(read: (submodule: Submodule) => string | null): Map<string, string> {
    return new Map(
      this.#options.submodules.flatMap((submodule) => {
        const sql = read(submodule);
        return sql === null ? [] : [[submodule.name, sql] as const];
      }),
    );
  }

  /** @param files those of the page, before those of the settings file */
  loadGeo(files: GeoFiles | null): Promise<void> {
    return loadGeo(this.store, geoInForce(this.#options.config, files), {
      get: () => this.state.get<{ value: string }>("SELECT value FROM setting WHERE name = 'geo'")?.value,
      set: (value) => this.state.run("INSERT OR REPLACE INTO setting VALUES ('geo', ?)", value),
    });
  }

  /** The API, as an order on this machine uses it. */
  async askApi(actor: string, question: LocalQuestion): Promise<Buffer> {
    if (this.#api === undefined) throw new OperationalError('engine_down', 'the server is starting');
    return askLocally(this.#api, actor, question);
  }

  /** Whether queries can be answered: the engine is up, and has the tables of this version. */
  get is_well(): boolean {
    return this.#is_prepared && this.store.state === 'up';
  }

  get is_demo(): boolean {
    return this.#options.demo ?? false;
  }

  get submodules(): readonly Submodule[] {
    return this.#options.submodules;
  }

  get log(): (message: string) => void {
    return this.#options.log;
  }

  get sensor_types(): string[] {
    return this.#options.submodules.map(({ name }) => name);
  }

  /** The address of the pages. */
  get url(): string {
    const address = this.#api?.server.address();
    const port =
      typeof address === 'object' && address !== null
        ? address.port
        : splitAddress(this.config.web.listen).port;
    return `${this.config.web.tls_key === undefined ? 'http' : 'https'}://${splitAddress(this.config.web.listen).host}:${port}`;
  }

  #sensorName(sensor_id: number): string {
    return (
      this.state.get<{ name: string }>('SELECT name FROM sensor WHERE sensor_id = ?', sensor_id)?.name ??
      String(sensor_id)
    );
  }

  /** Ends a collector's certificates, open connections included. */
  revokeCollector(actor: string, name: string, reason: string): void {
    this.collectors.revoke(actor, this.collectors.byName(name), reason, true);
    this.gateway.endRevoked();
  }

  /** Ends a gateway's certificates, open connections included. */
  revokeGateway(actor: string, name: string, reason: string): void {
    this.gateways.revoke(actor, this.gateways.byName(name), reason, true);
    this.gateway.endRevoked();
  }

  async rollAuthority(what: 'intermediate' | 'root'): Promise<void> {
    await this.authority.roll(what);
    await finishRoll(this);
    this.gateway.refreshTls();
  }

  /** Where packages of evidence wait for who asked for them. */
  get outgoing_folder(): string {
    return join(this.config.directory, 'evidence', 'outgoing');
  }

  /** Writes an incident as a signed package of evidence, and logs that it did. Whoever asked removes it. */
  async writeEvidence(actor: string, number: number): Promise<{ path: string; manifest: Manifest }> {
    const { store, state, authority, days } = this;
    mkdirSync(this.outgoing_folder, { recursive: true, mode: 0o700 });
    const path = join(this.outgoing_folder, `${randomBytes(12).toString('hex')}.zip`);
    const manifest = await writePackage(
      { store, state, authority, chain: days, version },
      number,
      actor,
      path,
      Date.now(),
    );
    const { events, records } = manifest;
    state.change(actor, 'export evidence', `incident ${number}`, { events, records }, () => undefined);
    return { path, manifest };
  }

  /** Stops taking, loads what it can within a moment, and leaves the rest in the journal. */
  async stop(): Promise<void> {
    this.#maintenance.stop();
    await this.alerts.stop();
    await this.#control?.close();
    await this.enrolment.stop();
    await this.gateway.close();
    await this.#api?.close();
    await this.journal.close();
    await this.loader.stop();
    await this.analysis.stop();
    await this.store.close();
    this.#refusals.stop();
    this.ledger.close();
    this.state.close();
    this.#lock.release();
  }
}
