import type { AudioFixtureName } from '@exrec/testing';
import type { CallEventForm } from '../call-events/post-call-events.js';
import type { McpBehaviour } from '../mcp/mcp-behaviour.js';
import type { AgentLogin, EngageQueue, trunkDn } from './contact-centre.js';

/** One interaction as data: what happens, how it is reported, and how each recording must end. */
export type Scenario = {
  readonly name: string;
  /** For people: a line of the `npm start` table. */
  readonly title: string;
  /** What happens, in order of time. */
  readonly steps: readonly Step[];
  /** Attached when the call arrives. */
  readonly userData?: Readonly<Record<string, string>>;
  readonly callEvents?: Feed;
  /** How far MCP's clock is ahead of SIP Server's. */
  readonly mcpAheadSeconds?: number;
};

/** How EXCP gets the call events; every EXCP of the pair gets all of them. */
export type Feed = {
  /** `none`: a site without call events. */
  readonly form?: CallEventForm | 'none';
  /** Everything arrives at the end of the call, in any order. */
  readonly shuffled?: boolean;
  /** How often the whole feed is delivered; usually once. */
  readonly times?: number;
};

/** `at` and `until` are seconds from the call's start; a `consult` step happens on the consult call. */
export type Step = QueueStep | AgentStep | TrunkStep | DataStep;

export type QueueStep = {
  readonly at: number;
  readonly queue: EngageQueue;
  readonly until: number;
  /** The agent who gets the call; absent: the caller gave up. */
  readonly to?: AgentLogin;
  readonly consult?: true;
};

export type AgentStep = {
  /** When the agent answers. */
  readonly at: number;
  readonly agent: AgentLogin;
  /** When the agent leaves; usually when the recording ends. */
  readonly until?: number;
  readonly consult?: true;
  /** The agent is put through without ringing: the end of a consult transfer. */
  readonly putThrough?: true;
  /** Seconds for which the agent puts the caller on hold. */
  readonly hold?: readonly [from: number, until: number];
} & Recorded;

export type TrunkStep = {
  readonly at: number;
  readonly trunk: typeof trunkDn;
} & Recorded;

export type DataStep = {
  readonly at: number;
  readonly data: Readonly<Record<string, string | null>>;
  readonly consult?: true;
};

/** A recording needs the dialogue, and says how it must end. */
type Recorded =
  | {
      readonly audio: AudioFixtureName;
      readonly expect: ExpectedOutcome;
      readonly mcp?: McpBehaviour;
      /** Custom recording parameters that MCP passes through. */
      readonly parameters?: Readonly<Record<string, string>>;
    }
  | { readonly audio?: never; readonly expect?: never };

/** How a recording must end. */
export type ExpectedOutcome =
  | ({ readonly state: 'delivered' } & ExpectedDecision)
  | ({ readonly state: 'failed'; readonly cause: string } & ExpectedDecision)
  /** Waiting with this cause; a dead letter with the same cause after `EXRP_AUDIO_DEADLINE_HOURS`. */
  | ({ readonly state: 'waiting'; readonly cause: string } & ExpectedDecision)
  | { readonly state: 'out-of-scope'; readonly queue: EngageQueue | null };

/** The origination queue (Engage name; null: none) and STA's program by name and language, or why not. */
export type ExpectedDecision = {
  readonly queue: EngageQueue | null;
  readonly sta:
    { readonly program: string; readonly language: string } | { readonly reason: string };
};
