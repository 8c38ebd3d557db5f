import { sql, type Migration } from 'kysely';

const numbers = `
  ani_digest text COLLATE "C", ani_last4 text COLLATE "C", ani text,
  dnis_digest text COLLATE "C", dnis_last4 text COLLATE "C", dnis text`;

/** Nothing is older or further away than this; whoever says so has a clock that is wrong. */
const plausibleTime = `CHECK (start_time >= '2000-01-01Z' AND start_time < '2100-01-01Z')`;

const recordings = `
CREATE TABLE recordings (
  recording_id text COLLATE "C" NOT NULL CHECK (length(recording_id) BETWEEN 1 AND 64),
  start_time timestamptz NOT NULL,
  interaction_id text COLLATE "C" CHECK (length(interaction_id) <= 128),
  call_uuid text COLLATE "C" CHECK (length(call_uuid) <= 128),
  media_id text COLLATE "C" CHECK (length(media_id) <= 255),
  conversation_id text COLLATE "C", communication_id text COLLATE "C",
  agent text COLLATE "C" CHECK (length(agent) <= 255),
  dn text COLLATE "C" CHECK (length(dn) <= 255),
  queue text COLLATE "C" CHECK (length(queue) <= 255),
  party text, direction text, end_time timestamptz, duration_ms bigint CHECK (duration_ms >= 0),
  ${numbers},
  in_scope boolean, scope_rule text,
  sta text COLLATE "C" CHECK (length(sta) <= 64), sta_trail jsonb,
  program_id text COLLATE "C" CHECK (length(program_id) <= 64),
  program_name text COLLATE "C" CHECK (length(program_name) <= 255),
  language text COLLATE "C" CHECK (length(language) <= 64),
  state text COLLATE "C" NOT NULL CHECK (length(state) BETWEEN 1 AND 40),
  cause text COLLATE "C" CHECK (length(cause) <= 64), detail text,
  attempts integer NOT NULL, next_try_at timestamptz, dispatch jsonb, history jsonb, requeues jsonb,
  flags text[] NOT NULL, audio_flags text[] NOT NULL,
  audio_bytes bigint, audio_sha256 text COLLATE "C", audio_duration_ms bigint,
  zip_bytes bigint, zip_sha256 text COLLATE "C", key_id text, key_fingerprint text, upload_key text,
  report_status text, accepted_at timestamptz, uploaded_at timestamptz, confirmed_at timestamptz,
  segment_rev bigint NOT NULL, injection_rev bigint NOT NULL, metadata_rev bigint NOT NULL,
  erased_at timestamptz,
  PRIMARY KEY (recording_id, start_time),
  CONSTRAINT recordings_start_time ${plausibleTime}
) PARTITION BY RANGE (start_time)`;

const interactions = `
CREATE TABLE interactions (
  interaction_id text COLLATE "C" NOT NULL CHECK (length(interaction_id) BETWEEN 1 AND 128),
  start_time timestamptz NOT NULL,
  conversation_id text COLLATE "C" NOT NULL,
  call_uuids text[] COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL, direction text, end_time timestamptz, ended_by text,
  ${numbers},
  flags text[] NOT NULL, agents text[] COLLATE "C" NOT NULL, dns text[] COLLATE "C" NOT NULL,
  queues text[] COLLATE "C" NOT NULL, segments integer NOT NULL,
  conversation_state text COLLATE "C", conversation_detail text,
  rev bigint NOT NULL, erased_at timestamptz,
  PRIMARY KEY (interaction_id, start_time),
  CONSTRAINT interactions_start_time ${plausibleTime}
) PARTITION BY RANGE (start_time)`;

/** Each answers "newest first" by itself: what is looked for, then the time. */
const searchedInOrder = {
  recordings: [
    'interaction_id',
    'call_uuid',
    'media_id',
    'conversation_id',
    'agent',
    'dn',
    'queue',
    'ani_digest',
    'dnis_digest',
    'ani_last4',
    'dnis_last4',
    'cause',
    'language',
    'program_id',
    'program_name',
    'sta',
    'in_scope',
  ],
  interactions: [
    'conversation_id',
    'ani_digest',
    'dnis_digest',
    'ani_last4',
    'dnis_last4',
    'state',
    'conversation_state',
  ],
} as const;

/** What is looked for together with a state: few recordings have failed, and no row is read to find those of a queue. */
const besideState = 'agent, dn, queue, cause, language, program_id, sta';

const others = [
  `CREATE INDEX recordings_state ON recordings (state, start_time, recording_id) INCLUDE (${besideState})`,
  `CREATE INDEX recordings_newest ON recordings (start_time, recording_id)`,
  `CREATE INDEX interactions_newest ON interactions (start_time, interaction_id)`,
  `CREATE INDEX interactions_call_uuids ON interactions USING gin (call_uuids)`,
  `CREATE INDEX interactions_agents ON interactions USING gin (agents)`,
  `CREATE INDEX interactions_dns ON interactions USING gin (dns)`,
  `CREATE INDEX interactions_queues ON interactions USING gin (queues)`,
  `CREATE TABLE tallies (
    dimension text COLLATE "C" NOT NULL, hour timestamptz NOT NULL, value text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL, cause text COLLATE "C" NOT NULL,
    recordings bigint NOT NULL, duration_ms bigint NOT NULL,
    PRIMARY KEY (dimension, hour, value, state, cause)
  ) WITH (fillfactor = 70)`,
  `CREATE TABLE proof_entries (
    day date NOT NULL, recording_id text COLLATE "C" NOT NULL,
    audio_sha256 text, zip_sha256 text, key_fingerprint text, upload_key text,
    state text NOT NULL, confirmed_at timestamptz, rev bigint NOT NULL, chain text,
    PRIMARY KEY (day, recording_id)
  ) PARTITION BY RANGE (day)`,
  `CREATE TABLE proof_days (
    day date PRIMARY KEY, previous_head text NOT NULL, head text NOT NULL, rows bigint NOT NULL,
    sealed_at timestamptz NOT NULL
  )`,
  `CREATE TABLE reconciliations (
    rev bigint PRIMARY KEY, started_at timestamptz NOT NULL, finished_at timestamptz NOT NULL,
    sentence text NOT NULL
  )`,
  `CREATE TABLE differences (
    kind text NOT NULL, id text NOT NULL, recording_id text COLLATE "C", media_id text, call_uuid text,
    cause text, since timestamptz, PRIMARY KEY (kind, id)
  )`,
  `CREATE TABLE set_aside (
    rev bigint NOT NULL, kind text NOT NULL, id text NOT NULL, reason text NOT NULL,
    at timestamptz NOT NULL, PRIMARY KEY (kind, id)
  )`,
  `CREATE TABLE erasures (interaction_id text COLLATE "C" PRIMARY KEY, at timestamptz NOT NULL)`,
  `CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(),
    who text NOT NULL, role text NOT NULL, what text NOT NULL, subject text, why text
  )`,
  `CREATE INDEX audit_newest ON audit (at, id)`,
  `CREATE TABLE jobs (
    id text PRIMARY KEY, kind text NOT NULL, who text NOT NULL, state text NOT NULL,
    total integer NOT NULL, done integer NOT NULL, failed integer NOT NULL,
    per_minute double precision NOT NULL, detail text,
    started_at timestamptz NOT NULL DEFAULT now(), touched_at timestamptz NOT NULL DEFAULT now()
  )`,
];

export const firstSchema: Migration = {
  up: async (db) => {
    const indexes = Object.entries(searchedInOrder).flatMap(([table, columns]) =>
      columns.map((column) => {
        const id = table === 'recordings' ? 'recording_id' : 'interaction_id';
        return `CREATE INDEX ${table}_${column} ON ${table} (${column}, start_time, ${id})`;
      }),
    );
    for (const statement of [recordings, interactions, ...indexes, ...others])
      await sql.raw(statement).execute(db);
  },
};
